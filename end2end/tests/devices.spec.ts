// Where one is signed in.
import { type Page } from '@playwright/test';
import { expectAt, expectSignedIn, expectSignedOut, main, member, notice, part, visitAs } from '../accounts.ts';
import { expect, isMarked, mark, test, visit } from '../fixtures.ts';

const devices = (page: Page) => part(page, 'Devices').getByRole('listitem');

test('each device is listed, and another can be logged out', async ({ page, newVisitor, js }) => {
  const person = await member();
  const other = await newVisitor();
  await visitAs(other, person);
  await visitAs(page, person, '/account/security');
  // What made the account is there too.
  await expect(devices(page)).toHaveCount(3);
  await expect(devices(page).first()).toContainText('This one');
  await expect(devices(page).first()).toContainText(/Chrome on/);
  await expect(devices(page).first().getByRole('button')).toHaveCount(0);

  await mark(page);
  const chrome = devices(page).filter({ hasText: 'Chrome' }).filter({ hasNotText: 'This one' });
  await chrome.getByRole('button', { name: /^Log out Chrome on/ }).click();
  await expect(notice(page)).toContainText(/logged out/);
  await expect(devices(page)).toHaveCount(2);
  expect(await isMarked(page), 'in place with JavaScript').toBe(js);
  await expectSignedIn(page, person.username);

  await visit(other, '/account');
  await expectAt(other, /^\/login\?next=/);
  await expectSignedOut(other);
});

test('all others can be logged out at once', async ({ page, newVisitor }) => {
  const person = await member();
  const other = await newVisitor();
  await visitAs(other, person);
  await visitAs(page, person, '/account/security');
  await part(page, 'Devices').getByRole('button', { name: 'Log out all other devices' }).click();
  await expect(notice(page)).toContainText(/All other devices/);
  await expect(devices(page)).toHaveCount(1);
  await expect(part(page, 'Devices').getByRole('button')).toHaveCount(0);
  await expectSignedIn(page, person.username);
  await visit(other, '/account');
  await expectSignedOut(other);
});

test.describe('a device that was logged out from elsewhere', () => {
  // The browser's line about what it asked for in vain.
  test.use({ expected: [/\b401\b/] });

  test('is led to the log-in page by whatever it does next @js', async ({ page, newVisitor }) => {
    const person = await member();
    const other = await newVisitor();
    await visitAs(other, person);
    await visitAs(page, person, '/account/security');
    await part(page, 'Devices').getByRole('button', { name: 'Log out all other devices' }).click();
    await expect(devices(page)).toHaveCount(1);

    // Its page still stands, and loads the next part of itself.
    await main(other).getByRole('link', { name: 'Password and devices' }).click();
    await expectAt(other, /^\/login\?next=%2Faccount%2Fsecurity|^\/login\?next=\/account\/security/);
    await expectSignedOut(other);
  });
});
