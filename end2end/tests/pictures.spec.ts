// Pictures of a product, from the file to the shopper.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Locator, type Page } from '@playwright/test';
import { main, member, part, visitAs, type Person } from '../accounts.ts';
import { isMarked, mark, setTheme, sticksOut, THEMES, violations, visit } from '../fixtures.ts';
import { expect, test, thing, type Thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

const PICTURES = path.join(import.meta.dirname, '../../server/demo/pictures');
const file = (name: string) => ({ name: `${name}.webp`, mimeType: 'image/webp', buffer: readFileSync(path.join(PICTURES, `${name}.webp`)) });
const BRASS = file('lode-candlestick-brass');
const SAGE = file('sill-bowl-sage');
const SLATE = file('dusk-lamp-slate');

async function editor(): Promise<Person> {
  const person = await member();
  execute(`update users set role = 'editor' where email = '${person.email}'`);
  return person;
}

const idOf = (product: Thing) => sql<{ id: string }>(`select id from products where slug = '${product.slug}'`)[0]!.id;

/** A product in two colours. */
function coloured(): Thing {
  const product = thing({ title: 'Coloured' });
  const id = idOf(product);
  execute(`
    update products set option_names = '{Colour}' where id = '${id}';
    update variants set option_values = '{Brass}' where product_id = '${id}';
    insert into variants (id, product_id, position, price, on_hand, option_values)
    values (gen_random_uuid(), '${id}', 2, 2400, 20, '{Sage}')`);
  return product;
}

/** Media of a product's pictures, in their order. */
const media = (product: Thing): string[] =>
  sql<{ media: string }>(`
    select i.media_id as media from product_images i join products p on p.id = i.product_id
    where p.slug = '${product.slug}' order by i.position`).map((row) => row.media);

const items = (page: Page): Locator => main(page).locator('.picture-list > li');
const press = (page: Page, name: string): Promise<void> => main(page).getByRole('button', { name, exact: true }).click();
const leading = (page: Page): Locator => page.locator('.gallery .strip img').first();

async function upload(page: Page, js: boolean, files: ReturnType<typeof file>[]) {
  await main(page).getByLabel('Add pictures').setInputFiles(files);
  if (!js) await press(page, 'Upload');
}

test('pictures are uploaded, described, ordered, given to variants and removed, and shoppers see it', async ({ page, js, newVisitor }) => {
  test.setTimeout(90_000);
  const product = coloured();
  await visitAs(page, await editor(), `/admin/products/${idOf(product)}`);
  await expect(part(page, 'Pictures')).toContainText('It has no pictures yet');
  if (js) await mark(page);
  await upload(page, js, [BRASS, SAGE]);
  await expect(items(page)).toHaveCount(2);
  const [brass, sage] = media(product);
  await expect(items(page).first().locator('img')).toHaveAttribute('src', new RegExp(brass!));
  await expect(items(page).getByText('Needs a text')).toHaveCount(2);
  await expect(part(page, 'Pictures').getByText('2 pictures need a text')).toBeVisible();

  await items(page).nth(0).getByLabel('What it shows').fill('A brass candlestick');
  await press(page, 'Save picture 1');
  await expect(items(page).getByText('Needs a text')).toHaveCount(1);
  await items(page).nth(1).getByLabel('What it shows').fill('A sage bowl <b>');
  await items(page).nth(1).getByRole('group', { name: 'Shown first for' }).getByLabel('Sage', { exact: true }).check();
  await press(page, 'Save picture 2');
  await expect(items(page).getByText('Needs a text')).toHaveCount(0);

  const shopper = await newVisitor();
  await visit(shopper, product.path);
  await expect(leading(shopper)).toHaveAttribute('src', new RegExp(brass!));
  await expect(leading(shopper)).toHaveAttribute('alt', 'A brass candlestick');

  await main(page).getByRole('button', { name: 'Move up picture 2' }).focus();
  await page.keyboard.press('Enter');
  await expect(items(page).first().locator('img')).toHaveAttribute('src', new RegExp(sage!));
  if (js) await expect(main(page).getByRole('button', { name: 'Move up picture 1' })).toBeFocused();
  expect(media(product)).toEqual([sage, brass]);
  await visit(shopper, product.path);
  await expect(leading(shopper)).toHaveAttribute('src', new RegExp(sage!));

  await press(page, 'Remove picture 1');
  await expect(items(page)).toHaveCount(1);
  await visit(shopper, product.path);
  await expect(leading(shopper)).toHaveAttribute('src', new RegExp(brass!));
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(items(page)).toHaveCount(2);
  await expect(items(page).first().getByLabel('What it shows')).toHaveValue('A sage bowl <b>');
  await expect(items(page).first().getByLabel('Sage', { exact: true })).toBeChecked();
  if (js) expect(await isMarked(page), 'no new page was loaded').toBe(true);
});

test.describe('what is wrong', () => {
  test.use({ expected: [/\b400\b/] });

  test('is said beside the file, and beside the text that is missing', async ({ page, js }) => {
    const product = thing({ title: 'Refused' });
    await visitAs(page, await editor(), `/admin/products/${idOf(product)}`);
    const drawing = { name: 'drawing.webp', mimeType: 'image/webp', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') };
    await upload(page, js, [BRASS, drawing, SAGE]);
    await expect(items(page)).toHaveCount(2);
    const section = part(page, 'Pictures');
    await expect(section.getByText(/drawing\.webp/)).toBeVisible();
    await expect(section.getByText(/the file is not a JPEG, PNG or WebP picture/)).toBeVisible();

    await press(page, 'Save picture 2');
    await expect(items(page).nth(1).locator('.error').filter({ hasText: /Say what the picture shows/ })).toBeVisible();
    await items(page).nth(1).getByLabel(/^Decorative/).check();
    await press(page, 'Save picture 2');
    await expect(items(page).getByText('Needs a text')).toHaveCount(1);
  });
});

test('what was typed in the product’s form outlives an upload @js', async ({ page }) => {
  const product = thing({ title: 'Typed' });
  await visitAs(page, await editor(), `/admin/products/${idOf(product)}`);
  await main(page).getByLabel('Vendor', { exact: true }).fill('Half typed');
  await upload(page, true, [BRASS]);
  await expect(items(page)).toHaveCount(1);
  await expect(main(page).getByLabel('Vendor', { exact: true })).toHaveValue('Half typed');
  await press(page, 'Save');
  // The upload has raised the version that the form compares with, and the form knows.
  await expect.poll(() => sql<{ vendor: string }>(`select vendor from products where slug = '${product.slug}'`)[0]!.vendor).toBe('Half typed');
});

for (const way of ['drop', 'paste'] as const) {
  test(`pictures come by ${way} @js`, async ({ page }) => {
    const product = thing({ title: `By ${way}` });
    await visitAs(page, await editor(), `/admin/products/${idOf(product)}`);
    const files = [BRASS, SLATE].map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
    await part(page, 'Pictures').evaluate((section, { way, files }) => {
      const transfer = new DataTransfer();
      for (const { name, mimeType, base64 } of files) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: mimeType }));
      }
      const init = { bubbles: true, cancelable: true };
      const event = way === 'drop'
        ? new DragEvent('drop', { ...init, dataTransfer: transfer })
        : new ClipboardEvent('paste', { ...init, clipboardData: transfer });
      section.dispatchEvent(event);
    }, { way, files });
    await expect(items(page)).toHaveCount(2);
    await expect(main(page).locator('#uploads-status')).toHaveText('Added 2 pictures.');
  });
}

