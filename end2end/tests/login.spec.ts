// Logging in and out, and what neither tells.
import { type Page } from '@playwright/test';
import {
  block, expectAt, expectError, expectSignedIn, expectSignedOut, field, logIn, main, member, notice, press, signUp, somebody,
  visitAs, type Person,
} from '../accounts.ts';
import { expect, isMarked, mark, test, visit } from '../fixtures.ts';
import { codeIn, mailFor } from '../mailbox.ts';
import { execute } from '../shop.ts';

test('by e-mail address or username, however they are written', async ({ page, newVisitor }) => {
  const person = await member();
  for (const login of [person.email, person.email.toUpperCase(), person.username, ` ${person.username.toUpperCase()} `]) {
    const visitor = await newVisitor();
    await visit(visitor, '/login');
    await logIn(visitor, person, login);
    await expectAt(visitor, '/account');
    await expectSignedIn(visitor, person.username);
  }
  await visit(page, '/');
  await expectSignedOut(page);
});

test('leads where the visitor was going, but never out of the shop', async ({ page, newVisitor }) => {
  const person = await member();
  await visit(page, '/account');
  await expectAt(page, /^\/login\?next=/);
  await logIn(page, person);
  await expectAt(page, '/account');

  for (const next of ['//elsewhere.example', 'https://elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)']) {
    const visitor = await newVisitor();
    await visit(visitor, `/login?next=${encodeURIComponent(next)}`);
    await logIn(visitor, person);
    await expectSignedIn(visitor, person.username);
    expect(new URL(visitor.url()).origin).toBe(new URL(process.env.SHOP_URL!).origin);
  }
});

test('the account’s place leads through the log-in page without loading anything in vain @js', async ({ page }) => {
  await visit(page, '/');
  await page.getByRole('banner').getByRole('link', { name: 'Account' }).click();
  await expectAt(page, /^\/login\?next=%2Faccount$/);
  await page.goBack();
  await expectAt(page, '/');
});

test('stays or goes with the browser', async ({ page, newVisitor }) => {
  const person = await member();
  const session = async (visitor: Page) =>
    (await visitor.context().cookies()).find((cookie) => cookie.name.endsWith('session'))!;
  await visit(page, '/login');
  await logIn(page, person);
  await expectSignedIn(page, person.username);
  expect((await session(page)).expires, 'without a choice the session goes with the browser').toBe(-1);

  const other = await newVisitor();
  await visit(other, '/login');
  await field(other, 'Stay signed in on this device').check();
  await logIn(other, person);
  await expectSignedIn(other, person.username);
  const days = ((await session(other)).expires - Date.now() / 1000) / 86_400;
  expect(days).toBeGreaterThan(29);
  expect(days).toBeLessThan(31);
  expect(await session(other)).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
});

test.describe('refused', () => {
  test.use({ expected: [/\b(400|429)\b/] });

  /** What the visitor sees of a refused log-in, but for what was typed. */
  async function refusal(page: Page, person: Person): Promise<string> {
    await visit(page, '/login');
    await logIn(page, person);
    await expect(main(page).locator('[aria-invalid]').first()).toBeVisible();
    return (await main(page).innerText()).replace(/\s+/g, ' ');
  }

  test('a wrong password, an unknown address and a blocked account look the same', async ({ page }) => {
    const [person, blocked] = [await member(), await member()];
    block(blocked);
    const wrong = await refusal(page, { ...person, password: 'quite another one' });
    expect(await refusal(page, { ...somebody(), password: 'quite another one' })).toBe(wrong);
    expect(await refusal(page, { ...blocked, password: 'quite another one' })).toBe(wrong);
    await expectSignedOut(page);
  });

  test('what was typed stays, the password only where it was typed', async ({ page, js }) => {
    const person = await member();
    await visit(page, '/login?next=%2Fwishlist');
    await field(page, 'Stay signed in on this device').check();
    await logIn(page, { ...person, password: 'quite another one' });
    await expectError(page, field(page, 'Password'), /isn’t right/);
    await expect(field(page, 'Password')).toBeFocused();
    await expect(field(page, 'E-mail address or username')).toHaveValue(person.email);
    await expect(field(page, 'Stay signed in on this device')).toBeChecked();
    await expect(field(page, 'Password')).toHaveValue(js ? 'quite another one' : '');
    await logIn(page, person);
    await expectAt(page, '/wishlist');
  });

  test('nothing typed is told beside both fields', async ({ page }) => {
    await visit(page, '/login');
    await press(page, 'Log in');
    await expectError(page, field(page, 'E-mail address or username'), /Enter/);
    await expectError(page, field(page, 'Password'), /Enter/);
    await expect(field(page, 'E-mail address or username')).toBeFocused();
  });

  test('a blocked person with the right password is told so', async ({ page }) => {
    const person = await member();
    block(person, 'Because of the test');
    await visit(page, '/login');
    await logIn(page, person);
    await expect(main(page).getByRole('alert')).toContainText('blocked');
    await expect(main(page).getByRole('alert')).toContainText('Because of the test');
    await expectSignedOut(page);
  });

  test('after five wrong passwords the wait is told, and counted down', async ({ page, js }) => {
    const person = await member();
    if (js) await page.clock.install();
    await visit(page, '/login');
    for (let tries = 0; tries < 5; tries += 1) {
      await logIn(page, { ...person, password: `quite another one ${tries}` });
      await expectError(page, field(page, 'Password'), /isn’t right/);
      await expect(main(page).getByRole('button', { name: 'Log in', exact: true })).toBeEnabled();
    }
    await logIn(page, person);
    const alert = main(page).getByRole('alert');
    await expect(alert).toContainText(/Too many tries. Try again in \d+ (seconds|minutes)/);
    if (js) {
      await expect(alert).toBeFocused();
      const clock = main(page).locator('.clock');
      const before = await clock.innerText();
      expect(before).toMatch(/^\d+:\d\d$/);
      await page.clock.runFor(2_000);
      await expect(clock).not.toHaveText(before);
      await page.clock.runFor(400_000);
      await expect(alert).toHaveText('You can try again now.');
    }
    await expectSignedOut(page);
    execute(`delete from throttles where kind = 'wrong_for_account'`);
    await logIn(page, person);
    await expectSignedIn(page, person.username);
  });
});

