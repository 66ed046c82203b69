import { type Locator } from '@playwright/test';
import { active } from '../catalogue.ts';
import { expect, isMarked, mark, test, visit } from '../fixtures.ts';
import { apply, cards, expectTotal, filters, option, prices, sortBy, total } from '../shopping.ts';

const isOnSale = (product: { compare_at: number | null; price_min: number }) => (product.compare_at ?? 0) > product.price_min;

/** The number beside a checkbox. */
async function countOf(box: Locator): Promise<number> {
  const text = await box.evaluate((input) => (input as HTMLInputElement).labels![0]!.textContent!);
  return Number(/(\d+)\D*$/.exec(text)![1]);
}

test('a colour: as many as its count says, in the URL, and off again', async ({ page, js }) => {
  await visit(page, '/products');
  await mark(page);
  const all = await total(page);
  const box = option(page, /colou?r/i);
  const count = await countOf(box);
  const value = (await box.getAttribute('value'))!.toLowerCase();
  expect(count).toBeGreaterThan(0);

  await box.check();
  await apply(page, js);
  await expect(page).toHaveURL(new RegExp(`[?&]option\\.colour=${value}(&|$)`));
  await expectTotal(page, count);
  await expect(box).toBeChecked();
  expect(await isMarked(page), 'in place with JavaScript, as a form without').toBe(js);

  await page.getByRole('main').getByRole('link', { name: new RegExp(`^remove ${value}`, 'i') }).click();
  await expectTotal(page, all);
  await expect(box).not.toBeChecked();
});

test('two colours are either, a colour and a category are both', async ({ page, js }) => {
  await visit(page, '/products');
  const one = option(page, /colou?r/i, 0);
  const two = option(page, /colou?r/i, 1);
  const [first, second] = [await countOf(one), await countOf(two)];
  await one.check();
  if (js) await expectTotal(page, first);
  await two.check();
  await apply(page, js);
  await expect(page).toHaveURL(/option\.colour=.*option\.colour=/);
  await expect.poll(() => total(page)).toBeGreaterThanOrEqual(Math.max(first, second));
  expect(await total(page)).toBeLessThanOrEqual(first + second);
  const either = await total(page);

  const category = option(page, /categor/i);
  const narrowed = await countOf(category);
  expect(narrowed, 'counts follow the other filters').toBeLessThanOrEqual(either);
  await category.check();
  await apply(page, js);
  await expectTotal(page, narrowed);
});

test('in stock, on sale and a price range', async ({ page, js }) => {
  await visit(page, '/products');
  const inStock = filters(page).getByRole('checkbox', { name: /in stock/i });
  await inStock.check();
  await apply(page, js);
  await expect(page).toHaveURL(/in_stock=true/);
  await expectTotal(page, active().filter((product) => product.on_hand > 0).length);

  const onSale = filters(page).getByRole('checkbox', { name: /on sale/i });
  await onSale.check();
  await apply(page, js);
  await expect(page).toHaveURL(/on_sale=true/);
  await expectTotal(page, active().filter((product) => product.on_hand > 0 && isOnSale(product)).length);

  await visit(page, '/products');
  await filters(page).getByRole('textbox', { name: 'From' }).fill('20');
  await filters(page).getByRole('textbox', { name: 'To' }).fill('50');
  await (js ? page.keyboard.press('Enter') : apply(page, js));
  await expect(page).toHaveURL(/min=20/);
  await expect(page).toHaveURL(/max=50/);
  await expect.poll(() => total(page)).toBeLessThan(active().length);
  for (const price of await prices(page)) expect(price).toBeLessThanOrEqual(5000);
});

test('a filtered URL shows the same to somebody else', async ({ page, js, newVisitor }) => {
  await visit(page, '/products');
  const box = option(page, /colou?r/i);
  await box.check();
  await apply(page, js);
  await expect(page).toHaveURL(/option\.colour=/);
  await sortBy(page, 'price_asc', js);
  const number = await total(page);
  await expect.poll(async () => (await prices(page)).every((price, at, all) => at === 0 || price >= all[at - 1]!)).toBe(true);
  const titles = await cards(page).getByRole('heading').allTextContents();

  const other = await newVisitor();
  await visit(other, page.url());
  expect(await total(other)).toBe(number);
  expect(await cards(other).getByRole('heading').allTextContents()).toEqual(titles);
  await expect(option(other, /colou?r/i)).toBeChecked();
  await expect(other.getByRole('combobox', { name: 'Sort' })).toHaveValue('price_asc');
});

