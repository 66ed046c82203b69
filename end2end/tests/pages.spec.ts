// What must hold on every page: accessible, nothing sticks out, nothing moves.
import { pages } from '../catalogue.ts';
import { expect, faults, sticksOut, test, visit } from '../fixtures.ts';

const NAMES = [
  'home', 'listing', 'filtered listing', 'second page', 'empty listing', 'listing with a mistake', 'category',
  'subcategory', 'search', 'empty search', 'search without result', 'product', 'product with variants',
  'product on sale', 'product out of stock', 'cart', 'wishlist', 'account', 'log in', 'sign up', 'forgotten password', 'no code to enter',
  'no password to reset', 'codes stopped', 'codes stopped, half a link', 'unknown page', 'unknown product',
];

test('the list above is complete @js', () => {
  expect(Object.keys(pages())).toEqual(NAMES);
});

for (const name of NAMES) {
  test.describe(name, () => {
    const status = name.startsWith('unknown') ? 404 : name.endsWith('mistake') ? 400 : 200;
    test.use({ expected: status === 200 ? [] : [new RegExp(String(status))] });

    test('is a whole page that does not scroll sideways at 320 px', async ({ page }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      const answer = await visit(page, pages()[name]!);
      expect(answer.status()).toBe(status);
      await expect(page).toHaveTitle(/\S/);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page.getByRole('main')).toHaveCount(1);
      await expect(page.getByRole('banner')).toHaveCount(1);
      await expect(page.getByRole('contentinfo')).toHaveCount(1);
      await expect(page.locator('html')).toHaveAttribute('lang', /^en/);
      expect(await sticksOut(page)).toEqual([]);
    });

    test('axe finds nothing @js', async ({ page }) => {
      await visit(page, pages()[name]!);
      expect(await faults(page)).toEqual([]);
    });
  });
}
