// Whole journeys of the desk without a pointer: what a mouse does here, keys do.
import { type Locator, type Page } from '@playwright/test';
import { enter, expectAt, main, part, staff } from '../accounts.ts';
import { choose, open, press, reach, staysOn, type } from '../keys.ts';
import { mark } from '../fixtures.ts';
import { expect, test, thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

/** A word that no other test has in its names. */
const unique = (start: string) => `${start}${Math.random().toString(36).slice(2, 9)}`;
const button = (page: Page, name: string | RegExp): Locator => main(page).getByRole('button', { name });
const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const state = (page: Page): Locator => main(page).locator('.desk-head .state');
const row = (page: Page, text: string): Locator => main(page).getByRole('row').filter({ hasText: text });
const words = (page: Page): Locator => page.getByRole('combobox', { name: 'Page, product, category or user' });

test('a product is found in the palette, changed and saved @js', async ({ page }) => {
  const lamp = thing({ title: unique('Keyed') });
  await enter(page, await staff('editor'), '/admin');
  await page.keyboard.press('Control+k');
  await expect(words(page)).toBeFocused();
  await page.keyboard.type(lamp.title);
  await expect(page.getByRole('option', { name: new RegExp(`^${lamp.title}`) })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(label(page, 'Title')).toHaveValue(lamp.title);
  await expect(page.getByRole('heading', { level: 1 }), 'where the next page begins').toBeFocused();
  await type(page, label(page, 'Price'), '31.50');
  await type(page, label(page, 'Vendor'), 'Keys and Sons');
  await page.keyboard.press('Enter');
  const stored = () =>
    sql<{ vendor: string; price: number }>(`
      select vendor, price_min::int as price from products where slug = '${lamp.slug}'`)[0]!;
  await expect.poll(stored).toEqual({ vendor: 'Keys and Sons', price: 3150 });
  await expect(page.locator('#notice, .toast').filter({ hasText: /^Saved/ }).first()).toBeVisible();
  await staysOn(page);
});

test('the palette gives the focus back to what had it @js', async ({ page }) => {
  await enter(page, await staff('editor'), '/admin');
  const place = page.getByRole('navigation', { name: 'Back office' }).getByRole('link', { name: 'Categories' });
  await reach(page, place);
  await page.keyboard.press('Control+k');
  await expect(words(page)).toBeFocused();
  await reach(page, page.getByRole('dialog').getByRole('button', { name: 'Close' }));
  await page.keyboard.press('Enter');
  await expect(words(page)).toBeHidden();
  await expect(place).toBeFocused();
});

test('prices of two are looked at, changed in bulk, and taken back @js', async ({ page }) => {
  const start = unique('Keybulk');
  const things = [thing({ title: `${start} a`, price: 2000 }), thing({ title: `${start} b`, price: 1000 })];
  const prices = () =>
    things.map(
      ({ slug }) => sql<{ price: number }>(`select price_min::int as price from products where slug = '${slug}'`)[0]!.price,
    );
  await enter(page, await staff('editor'), `/admin/products?q=${start}&sort=title`);
  for (const key of 'jxjx') await page.keyboard.press(key);
  const bar = main(page).getByRole('form', { name: 'Change what is selected' });
  await expect(bar).toContainText('2 selected');
  await press(page, bar.getByRole('button', { name: 'Clear' }));
  await expect(bar).toBeHidden();
  await staysOn(page);
  for (const { title } of things) {
    await press(page, main(page).getByRole('checkbox', { name: `Select ${title}`, exact: true }), 'Space');
  }
  await press(page, bar.getByRole('button', { name: 'Price' }));
  await type(page, label(page, 'By how much'), '10');
  await page.keyboard.press('Enter');
  await expect(main(page)).toContainText('2 products (2 variants) would change.');
  expect(prices()).toEqual([2000, 1000]);
  await press(page, button(page, 'Change 2 products'));
  await expect(state(page)).toHaveText('Applied');
  await staysOn(page);
  expect(prices()).toEqual([1800, 900]);
  await press(page, button(page, 'Undo this edit'));
  await expect(state(page)).toHaveText('Undone');
  await staysOn(page);
  expect(prices()).toEqual([2000, 1000]);
});

test('an import is checked, looked at, applied and taken back @js', async ({ page }) => {
  const handle = unique('keyimport');
  const made = () => sql(`select 1 from products where slug = '${handle}'`).length;
  await enter(page, await staff('editor'), '/admin/imports');
  await reach(page, label(page, 'File of products'));
  // What the system's own dialog would do.
  const chosen = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await chosen).setFiles({
    name: 'keys.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`Handle,Title,Variant Price\n${handle},Keys,3\n`),
  });
  await press(page, button(page, 'Check the file'));
  await expect(state(page)).toHaveText('Checked, not applied', { timeout: 20_000 });
  await press(page, main(page).getByRole('link', { name: /^Changed \(0\)/ }));
  await expectAt(page, /show=changed$/);
  await staysOn(page);
  await press(page, button(page, 'Apply the import'));
  await expect(state(page)).toHaveText('Applied', { timeout: 20_000 });
  // Not what stands where the button stood: pressed twice, it would undo what it has done.
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  expect(made()).toBe(1);
  await press(page, button(page, 'Undo the import'));
  await expect(state(page)).toHaveText('Undone', { timeout: 20_000 });
  await staysOn(page);
  expect(made()).toBe(0);
});

test('the trail is narrowed down, and a change in it taken back @js', async ({ page }) => {
  const lamp = thing({ title: unique('Keytrail') });
  const vendor = () => sql<{ vendor: string }>(`select vendor from products where slug = '${lamp.slug}'`)[0]!.vendor;
  await enter(page, await staff('editor'), `/admin/products?q=${lamp.title.replaceAll(' ', '+')}`);
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await type(page, label(page, 'Vendor'), 'A mistake');
  await page.keyboard.press('Enter');
  await expect.poll(vendor).toBe('A mistake');
  await expect(page.locator('#notice, .toast').filter({ hasText: /^Saved/ }).first()).toBeVisible();
  await staysOn(page);
  // Out of the field, where keys are letters.
  await reach(page, button(page, 'Save'));
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page.getByRole('heading', { level: 1, name: 'Trail' })).toBeFocused();
  await page.keyboard.press('/');
  await expect(main(page).getByRole('searchbox')).toBeFocused();
  await page.keyboard.type(lamp.title);
  await page.keyboard.press('Enter');
  await expect(row(page, lamp.title)).toHaveCount(1);
  const what = label(page, 'What');
  await reach(page, what);
  await mark(page);
  // Each step of a closed list asks at once, and must leave who steps where they are.
  const chosen = () => what.evaluate((list: HTMLSelectElement) => list.selectedOptions[0]!.label);
  while ((await chosen()) !== 'Changed a product') {
    const before = await chosen();
    await page.keyboard.press('ArrowDown');
    expect(await chosen(), 'the list goes on').not.toBe(before);
  }
  await expect(page).toHaveURL(/act=product\.update/);
  await expect(what).toBeFocused();
  await expect(row(page, lamp.title)).toHaveCount(1);
  const entry = row(page, lamp.title).first();
  await open(page, entry.locator('summary'));
  await expect(entry).toContainText('Vendor becomes empty again');
  await press(page, entry.getByRole('button', { name: /^Revert/ }));
  await expect.poll(vendor).toBe('');
  await expect(row(page, lamp.title)).toHaveCount(2);
  await staysOn(page);
});

