// Many products changed at once: chosen in their table, looked at before, and taken back as one.
import { type Locator, type Page } from '@playwright/test';
import { enter, expectAt, main, staff, visitAs } from '../accounts.ts';
import { faults, visit } from '../fixtures.ts';
import { expect, setStock, test, thing, type Thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

/** A word that no other test has in its names. */
const unique = (start: string) => `${start}${Math.random().toString(36).slice(2, 9)}`;

const bar = (page: Page): Locator => main(page).getByRole('form', { name: 'Change what is selected' });
const box = (page: Page, title: string): Locator => main(page).getByRole('checkbox', { name: `Select ${title}`, exact: true });
const row = (page: Page, text: string): Locator => main(page).getByRole('row').filter({ hasText: text });
const section = (page: Page, name: string): Locator =>
  main(page).locator('details').filter({ has: page.locator('summary', { hasText: new RegExp(`^${name}$`) }) });

const of = (thing: Thing) =>
  sql<{ status: string; price: number; compare_at: number | null; on_hand: number }>(`
    select p.status, v.price::int as price, v.compare_at::int as compare_at, v.on_hand
    from products p join variants v on v.product_id = p.id where p.slug = '${thing.slug}'`)[0]!;

/** Three things, and the table that shows them and no other. */
function three(): [string, Thing, Thing, Thing] {
  const start = unique('Bulk');
  return [
    `/admin/products?q=${start}&sort=title`,
    thing({ title: `${start} a`, price: 2400, stock: 5 }),
    thing({ title: `${start} b`, price: 1000, stock: 5 }),
    thing({ title: `${start} c`, price: 1000, stock: 5 }),
  ];
}

test.describe('a sale', () => {
  test.use({ expected: [/\b400\b/] });

  test('is previewed, begun and taken back', async ({ page }) => {
    const [table, one, two, three_] = three();
    await enter(page, await staff('editor'), table);
    await expect(bar(page), 'nothing is selected').toBeHidden();
    await box(page, one.title).check();
    await box(page, two.title).check();
    await expect(bar(page)).toBeVisible();
    await bar(page).getByRole('button', { name: 'Price' }).click();

    await expectAt(page, /^\/admin\/products\/bulk\/[0-9a-f-]{36}\?act=price$/);
    await expect(main(page)).toContainText('2 products chosen');
    const price = section(page, 'Price');
    await price.getByLabel('By how much').fill('a lot');
    await price.getByRole('button', { name: 'Preview' }).click();
    await expect(price.getByLabel('By how much')).toHaveAccessibleDescription(/Write a percentage in digits/);
    await price.getByLabel('By how much').fill('10');
    await price.getByLabel('Rounding').selectOption('To the nearest ending in .99');
    await price.getByLabel('Start a sale').check();
    await price.getByRole('button', { name: 'Preview' }).click();

    await expectAt(page, /^\/admin\/products\/bulk\/[0-9a-f-]{36}$/);
    await expect(main(page)).toContainText('2 products (2 variants) would change.');
    await expect(row(page, one.title)).toContainText(/Price: €24\.00.*€21\.99/);
    await expect(row(page, one.title)).toContainText(/Price before: .*€24\.00/);
    expect(of(one)).toMatchObject({ price: 2400, compare_at: null });

    await main(page).getByRole('button', { name: 'Change 2 products' }).click();
    await expect(main(page).locator('.desk-head .state')).toHaveText('Applied');
    expect(of(one)).toMatchObject({ price: 2199, compare_at: 2400 });
    expect(of(two)).toMatchObject({ price: 899, compare_at: 1000 });
    expect(of(three_)).toMatchObject({ price: 1000, compare_at: null });

    await main(page).getByRole('button', { name: 'Undo this edit' }).click();
    await expect(main(page).locator('.desk-head .state')).toHaveText('Undone');
    expect(of(one)).toMatchObject({ price: 2400, compare_at: null });
    await main(page).getByRole('link', { name: 'Bulk edits' }).click();
    await expectAt(page, '/admin/products/bulk');
    await expect(row(page, 'lowered by 10 %').first()).toContainText('Undone');
  });
});

test('all that match are changed, and what differs by then is shown anew', async ({ page }) => {
  const [table, one, two, three_] = three();
  await enter(page, await staff('editor'), table);
  await box(page, one.title).check();
  await bar(page).getByLabel('What the edit is of').selectOption('All 3 that match');
  await bar(page).getByRole('button', { name: 'Stock' }).click();
  const stock = section(page, 'Stock');
  await stock.getByLabel('What to do with the stock').selectOption('Set to exactly');
  await stock.getByLabel('Pieces').fill('5');
  await stock.getByRole('button', { name: 'Preview' }).click();
  await expect(main(page)).toContainText('Nothing would change: all of it is like that already.');
  await expect(main(page)).toContainText('3 stay as they are: the stock is 5 already');
  await expect(main(page).getByRole('button', { name: /^Change/ })).toHaveCount(0);

  await main(page).getByRole('link', { name: 'Do something else with them' }).click();
  await stock.locator('summary').click();
  await stock.getByLabel('What to do with the stock').selectOption('Set to exactly');
  await stock.getByLabel('Pieces').fill('9');
  await stock.getByRole('button', { name: 'Preview' }).click();
  await expect(main(page)).toContainText('3 products (3 variants) would change.');
  setStock(two, 4);
  await main(page).getByRole('button', { name: 'Change 3 products' }).click();
  await expect(main(page).locator('.note')).toContainText('have changed since you looked');
  await expect(row(page, two.title)).toContainText(/Stock: 4.*9/);
  expect([one, two, three_].map((thing) => of(thing).on_hand)).toEqual([5, 4, 5]);
  await main(page).getByRole('button', { name: 'Change 3 products' }).click();
  await expect(main(page).locator('.desk-head .state')).toHaveText('Applied');
  expect([one, two, three_].map((thing) => of(thing).on_hand)).toEqual([9, 9, 9]);
});

test('tags and category of many are changed', async ({ page }) => {
  const [table, one, two, three_] = three();
  const name = unique('Shelf');
  execute(`
    insert into categories (id, name, slug, position) values (gen_random_uuid(), '${name}', '${name.toLowerCase()}', 99);
    update products set tags = '{clay,old}' where slug = '${one.slug}'`);
  const stored = (thing: Thing) =>
    sql<{ tags: string[]; category: string | null }>(`
      select p.tags, c.name as category from products p left join categories c on c.id = p.category_id
      where p.slug = '${thing.slug}'`)[0]!;
  await enter(page, await staff('editor'), table);
  await box(page, one.title).check();
  await box(page, two.title).check();
  await bar(page).getByRole('button', { name: 'Tags' }).click();
  await section(page, 'Tags').getByLabel('Tags to add').fill('sale, clay');
  await section(page, 'Tags').getByLabel('Tags to remove').fill('old');
  await section(page, 'Tags').getByRole('button', { name: 'Preview' }).click();
  await main(page).getByLabel('Reason').fill('For the market');
  await main(page).getByRole('button', { name: 'Change 2 products' }).click();
  await expect(main(page).locator('.desk-head .state')).toHaveText('Applied');
  expect(stored(one).tags).toEqual(['clay', 'sale']);
  expect([...stored(two).tags].sort()).toEqual(['clay', 'sale']);
  expect(stored(three_).tags).toEqual([]);

  await visit(page, table);
  await bar(page).waitFor({ state: 'hidden' });
  await box(page, one.title).check();
  await bar(page).getByRole('button', { name: 'Category' }).click();
  await section(page, 'Category').getByLabel('New category').selectOption(name);
  await section(page, 'Category').getByRole('button', { name: 'Preview' }).click();
  await main(page).getByRole('button', { name: 'Change 1 product' }).click();
  await expect(main(page).locator('.desk-head .state')).toHaveText('Applied');
  expect([stored(one).category, stored(two).category]).toEqual([name, null]);
  await visit(page, '/admin/audit?q=tags');
  await expect(main(page)).toContainText('For the market');
});

test.describe('an edit of more than a hundred', () => {
  test.use({ expected: [/\b400\b/] });

  test('takes the password once it was given long ago', async ({ page }) => {
    const start = unique('Many');
    execute(`
      with made as (
        insert into products (id, slug, title, status)
        select gen_random_uuid(), lower('${start}-' || n), '${start} ' || n, 'active' from generate_series(1, 120) n returning id
      )
      insert into variants (id, product_id, position, price, on_hand) select gen_random_uuid(), id, 1, 1000, 5 from made`);
    const drafts = () =>
      sql<{ count: number }>(`select count(*)::int as count from products where title like '${start} %' and status = 'draft'`)[0]!.count;
    const person = await staff('editor');
    await visitAs(page, person, `/admin/products?q=${start}&size=25`);
    await main(page).locator('.pick input[name="products[]"]').first().check();
    await bar(page).getByLabel('What the edit is of').selectOption('All 120 that match');
    await bar(page).getByRole('button', { name: 'Status' }).click();
    await section(page, 'Status').getByLabel('New status').selectOption('Draft');
    await section(page, 'Status').getByRole('button', { name: 'Preview' }).click();
    await expect(main(page).getByRole('button', { name: 'Change 120 products' })).toBeVisible();
    execute(`update sessions set authenticated_at = now() - interval '16 minutes'
             where user_id = (select id from users where email = '${person.email}')`);
    await page.reload();
    await main(page).getByLabel('Reason').fill('A long winter');
    const password = main(page).getByLabel('Your own password');
    await password.fill('not the password');
    await main(page).getByRole('button', { name: 'Change 120 products' }).click();
    await expect(password).toHaveAttribute('aria-invalid', 'true');
    await expect(main(page).getByLabel('Reason')).toHaveValue('A long winter');
    expect(drafts()).toBe(0);
    await password.fill(person.password);
    await main(page).getByRole('button', { name: 'Change 120 products' }).click();
    await expect(main(page).locator('.desk-head .state')).toHaveText('Applied');
    expect(drafts()).toBe(120);
  });
});

test('what somebody has changed since is named instead of undone', async ({ page }) => {
  const [table, one] = three();
  await enter(page, await staff('editor'), table);
  await box(page, one.title).check();
  await bar(page).getByRole('button', { name: 'Status' }).click();
  await section(page, 'Status').getByLabel('New status').selectOption('Archived');
  await section(page, 'Status').getByRole('button', { name: 'Preview' }).click();
  await main(page).getByRole('button', { name: 'Change 1 product' }).click();
  await expect(main(page).locator('.desk-head .state')).toHaveText('Applied');
  const edit = new URL(page.url()).pathname;
  execute(`update products set version = version + 1, vendor = 'Somebody' where slug = '${one.slug}'`);
  await visit(page, edit);
  await expect(main(page)).toContainText(`${one.title}: it was changed`);
  await expect(main(page).getByRole('button', { name: 'Undo this edit' })).toHaveCount(0);
});

test('the box above ticks all, Shift those between, and x the row @js', async ({ page }) => {
  const [table, one, two, three_] = three();
  await enter(page, await staff('editor'), table);
  const all = main(page).getByRole('checkbox', { name: 'Select all on this page' });
  await box(page, one.title).click();
  await expect(bar(page)).toContainText('1 selected');
  expect(await all.evaluate((input: HTMLInputElement) => input.indeterminate)).toBe(true);
  await box(page, three_.title).click({ modifiers: ['Shift'] });
  await expect(box(page, two.title)).toBeChecked();
  await expect(all).toBeChecked();
  await all.uncheck();
  await expect(box(page, two.title)).not.toBeChecked();
  await expect(bar(page)).toBeHidden();

  await main(page).locator('tbody a.name').nth(1).focus();
  await page.keyboard.press('x');
  await expect(box(page, two.title)).toBeChecked();
  await expect(bar(page)).toContainText('1 selected');
  await bar(page).getByRole('button', { name: 'Clear' }).click();
  await expect(box(page, two.title)).not.toBeChecked();
  await expect(bar(page)).toBeHidden();
});

/** Sixty things, and the first page of their table. */
function sixty(): [string, string] {
  const start = unique('Paged');
  execute(`
    with made as (
      insert into products (id, slug, title, status)
      select gen_random_uuid(), lower('${start}-' || n), '${start} ' || lpad(n::text, 2, '0'), 'active'
      from generate_series(1, 60) n returning id
    )
    insert into variants (id, product_id, position, price, on_hand) select gen_random_uuid(), id, 1, 1000, 5 from made`);
  return [start, `/admin/products?q=${start}&sort=title&size=25`];
}

test('what is selected outlives a page turn, and another filter has its own @js', async ({ page }) => {
  const [start, table] = sixty();
  const pages = main(page).getByRole('navigation', { name: 'Pages' });
  await enter(page, await staff('editor'), table);
  await box(page, `${start} 01`).check();
  await box(page, `${start} 02`).check();
  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(box(page, `${start} 26`)).not.toBeChecked();
  await expect(bar(page)).toContainText('2 selected, none on this page');
  expect(await faults(page, [360, 1440])).toEqual([]);
  await main(page).getByRole('checkbox', { name: 'Select all on this page' }).check();
  await expect(bar(page)).toContainText('27 selected, 25 on this page');
  await box(page, `${start} 30`).uncheck();
  await expect(bar(page)).toContainText('26 selected, 24 on this page');

  // Sorted otherwise, and come back to from elsewhere.
  await main(page).getByRole('columnheader').getByRole('link', { name: /^Product/ }).click();
  await expect(box(page, `${start} 60`)).not.toBeChecked();
  await expect(box(page, `${start} 50`)).toBeChecked();
  await visit(page, '/admin/categories');
  await page.getByRole('navigation', { name: 'Back office' }).getByRole('link', { name: 'Products' }).click();
  await expect(bar(page), 'another filter').toBeHidden();
  await visit(page, table);
  await expect(box(page, `${start} 01`)).toBeChecked();
  await expect(bar(page)).toContainText('26 selected, 2 on this page');

  // Its page is left before it is alive.
  await page.route('**/*.wasm', () => {});
  await bar(page).getByRole('button', { name: 'Status' }).click();
  await expect(main(page)).toContainText('26 products chosen');
  await page.unroute('**/*.wasm');
  await visit(page, table);
  await expect(bar(page), 'the edit has them').toBeHidden();

  await box(page, `${start} 03`).check();
  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(bar(page)).toContainText('1 selected, none on this page');
  await bar(page).getByRole('button', { name: 'Clear' }).click();
  await expect(bar(page)).toBeHidden();
  await pages.getByRole('link', { name: 'Previous' }).click();
  await expect(box(page, `${start} 03`)).not.toBeChecked();
});

test('only what a page shows as selected is changed without a script @nojs', async ({ page }) => {
  const [start, table] = sixty();
  await enter(page, await staff('editor'), table);
  await box(page, `${start} 01`).check();
  await main(page).getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Next' }).click();
  await expect(bar(page)).toBeHidden();
  await box(page, `${start} 26`).check();
  await bar(page).getByRole('button', { name: 'Status' }).click();
  await expect(main(page)).toContainText('1 product chosen');
});

test('a cell that is saved leaves what is selected @js', async ({ page }) => {
  const [table, one, two] = three();
  await enter(page, await staff('editor'), table);
  await box(page, one.title).check();
  await box(page, two.title).check();
  const stock = row(page, one.title).getByLabel(`Stock of ${one.title}`, { exact: true });
  // Another edit of the product is no reason not to add to its stock.
  execute(`update products set version = version + 1, vendor = 'Somebody' where slug = '${one.slug}'`);
  await stock.fill('+3');
  await stock.press('Enter');
  await expect(stock).toHaveValue('8');
  await expect(box(page, one.title)).toBeChecked();
  await expect(box(page, two.title)).toBeChecked();
  await expect(bar(page)).toContainText('2 selected');
});

test.describe('a cell that somebody else has changed', () => {
  test.use({ expected: [/\b400\b/] });

  test('shows what it is now, and keeps what was typed @js', async ({ page }) => {
    const [table, one] = three();
    await enter(page, await staff('editor'), table);
    setStock(one, 4);
    const stock = row(page, one.title).getByLabel(`Stock of ${one.title}`, { exact: true });
    await stock.fill('9');
    await stock.press('Enter');
    await expect(stock).toHaveAccessibleDescription(/There are 4 now, no longer 5/);
    await expect(stock).toHaveValue('9');
    await stock.press('Enter');
    await expect.poll(() => of(one).on_hand).toBe(9);
  });
});

test('the box above means all of the page without a script @nojs', async ({ page }) => {
  const [table] = three();
  await enter(page, await staff('editor'), table);
  await main(page).getByRole('checkbox', { name: 'Select all on this page' }).check();
  await expect(bar(page)).toContainText('All on this page selected');
  await bar(page).getByRole('button', { name: 'Tags' }).click();
  await expect(main(page)).toContainText('3 products chosen');
});

test('its pages are accessible and fit @js', async ({ page }) => {
  const [table, one, two] = three();
  await enter(page, await staff('editor'), table);
  await box(page, one.title).check();
  await box(page, two.title).check();
  await expect(bar(page)).toBeVisible();
  expect(await faults(page), 'what is selected').toEqual([]);
  await bar(page).getByRole('button', { name: 'Price' }).click();
  await section(page, 'Price').getByLabel('By how much').fill('10');
  expect(await faults(page), 'what to do').toEqual([]);
  await section(page, 'Price').getByRole('button', { name: 'Preview' }).click();
  const change = main(page).getByRole('button', { name: 'Change 2 products' });
  await expect(change).toBeVisible();
  expect(await faults(page), 'the preview').toEqual([]);
  await change.click();
  await expect(main(page).locator('.desk-head .state')).toHaveText('Applied');
  expect(await faults(page), 'the edit').toEqual([]);
  await visit(page, '/admin/products/bulk');
  expect(await faults(page), 'all edits').toEqual([]);
});