test('the back button takes filters off one by one', async ({ page, js }) => {
  await visit(page, '/products');
  const all = await total(page);
  const box = option(page, /colou?r/i);
  await box.check();
  await apply(page, js);
  await expect(page).toHaveURL(/option\.colour=/);
  await expect.poll(() => total(page)).toBeLessThan(all);
  const coloured = await total(page);
  await filters(page).getByRole('checkbox', { name: /in stock/i }).check();
  await apply(page, js);
  await expect(page).toHaveURL(/in_stock=true/);
  await cards(page).first().getByRole('link').first().click();
  await expect(page).toHaveURL(/\/products\/[^?]+/);

  await page.goBack();
  await expect(page).toHaveURL(/in_stock=true/);
  await expect(filters(page).getByRole('checkbox', { name: /in stock/i })).toBeChecked();
  await page.goBack();
  await expect(page).not.toHaveURL(/in_stock=true/);
  await expectTotal(page, coloured);
  await expect(page.getByRole('main').getByRole('link', { name: /^Remove/ })).toHaveCount(1);
  // Without JavaScript the browser brings the form back as it was left, which no page can help.
  if (js) {
    await expect(filters(page).getByRole('checkbox', { name: /in stock/i })).not.toBeChecked();
    await expect(box).toBeChecked();
  }
  await page.goBack();
  await expectTotal(page, all);
  await expect(page.getByRole('main').getByRole('link', { name: /^Remove/ })).toHaveCount(0);
  if (js) await expect(box).not.toBeChecked();
});

for (const [order, sorted] of [
  ['price_asc', (a: number, b: number) => a <= b],
  ['price_desc', (a: number, b: number) => a >= b],
] as const) {
  test(`sorted by ${order}`, async ({ page, js }) => {
    await visit(page, '/products');
    await sortBy(page, order, js);
    await expect.poll(async () => (await prices(page)).every((price, at, all) => at === 0 || sorted(all[at - 1]!, price))).toBe(true);
    expect((await prices(page)).length).toBeGreaterThan(5);
  });
}

test('sorted by name', async ({ page, js }) => {
  await visit(page, '/products');
  await sortBy(page, 'name', js);
  const sorted = active().map((product) => product.title).sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }));
  await expect(cards(page).first().getByRole('heading')).toHaveText(sorted[0]!);
});

test('on a phone, the filters open in a dialog that counts', async ({ page, js }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await visit(page, '/products');
  const all = await total(page);
  await page.getByRole('main').getByRole('link', { name: 'Filters' }).click();
  const box = option(page, /colou?r/i);
  await expect(box).toBeVisible();
  const count = await countOf(box);
  await box.check();
  await page.getByRole('button', { name: js ? new RegExp(`^Show ${count} product`) : 'Show results' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expectTotal(page, count);
  expect(count).toBeLessThan(all);
});

test.describe('input that can only be a mistake', () => {
  test.use({ expected: [/400/] });

  for (const [field, value, says] of [
    ['min', 'abc', /digits/i],
    ['min', '-5', /negative/i],
    ['max', '1,234.50', /thousands/i],
    ['max', '1e9', /digits/i],
    ['min', '99999999999999999999', /too large/i],
    ['min', '１', /digits/i],
  ] as const) {
    test(`${field}=${value} is explained beside its field`, async ({ page }) => {
      const answer = await visit(page, `/products?${field}=${encodeURIComponent(value)}`);
      expect(answer.status()).toBe(400);
      const input = filters(page).getByRole('textbox', { name: field === 'min' ? 'From' : 'To' });
      await expect(input, 'what was typed is kept').toHaveValue(value);
      await expect(input).toHaveAttribute('aria-invalid', 'true');
      await expect(input).toHaveAccessibleDescription(says);
    });
  }

  test('a lowest price above the highest is explained', async ({ page }) => {
    await visit(page, '/products?min=50&max=20');
    await expect(filters(page).getByText(/below the lowest/i)).toBeVisible();
  });

  test('unknown filters, sorts and categories are no error', async ({ page }) => {
    for (const query of ['option.colour=nosuch', 'sort=nosuch', 'category=nosuch', 'in_stock=perhaps', 'utm_source=x', 'q=%00', 'q=%ff%fe']) {
      const answer = await visit(page, `/products?${query}`);
      expect(answer.status(), query).toBe(200);
    }
  });

  test('an empty result says so and offers a way out', async ({ page }) => {
    await visit(page, '/products?min=9999999');
    await expectTotal(page, 0);
    await page.getByRole('main').getByRole('link', { name: /clear|all products|remove/i }).first().click();
    await expect.poll(() => total(page)).toBe(active().length);
  });
});
