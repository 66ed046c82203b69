// What the whole desk shares: the palette, keys, an overview that keeps up, who reaches what, and the trail of it all.
import { type Locator, type Page } from '@playwright/test';
import { enter, expectAt, main, member, staff, visitAs } from '../accounts.ts';
import { faults, visit } from '../fixtures.ts';
import { expect, test, thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

type Role = 'admin' | 'editor' | 'support';

const places = (page: Page): Locator => page.getByRole('navigation', { name: 'Back office' });
const words = (page: Page): Locator => page.getByRole('combobox', { name: 'Page, product, category or user' });
const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const openers = (page: Page): Locator => main(page).locator('tbody a.name');
const row = (page: Page, text: string): Locator => main(page).getByRole('row').filter({ hasText: text });
const idOf = (slug: string) => sql<{ id: string }>(`select id from products where slug = '${slug}'`)[0]!.id;

const vendorOf = (slug: string) => sql<{ vendor: string }>(`select vendor from products where slug = '${slug}'`)[0]!.vendor;

/** A word that no other test has in its names. */
const unique = (start: string) => `${start}${Math.random().toString(36).slice(2, 9)}`;

test.describe('the palette', () => {
  test('leads anywhere by keyboard alone, and gives the focus back @js', async ({ page }) => {
    const lamp = thing({ title: unique('Palette') });
    await enter(page, await staff('editor'), '/admin');
    const opener = places(page).getByRole('link', { name: /^Search/ });
    await opener.focus();
    await page.keyboard.press('Control+k');
    await expect(words(page)).toBeFocused();
    await expect(page.getByRole('option', { name: /^New product/ })).toBeVisible();
    await expect(page.getByRole('option', { name: /^Users/ }), 'an editor has no such place').toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(words(page)).toBeHidden();
    await expect(opener).toBeFocused();

    await page.keyboard.press('Enter');
    await expect(words(page)).toBeFocused();
    await page.keyboard.type(lamp.title);
    const line = page.getByRole('option', { name: new RegExp(`^${lamp.title}`) });
    await expect(line).toHaveAttribute('aria-selected', 'false');
    await page.keyboard.press('ArrowDown');
    await expect(line).toHaveAttribute('aria-selected', 'true');
    await expect(words(page)).toHaveAttribute('aria-activedescendant', (await line.getAttribute('id'))!);
    await page.keyboard.press('Enter');
    await expectAt(page, `/admin/products/${idOf(lamp.slug)}`);
    await expect(words(page)).toBeHidden();
    await expect(label(page, 'Title')).toHaveValue(lamp.title);
  });

  test('shows the answer to what was typed last, whichever comes last @js', async ({ page }) => {
    const start = unique('Late');
    const [lamp, other] = [thing({ title: `${start} lamp` }), thing({ title: `${start} bowl` })];
    await enter(page, await staff('editor'), '/admin');
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const early = (url: URL) => url.pathname === '/api/admin/find' && url.searchParams.get('words') === start;
    await page.route(early, async (route) => {
      await held;
      await route.continue();
    });
    await page.keyboard.press('Control+k');
    const asked = page.waitForRequest((request) => early(new URL(request.url())));
    await words(page).fill(start);
    await asked;
    await words(page).fill(lamp.title);
    await expect(page.getByRole('option', { name: new RegExp(`^${lamp.title}`) })).toBeVisible();
    const late = page.waitForResponse((answer) => early(new URL(answer.url())));
    release();
    await (await late).finished();
    // Long enough for what the answer would do to be seen.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await expect(page.getByRole('option')).toHaveCount(1);
    await expect(page.getByRole('option', { name: new RegExp(`^${other.title}`) })).toHaveCount(0);
  });

  test('is a page of its own where there is no script @nojs', async ({ page }) => {
    const lamp = thing({ title: unique('Plain') });
    const admin = await staff('admin');
    await visitAs(page, admin, '/admin');
    await places(page).getByRole('link', { name: /^Search/ }).click();
    await expectAt(page, '/admin/find');
    await expect(main(page).getByRole('link', { name: 'Invite a user' })).toBeVisible();
    await label(page, 'Page, product, category or user').fill(admin.username);
    await main(page).getByRole('button', { name: 'Search' }).click();
    await expect(main(page).getByRole('link', { name: admin.username })).toBeVisible();
    await label(page, 'Page, product, category or user').fill(lamp.title);
    await main(page).getByRole('button', { name: 'Search' }).click();
    await main(page).getByRole('link', { name: lamp.title }).click();
    await expectAt(page, `/admin/products/${idOf(lamp.slug)}`);
    await expect(places(page).getByRole('button', { name: 'Keyboard shortcuts' }), 'there are none').toBeHidden();
  });
});

test.describe('keys', () => {
  test('lead through a table and about, and not while one types @js', async ({ page }) => {
    const start = unique('Keys');
    thing({ title: `${start} one` });
    thing({ title: `${start} two` });
    await enter(page, await staff('admin'), `/admin/products?q=${start}&sort=title`);
    await expect(openers(page)).toHaveCount(2);
    const search = main(page).getByRole('searchbox');
    await page.keyboard.press('/');
    await expect(search).toBeFocused();
    await page.keyboard.press('End');
    await page.keyboard.type('j?g');
    await expect(search).toHaveValue(`${start}j?g`);
    // Left like that, the field would ask for another table.
    for (const _ of 'j?g') await page.keyboard.press('Backspace');
    await page.keyboard.press('ArrowDown');
    await expect(openers(page).first()).toBeFocused();
    await page.keyboard.press('j');
    await expect(openers(page).last()).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(openers(page).first()).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await expect(openers(page).first()).toBeFocused();
    await page.keyboard.press('e');
    await expectAt(page, /^\/admin\/products\/[0-9a-f-]{36}$/);
    await expect(label(page, 'Title')).toHaveValue(new RegExp(`^${start} one`));

    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await expect(page.getByRole('heading', { level: 1, name: 'Users', exact: true })).toBeVisible();
    await expectAt(page, '/admin/users');
    await page.keyboard.press('n');
    await expect(page.getByRole('heading', { level: 1, name: 'New user' })).toBeVisible();
    await expectAt(page, '/admin/users/new');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.keyboard.press('Escape');
    await expectAt(page, '/admin/users/new');
  });

  test('are turned off for good, and Ctrl K stays @js', async ({ page }) => {
    await enter(page, await staff('editor'), '/admin/products');
    await places(page).getByRole('button', { name: 'Keyboard shortcuts' }).click();
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    const single = dialog.getByRole('checkbox', { name: 'Shortcuts of one key' });
    await expect(single).toBeChecked();
    await single.uncheck();
    await dialog.getByRole('button', { name: 'Close' }).click();
    for (const again of [false, true]) {
      if (again) await visit(page, '/admin/products');
      for (const key of ['/', 'j', 'ArrowDown', '?', 'n', 'g', 'c']) await page.keyboard.press(key);
      await page.keyboard.press('Control+k');
      await expect(words(page)).toBeFocused();
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await expect(main(page).getByRole('searchbox')).not.toBeFocused();
      expect(new URL(page.url()).pathname).toBe('/admin/products');
    }
    await places(page).getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await single.check();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('/');
    await expect(main(page).getByRole('searchbox')).toBeFocused();
  });
});

test('the overview keeps up while somebody looks, and leaves them in peace @js', async ({ page, newVisitor }) => {
  const lamp = thing({ title: unique('Live'), price: 2400 });
  await page.clock.install();
  await enter(page, await staff('admin'), '/admin');
  const table = main(page).locator('details').first();
  await table.getByText('As a table').click();
  const focused = main(page).getByRole('link', { name: 'See the whole trail' });
  await focused.focus();

  const other = await newVisitor();
  await enter(other, await staff('editor'), `/admin/products/${idOf(lamp.slug)}`);
  await label(other, 'Vendor').fill('Somebody else');
  await main(other).getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => vendorOf(lamp.slug)).toBe('Somebody else');
  await page.clock.runFor(15_000);
  await expect(row(page, lamp.title).first()).toBeVisible();
  await expect(table).toHaveAttribute('open', '');
  await expect(focused).toBeFocused();

  let asked = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/admin/live') asked += 1;
  });
  const see = (state: string) =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, state);
  await see('hidden');
  await page.clock.runFor(60_000);
  expect(asked, 'nobody looks').toBe(0);
  const back = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/admin/live');
  await see('visible');
  await back;
});

