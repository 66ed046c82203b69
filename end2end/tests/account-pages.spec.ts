// What must hold on every page, on those that only a visitor in the middle of something sees.
import { type Page } from '@playwright/test';
import { expectAt, field, member, press, signUp, somebody, visitAs } from '../accounts.ts';
import { expect, faults, sticksOut, test, visit } from '../fixtures.ts';

/** As long as an address may be in each of its parts. */
const longAddress = () => `${somebody().username}-${'long-name-'.repeat(4)}x@${'long-label-'.repeat(5)}x.example.com`;

const PAGES: Record<string, (page: Page) => Promise<void>> = {
  'code of a sign-up': async (page) => {
    await visit(page, '/signup');
    await signUp(page, { ...somebody(), email: longAddress() });
    await expectAt(page, '/verify');
  },
  'code for a new password': async (page) => {
    await visit(page, '/forgot-password');
    await field(page, 'E-mail address').fill(longAddress());
    await press(page, 'Send me a code');
    await expectAt(page, '/reset-password');
  },
  'sign-up with mistakes': async (page) => {
    await visit(page, '/signup');
    await signUp(page, { username: '', email: '', password: 'x' });
    await expect(field(page, 'Password')).toHaveAttribute('aria-invalid', 'true');
  },
  account: async (page) => visitAs(page, await member(), '/account'),
  security: async (page) => visitAs(page, await member(), '/account/security'),
  'signed in already': async (page) => {
    await visitAs(page, await member(), '/');
    await visit(page, '/login');
  },
};

test.use({ expected: [/\b400\b/] });

for (const [name, open] of Object.entries(PAGES)) {
  test.describe(name, () => {
    test('is a whole page that does not scroll sideways at 320 px', async ({ page }) => {
      await open(page);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await sticksOut(page)).toEqual([]);
      await expect(page).toHaveTitle(/\S/);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page.getByRole('main')).toHaveCount(1);
      // Nothing to press is smaller than a fingertip, but for links within a sentence.
      const small = await page.getByRole('main').locator('button, input:not([type=hidden], [type=checkbox]), .way a').evaluateAll((all) =>
        all
          .filter((one) => !one.closest('.visually-hidden') && (one as HTMLElement).offsetParent !== null)
          .filter((one) => one.getBoundingClientRect().height < 44)
          .filter((one) => !one.classList.contains('visually-hidden'))
          .map((one) => one.outerHTML),
      );
      expect(small).toEqual([]);
    });

    test('axe finds nothing @js', async ({ page }) => {
      await open(page);
      expect(await faults(page)).toEqual([]);
    });

    test('is kept by nobody @js', async ({ page }) => {
      await open(page);
      const answer = await page.request.get(page.url());
      expect(answer.headers()['cache-control']).toBe('no-store');
      expect(answer.headers()['x-robots-tag']).toContain('noindex');
    });
  });
}
