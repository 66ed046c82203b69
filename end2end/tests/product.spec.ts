import { low, onSale, plain, price, soldOut, withStockDifference, withVariants, type Product, type Variant } from '../catalogue.ts';
import { expect, isMarked, mark, test, visit } from '../fixtures.ts';
import { type Page } from '@playwright/test';

const words = (onHand: number) => (onHand <= 0 ? 'Out of stock' : onHand < 6 ? `Only ${onHand} left` : 'In stock');

const about = (page: Page) => page.getByRole('article').first();

/** Chooses a variant's values; without JavaScript a button asks the server for it. */
async function pick(page: Page, product: Product, variant: Variant, js: boolean) {
  for (const [at, name] of product.options.entries()) {
    const radio = about(page)
      .getByRole('group', { name: new RegExp(`^${name}`, 'i') })
      .getByRole('radio', { name: new RegExp(`^${variant.options[at]}( \\(|$)`, 'i') });
    // The radio itself is not drawn: people click its label.
    if (!(await radio.isChecked())) await radio.locator('xpath=ancestor::label').click();
    await expect(radio).toBeChecked();
  }
  if (!js) await about(page).getByRole('button', { name: 'Show this one' }).click();
}

async function shows(page: Page, variant: Variant) {
  await expect(page).toHaveURL(new RegExp(`[?&]variant=${encodeURIComponent(variant.key)}(&|$)`));
  await expect(about(page).getByText(price(variant.price)).first()).toBeVisible();
  await expect(about(page).getByRole('status')).toHaveText(words(variant.on_hand));
}

test('a variant changes price, stock and URL, and the URL can be shared', async ({ page, js, newVisitor }) => {
  const product = withVariants();
  const cheapest = product.variants.find((variant) => variant.price === product.price_min)!;
  const dearest = product.variants.find((variant) => variant.price === product.price_max)!;
  await visit(page, `/products/${product.slug}`);
  await mark(page);
  await pick(page, product, cheapest, js);
  await pick(page, product, dearest, js);
  await shows(page, dearest);
  await pick(page, product, cheapest, js);
  await shows(page, cheapest);
  expect(await isMarked(page)).toBe(js);

  const other = await newVisitor();
  await visit(other, `/products/${product.slug}?variant=${encodeURIComponent(dearest.key)}`);
  await shows(other, dearest);
  for (const value of dearest.options) {
    await expect(other.getByRole('radio', { name: new RegExp(`^${value}( \\(|$)`, 'i') })).toBeChecked();
  }
});

test('a variant that is out of stock says so', async ({ page, js }) => {
  const product = withStockDifference();
  const gone = product.variants.find((variant) => variant.on_hand === 0)!;
  const there = product.variants.find((variant) => variant.on_hand > 0)!;
  await visit(page, `/products/${product.slug}?variant=${encodeURIComponent(there.key)}`);
  await shows(page, there);
  await pick(page, product, gone, js);
  await shows(page, gone);
});

test('stock is told in words', async ({ page }) => {
  for (const product of [soldOut(), low(), plain()]) {
    await visit(page, `/products/${product.slug}`);
    await expect(about(page).getByRole('status')).toHaveText(words(product.variants[0]!.on_hand));
  }
});

test('a sale price tells the old one, to the eye and to the ear', async ({ page }) => {
  const product = onSale();
  await visit(page, `/products/${product.slug}`);
  const old = page.getByRole('main').locator('s, del').filter({ hasText: price(product.compare_at!) }).first();
  await expect(old).toBeVisible();
  expect(await old.evaluate((element) => element.parentElement!.textContent)).toMatch(/was|before|instead of|regular/i);
});

test('the product page has pictures, text, the way here and what goes with it', async ({ page }) => {
  const product = withVariants();
  await visit(page, `/products/${product.slug}`);
  const main = page.getByRole('main');
  const pictures = main.getByRole('img');
  await expect(pictures.first()).toBeVisible();
  await expect(pictures.first()).toHaveAttribute('alt', /\S/);
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(product.title);
  await expect(page.getByRole('navigation', { name: /breadcrumb/i }).getByRole('link', { name: product.category.name })).toBeVisible();
  expect(await main.locator(`a[href^="/products/"]:not([href*="${product.slug}"])`).count(), 'related products').toBeGreaterThan(0);
});

test('pictures load, have their size, and nothing moves', async ({ page }) => {
  // Three pages, and each of their pictures is scrolled to.
  await page.addInitScript(() => {
    const shifts: number[] = ((window as { shifts?: number[] }).shifts = []);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const path of ['/', '/products', `/products/${withVariants().slug}`]) {
    await visit(page, path);
    for (const image of await page.getByRole('main').locator('img').all()) {
      await expect(image).toHaveAttribute('width', /^\d+$/);
      await expect(image).toHaveAttribute('height', /^\d+$/);
      if (!(await image.isVisible())) continue;
      await image.scrollIntoViewIfNeeded();
      await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.complete && element.naturalWidth)).toBeGreaterThan(0);
    }
    const moved = await page.evaluate(() => ((window as { shifts?: number[] }).shifts ?? []).reduce((sum, value) => sum + value, 0));
    expect(moved, `${path}: cumulative layout shift`).toBeLessThan(0.02);
  }
});

test('on paper there is the product and nothing to click', async ({ page }) => {
  const product = withVariants();
  await visit(page, `/products/${product.slug}`);
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('body > header, header[role=banner], header').first()).toBeHidden();
  await expect(page.locator('footer').last()).toBeHidden();
  for (const nav of await page.locator('nav').all()) await expect(nav).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText(price(product.variants[0]!.price)).first()).toBeVisible();
});
