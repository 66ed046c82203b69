// What the back office's tables show, and what the trail takes back.
import { type Locator, type Page } from '@playwright/test';
import { enter, main, member, staff } from '../accounts.ts';
import { faults, visit } from '../fixtures.ts';
import { expect, test, thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

const row = (page: Page, text: string): Locator => main(page).getByRole('row').filter({ hasText: text });
const heading = (page: Page, name: string): Locator => main(page).getByRole('columnheader', { name, exact: true });

test('columns are chosen, stay with the sorting, and are kept as a view', async ({ page, js }) => {
  const lamp = thing({ title: 'Columns' });
  execute(`update products set vendor = 'Fell and Sons' where slug = '${lamp.slug}'`);
  await enter(page, await staff('editor'), `/admin/products?q=${encodeURIComponent(lamp.title)}`);
  await expect(heading(page, 'Category')).toBeVisible();
  await main(page).locator('summary').filter({ hasText: 'Columns' }).click();
  const tick = (name: string) => main(page).getByRole('checkbox', { name: `${name} column`, exact: true });
  await expect(tick('Product')).toBeDisabled();
  await tick('Category').uncheck();
  if (js) await expect(heading(page, 'Category')).toHaveCount(0);
  await tick('Vendor').check();
  if (!js) await main(page).getByRole('button', { name: 'Show these columns' }).click();
  await expect(heading(page, 'Vendor')).toBeVisible();
  await expect(heading(page, 'Category')).toHaveCount(0);
  await expect(row(page, lamp.title)).toContainText('Fell and Sons');

  await main(page).getByRole('columnheader').getByRole('link', { name: /^Price/ }).click();
  await expect(page).toHaveURL(/sort=price/);
  await expect(heading(page, 'Vendor')).toBeVisible();
  await expect(page).toHaveURL(/q=Columns/);
  await main(page).locator('summary').filter({ hasText: /^Save/ }).click();
  await main(page).getByLabel('Name of this view').fill('Vendors');
  await main(page).getByRole('button', { name: 'Save view' }).click();
  await main(page).getByRole('link', { name: 'All', exact: true }).click();
  await expect(heading(page, 'Category')).toBeVisible();
  await main(page).getByRole('link', { name: 'Vendors', exact: true }).click();
  await expect(heading(page, 'Vendor')).toBeVisible();
  await expect(heading(page, 'Category')).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('filters wait behind their number, and the search is always there', async ({ page, js }) => {
    const lamp = thing({ title: 'Folded', stock: 0 });
    await enter(page, await staff('editor'), `/admin/products?q=${encodeURIComponent(lamp.title)}&status=active&stock=out`);
    const stock = main(page).getByLabel('Stock', { exact: true });
    await expect(main(page).getByRole('searchbox')).toBeVisible();
    await expect(stock).toBeHidden();
    const [search, first] = [await main(page).getByRole('searchbox').boundingBox(), await row(page, lamp.title).boundingBox()];
    expect(first!.y - search!.y, 'the first row follows soon').toBeLessThan(300);
    await main(page).locator('summary').filter({ hasText: 'Filters (2)' }).click();
    await expect(stock).toBeVisible();
    await stock.selectOption('');
    if (!js) await main(page).getByRole('button', { name: 'Show', exact: true }).click();
    await expect(page).not.toHaveURL(/stock=out/);
    await expect(main(page).locator('summary').filter({ hasText: 'Filters (1)' })).toBeVisible();
    if (js) expect(await faults(page, [360])).toEqual([]);
  });
});

test('filters are in line where there is room', async ({ page }) => {
  await enter(page, await staff('admin'), '/admin/users');
  await expect(main(page).getByLabel('Role', { exact: true })).toBeVisible();
  await expect(main(page).locator('summary').filter({ hasText: 'Filters' })).toBeHidden();
});

test('a role is taken back in the trail', async ({ page }) => {
  const somebody = await member();
  const role = () => sql<{ role: string }>(`select role from users where email = '${somebody.email}'`)[0]!.role;
  const id = sql<{ id: string }>(`select id from users where email = '${somebody.email}'`)[0]!.id;
  await enter(page, await staff('admin'), `/admin/users/${id}`);
  await main(page).locator('summary').filter({ hasText: 'Change role' }).click();
  await main(page).getByLabel('Role', { exact: true }).selectOption('editor');
  await main(page).getByRole('button', { name: 'Change the role' }).click();
  await expect.poll(role).toBe('editor');
  await visit(page, '/admin/audit');
  const entry = row(page, 'Changed a user’s role').filter({ hasText: somebody.username }).first();
  await entry.locator('summary').click();
  await entry.getByRole('button', { name: /^Revert/ }).click();
  await expect.poll(role).toBe('shopper');
});

test('the variants of a product are opened in its row and changed there', async ({ page, js }) => {
  const shirt = thing({ title: 'Opened', price: 2400, stock: 5 });
  const id = sql<{ id: string }>(`select id from products where slug = '${shirt.slug}'`)[0]!.id;
  execute(`
    update products set option_names = '{Size}' where id = '${id}';
    update variants set option_values = '{S}' where product_id = '${id}';
    insert into variants (id, product_id, position, price, on_hand, option_values)
    values (gen_random_uuid(), '${id}', 2, 2600, 7, '{M}')`);
  const stored = () =>
    sql<{ price: number; on_hand: number }>(`
      select price::int as price, on_hand from variants where product_id = '${id}' order by position`);
  await enter(page, await staff('editor'), `/admin/products?q=${encodeURIComponent(shirt.title)}`);
  const opens = main(page).getByRole('link', { name: `2 variants of ${shirt.title}` });
  await expect(opens).toHaveAttribute('aria-expanded', 'false');
  await opens.click();
  await expect(opens).toHaveAttribute('aria-expanded', 'true');
  const list = main(page).getByRole('list', { name: `Variants of ${shirt.title}` });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  const cell = (name: string) => list.getByLabel(`${name} of ${shirt.title}, M`, { exact: true });
  await expect(cell('Price')).toHaveValue('26.00');
  await cell('Price').fill('27.50');
  await cell('Price').press('Enter');
  await expect.poll(stored).toEqual([{ price: 2400, on_hand: 5 }, { price: 2750, on_hand: 7 }]);
  await expect(opens, 'and stays open').toHaveAttribute('aria-expanded', 'true');
  await expect(row(page, shirt.title).first()).toContainText('€24.00 – €27.50');
  await cell('Stock').fill('-2');
  await cell('Stock').press('Enter');
  await expect.poll(stored).toEqual([{ price: 2400, on_hand: 5 }, { price: 2750, on_hand: 5 }]);
  if (js) expect(await faults(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  await opens.click();
  await expect(list).toHaveCount(0);
});

test('a price that can be changed stands with its currency', async ({ page, js }) => {
  const lamp = thing({ title: 'Priced', price: 14900 });
  await enter(page, await staff('editor'), `/admin/products?q=${encodeURIComponent(lamp.title)}`);
  const price = main(page).getByLabel(`Price of ${lamp.title}`, { exact: true });
  const amount = main(page).locator('.amount').filter({ has: page.getByLabel(`Price of ${lamp.title}`, { exact: true }) });
  await expect(price).toHaveValue('149.00');
  await expect(amount).toHaveText('€');
  expect(await price.evaluate((input) => input.scrollWidth <= input.clientWidth), 'all of it is seen').toBe(true);
  await price.fill('155.50');
  await price.press('Enter');
  await expect.poll(() => sql<{ price: number }>(`select price_min::int as price from products where slug = '${lamp.slug}'`)[0]!.price).toBe(15550);
  await expect(amount).toHaveText('€');
  if (js) expect(await faults(page)).toEqual([]);
});

test('what is typed in the table is saved when it is left, and Escape puts back what stood there @js', async ({ page }) => {
  const lamp = thing({ title: 'Left', price: 14900, stock: 20 });
  const stored = () =>
    sql<{ price: number; on_hand: number }>(`
      select v.price::int as price, v.on_hand from variants v join products p on p.id = v.product_id
      where p.slug = '${lamp.slug}'`)[0]!;
  await enter(page, await staff('editor'), `/admin/products?q=${encodeURIComponent(lamp.title)}`);
  const cell = (name: string) => main(page).getByLabel(`${name} of ${lamp.title}`, { exact: true });
  await cell('Price').fill('1');
  await cell('Price').press('Escape');
  await expect(cell('Price')).toHaveValue('149.00');
  await cell('Price').press('Tab');
  await cell('Stock').fill('+3');
  await main(page).getByRole('heading', { level: 1 }).click();
  await expect.poll(stored).toEqual({ price: 14900, on_hand: 23 });
  await expect(cell('Stock')).toHaveValue('23');
  // One press of its own button is one act, though the field is left by it.
  await cell('Stock').fill('+4');
  await main(page).getByRole('button', { name: `Save Stock of ${lamp.title}` }).click();
  await expect(cell('Stock')).toHaveValue('27');
  expect(stored().on_hand).toBe(27);
});

test('the last page is one step away, and the way back leads from row to row', async ({ page }) => {
  const start = `Paged${Math.random().toString(36).slice(2, 9)}`;
  execute(`
    with made as (
      insert into products (id, slug, title, status)
      select gen_random_uuid(), lower('${start}-' || n), '${start} ' || lpad(n::text, 2, '0'), 'active'
      from generate_series(1, 60) n returning id
    )
    insert into variants (id, product_id, position, price, on_hand) select gen_random_uuid(), id, 1, 1000, 5 from made`);
  await enter(page, await staff('editor'), `/admin/products?q=${start}&sort=title&size=25`);
  const names = main(page).locator('tbody a.name');
  const pages = main(page).getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: 'Last' }).click();
  await expect(names.last()).toHaveText(`${start} 60`);
  await expect(names).toHaveCount(25);
  await expect(pages).toContainText('Last page');
  await expect(pages.getByRole('link', { name: 'Next' })).toHaveCount(0);
  await pages.getByRole('link', { name: 'Previous' }).click();
  await expect(names.last()).toHaveText(`${start} 35`);
  await pages.getByRole('link', { name: 'Previous' }).click();
  await expect(names).toHaveCount(10);
  await expect(names.first()).toHaveText(`${start} 01`);
  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(names.first()).toHaveText(`${start} 11`);
  await pages.getByRole('link', { name: 'First' }).click();
  await expect(pages).toContainText('Page 1');
  await main(page).getByRole('columnheader').getByRole('link', { name: 'Status', exact: true }).click();
  await expect(page).toHaveURL(/sort=status/);
  await expect(heading(page, 'Status')).toHaveAttribute('aria-sort', 'ascending');
});

test.describe('a cell of a row that is old', () => {
  test.use({ expected: [/\b400\b/] });

  test('says so beside itself, and changes nothing', async ({ page }) => {
    const lamp = thing({ title: 'Stale', price: 2400 });
    const price = () => sql<{ price: number }>(`select price_min::int as price from products where slug = '${lamp.slug}'`)[0]!.price;
    await enter(page, await staff('editor'), `/admin/products?q=${encodeURIComponent(lamp.title)}`);
    execute(`
      update variants set price = 3000 where product_id = (select id from products where slug = '${lamp.slug}');
      update products set version = version + 1 where slug = '${lamp.slug}'`);
    const cell = main(page).getByLabel(`Price of ${lamp.title}`, { exact: true });
    await cell.fill('25.00');
    await cell.press('Enter');
    await expect(cell).toHaveAttribute('aria-invalid', 'true');
    await expect(cell).toHaveAccessibleDescription(/changed/);
    expect(price()).toBe(3000);
  });
});

test('a kept view is taken away again', async ({ page }) => {
  await enter(page, await staff('editor'), '/admin/products?status=draft&stock=out');
  const kept = main(page).getByRole('navigation', { name: 'Saved views' }).getByRole('link', { name: 'For a while' });
  await main(page).locator('summary').filter({ hasText: 'Save view' }).click();
  await main(page).getByLabel('Name of this view').fill('For a while');
  await main(page).getByRole('button', { name: 'Save view' }).click();
  await expect(kept).toBeVisible();
  const remove = main(page).getByRole('button', { name: 'Delete the view For a while' });
  if (!(await remove.isVisible())) await main(page).locator('summary').filter({ hasText: 'Save or delete views' }).click();
  await remove.click();
  await expect(kept).toHaveCount(0);
});

test('the trail fits a phone while a way back is open', async ({ page, js }) => {
  const somebody = await member();
  const id = sql<{ id: string }>(`select id from users where email = '${somebody.email}'`)[0]!.id;
  await enter(page, await staff('admin'), `/admin/users/${id}`);
  await main(page).locator('summary').filter({ hasText: 'Change role' }).click();
  await main(page).getByLabel('Role', { exact: true }).selectOption('editor');
  await main(page).getByRole('button', { name: 'Change the role' }).click();
  await expect.poll(() => sql<{ role: string }>(`select role from users where id = '${id}'`)[0]!.role).toBe('editor');
  await page.setViewportSize({ width: 360, height: 740 });
  await visit(page, '/admin/audit?act=user.set_role');
  const entry = row(page, 'Changed a user’s role').filter({ hasText: somebody.username }).first();
  await entry.locator('summary').click();
  await expect(entry.getByRole('button', { name: /^Revert/ })).toBeVisible();
  if (js) expect(await faults(page)).toEqual([]);
});
