import { defineConfig, devices } from '@playwright/test';
import chromium from './chromium.cjs';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  globalSetup: './global-setup.ts',
  fullyParallel: true,
  workers: 2,
  // A test that passes at the second try hides a race.
  retries: 0,
  forbidOnly: !!process.env.CI,
  // For what hangs, not for what is slow on a busy machine.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    launchOptions: chromium.launchOptions(),
    // Written for every test, to be thrown away for most: a third of the time. `--trace on` has one when it is wanted.
    trace: 'off',
    screenshot: 'only-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
  },
  // Each journey runs with JavaScript and without, but for what only one of them can have.
  projects: [
    { name: 'js', grepInvert: /@nojs/ },
    { name: 'nojs', grepInvert: /@js/, use: { javaScriptEnabled: false } },
  ],
});