test('a view is kept, gone to and taken away @js', async ({ page }) => {
  const name = unique('View ');
  const views = main(page).getByRole('navigation', { name: 'Saved views' });
  await enter(page, await staff('support'), '/admin/users');
  await choose(page, label(page, 'Status'), 'Blocked');
  await expect(page).toHaveURL(/status=blocked/);
  await expect(label(page, 'Status')).toBeFocused();
  await open(page, main(page).locator('summary').filter({ hasText: 'Save view' }));
  await type(page, label(page, 'Name of this view'), name);
  await page.keyboard.press('Enter');
  await expect(views.getByRole('link', { name })).toHaveAttribute('aria-current', 'true');
  await staysOn(page);
  await press(page, views.getByRole('link', { name: 'All', exact: true }));
  await expect(page).not.toHaveURL(/status=/);
  await staysOn(page);
  await press(page, views.getByRole('link', { name }));
  await expect(page).toHaveURL(/status=blocked/);
  await open(page, main(page).locator('summary').filter({ hasText: 'Save or delete views' }));
  await press(page, button(page, `Delete the view ${name}`));
  await expect(views.getByRole('link', { name })).toHaveCount(0);
  await staysOn(page);
});

test.describe('categories', () => {
  /** A category that only this test knows, the last at the top. */
  function category(name: string): string {
    execute(`
      insert into categories (id, name, slug, position)
      values (gen_random_uuid(), '${name}', '${name.toLowerCase()}', 90)`);
    return sql<{ id: string }>(`select id from categories where name = '${name}'`)[0]!.id;
  }

  test('are made, put elsewhere and merged @js', async ({ page }) => {
    const [house, shed, name] = [unique('House'), unique('Shed'), unique('Keyed')];
    const [, target] = [category(house), category(shed)];
    await enter(page, await staff('editor'), '/admin/categories');
    await page.keyboard.press('n');
    await expect(page.getByRole('heading', { level: 1, name: 'New category' })).toBeFocused();
    await type(page, label(page, 'Name'), name);
    await choose(page, label(page, 'Under'), house);
    await press(page, button(page, 'Create category'));
    await expectAt(page, /^\/admin\/categories\/[0-9a-f-]{36}$/);
    await staysOn(page);
    await expect(main(page)).toContainText(`${house} › ${name}`);

    await choose(page, part(page, 'Move').getByLabel('Under'), 'At the top');
    await press(page, part(page, 'Move').getByRole('button', { name: 'Move' }));
    await expect(main(page)).not.toContainText(`${house} › ${name}`);
    await staysOn(page);

    await choose(page, part(page, 'Merge').getByLabel('Into'), shed);
    await press(page, part(page, 'Merge').getByRole('button', { name: 'Merge' }));
    await expectAt(page, `/admin/categories/${target}`);
    await staysOn(page);
    expect(sql(`select 1 from categories where name = '${name}'`)).toHaveLength(0);
  });

  test('are put before others as far as it goes, and deleted @js', async ({ page }) => {
    const [above, below] = [unique('Above'), unique('Below')];
    const parent = category(above);
    const names = ['one', 'two', 'three'].map((name) => `${below} ${name}`);
    execute(
      names
        .map((name, at) => `insert into categories (id, parent_id, name, slug, position)
          values (gen_random_uuid(), '${parent}', '${name}', '${name.toLowerCase().replaceAll(' ', '-')}', ${at + 1})`)
        .join(';'),
    );
    const order = () =>
      sql<{ name: string }>(`select name from categories where parent_id = '${parent}' order by position`).map((row) => row.name);
    await enter(page, await staff('editor'), '/admin/categories');
    const up = button(page, `Move up: ${above} › ${names[2]}`);
    await press(page, up);
    await expect.poll(order).toEqual([names[0], names[2], names[1]]);
    await expect(up).toBeFocused();
    await press(page, up);
    await expect.poll(order).toEqual([names[2], names[0], names[1]]);
    await expect(up).toHaveAttribute('aria-disabled', 'true');
    await expect(up, 'the first of all can go no further, and nobody is thrown off it').toBeFocused();
    await page.keyboard.press('Enter');
    await expect(up).toBeFocused();
    await press(page, main(page).getByRole('link', { name: names[2]!, exact: true }), 'Enter', 'Shift+Tab');
    await expect(page.getByRole('heading', { level: 1, name: names[2]! })).toBeFocused();
    await press(page, button(page, 'Delete category'));
    await expectAt(page, '/admin/categories');
    await staysOn(page);
    expect(order()).toEqual([names[0], names[1]]);
  });
});