test.describe('who may what', () => {
  test.use({ expected: [/\b403\b/] });

  const REACH: Record<Role, string[]> = {
    admin: ['Overview', 'Products', 'Categories', 'Imports', 'Users', 'Trail'],
    editor: ['Overview', 'Products', 'Categories', 'Imports', 'Trail'],
    support: ['Overview', 'Users', 'Trail'],
  };
  const ADDRESSES: Record<string, Role[]> = {
    '/admin': ['admin', 'editor', 'support'],
    '/admin/products': ['admin', 'editor'],
    '/admin/products/new': ['admin', 'editor'],
    '/admin/products/bulk': ['admin', 'editor'],
    '/admin/categories': ['admin', 'editor'],
    '/admin/categories/new': ['admin', 'editor'],
    '/admin/imports': ['admin', 'editor'],
    '/admin/users': ['admin', 'support'],
    '/admin/users/new': ['admin'],
    '/admin/audit': ['admin', 'editor', 'support'],
    '/admin/find': ['admin', 'editor', 'support'],
  };

  for (const role of Object.keys(REACH) as Role[]) {
    test(`shows in the menu and holds by address: ${role}`, async ({ page }) => {
      await enter(page, await staff(role), '/admin');
      const names = await places(page).locator('ul').getByRole('link').allTextContents();
      expect(names).toEqual(expect.arrayContaining(REACH[role]));
      for (const name of REACH.admin.filter((name) => !REACH[role].includes(name))) expect(names).not.toContain(name);
      const lamp = idOf(thing({ title: unique('Reach') }).slug);
      const [category] = sql<{ id: string }>('select id from categories limit 1');
      const [user] = sql<{ id: string }>(`select id from users where email = '${(await member()).email}'`);
      const details: Record<string, Role[]> = {
        [`/admin/products/${lamp}`]: ['admin', 'editor'],
        [`/admin/products/${lamp}/preview`]: ['admin', 'editor'],
        [`/admin/categories/${category!.id}`]: ['admin', 'editor'],
        [`/admin/users/${user!.id}`]: ['admin', 'support'],
      };
      for (const [path, roles] of Object.entries({ ...ADDRESSES, ...details })) {
        const answer = await visit(page, path);
        expect(answer.status(), path).toBe(roles.includes(role) ? 200 : 403);
        await expect(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
      }
    });
  }
});

test.describe('a dangerous act', () => {
  test.use({ expected: [/\b400\b/] });

  test('asks for the password once it is long ago, and the trail tells who, what and why', async ({ page }) => {
    const [admin, shopper] = [await staff('admin'), await member()];
    await visitAs(page, admin, '/admin');
    execute(`update sessions set authenticated_at = now() - interval '16 minutes'
             where user_id = (select id from users where email = '${admin.email}')`);
    const user = sql<{ id: string }>(`select id from users where email = '${shopper.email}'`)[0]!.id;
    await visit(page, `/admin/users/${user}`);
    const block = main(page).locator('details').filter({ has: page.locator('summary', { hasText: /^Block$/ }) });
    await block.locator('summary').click();
    await block.getByLabel('Reason').fill('Tried to pay with leaves');
    await block.getByRole('button', { name: /^Block/ }).click();
    const password = block.getByLabel('Your own password');
    await expect(password).toHaveAttribute('aria-invalid', 'true');
    expect(sql(`select 1 from users where id = '${user}' and blocked_at is not null`)).toEqual([]);
    await expect(block.getByLabel('Reason')).toHaveValue('Tried to pay with leaves');
    await password.fill(admin.password);
    await block.getByRole('button', { name: /^Block/ }).click();
    await expect(main(page)).toContainText('Blocked since');

    await visit(page, `/admin/audit?q=${shopper.username}&act=user.block`);
    const entry = row(page, shopper.username);
    await expect(entry).toContainText(admin.username);
    await expect(entry).toContainText('Blocked a user');
    await expect(entry).toContainText('Tried to pay with leaves');
  });
});

test('a change is taken back from the trail, which says before what it will do', async ({ page }) => {
  const lamp = thing({ title: unique('Revert') });
  await enter(page, await staff('editor'), `/admin/products/${idOf(lamp.slug)}`);
  await label(page, 'Vendor').fill('A mistake');
  await main(page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => vendorOf(lamp.slug)).toBe('A mistake');
  await expect(page.locator('#notice')).toContainText(/saved/i);
  await visit(page, `/admin/audit?q=${encodeURIComponent(lamp.title)}`);
  const entry = row(page, lamp.title);
  await expect(entry).toHaveCount(1);
  const number = (await entry.getAttribute('id'))!.replace('entry-', '');
  await entry.locator('summary').click();
  await expect(entry).toContainText('Vendor becomes empty again');
  await entry.getByRole('button', { name: /^Revert/ }).click();
  await expect(row(page, lamp.title)).toHaveCount(2);
  await expect(row(page, lamp.title).first()).toContainText(`Takes back entry ${number}`);
  expect(vendorOf(lamp.slug)).toBe('');
});

test('a table’s filter is kept under a name, by each for themselves', async ({ page }) => {
  await enter(page, await staff('support'), '/admin/users?status=blocked&role=shopper');
  const name = unique('View ');
  await main(page).locator('summary').filter({ hasText: 'Save view' }).click();
  await label(page, 'Name of this view').fill(name);
  await main(page).locator('form button', { hasText: 'Save view' }).click();
  const views = main(page).getByRole('navigation', { name: 'Saved views' });
  await expect(views.getByRole('link', { name })).toHaveAttribute('aria-current', 'true');
  await visit(page, '/admin/users');
  await views.getByRole('link', { name }).click();
  await expect(page).toHaveURL(/status=blocked/);
  await expect(label(page, 'Status')).toHaveValue('blocked');
});

test('palette, shortcuts and search are accessible and fit @js', async ({ page }) => {
  thing({ title: `Fitting ${'stoneware platter with a rim '.repeat(4)}` });
  await enter(page, await staff('admin'), '/admin/find?q=fitting');
  expect(await faults(page), 'search').toEqual([]);
  await page.keyboard.press('Control+k');
  await words(page).fill('fitting');
  await expect(page.getByRole('option', { name: /^Fitting/ }).first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  expect(await faults(page), 'palette').toEqual([]);
  await page.keyboard.press('Escape');
  await places(page).getByRole('button', { name: 'Keyboard shortcuts' }).click();
  expect(await faults(page), 'shortcuts').toEqual([]);
  await visit(page, '/admin/products');
  const nav = (await places(page).boundingBox())!;
  expect(nav.height, 'a phone’s page begins with itself').toBeLessThan(200);
});
