import { active, categories, plain, price, withVariants } from '../catalogue.ts';
import { expect, hydrated, isMarked, mark, test, visit } from '../fixtures.ts';
import { cards, crumbs, results, total } from '../shopping.ts';

test('from the home page over a category to a product, and back', async ({ page, js }) => {
  const category = categories().find((one) => one.parent === null)!;
  await visit(page, '/');
  await mark(page);

  await page.getByRole('banner').getByRole('link', { name: category.name, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/categories/${category.slug}$`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(category.name);

  const card = cards(page).first();
  const name = (await card.getByRole('heading').textContent())!.trim();
  await card.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/products\/[^/?]+/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  const product = active().find((one) => one.title === name)!;
  await expect(page.getByRole('main').getByText(price(product.variants[0]!.price)).first()).toBeVisible();

  await crumbs(page).getByRole('link', { name: category.name }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(category.name);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/categories/${category.slug}$`));
  await expect(cards(page).first().getByRole('heading')).toHaveText(name);

  expect(await isMarked(page), 'one document with JavaScript, many without').toBe(js);
});

test('the home page shows what is new, on sale and where to go', async ({ page }) => {
  await visit(page, '/');
  for (const category of categories().filter((one) => one.parent === null)) {
    await expect(page.getByRole('main').getByRole('link', { name: category.name }).first()).toBeVisible();
  }
  await expect(page.getByRole('main').getByRole('heading', { name: 'New', exact: true })).toBeVisible();
  await expect(page.getByRole('main').getByRole('heading', { name: 'On sale', exact: true })).toBeVisible();
});

test('a listing counts everything and shows no draft', async ({ page }) => {
  await visit(page, '/products');
  expect(await total(page)).toBe(active().length);
  await expect(results(page)).toBeVisible();
});

test('pages follow each other and keep their place', async ({ page }) => {
  await visit(page, '/products?sort=name');
  const titles = () => cards(page).getByRole('heading').allTextContents();
  const first = await titles();
  const pages = page.getByRole('navigation', { name: /page/i });
  await expect(pages.locator('[aria-current="page"]')).toHaveText('1');

  await pages.getByRole('link', { name: /next/i }).click();
  await expect(page).toHaveURL(/[?&]page=2/);
  await expect(page).toHaveURL(/sort=name/);
  await expect(pages.locator('[aria-current="page"]')).toHaveText('2');
  const second = await titles();
  expect(second.length).toBeGreaterThan(0);
  expect(second.filter((title) => first.includes(title))).toEqual([]);

  await page.reload();
  await hydrated(page);
  await expect(cards(page).first().getByRole('heading')).toHaveText(second[0]!.trim());
  await page.goBack();
  await expect(page).not.toHaveURL(/page=2/);
  await expect(cards(page).first().getByRole('heading')).toHaveText(first[0]!.trim());
});

test('whoever goes back before a reloaded page is alive gets the page of that address @js', async ({ page }) => {
  await visit(page, '/products?sort=name');
  const first = (await cards(page).getByRole('heading').first().textContent())!.trim();
  await page.getByRole('navigation', { name: /page/i }).getByRole('link', { name: /next/i }).click();
  await expect(page).toHaveURL(/[?&]page=2/);
  await expect(cards(page).first().getByRole('heading')).not.toHaveText(first);

  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  await page.route('**/*.wasm', async (route) => {
    asked();
    await held;
    await route.continue().catch(() => {});
  });
  await page.reload({ waitUntil: 'commit' });
  await isAsked;
  await page.evaluate(() => history.back());
  await expect(page).not.toHaveURL(/page=2/);
  goOn();
  await hydrated(page);
  await expect(cards(page).first().getByRole('heading')).toHaveText(first);
  await expect(page.getByRole('navigation', { name: /page/i }).locator('[aria-current="page"]')).toHaveText('1');
});

test('every active product can be reached by paging, once', async ({ page, request }) => {
  // By its HTML alone: the same for everybody, and quick.
  const seen: string[] = [];
  for (let number = 1; ; number += 1) {
    const answer = await request.get(`/products?sort=name&page=${number}`);
    if (answer.status() === 404) break;
    seen.push(
      ...(await page.evaluate((html) => {
        const results = new DOMParser().parseFromString(html, 'text/html').querySelector('[aria-label="Products"]');
        return [...results!.querySelectorAll('a[href^="/products/"]')].map((link) => link.getAttribute('href')!);
      }, await answer.text())),
    );
    expect(number).toBeLessThan(100);
  }
  expect(seen.sort()).toEqual(active().map((product) => `/products/${product.slug}`).sort());
});

test('the header leads to account, wishlist and cart', async ({ page }) => {
  for (const [name, path] of [[/account/i, /\/login\?next=(%2F|\/)account$/], [/wishlist/i, '/wishlist'], [/cart/i, '/cart']] as const) {
    await visit(page, '/');
    await page.getByRole('banner').getByRole('link', { name }).first().click();
    await expect(page).toHaveURL(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
});

test('the first Tab offers to skip to the content', async ({ page }) => {
  await visit(page, '/products');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: /skip/i }).first();
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#/);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => !!document.activeElement?.closest('main'))).toBe(true);
});

test('on a phone, the menu holds the categories', async ({ page, js }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await visit(page, '/');
  const category = categories().find((one) => one.parent === null)!;
  const menu = page.getByRole('banner').getByRole('link', { name: 'Menu' });
  await menu.click();
  // Without JavaScript it leads to the same list at the page's end.
  const place = js ? page.getByRole('dialog', { name: 'Menu' }) : page.getByRole('contentinfo');
  const link = place.getByRole('link', { name: category.name, exact: true });
  await expect(link).toBeInViewport();
  if (js) {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(menu, 'focus goes back to where it came from').toBeFocused();
    await menu.click();
  }
  await link.click();
  await expect(page).toHaveURL(new RegExp(`/categories/${category.slug}`));
  await expect(page.getByRole('dialog')).toBeHidden();
});

test.describe('what is not there', () => {
  test.use({ expected: [/404/] });

  for (const path of ['/no/such/page', '/products/no-such-product', '/categories/no-such-category']) {
    test(`${path} answers 404 with a page that helps`, async ({ page }) => {
      const answer = await visit(page, path);
      expect(answer.status()).toBe(404);
      await expect(page.getByRole('main').getByRole('searchbox')).toBeVisible();
      const category = categories().find((one) => one.parent === null)!;
      await page.getByRole('main').getByRole('link', { name: category.name }).first().click();
      await expect(page).toHaveURL(/\/categories\//);
    });
  }

  for (const page_ of ['0', '-1', '999999', '999999999999', '99999999999999999999999', '1e3', '１']) {
    test(`page=${page_} is no page`, async ({ page }) => {
      const answer = await visit(page, `/products?page=${encodeURIComponent(page_)}`);
      expect(answer.status()).toBe(404);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    });
  }
});

test('a page that is drafted or gone is not served', async ({ request }) => {
  const { draft } = await import('../catalogue.ts');
  expect((await request.get(`/products/${draft().slug}`)).status()).toBe(404);
  expect((await request.get(`/products/${plain().slug}`)).status()).toBe(200);
  expect((await request.get(`/products/${withVariants().slug}?variant=no-such`)).status()).toBeLessThan(500);
});