test('an unverified account is asked for its code', async ({ page }) => {
  const person = somebody();
  await visit(page, '/signup');
  await signUp(page, person);
  await expectAt(page, '/verify');
  await visit(page, '/login?next=%2Fwishlist');
  await logIn(page, person);
  await expectAt(page, '/verify');
  await expectSignedOut(page);
  await field(page, 'Code').fill(codeIn(await mailFor(person.email)));
  await press(page, 'Confirm and go on');
  await expectSignedIn(page, person.username);
});

test('logging out ends it here, and the back button shows nothing private', async ({ page }) => {
  const person = await member();
  await visitAs(page, person);
  await expect(main(page)).toContainText(person.email);
  await visit(page, '/products');
  await page.goBack();
  await expectAt(page, '/account');
  await main(page).getByRole('button', { name: 'Log out' }).click();
  await expectAt(page, '/');
  await expect(notice(page)).toContainText(/logged out/);
  await expectSignedOut(page);

  await page.goBack();
  await expectAt(page, /^\/login\?next=/);
  await expect(page.locator('body')).not.toContainText(person.email);
  await expect(page.locator('body')).not.toContainText(person.username);
  await expectSignedOut(page);
});

test('every page offers to log out', async ({ page }) => {
  const person = await member();
  await visitAs(page, person, '/products');
  await page.getByRole('contentinfo').getByRole('button', { name: 'Log out' }).click();
  await expectAt(page, '/');
  await expectSignedOut(page);
  await expect(page.getByRole('contentinfo').getByRole('button', { name: 'Log out' })).toHaveCount(0);
});

test('on a phone the menu does @js', async ({ page }) => {
  const person = await member();
  await visitAs(page, person, '/products');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('banner').getByRole('link', { name: 'Menu' }).click();
  await page.getByRole('dialog', { name: 'Menu' }).getByRole('button', { name: 'Log out' }).click();
  await expectAt(page, '/');
  await page.setViewportSize({ width: 1280, height: 740 });
  await expectSignedOut(page);
});

test('a new visitor is a new page: nothing of before is left @js', async ({ page }) => {
  const person = await member();
  await visit(page, '/login');
  await mark(page);
  await logIn(page, person);
  await expectAt(page, '/account');
  expect(await isMarked(page)).toBe(false);
});

test('the keyboard alone will do', async ({ page }) => {
  const person = await member();
  await visit(page, '/login');
  await field(page, 'E-mail address or username').focus();
  await page.keyboard.type(person.username);
  await page.keyboard.press('Tab');
  await expect(field(page, 'Password')).toBeFocused();
  await page.keyboard.type(person.password);
  await page.keyboard.press('Enter');
  await expectAt(page, '/account');
  await expectSignedIn(page, person.username);
});

test.describe('offline @js', () => {
  test.use({ expected: [/ERR_INTERNET_DISCONNECTED|net::ERR_/] });

  test('nothing typed is lost, and the form says what to do', async ({ page, context }) => {
    const person = await member();
    await visit(page, '/login');
    await context.setOffline(true);
    await logIn(page, person);
    await expect(main(page).getByRole('alert')).toContainText(/Check your connection/);
    await expect(field(page, 'Password')).toHaveValue(person.password);
    await context.setOffline(false);
    await press(page, 'Log in');
    await expectSignedIn(page, person.username);
  });
});
