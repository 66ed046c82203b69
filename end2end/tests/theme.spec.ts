import { type Page } from '@playwright/test';
import { expect, isMarked, mark, test, visit } from '../fixtures.ts';

/** How light the page's ground is, from 0 to 1. */
function lightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    // A canvas turns any colour that CSS knows into bytes.
    const brush = document.createElement('canvas').getContext('2d')!;
    brush.fillStyle = getComputedStyle(document.body).backgroundColor;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
    return (red! + green! + blue!) / 3 / 255;
  });
}

/** The header's switch goes round; its name says where it is. */
async function choose(page: Page, theme: string) {
  const button = page.getByRole('banner').getByRole('button', { name: /^Theme: / });
  for (let turns = 0; turns < 3; turns += 1) {
    const name = (await button.getAttribute('aria-label'))!;
    if (name.startsWith(`Theme: ${theme}`)) return;
    await button.click();
    await expect(button).not.toHaveAttribute('aria-label', name);
  }
  await expect(button).toHaveAttribute('aria-label', new RegExp(`^Theme: ${theme}`));
}

test('follows the browser until the visitor chooses', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await visit(page, '/');
  expect(await lightness(page)).toBeLessThan(0.3);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await lightness(page)).toBeGreaterThan(0.8);
});

test('the choice holds on every page and in the next visit', async ({ page, js }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await visit(page, '/products?sort=name');
  await mark(page);
  await choose(page, 'dark');
  await expect.poll(() => lightness(page)).toBeLessThan(0.3);
  await expect(page, 'and stays on its page').toHaveURL(/\/products\?sort=name$/);
  expect(await isMarked(page), 'in place with JavaScript, by a form without').toBe(js);

  await visit(page, '/cart');
  expect(await lightness(page)).toBeLessThan(0.3);
  const again = await page.context().newPage();
  await again.emulateMedia({ colorScheme: 'light' });
  await visit(again, '/');
  expect(await lightness(again)).toBeLessThan(0.3);

  await choose(again, 'system');
  await expect.poll(() => lightness(again)).toBeGreaterThan(0.8);
});

test('a dark page is dark from its first frame', async ({ page }) => {
  await page.context().addCookies([{ name: 'theme', value: 'dark', url: process.env.SHOP_URL! }]);
  await page.emulateMedia({ colorScheme: 'light' });
  // The choice is in the HTML itself, so no script has to mend it after the first paint.
  const html = await (await page.context().request.get('/')).text();
  expect(/<html[^>]*>/.exec(html)?.[0]).toContain('dark');
  await page.goto('/', { waitUntil: 'commit' });
  await page.locator('body').waitFor();
  expect(await lightness(page)).toBeLessThan(0.3);
});
