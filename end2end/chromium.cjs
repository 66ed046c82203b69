// Which Chromium the tests use: Playwright's own where it could be fetched, else the system's.
// CommonJS, so that scripts/setup can ask too.
const fs = require('node:fs');
const path = require('node:path');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Whether Playwright has fetched its own. */
function hasOwn() {
  return fs.existsSync(require('playwright-core').chromium.executablePath());
}

/** A program to run, or undefined when there is none. */
function find() {
  if (hasOwn()) return require('playwright-core').chromium.executablePath();
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
    .find((file) => fs.existsSync(file));
}

/** Launch options: quiet about the outside world, which a machine that runs tests may not have. */
function launchOptions() {
  return {
    executablePath: hasOwn() ? undefined : find(),
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  };
}

module.exports = { find, hasOwn, launchOptions };
