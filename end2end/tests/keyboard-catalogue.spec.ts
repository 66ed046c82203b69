// A product by keys alone, from its first word to its last: options, pictures, two who edit it at once, its end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Locator, type Page } from '@playwright/test';
import { enter, expectAt, main, part, staff } from '../accounts.ts';
import { add } from '../carts.ts';
import { choose, press, reach, staysOn, type } from '../keys.ts';
import { expect, test, thing } from '../own-shop.ts';
import { sql } from '../shop.ts';

/** A word that no other test has in its names. */
const unique = (start: string) => `${start}${Math.random().toString(36).slice(2, 9)}`;
const button = (page: Page, name: string | RegExp): Locator =>
  main(page).getByRole('button', { name, exact: typeof name === 'string' });
const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const idOf = (slug: string) => sql<{ id: string }>(`select id from products where slug = '${slug}'`)[0]!.id;
const vendorOf = (id: string) => sql<{ vendor: string }>(`select vendor from products where id = '${id}'`)[0]!.vendor;
const statusOf = (slug: string) => sql<{ status: string }>(`select status from products where slug = '${slug}'`)[0]?.status;
const variants = (slug: string) =>
  sql<{ name: string; price: number; on_hand: number }>(`
    select array_to_string(v.option_values, ' / ') as name, v.price::int as price, v.on_hand
    from variants v join products p on p.id = v.product_id where p.slug = '${slug}' order by v.position`);

test.describe.configure({ timeout: 90_000 });

test('a product is made with options, changed, loses a value and is deleted @js', async ({ page }) => {
  const title = unique('Keyed shirt ');
  await enter(page, await staff('editor'), '/admin/products');
  await page.keyboard.press('n');
  await expect(page.getByRole('heading', { level: 1, name: 'New product' })).toBeFocused();
  await type(page, label(page, 'Title'), title);
  await press(page, button(page, /^Give it options/));
  await expect(label(page, 'Option 1')).toBeVisible();
  await staysOn(page);
  await type(page, label(page, 'Option 1'), 'Size');
  await type(page, main(page).getByLabel(/^Values to add to/), 'S, M');
  await press(page, button(page, 'Update the grid'));
  await staysOn(page);
  await press(page, button(page, /^Add the missing variant/));
  await expect(label(page, 'Price of M')).toBeVisible();
  await staysOn(page);
  for (const [name, price, stock] of [['S', '20', '3'], ['M', '22.50', '5']] as const) {
    await type(page, label(page, `Price of ${name}`), price);
    await type(page, label(page, `Add or take of ${name}`), stock);
  }
  await choose(page, label(page, 'Status'), 'Active');
  await press(page, button(page, 'Create product'));
  await expectAt(page, /^\/admin\/products\/[0-9a-f-]{36}$/);
  await staysOn(page);
  const slug = await label(page, 'Address').inputValue();
  expect(variants(slug)).toEqual([{ name: 'S', price: 2000, on_hand: 3 }, { name: 'M', price: 2250, on_hand: 5 }]);

  await type(page, label(page, 'Value 1 of Size'), 'Small');
  await type(page, label(page, 'Values to add to Size'), 'L');
  await press(page, button(page, 'Update the grid'));
  await staysOn(page);
  await press(page, button(page, /^Add the missing variant/));
  await expect(label(page, 'Price of L')).toBeVisible();
  await staysOn(page);
  await type(page, label(page, 'Price of L'), '25');
  await press(page, button(page, 'Move M before the value above'));
  await expect(label(page, 'Value 1 of Size')).toHaveValue('M');
  await staysOn(page);
  await press(page, button(page, 'Save'));
  await expect.poll(() => variants(slug).map(({ name }) => name)).toEqual(['M', 'Small', 'L']);
  await expect(label(page, 'Stock of L')).toHaveCount(0);
  await staysOn(page);

  await press(page, button(page, 'Remove the value Small'));
  await expect(label(page, 'Remove Small')).toBeChecked();
  await staysOn(page);
  await press(page, button(page, 'Save'));
  await expect.poll(() => variants(slug).map(({ name }) => name)).toEqual(['M', 'L']);
  await staysOn(page);

  const out = part(page, 'Take it out of the shop');
  await type(page, out.getByLabel('Reason'), 'It was a rehearsal');
  await press(page, out.getByRole('button', { name: 'Delete this product' }));
  await expectAt(page, '/admin/products');
  await staysOn(page);
  expect(statusOf(slug)).toBeUndefined();
});

