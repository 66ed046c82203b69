// One's own account: names, address, password, data, and its end.
import fs from 'node:fs';
import {
  accounts, expectAt, expectError, expectSignedIn, expectSignedOut, field, logIn, main, member, notice, part, press, somebody,
  visitAs,
} from '../accounts.ts';
import { expect, isMarked, mark, test, visit } from '../fixtures.ts';
import { codeIn, mailFor } from '../mailbox.ts';

const NEW = 'seven quiet lanterns';

test('names can be changed, and the header follows', async ({ page, js }) => {
  const [person, next] = [await member(), somebody()];
  await visitAs(page, person);
  await mark(page);
  await expect(field(page, 'Username')).toHaveValue(person.username);
  await field(page, 'Display name').fill('Ada <b>Lovelace</b>');
  await field(page, 'Username').fill(next.username);
  await press(page, 'Save names');
  await expect(notice(page)).toContainText('Saved');
  await expectSignedIn(page, 'Ada <b>Lovelace</b>');
  expect(await isMarked(page), 'in place with JavaScript').toBe(js);
  await visit(page, '/account');
  await expect(field(page, 'Display name')).toHaveValue('Ada <b>Lovelace</b>');
  await expect(field(page, 'Username')).toHaveValue(next.username);
  await field(page, 'Display name').fill('');
  await press(page, 'Save names');
  await expectSignedIn(page, next.username);
});

test.describe('refused', () => {
  test.use({ expected: [/\b400\b/] });

  test('a name that somebody has', async ({ page }) => {
    const [person, other] = [await member(), await member()];
    await visitAs(page, person);
    await field(page, 'Username').fill(other.username.toUpperCase());
    await press(page, 'Save names');
    await expectError(page, field(page, 'Username'), /Somebody has/);
    await expect(field(page, 'Username')).toHaveValue(other.username.toUpperCase());
    await expect(field(page, 'Username')).toBeFocused();
    await expectSignedIn(page, person.username);
  });

  test('a new address, a new password and the end without the current password', async ({ page }) => {
    const person = await member();
    await visitAs(page, person);
    const address = part(page, 'E-mail address');
    await address.getByLabel('New e-mail address').fill(somebody().email);
    await address.getByLabel('Current password', { exact: true }).fill('not the current one');
    await address.getByRole('button', { name: 'Send the code' }).click();
    await expectError(page, address.getByLabel('Current password', { exact: true }), /isn’t your current password/);

    for (const [heading, button] of [
      ['Password', 'Change password'],
      ['Your data', 'Download my data'],
      ['Delete your account', 'Delete my account for good'],
    ] as const) {
      await visit(page, '/account/security');
      const section = part(page, heading);
      await section.getByLabel('Current password', { exact: true }).fill('not the current one');
      if (heading === 'Password') await section.getByLabel('New password', { exact: true }).fill(NEW);
      await section.getByRole('button', { name: button }).click();
      await expectError(page, section.getByLabel('Current password', { exact: true }), /isn’t your current password/);
      // The other forms of the page have nothing to do with it.
      await expect(main(page).locator('[aria-invalid]')).toHaveCount(1);
    }
    expect(accounts(person.email)).toBe(1);
  });
});

test('a new address counts once its code is in, and the old one is told', async ({ page, newVisitor }) => {
  const [person, next] = [await member(), somebody()];
  await visitAs(page, person);
  const asked = Date.now();
  const address = part(page, 'E-mail address');
  await address.getByLabel('New e-mail address').fill(next.email);
  await address.getByLabel('Current password', { exact: true }).fill(person.password);
  await address.getByRole('button', { name: 'Send the code' }).click();
  await expectAt(page, '/verify');
  await expect(main(page)).toContainText(next.email);
  const code = codeIn(await mailFor(next.email, asked));
  expect((await mailFor(person.email, asked)).text).not.toContain(code.slice(0, 3) + ' ' + code.slice(3));

  await visit(page, '/account');
  await expect(part(page, 'E-mail address')).toContainText(person.email);
  await expect(part(page, 'E-mail address')).toContainText(next.email);
  await part(page, 'E-mail address').getByRole('link', { name: 'Enter the code' }).click();
  await expectAt(page, '/verify');
  await field(page, 'Code').fill(code);
  await press(page, 'Confirm the new address');
  await expect(notice(page)).toContainText(/address is changed/);
  await visit(page, '/account');
  await expect(part(page, 'E-mail address')).toContainText(next.email);
  await expect(part(page, 'E-mail address')).not.toContainText(person.email);

  const visitor = await newVisitor();
  await visit(visitor, '/login');
  await logIn(visitor, { ...person, email: next.email });
  await expectSignedIn(visitor, person.username);
});

test('a new password', async ({ page, newVisitor }) => {
  const person = await member();
  await visitAs(page, person, '/account/security');
  const changed = Date.now();
  const section = part(page, 'Password');
  await section.getByLabel('Current password', { exact: true }).fill(person.password);
  await section.getByLabel('New password', { exact: true }).fill(NEW);
  await section.getByRole('button', { name: 'Change password' }).click();
  await expect(notice(page)).toContainText(/password is changed/);
  await expectSignedIn(page, person.username);
  expect((await mailFor(person.email, changed)).text).toMatch(/password/i);
  const visitor = await newVisitor();
  await visit(visitor, '/login');
  await logIn(visitor, { ...person, password: NEW });
  await expectSignedIn(visitor, person.username);
});

test('all that is kept can be had as a file', async ({ page }) => {
  const person = await member();
  await visitAs(page, person, '/account/security');
  const section = part(page, 'Your data');
  await section.getByLabel('Current password', { exact: true }).fill(person.password);
  const download = page.waitForEvent('download');
  await section.getByRole('button', { name: 'Download my data' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.json$/);
  const text = fs.readFileSync(await file.path(), 'utf8');
  expect(JSON.stringify(JSON.parse(text))).toContain(person.email);
  expect(text).not.toMatch(/argon2|token_hash|password_hash/);
  await expect(section.getByRole('button', { name: 'Download my data' })).toBeEnabled();
});

test.describe('the end', () => {
  test.use({ expected: [/\b400\b/] });

  test('of an account says what goes, asks for the password, and is the end', async ({ page }) => {
    const person = await member();
    await visitAs(page, person, '/account/security');
    const section = part(page, 'Delete your account');
    await expect(section).toContainText(/e-mail address/);
    await section.getByLabel('Current password', { exact: true }).fill(person.password);
    await section.getByRole('button', { name: 'Delete my account for good' }).click();
    await expectAt(page, '/');
    await expect(notice(page)).toContainText(/deleted/);
    await expectSignedOut(page);
    expect(accounts(person.email)).toBe(0);
    await visit(page, '/login');
    await logIn(page, person);
    await expectError(page, field(page, 'Password'), /isn’t right/);
  });
});
