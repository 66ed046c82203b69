// What becomes of categories and products over their life in the back office.
import { type Locator, type Page } from '@playwright/test';
import { enter, expectAt, main, part, staff } from '../accounts.ts';
import { add } from '../carts.ts';
import { visit } from '../fixtures.ts';
import { expect, test, thing, type Thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

/** A word that no other test has in its names. */
const unique = (start: string) => `${start}${Math.random().toString(36).slice(2, 9)}`;
const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const press = (page: Page, name: string | RegExp) => main(page).getByRole('button', { name }).click();
const idOf = (product: Thing) => sql<{ id: string }>(`select id from products where slug = '${product.slug}'`)[0]!.id;

/** A category that only this test knows. */
function category(name: string, parent: string | null = null): string {
  execute(`
    insert into categories (id, parent_id, name, slug, position)
    values (gen_random_uuid(), ${parent ? `'${parent}'` : 'null'}, '${name}', '${name.toLowerCase()}', 90)`);
  return sql<{ id: string }>(`select id from categories where name = '${name}'`)[0]!.id;
}

const put = (product: Thing, into: string) =>
  execute(`update products set category_id = '${into}' where slug = '${product.slug}'`);
const categoryOf = (product: Thing) =>
  sql<{ name: string | null }>(`
    select c.name from products p left join categories c on c.id = p.category_id where p.slug = '${product.slug}'`)[0]!.name;

test('a category is renamed, and its old address leads to the new one', async ({ page }) => {
  const [before, after] = [unique('Attic'), unique('Loft')];
  const id = category(before);
  const lamp = thing({ title: unique('Lamp') });
  put(lamp, id);
  await enter(page, await staff('editor'), `/admin/categories/${id}`);
  await label(page, 'Name').fill(after);
  await label(page, 'Address').fill(after.toLowerCase());
  await part(page, 'Move').waitFor();
  await main(page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => sql<{ name: string }>(`select name from categories where id = '${id}'`)[0]!.name).toBe(after);
  await visit(page, `/categories/${before.toLowerCase()}`);
  await expectAt(page, `/categories/${after.toLowerCase()}`);
  await expect(page.getByRole('heading', { level: 1, name: after })).toBeVisible();
  await expect(main(page)).toContainText(lamp.title);
});

test('a category is moved below another, with all that is below it', async ({ page }) => {
  const [house, garden, below] = [unique('House'), unique('Garden'), unique('Below')];
  const [parent, moved] = [category(house), category(garden)];
  const child = category(below, moved);
  await enter(page, await staff('editor'), `/admin/categories/${moved}`);
  await part(page, 'Move').getByLabel('Under').selectOption(house);
  await part(page, 'Move').getByRole('button', { name: 'Move' }).click();
  await expect(main(page)).toContainText(`${house} › ${garden}`);
  expect(sql<{ parent_id: string }>(`select parent_id from categories where id = '${moved}'`)[0]!.parent_id).toBe(parent);
  // Never below itself: what is below it isn't offered.
  await expect(part(page, 'Move').getByLabel('Under').getByRole('option', { name: new RegExp(below) })).toHaveCount(0);
  await visit(page, `/admin/categories/${child}`);
  await expect(main(page)).toContainText(`${house} › ${garden} › ${below}`);
});

test('a category is merged into another, and its address goes along', async ({ page }) => {
  const [from, to] = [unique('Mugs'), unique('Cups')];
  const [source, target] = [category(from), category(to)];
  const lamp = thing({ title: unique('Lamp') });
  put(lamp, source);
  await enter(page, await staff('editor'), `/admin/categories/${source}`);
  await expect(part(page, 'Merge')).toContainText('Its 1 product will go there');
  await part(page, 'Merge').getByLabel('Into').selectOption(to);
  await part(page, 'Merge').getByRole('button', { name: 'Merge' }).click();
  await expect.poll(() => categoryOf(lamp)).toBe(to);
  expect(sql(`select 1 from categories where id = '${source}'`)).toEqual([]);
  await expectAt(page, `/admin/categories/${target}`);
  await visit(page, `/categories/${from.toLowerCase()}`);
  await expectAt(page, `/categories/${to.toLowerCase()}`);
  await visit(page, `/admin/categories/${target}`);
  await expect(page.getByRole('heading', { level: 1, name: to })).toBeVisible();
});

test.describe('a category with products', () => {
  test.use({ expected: [/\b400\b/] });

  test('is deleted only when it is said where they go', async ({ page }) => {
    const [from, to] = [unique('Old'), unique('New')];
    const source = category(from);
    category(to);
    const lamp = thing({ title: unique('Lamp') });
    put(lamp, source);
    await enter(page, await staff('editor'), `/admin/categories/${source}`);
    const where = part(page, 'Delete').getByLabel('Where its 1 product goes');
    await part(page, 'Delete').getByRole('button', { name: 'Delete category' }).click();
    await expect(where).toHaveAttribute('aria-invalid', 'true');
    expect(categoryOf(lamp)).toBe(from);
    await where.selectOption(to);
    await part(page, 'Delete').getByRole('button', { name: 'Delete category' }).click();
    await expectAt(page, '/admin/categories');
    expect(categoryOf(lamp)).toBe(to);
    expect(sql(`select 1 from categories where id = '${source}'`)).toEqual([]);
  });
});

test.describe('a product', () => {
  test.use({ expected: [/\b404\b/] });

  test('is deleted with a reason while nobody has set it aside', async ({ page, newVisitor }) => {
    const lamp = thing({ title: unique('Gone') });
    await enter(page, await staff('editor'), `/admin/products/${idOf(lamp)}`);
    const out = part(page, 'Take it out of the shop');
    await out.getByLabel('Reason').fill('Broken in the kiln');
    await out.getByRole('button', { name: 'Delete this product' }).click();
    await expectAt(page, '/admin/products');
    expect(sql(`select 1 from products where slug = '${lamp.slug}'`)).toEqual([]);
    const shopper = await newVisitor();
    expect((await visit(shopper, lamp.path)).status()).toBe(404);
    await visit(page, `/admin/audit?q=${encodeURIComponent(lamp.title)}`);
    await expect(main(page).getByRole('row').filter({ hasText: lamp.title })).toContainText('Broken in the kiln');
  });

  test('that somebody has set aside is archived, restored and shown again', async ({ page, newVisitor }) => {
    const lamp = thing({ title: unique('Kept') });
    const shopper = await newVisitor();
    await add(shopper, lamp);
    await enter(page, await staff('editor'), `/admin/products/${idOf(lamp)}`);
    const status = () => sql<{ status: string }>(`select status from products where slug = '${lamp.slug}'`)[0]!.status;
    const out = part(page, 'Take it out of the shop');
    await expect(out).toContainText('1 cart has it, so it can be archived but not deleted');
    await out.getByRole('button', { name: 'Archive this product' }).click();
    await expect(part(page, 'Why can’t shoppers see it?')).toContainText('It is archived. Restore it');
    expect(status()).toBe('archived');
    await visit(shopper, '/products?q=kept');
    await expect(main(shopper)).not.toContainText(lamp.title);

    await out.getByRole('button', { name: 'Restore as a draft' }).click();
    await expect(part(page, 'Why can’t shoppers see it?')).toContainText('It is a draft');
    expect(status()).toBe('draft');
    await label(page, 'Status').selectOption('active');
    await main(page).getByRole('button', { name: 'Save', exact: true }).click();
    await expect(main(page).getByText('Shoppers see it.')).toBeVisible();
    await expect(main(page).getByRole('heading', { name: 'Why can’t shoppers see it?' })).toHaveCount(0);
    expect((await visit(shopper, lamp.path)).status()).toBe(200);
  });
});

test('a product that has another address is still found at the old one', async ({ page }) => {
  const lamp = thing({ title: unique('Moved') });
  await enter(page, await staff('editor'), `/admin/products/${idOf(lamp)}`);
  await label(page, 'Address').fill(`${lamp.slug}-anew`);
  await press(page, /^Save$/);
  await expect.poll(() => sql(`select 1 from products where slug = '${lamp.slug}-anew'`).length).toBe(1);
  await expect(page.getByText(`Saved ${lamp.title}`)).toBeVisible();
  await visit(page, lamp.path);
  await expectAt(page, `${lamp.path}-anew`);
  await expect(page.getByRole('heading', { level: 1, name: lamp.title })).toBeVisible();
});

test.describe('a price before', () => {
  test.use({ expected: [/\b400\b/] });

  test('that isn’t higher is refused beside its field', async ({ page }) => {
    const lamp = thing({ title: unique('Sale'), price: 2400 });
    await enter(page, await staff('editor'), `/admin/products/${idOf(lamp)}`);
    await label(page, 'Price before').fill('24.00');
    await press(page, /^Save$/);
    await expect(label(page, 'Price before')).toHaveAttribute('aria-invalid', 'true');
    await expect(label(page, 'Price before')).toHaveAccessibleDescription(/isn’t higher than the price/);
    await label(page, 'Price before').fill('30.00');
    await press(page, /^Save$/);
    await expect
      .poll(() => sql<{ compare_at: number }>(`select compare_at::int from products where slug = '${lamp.slug}'`)[0]!.compare_at)
      .toBe(3000);
  });
});