test('a product that a cart has is archived and restored @js', async ({ page, newVisitor }) => {
  const lamp = thing({ title: unique('Keykept') });
  await add(await newVisitor(), lamp);
  await enter(page, await staff('editor'), `/admin/products/${idOf(lamp.slug)}`);
  const why = part(page, 'Why can’t shoppers see it?');
  await press(page, button(page, 'Archive this product'));
  await expect(why).toContainText('It is archived');
  await staysOn(page);
  expect(statusOf(lamp.slug)).toBe('archived');
  await press(page, button(page, 'Restore as a draft'));
  await expect(why).toContainText('It is a draft');
  await staysOn(page);
  expect(statusOf(lamp.slug)).toBe('draft');
});

test('pictures are uploaded, described, ordered, removed and brought back @js', async ({ page }) => {
  const lamp = thing({ title: unique('Keypictures') });
  const media = (): string[] =>
    sql<{ media: string }>(`
      select media_id as media from product_images where product_id = '${idOf(lamp.slug)}' order by position`).map((row) => row.media);
  const items = main(page).locator('.picture-list > li');
  const folder = join(import.meta.dirname, '../../server/demo/pictures');
  const files = ['lode-candlestick-brass', 'sill-bowl-sage'].map((name) => ({
    name: `${name}.webp`,
    mimeType: 'image/webp',
    buffer: readFileSync(join(folder, `${name}.webp`)),
  }));
  await enter(page, await staff('editor'), `/admin/products/${idOf(lamp.slug)}`);
  // What the system's own dialog would do. It opens for somebody's key only, and not while the page is still settling.
  await expect(async () => {
    await reach(page, label(page, 'Add pictures'));
    const chosen = page.waitForEvent('filechooser', { timeout: 3_000 });
    await page.keyboard.press('Enter');
    await (await chosen).setFiles(files);
  }).toPass();
  await expect(items).toHaveCount(2);
  await expect(main(page).locator('#uploads-status')).toHaveText('Added 2 pictures.');
  await expect(label(page, 'Add pictures')).toBeFocused();
  const [brass, sage] = media();

  await type(page, items.nth(0).getByLabel('What it shows'), 'A brass candlestick');
  await page.keyboard.press('Enter');
  await expect(items.getByText('Needs a text')).toHaveCount(1);
  await staysOn(page);
  await press(page, items.nth(1).getByLabel(/^Decorative/), 'Space');
  await press(page, button(page, 'Save picture 2'));
  await expect(items.getByText('Needs a text')).toHaveCount(0);
  await staysOn(page);

  await press(page, button(page, 'Move down picture 1'));
  await expect.poll(media).toEqual([sage, brass]);
  await expect(button(page, 'Move down picture 2'), 'it goes along with its picture').toBeFocused();
  await press(page, button(page, 'Move up picture 2'));
  await expect.poll(media).toEqual([brass, sage]);
  await expect(button(page, 'Move up picture 1')).toBeFocused();

  await press(page, button(page, 'Remove picture 1'));
  await expect(items).toHaveCount(1);
  await staysOn(page);
  await press(page, page.getByRole('button', { name: 'Undo', exact: true }));
  await expect(items).toHaveCount(2);
  await staysOn(page);
  await expect(items.first().getByLabel('What it shows')).toHaveValue('A brass candlestick');
  expect(media()).toEqual([brass, sage]);
});

test.describe('two who edit one product', () => {
  test.use({ expected: [/\b409\b/] });

  test('come to terms about it, either way @js', async ({ page, newVisitor }) => {
    const id = idOf(thing({ title: unique('Keyboth') }).slug);
    const other = await newVisitor();
    await enter(page, await staff('editor'), `/admin/products/${id}`);
    await enter(other, await staff('admin'), `/admin/products/${id}`);
    /** Saves a vendor by keys; the next save of the other's is late then. */
    const save = async (who: Page, vendor: string) => {
      await type(who, label(who, 'Vendor'), vendor);
      await press(who, button(who, /^Save( mine over it)?$/));
    };
    await save(page, 'First');
    await expect.poll(() => vendorOf(id)).toBe('First');
    await save(other, 'Second');
    const conflict = main(other).getByRole('heading', { name: 'Someone else changed this product' });
    await expect(conflict).toBeVisible();
    await expect(label(other, 'Vendor')).toHaveValue('Second');
    await press(other, button(other, 'Save mine over it'));
    await expect.poll(() => vendorOf(id)).toBe('Second');
    await expect(conflict).toHaveCount(0);
    await staysOn(other);

    await save(page, 'Third');
    const theirs = main(page).getByRole('link', { name: 'keep theirs and drop yours' });
    await expect(theirs).toBeVisible();
    await press(page, theirs);
    await expect(theirs).toHaveCount(0);
    await expect(label(page, 'Vendor')).toHaveValue('Second');
    expect(vendorOf(id)).toBe('Second');
  });
});