test('a picture is dragged to its place @js', async ({ page }) => {
  const product = thing({ title: 'Dragged' });
  await visitAs(page, await editor(), `/admin/products/${idOf(product)}`);
  await upload(page, true, [BRASS, SAGE, SLATE]);
  await expect(items(page)).toHaveCount(3);
  const [brass, sage, slate] = media(product);
  // By hand: the list is longer than the window, and what is dragged must be on it with where it goes.
  await page.setViewportSize({ width: 1280, height: 2400 });
  await items(page).nth(2).locator('img').hover();
  await page.mouse.down();
  const first = (await items(page).nth(0).boundingBox())!;
  await page.mouse.move(first.x + 20, first.y + 40, { steps: 8 });
  await page.mouse.move(first.x + 20, first.y + 4, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => media(product)).toEqual([slate, brass, sage]);
  await expect(items(page).first().locator('img')).toHaveAttribute('src', new RegExp(slate!));
  await expect(main(page).locator('#uploads li'), 'it is no file').toHaveCount(0);
});

for (const theme of THEMES) {
  test(`the pictures of a product are accessible and fit, ${theme} @js`, async ({ page }) => {
    test.setTimeout(60_000);
    const product = coloured();
    await visitAs(page, await editor(), `/admin/products/${idOf(product)}`);
    await upload(page, true, [BRASS, SAGE]);
    await expect(items(page)).toHaveCount(2);
    await setTheme(page, theme);
    await visit(page, `/admin/products/${idOf(product)}`);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await violations(page)).toEqual([]);
    expect(await sticksOut(page)).toEqual([]);
  });
}
