// The back office, as those use it who work there all day.
import { type Locator, type Page } from '@playwright/test';
import { linkIn, mailFor } from '../mailbox.ts';
import { enter, expectAt, main, member, somebody, staff, visitAs } from '../accounts.ts';
import { faults, visit } from '../fixtures.ts';
import { expect, setPrice, test, thing } from '../own-shop.ts';
import { sql } from '../shop.ts';

const row = (page: Page, text: string): Locator => main(page).getByRole('row').filter({ hasText: text });
const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const acts = (subject: string): string[] =>
  sql<{ act: string }>(`select act from trail where subject = '${subject}' order by id`).map(({ act }) => act);

test('an editor makes a product, and shoppers see it at once', async ({ page, newVisitor }) => {
  await enter(page, await staff('editor'), '/admin/products');
  const title = `Cairn lamp ${process.pid}-${Math.random().toString(36).slice(2, 7)}`;
  await main(page).getByRole('link', { name: 'New product' }).click();
  await expectAt(page, '/admin/products/new');
  await label(page, 'Title').fill(title);
  await label(page, 'Price').fill('149.00');
  await label(page, 'Stock').fill('7');
  await label(page, 'Status').selectOption('active');
  await main(page).getByRole('button', { name: 'Create product' }).click();
  await expectAt(page, /^\/admin\/products\/[0-9a-f-]{36}$/);
  await expect(main(page).getByText('Shoppers see it.')).toBeVisible();
  const slug = await label(page, 'Address').inputValue();

  const shopper = await newVisitor();
  await visit(shopper, `/products/${slug}`);
  await expect(shopper.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(main(shopper)).toContainText('€149.00');
  expect(acts(title)).toContain('product.create');
});

test.describe('what is wrong in a form', () => {
  test.use({ expected: [/\b400\b/] });

  test('is told beside its fields, all at once, and what was typed stays', async ({ page }) => {
    await enter(page, await staff('editor'), '/admin/products/new');
    await label(page, 'Title').fill('Cairn lamp');
    await label(page, 'Price').fill('a lot');
    await label(page, 'Address').fill('no spaces, please');
    await main(page).getByRole('button', { name: 'Create product' }).click();
    await expect(label(page, 'Price')).toHaveAccessibleDescription(/amount/);
    await expect(label(page, 'Address')).toHaveAccessibleDescription(/letters without accents/);
    await expect(label(page, 'Price')).toHaveValue('a lot');
    await expect(label(page, 'Title')).toHaveValue('Cairn lamp');
  });
});

test.describe('two at one product', () => {
  test.use({ expected: [/\b409\b/] });

  test('the second sees both versions, and loses nothing', async ({ page, newVisitor }) => {
    const lamp = thing({ title: 'Lamp', price: 2400 });
    const id = sql<{ id: string }>(`select id from products where slug = '${lamp.slug}'`)[0]!.id;
    const other = await newVisitor();
    await enter(page, await staff('editor'), `/admin/products/${id}`);
    await enter(other, await staff('admin'), `/admin/products/${id}`);
    await label(page, 'Vendor').fill('First');
    await main(page).getByRole('button', { name: 'Save', exact: true }).click();
    await expect(main(page).getByText(/^Saved/).first()).toBeVisible();
    await expect.poll(() => sql<{ vendor: string }>(`select vendor from products where id = '${id}'`)[0]!.vendor).toBe('First');

    await label(other, 'Vendor').fill('Second');
    await main(other).getByRole('button', { name: 'Save', exact: true }).click();
    await expect(main(other).getByRole('heading', { name: 'Someone else changed this product' })).toBeVisible();
    await expect(row(other, 'Vendor')).toContainText('First');
    await expect(row(other, 'Vendor')).toContainText('Second');
    await expect(label(other, 'Vendor')).toHaveValue('Second');
    await main(other).getByRole('button', { name: 'Save mine over it' }).click();
    await expect.poll(() => sql<{ vendor: string }>(`select vendor from products where id = '${id}'`)[0]!.vendor).toBe('Second');
  });
});

test('the table of products finds, filters and keeps its state in the address', async ({ page, js }) => {
  const lamp = thing({ title: 'Findable', stock: 0 });
  await enter(page, await staff('editor'), `/admin/products?q=${encodeURIComponent(lamp.title)}`);
  await expect(row(page, lamp.title)).toBeVisible();
  await label(page, 'Stock').selectOption('low');
  if (!js) await main(page).getByRole('button', { name: /Show|Apply|Search/ }).first().click();
  await expect(page).toHaveURL(/stock=low/);
  await expect(row(page, lamp.title)).toHaveCount(0);
  await page.goBack();
  await expect(row(page, lamp.title)).toBeVisible();
});

test('somebody is invited, sets a password and is in; then blocked, and out at the next click', async ({ page, newVisitor }) => {
  await enter(page, await staff('admin'), '/admin/users/new');
  const person = somebody();
  await label(page, 'Username').fill(person.username);
  await label(page, 'E-mail').fill(person.email);
  await main(page).getByRole('button', { name: /send the invitation/ }).click();
  await expectAt(page, /^\/admin\/users/);

  const guest = await newVisitor();
  await visit(guest, linkIn(await mailFor(person.email)));
  await label(guest, 'New password').fill(person.password);
  await main(guest).getByRole('button', { name: /password/ }).last().click();
  await expectAt(guest, /^\/login/);
  await visitAs(guest, person);

  await visit(page, `/admin/users?q=${encodeURIComponent(person.username)}`);
  await row(page, person.username).getByRole('link', { name: person.username }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(person.username);
  const reason = main(page).getByLabel(/Reason/).first();
  if (!(await reason.isVisible())) await main(page).locator('summary').filter({ hasText: /Block/ }).click();
  await reason.fill('Tried three times too many');
  await main(page).getByRole('button', { name: /^Block/ }).click();
  await expect(main(page)).toContainText('Blocked since');
  await visit(guest, '/account');
  await expectAt(guest, /^\/login\?next=/);
  expect(acts(person.username)).toEqual(expect.arrayContaining(['user.create', 'user.block']));

  await visit(page, '/admin/audit');
  await expect(row(page, person.username).first()).toBeVisible();
});

test('what is typed about an account outlives what is done for it @js', async ({ page }) => {
  const person = await member();
  const [user] = sql<{ id: string; username: string }>(`select id, username from users where email = '${person.email}'`);
  await enter(page, await staff('admin'), `/admin/users/${user!.id}`);
  await label(page, 'Display name').fill('Half typed');
  await main(page).locator('summary').filter({ hasText: 'Change role' }).click();
  await label(page, 'Role').selectOption('support');
  await main(page).getByRole('button', { name: 'Change the role' }).click();
  await expect.poll(() => acts(user!.username)).toContain('user.set_role');
  await main(page).getByRole('button', { name: /^(Start a reset|Send the invitation again)$/ }).click();
  await expect.poll(() => acts(user!.username)).toContain('user.reset_started');
  await expect(label(page, 'Display name')).toHaveValue('Half typed');
  await main(page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => sql<{ display_name: string }>(`select display_name from users where id = '${user!.id}'`)[0]!.display_name).toBe('Half typed');
});

test.describe('who is no staff', () => {
  test.use({ expected: [/\b403\b/] });

  test('is refused, and each role sees its own places', async ({ page, newVisitor }) => {
    await visit(page, '/admin/users');
    await expectAt(page, /^\/login\?next=/);
    const shopper = await newVisitor();
    await visitAs(shopper, await member());
    expect((await visit(shopper, '/admin')).status()).toBe(403);
    const editor = await newVisitor();
    await enter(editor, await staff('editor'), '/admin');
    const places = editor.getByRole('navigation', { name: 'Back office' });
    await expect(places.getByRole('link', { name: 'Products' })).toBeVisible();
    await expect(places.getByRole('link', { name: 'Users' })).toHaveCount(0);
    expect((await visit(editor, '/admin/users')).status()).toBe(403);
  });
});

test('a category is made, and shoppers find it', async ({ page }) => {
  await enter(page, await staff('editor'), '/admin/categories/new');
  const name = `Attic ${process.pid}-${Math.random().toString(36).slice(2, 7)}`;
  await label(page, 'Name').fill(name);
  await main(page).getByRole('button', { name: /^(Create|Make|Add)/ }).click();
  await expectAt(page, /^\/admin\/categories\/[0-9a-f-]{36}/);
  const slug = sql<{ slug: string }>(`select slug from categories where name = '${name}'`)[0]!.slug;
  await visit(page, `/categories/${slug}`);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  expect(acts(name)).toContain('category.create');
});

test.describe('is accessible and fits', () => {
  const lists = [
    '', '/products', '/products/new', '/categories', '/categories/new', '/users', '/users/new', '/audit', '/imports', '/products/bulk',
  ];
  const one: [string, () => string][] = [
    ['a product', () => `/products/${longest()}`],
    ['a category', () => `/categories/${sql<{ id: string }>('select id from categories limit 1')[0]!.id}`],
    ['a user', () => `/users/${sql<{ id: string }>("select id from users where role = 'admin' limit 1")[0]!.id}`],
  ];

  /** A product whose name and price need all the room that there is. */
  function longest(): string {
    const lamp = thing({ title: `${'Stoneware serving platter with a rim '.repeat(3)}Lamp`, price: 123_456_700 });
    setPrice(lamp, 99_999_900);
    return sql<{ id: string }>(`select id from products where slug = '${lamp.slug}'`)[0]!.id;
  }

  for (const [name, path] of [...lists.map((list) => [`/admin${list}`, () => list] as [string, () => string]), ...one]) {
    test(`${name} @js`, async ({ page }) => {
      longest();
      await enter(page, await staff('admin'), '/admin');
      const answer = await visit(page, `/admin${path()}`);
      expect(answer.status()).toBe(200);
      expect(answer.headers()['cache-control']).toBe('no-store');
      expect(await faults(page)).toEqual([]);
    });
  }
});
