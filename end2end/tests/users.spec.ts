// What is done for people, and against them, on the page of their account.
import { type Locator, type Page } from '@playwright/test';
import { block, enter, expectAt, main, member, part, staff, visitAs, type Person } from '../accounts.ts';
import { visit } from '../fixtures.ts';
import { linkIn, mailFor } from '../mailbox.ts';
import { expect, test } from '../own-shop.ts';
import { sql } from '../shop.ts';

const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const press = (page: Page, name: string | RegExp) => main(page).getByRole('button', { name }).click();
const opened = (page: Page, name: string): Locator =>
  main(page).locator('details').filter({ has: page.locator('summary', { hasText: new RegExp(`^${name}$`) }) });
const idOf = (person: Person) => sql<{ id: string }>(`select id from users where email = '${person.email}'`)[0]!.id;
const pageOf = (person: Person) => `/admin/users/${idOf(person)}`;

test('an account is renamed', async ({ page }) => {
  const person = await member();
  await enter(page, await staff('admin'), pageOf(person));
  await label(page, 'Username').fill(`${person.username}-anew`);
  await label(page, 'Display name').fill('Ann of the hills');
  await press(page, 'Save');
  await expect(page.getByRole('heading', { level: 1, name: `${person.username}-anew` })).toBeVisible();
  await expect(main(page).locator('dl').first()).toContainText('Ann of the hills');
});

test('sessions are ended one by one, and whoever had one is out at the next click', async ({ page, newVisitor }) => {
  const person = await member();
  const theirs = await newVisitor();
  await visitAs(theirs, person);
  await enter(page, await staff('support'), pageOf(person));
  const sessions = part(page, 'Sessions');
  while ((await sessions.getByRole('button', { name: /^End: / }).count()) > 0) {
    const left = await sessions.getByRole('button', { name: /^End: / }).count();
    await sessions.getByRole('button', { name: /^End: / }).first().click();
    await expect(sessions.getByRole('button', { name: /^End: / })).toHaveCount(left - 1);
  }
  await expect(sessions).toContainText('Logged in nowhere.');
  await visit(theirs, '/account');
  await expectAt(theirs, /^\/login\?next=/);
});

test('a reset is started, and its link sets another password', async ({ page, newVisitor }) => {
  const person = await member();
  await enter(page, await staff('support'), pageOf(person));
  const since = Date.now();
  await press(page, 'Start a reset');
  await expect(page.locator('#notice, .toast').filter({ hasText: 'is on its way' }).first()).toBeVisible();
  const theirs = await newVisitor();
  await visit(theirs, linkIn(await mailFor(person.email, since)));
  await label(theirs, 'New password').fill('heron otter kestrel weir');
  await main(theirs).getByRole('button', { name: /password/ }).last().click();
  await expectAt(theirs, /^\/login/);
  await visitAs(theirs, { ...person, password: 'heron otter kestrel weir' });
});

test('another address counts once its owner has opened the link that was mailed there, and the old one is told', async ({ page, newVisitor }) => {
  const person = await member();
  const next = { ...person, email: `new-${person.email}` };
  await enter(page, await staff('admin'), pageOf(person));
  const id = idOf(person);
  const since = Date.now();
  await label(page, 'E-mail').fill(next.email);
  await press(page, 'Save');
  await expect(main(page).getByText(`${next.email}, not confirmed yet`)).toBeVisible();
  expect(idOf(person), 'until then the old one stays').toBe(id);
  expect((await mailFor(person.email, since)).text).toContain(next.email);

  const owner = await newVisitor();
  await visit(owner, linkIn(await mailFor(next.email, since)));
  await main(owner).getByRole('button', { name: /^Confirm/ }).click();
  await expectAt(owner, /^\/login/);
  await expect.poll(() => sql<{ email: string }>(`select email from users where id = '${id}'`)[0]!.email).toBe(next.email);
  await visitAs(owner, next);
  await visit(page, `/admin/users/${id}`);
  await expect(main(page).locator('dl').first()).toContainText(next.email);
  await expect(main(page)).not.toContainText('not confirmed yet');
  const acts = sql<{ act: string }>(`select act from trail where subject_id = '${id}' order by id`).map(({ act }) => act);
  expect(acts).toEqual(expect.arrayContaining(['user.email_asked', 'user.email_changed']));
});

test('who was blocked is let in again', async ({ page, newVisitor }) => {
  const person = await member();
  block(person, 'Write to us.');
  await enter(page, await staff('support'), pageOf(person));
  await expect(main(page)).toContainText('Blocked since');
  await press(page, 'Unblock');
  await expect(main(page)).not.toContainText('Blocked since');
  const theirs = await newVisitor();
  await visitAs(theirs, person);
});

test('an account gets another role, and is deleted, each with a reason', async ({ page, newVisitor }) => {
  const person = await member();
  const theirs = await newVisitor();
  await visitAs(theirs, person);
  const id = idOf(person);
  await enter(page, await staff('admin'), `/admin/users/${id}`);
  const role = opened(page, 'Change role');
  await role.locator('summary').click();
  await role.getByLabel('Role', { exact: true }).selectOption('support');
  await role.getByLabel('Reason').fill('Helps out in May');
  await role.getByRole('button', { name: 'Change the role' }).click();
  await expect.poll(() => sql<{ role: string }>(`select role from users where id = '${id}'`)[0]!.role).toBe('support');
  await visit(page, '/admin/audit?act=user.set_role');
  await expect(main(page).getByRole('row').filter({ hasText: person.username }).first()).toContainText('Helps out in May');

  await visit(page, `/admin/users/${id}`);
  const end = opened(page, 'Delete');
  await end.locator('summary').click();
  await end.getByLabel('Reason').fill('Asked for by letter');
  await end.getByRole('button', { name: /^Delete/ }).click();
  await expectAt(page, '/admin/users');
  expect(sql(`select 1 from users where id = '${id}'`)).toEqual([]);
  await visit(theirs, '/account');
  await expectAt(theirs, /^\/login\?next=/);
  await visit(page, '/admin/audit?act=user.delete');
  await expect(main(page)).toContainText('Asked for by letter');
});

test('the table is sorted by e-mail, role and status, and its end is near', async ({ page }) => {
  await member();
  await enter(page, await staff('admin'), '/admin/users');
  for (const name of ['E-mail', 'Role', 'Status']) {
    await main(page).getByRole('columnheader').getByRole('link', { name, exact: true }).click();
    await expect(main(page).getByRole('columnheader', { name: new RegExp(`^${name}`) })).toHaveAttribute('aria-sort', 'ascending');
  }
  await expect(page).toHaveURL(/sort=status/);
  const started = page.waitForEvent('download');
  await main(page).getByRole('link', { name: 'Export', exact: true }).click();
  expect((await started).suggestedFilename()).toBe('users.csv');
});
