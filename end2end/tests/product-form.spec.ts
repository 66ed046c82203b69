// The form of a product: options and variants in a grid, and what is typed and not saved.
import { join } from 'node:path';
import { type Locator, type Page } from '@playwright/test';
import { enter, expectAt, expectError, main, staff } from '../accounts.ts';
import { faults, visit } from '../fixtures.ts';
import { expect, test, thing, type Thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

const idOf = (product: Thing) => sql<{ id: string }>(`select id from products where slug = '${product.slug}'`)[0]!.id;
const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const press = (page: Page, name: string | RegExp): Promise<void> =>
  main(page).getByRole('button', { name, exact: typeof name === 'string' }).click();

type Row = { name: string; id: string; price: number; on_hand: number };
/** The variants of a product, in their order. */
const variants = (slug: string): Row[] =>
  sql<Row>(`
    select array_to_string(v.option_values, ' / ') as name, v.id, v.price, v.on_hand
    from variants v join products p on p.id = v.product_id where p.slug = '${slug}' order by v.position`);
const names = (slug: string): string[] => variants(slug).map(({ name }) => name);

/** A product in two sizes and two colours. */
function shirt(title: string): Thing {
  const product = thing({ title });
  const id = idOf(product);
  execute(`
    update products set option_names = '{Size,Colour}' where id = '${id}';
    update variants set option_values = '{S,Red}' where product_id = '${id}';
    insert into variants (id, product_id, position, price, on_hand, option_values)
    values (gen_random_uuid(), '${id}', 2, 2400, 20, '{S,Blue}'), (gen_random_uuid(), '${id}', 3, 2400, 20, '{M,Red}'),
      (gen_random_uuid(), '${id}', 4, 2600, 0, '{M,Blue}')`);
  return product;
}

test('a new product is created as a draft, and its pictures come next', async ({ page }) => {
  await enter(page, await staff('editor'), '/admin/products/new');
  const title = `Fell jug ${process.pid}-${Math.random().toString(36).slice(2, 7)}`;
  await expect(main(page).getByText('Pictures come next')).toBeVisible();
  await label(page, 'Title').fill(title);
  await label(page, 'Price').fill('20');
  await label(page, 'Status').selectOption('active');
  await press(page, 'Create as a draft and add pictures');
  await expect(page).toHaveURL(/\/admin\/products\/[0-9a-f-]{36}#pictures$/);
  await expect(label(page, 'Add pictures')).toBeInViewport();
  await expect(label(page, 'Status')).toHaveValue('draft');
});

test.describe('a form that isn’t whole', () => {
  test.use({ expected: [/\b400\b/] });

  test('leads to the first of what it lacks, and makes the grid by a key @js', async ({ page }) => {
    await enter(page, await staff('editor'), '/admin/products/new');
    await press(page, 'Create product');
    await expect(label(page, 'Title'), 'the first of what is wrong').toBeFocused();
    await label(page, 'Title').fill('Fell keys');
    await press(page, /^Give it options/);
    await label(page, 'Option 1').fill('Size');
    await main(page).getByLabel(/^Values to add to/).fill('S, M');
    await main(page).getByLabel(/^Values to add to/).press('Enter');
    await expect(main(page).getByLabel('Value 2 of Size'), 'nothing was created').toHaveValue('M');
  });
});

test('the way back from the preview leads to what was typed @js', async ({ page }) => {
  const lamp = thing({ title: 'Looked at' });
  await enter(page, await staff('editor'), `/admin/products/${idOf(lamp)}`);
  await label(page, 'Vendor').fill('Typed');
  await press(page, 'Preview as a shopper');
  await expectAt(page, /\/preview\/draft$/);
  await page.goBack();
  await expectAt(page, /\?draft=1$/);
  await expect(label(page, 'Vendor')).toHaveValue('Typed');
});

test('a product is made with options, changed, and loses a variant', async ({ page, newVisitor }) => {
  await enter(page, await staff('editor'), '/admin/products/new');
  const title = `Fell shirt ${process.pid}-${Math.random().toString(36).slice(2, 7)}`;
  await label(page, 'Title').fill(title);
  await label(page, 'Price').fill('20');
  await label(page, 'Stock').fill('3');
  await label(page, 'Status').selectOption('active');
  await press(page, /^Give it options/);
  await label(page, 'Option 1').fill('Size');
  await expect(label(page, 'Title')).toHaveValue(title);
  await main(page).getByLabel(/^Values to add to/).fill('S, M');
  await press(page, 'Update the grid');
  await press(page, 'Add the missing variant');
  await expect(label(page, 'Price of M')).toHaveValue('20');
  await label(page, 'Price of M').fill('22.50');
  await label(page, 'Add or take of M').fill('5');
  await press(page, 'Create product');
  await expectAt(page, /^\/admin\/products\/[0-9a-f-]{36}$/);
  const slug = await label(page, 'Address').inputValue();
  expect(variants(slug).map(({ name, price, on_hand }) => [name, price, on_hand])).toEqual([['S', 2000, 3], ['M', 2250, 5]]);
  const ids = variants(slug).map(({ id }) => id);

  await label(page, 'Value 1 of Size').fill('Small');
  await main(page).getByLabel('Values to add to Size').fill('L');
  await press(page, 'Update the grid');
  await press(page, 'Add the missing variant');
  await label(page, 'Price of L').fill('25');
  await press(page, 'Move M before the value above');
  await expect(label(page, 'Value 1 of Size')).toHaveValue('M');
  await expect(label(page, 'Price of L')).toHaveValue('25');
  await press(page, 'Save');
  await expect.poll(() => names(slug)).toEqual(['M', 'Small', 'L']);
  expect(variants(slug).map(({ id }) => id).slice(0, 2), 'they are the same variants').toEqual([ids[1], ids[0]]);

  await expect(label(page, 'Stock of L')).toHaveCount(0);
  await press(page, 'Remove the value Small');
  await expect(label(page, 'Remove Small')).toBeChecked();
  await press(page, 'Save');
  await expect.poll(() => names(slug)).toEqual(['M', 'L']);

  const shopper = await newVisitor();
  await visit(shopper, `/products/${slug}`);
  await expect(main(shopper)).toContainText('€22.50');
  await expect(main(shopper)).not.toContainText('Small');
});

test.describe('what is wrong in the grid', () => {
  test.use({ expected: [/\b400\b/] });

  test('is said beside its cells, and what was typed stays', async ({ page }) => {
    const product = shirt('Wrong shirt');
    await enter(page, await staff('editor'), `/admin/products/${idOf(product)}`);
    await label(page, 'Price of S / Blue').fill('a lot');
    await label(page, 'Add or take of M / Red').fill('-21');
    await press(page, 'Save');
    await expectError(page, label(page, 'Price of S / Blue'), /amount/);
    await expect(label(page, 'Price of S / Blue')).toHaveValue('a lot');
    await label(page, 'Price of S / Blue').fill('24');
    await press(page, 'Save');
    await expectError(page, label(page, 'Add or take of M / Red'), /There are only 20/);
    await label(page, 'Add or take of M / Red').fill('');
    await label(page, 'Value 2 of Colour').fill('red');
    await press(page, 'Update the grid');
    await expectError(page, label(page, 'Value 2 of Colour'), /there already/);
    expect(names(product.slug)).toEqual(['S / Red', 'S / Blue', 'M / Red', 'M / Blue']);
  });
});

test('what is typed is there after the page was closed @js', async ({ page }) => {
  const product = shirt('Drafted shirt');
  const path = `/admin/products/${idOf(product)}`;
  await enter(page, await staff('editor'), path);
  await label(page, 'Vendor').fill('Fell & Co');
  await label(page, 'Price of S / Blue').fill('31');
  await expect(main(page).locator('#draft-kept')).toHaveText(/^Draft kept \d\d:\d\d/);
  await expect(label(page, 'Vendor')).toHaveValue('Fell & Co');
  const again = await page.context().newPage();
  await page.close({ runBeforeUnload: false });
  await visit(again, path);
  await expect(main(again)).toContainText(/You have unsaved changes from \d\d:\d\d/);
  await expect(label(again, 'Vendor')).toHaveValue('');
  await main(again).getByRole('link', { name: 'Continue with them' }).click();
  await expectAt(again, `${path}?draft=1`);
  await expect(label(again, 'Vendor')).toHaveValue('Fell & Co');
  await expect(label(again, 'Price of S / Blue')).toHaveValue('31');
  await press(again, 'Save');
  await expectAt(again, path);
  expect(variants(product.slug)[1]!.price).toBe(3100);
  await expect(main(again)).not.toContainText('unsaved changes');
});

test('what the grid’s buttons made outlives an upload @js', async ({ page }) => {
  const product = shirt('Shaped shirt');
  await enter(page, await staff('editor'), `/admin/products/${idOf(product)}`);
  await press(page, 'Remove the value M');
  await expect(label(page, 'Remove M / Red')).toBeChecked();
  const file = join(import.meta.dirname, '../../server/demo/pictures/lode-candlestick-brass.webp');
  await main(page).getByLabel('Add pictures').setInputFiles(file);
  await expect(main(page).locator('.picture-list > li')).toHaveCount(1);
  await expect(label(page, 'Remove M / Red')).toBeChecked();
  await press(page, 'Save');
  await expect.poll(() => names(product.slug)).toEqual(['S / Red', 'S / Blue']);
});

test('what is typed is seen as a shopper would, before it is saved', async ({ page, js }) => {
  const product = shirt('Seen shirt');
  const path = `/admin/products/${idOf(product)}`;
  await enter(page, await staff('editor'), path);
  await label(page, 'Title').fill('Seen and renamed');
  await label(page, 'Description').fill('Of **wool**.');
  await label(page, 'Price of S / Red').fill('31');
  await label(page, 'Price before of S / Red').fill('40');
  await press(page, 'Preview as a shopper');
  await expectAt(page, `${path}/preview/draft`);
  await expect(page.getByRole('heading', { level: 1, name: 'Seen and renamed' })).toBeVisible();
  await expect(main(page)).toContainText('Preview of your unsaved changes');
  await expect(main(page).locator('.prose strong')).toHaveText('wool');
  for (const value of ['M', 'S', 'Red']) {
    const radio = main(page).getByRole('radio', { name: new RegExp(`^${value}( \\(|$)`) });
    // The radio itself is not drawn: people click its label.
    if (!(await radio.isChecked())) await radio.locator('xpath=ancestor::label').click();
    await expect(radio).toBeChecked();
  }
  if (!js) await press(page, 'Show this one');
  await expect(main(page).locator('.naming')).toContainText('€31.00');
  await expect(main(page).locator('.naming')).toContainText('€40.00');
  await expect(page, 'a choice stays in the draft').toHaveURL(/\/preview\/draft/);
  await expect(main(page).getByRole('button', { name: 'Add to cart' })).toBeDisabled();
  if (js) expect(await faults(page)).toEqual([]);
  expect(variants(product.slug)[0]!.price, 'nothing is saved').toBe(2400);

  await main(page).getByRole('link', { name: 'Back to editing' }).click();
  await expectAt(page, `${path}?draft=1`);
  await expect(label(page, 'Title')).toHaveValue('Seen and renamed');
  await expect(label(page, 'Price of S / Red')).toHaveValue('31');
  await press(page, 'Save');
  await expect.poll(() => variants(product.slug)[0]!.price).toBe(3100);
});

test('a product that is not there yet is seen as well, and what it lacks is said', async ({ page }) => {
  await enter(page, await staff('editor'), '/admin/products/new');
  await label(page, 'Title').fill('Not there yet');
  await label(page, 'Price').fill('a lot');
  await press(page, 'Preview as a shopper');
  await expectAt(page, '/admin/products/new/preview/draft');
  await expect(page.getByRole('heading', { level: 1, name: 'Not there yet' })).toBeVisible();
  await expect(main(page)).toContainText(/It can’t be saved like this:.*Price: /);
  await main(page).getByRole('link', { name: 'Back to editing' }).click();
  await expect(label(page, 'Price')).toHaveValue('a lot');
  await visit(page, '/admin/products/new');
  await expect(main(page).getByRole('button', { name: 'Preview as a shopper' }), 'first it is said what is to become of the draft').toHaveCount(0);
  await main(page).getByRole('link', { name: 'Preview them' }).click();
  await expectAt(page, '/admin/products/new/preview/draft');
});

test('missing variants are offered by their number', async ({ page }) => {
  const product = shirt('Missing shirt');
  await enter(page, await staff('editor'), `/admin/products/${idOf(product)}`);
  const adds = main(page).getByRole('button', { name: /^Add the .*missing variant/ });
  await expect(main(page).getByRole('button', { name: 'Add this variant' })).toBeVisible();
  await expect(adds, 'none is missing').toHaveCount(0);
  await main(page).getByLabel('Values to add to Size').fill('L');
  await press(page, 'Update the grid');
  await expect(adds).toHaveText('Add the 2 missing variants');
  await adds.click();
  await expect(label(page, 'Price of L / Blue')).toHaveValue('24.00');
  await expect(adds).toHaveCount(0);
});

test('a long SKU is whole where there is room', async ({ page }) => {
  const product = shirt('Numbered shirt');
  const sku = `FELL-SHIRT-RED-SMALL-${Math.random().toString(36).slice(2, 10)}`;
  execute(`update variants set sku = '${sku}' where id = '${variants(product.slug)[0]!.id}'`);
  const isWhole = (field: Locator) => field.evaluate((element) => element.scrollWidth <= element.clientWidth);
  await page.setViewportSize({ width: 1440, height: 900 });
  await enter(page, await staff('editor'), `/admin/products/${idOf(product)}`);
  await expect(label(page, 'SKU of S / Red')).toHaveValue(sku);
  expect(await isWhole(label(page, 'SKU of S / Red'))).toBe(true);
  await visit(page, `/admin/products?q=${encodeURIComponent(product.title)}&open=${idOf(product)}`);
  const shown = main(page).getByRole('list', { name: `Variants of ${product.title}` }).getByText(sku, { exact: true });
  expect(await shown.evaluate((element) => element.getClientRects().length), 'on one line').toBe(1);
});

test('unsaved changes are discarded', async ({ page, js }) => {
  const product = shirt('Discarded shirt');
  const path = `/admin/products/${idOf(product)}`;
  await enter(page, await staff('editor'), path);
  await label(page, 'Vendor').fill('Nobody');
  await press(page, 'Update the grid');
  if (!js) await expectAt(page, `${path}?draft=1`);
  await expect(main(page)).toContainText('The form shows your unsaved changes');
  await visit(page, path);
  await expect(main(page)).toContainText('You have unsaved changes');
  await press(page, 'Discard them');
  await expect(main(page)).not.toContainText('unsaved changes from');
  await expect(label(page, 'Vendor')).toHaveValue('');
});

test('the grid is accessible and fits @js', async ({ page }) => {
  const product = shirt('Grid shirt');
  const path = `/admin/products/${idOf(product)}`;
  await enter(page, await staff('editor'), path);
  await press(page, 'Remove the value M');
  await expect(label(page, 'Remove M / Red')).toBeChecked();
  for (const address of [path, `${path}?draft=1`]) {
    await visit(page, address);
    expect(await faults(page, [1440, 768]), address).toEqual([]);
    expect(await faults(page, [360]), address).toEqual([]);
  }
});
