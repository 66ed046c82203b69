// What is done for people and against them, by keys alone.
import { type Locator, type Page } from '@playwright/test';
import { enter, expectAt, main, member, somebody, staff, type Member } from '../accounts.ts';
import { choose, open, press, reach, staysOn, type } from '../keys.ts';
import { linkIn, mailFor } from '../mailbox.ts';
import { expect, test } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

const button = (page: Page, name: string | RegExp): Locator => main(page).getByRole('button', { name });
const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const opened = (page: Page, name: string): Locator =>
  main(page).locator('details').filter({ has: page.locator('summary', { hasText: new RegExp(`^${name}$`) }) });
const idOf = ({ email }: { email: string }) => sql<{ id: string }>(`select id from users where email = '${email}'`)[0]!.id;
const roleOf = ({ email }: { email: string }) => sql<{ role: string }>(`select role from users where email = '${email}'`)[0]!.role;

/** As if somebody had given their password so long ago that a dangerous act asks for it. */
const longAgo = (person: Member) =>
  execute(`update sessions set authenticated_at = now() - interval '16 minutes' where user_id = '${idOf(person)}'`);

test('somebody is invited @js', async ({ page }) => {
  const person = somebody();
  await enter(page, await staff('admin'), '/admin');
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await expect(page.getByRole('heading', { level: 1, name: 'Users', exact: true })).toBeFocused();
  await page.keyboard.press('n');
  await expect(page.getByRole('heading', { level: 1, name: 'New user' })).toBeFocused();
  await type(page, label(page, 'Username'), person.username);
  await type(page, label(page, 'E-mail'), person.email);
  await choose(page, label(page, 'Role'), 'Support');
  await press(page, button(page, /send the invitation/));
  await expectAt(page, /^\/admin\/users(?!\/new)/);
  await staysOn(page);
  expect(linkIn(await mailFor(person.email))).toContain('token=');
  expect(roleOf(person)).toBe('support');
});

test('somebody is looked up, blocked and let in again @js', async ({ page }) => {
  const person = await member();
  await enter(page, await staff('support'), '/admin/users');
  await page.keyboard.press('/');
  await page.keyboard.type(person.username);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`q=${person.username}`));
  await expect(main(page).locator('tbody tr')).toHaveCount(1);
  await press(page, main(page).locator('tbody a.name'));
  await expect(page.getByRole('heading', { level: 1, name: person.username })).toBeFocused();
  const block = opened(page, 'Block');
  await open(page, block.locator('summary'));
  await type(page, block.getByLabel('Reason'), 'Three parcels came back');
  await press(page, block.getByRole('button', { name: /^Block/ }));
  await expect(main(page)).toContainText('Blocked since');
  await staysOn(page);
  await press(page, button(page, 'Unblock'));
  await expect(main(page)).not.toContainText('Blocked since');
  await staysOn(page);
});

test('a reset is started, and a session ended @js', async ({ page }) => {
  const person = await member();
  const since = Date.now();
  await enter(page, await staff('support'), `/admin/users/${idOf(person)}`);
  await press(page, button(page, 'Start a reset'));
  await expect(page.locator('#notice, .toast').filter({ hasText: 'is on its way' }).first()).toBeVisible();
  await staysOn(page);
  expect((await mailFor(person.email, since)).text).toMatch(/password/);
  await press(page, page.locator('.toast').getByRole('button', { name: 'Close' }));
  await expect(page.locator('.toast')).toHaveCount(0);
  await expect(button(page, 'Start a reset'), 'where it was said').toBeFocused();
  await press(page, button(page, /^End: /));
  await expect(main(page)).toContainText('Logged in nowhere.');
  await staysOn(page);
});

test.describe('a dangerous act', () => {
  test.use({ expected: [/\b400\b/] });

  test('takes the password where it is asked for @js', async ({ page }) => {
    const [admin, person] = [await staff('admin'), await member()];
    await enter(page, admin, '/admin');
    longAgo(admin);
    await enter(page, admin, `/admin/users/${idOf(person)}`);
    const role = opened(page, 'Change role');
    await open(page, role.locator('summary'));
    await choose(page, role.getByLabel('Role', { exact: true }), 'Support');
    await press(page, role.getByRole('button', { name: 'Change the role' }));
    const password = role.getByLabel('Your own password');
    await expect(password).toHaveAttribute('aria-invalid', 'true');
    await expect(password, 'what is wrong has the focus').toBeFocused();
    await type(page, password, 'not the password');
    await page.keyboard.press('Enter');
    await expect(password).toHaveAttribute('aria-invalid', 'true');
    await expect(role.locator('[data-error=password]')).toHaveText(/\S/);
    await expect(password).toBeFocused();
    expect(roleOf(person)).toBe('shopper');
    await type(page, password, admin.password);
    await page.keyboard.press('Enter');
    await expect.poll(() => roleOf(person)).toBe('support');
    await staysOn(page);
  });
});

test('another address is asked for, and what was typed can be reached backwards @js', async ({ page }) => {
  const person = await member();
  await enter(page, await staff('admin'), `/admin/users/${idOf(person)}`);
  await type(page, label(page, 'E-mail'), `new-${person.email}`);
  await reach(page, label(page, 'Display name'), 'Shift+Tab');
  await page.keyboard.type('Ada of the keys');
  await page.keyboard.press('Enter');
  await expect(main(page).getByText(`new-${person.email}, not confirmed yet`)).toBeVisible();
  await expect(main(page).locator('dl').first()).toContainText('Ada of the keys');
  await staysOn(page);
});
