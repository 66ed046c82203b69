// A forgotten password, and codes that were stopped.
import { type Page } from '@playwright/test';
import {
  ageCodes, block, expectAt, expectError, expectSignedIn, expectSignedOut, field, logIn, main, member, notice, otherThan,
  press, somebody, visitAs,
} from '../accounts.ts';
import { expect, test, visit } from '../fixtures.ts';
import { allMail, codeIn, linkIn, mailFor } from '../mailbox.ts';
import { execute } from '../shop.ts';

const NEW = 'seven quiet lanterns';

/** Asks for a code for a new password, and reads it in the mail. */
async function codeFor(page: Page, person: { email: string }): Promise<string> {
  const asked = Date.now();
  await visit(page, '/forgot-password');
  await field(page, 'E-mail address').fill(person.email);
  await press(page, 'Send me a code');
  await expectAt(page, '/reset-password');
  return codeIn(await mailFor(person.email, asked));
}

test('a code from the mail allows a new password; every session ends and the owner is told', async ({ page, newVisitor }) => {
  const person = await member();
  const elsewhere = await newVisitor();
  await visitAs(elsewhere, person);

  await visit(page, '/login');
  await main(page).getByRole('link', { name: 'Forgot your password?' }).click();
  await expectAt(page, '/forgot-password');
  const asked = Date.now();
  await field(page, 'E-mail address').fill(person.email);
  await press(page, 'Send me a code');
  await expectAt(page, '/reset-password');
  await expect(main(page)).toContainText(person.email);
  await field(page, 'Code').fill(codeIn(await mailFor(person.email, asked)));
  await field(page, 'New password').fill(NEW);
  const set = Date.now();
  await press(page, 'Set the new password');

  // Nobody is logged in by a code alone.
  await expectAt(page, '/login');
  await expect(notice(page)).toContainText(/changed/);
  await expectSignedOut(page);
  await visit(elsewhere, '/account');
  await expectAt(elsewhere, /^\/login\?next=/);
  await expectSignedOut(elsewhere);
  expect((await mailFor(person.email, set)).text).toMatch(/password/i);

  await logIn(page, { ...person, password: NEW });
  await expectSignedIn(page, person.username);
});

test.describe('refused', () => {
  test.use({ expected: [/\b400\b/] });

  test('the old password, once there is a new one', async ({ page }) => {
    const person = await member();
    await field(page, 'Code').fill(await codeFor(page, person));
    await field(page, 'New password').fill(NEW);
    await press(page, 'Set the new password');
    await expectAt(page, '/login');
    await logIn(page, person);
    await expectError(page, field(page, 'Password'), /isn’t right/);
  });

  test('wrong, old and used codes, and weak passwords', async ({ page, js }) => {
    const person = await member();
    const code = await codeFor(page, person);

    await field(page, 'Code').fill(otherThan(code));
    await field(page, 'New password').fill(NEW);
    await press(page, 'Set the new password');
    await expectError(page, field(page, 'Code'), /isn’t right/);
    await expect(field(page, 'Code')).toHaveValue(js ? otherThan(code) : '');

    await field(page, 'Code').fill(code);
    await field(page, 'New password').fill('password1234');
    await press(page, 'Set the new password');
    await expectError(page, field(page, 'New password'), /./);
    await expect(field(page, 'Code'), 'the code was not used up').not.toHaveAttribute('aria-invalid', 'true');

    await field(page, 'Code').fill(code);
    await field(page, 'New password').fill(NEW);
    ageCodes(person.email, 601);
    await press(page, 'Set the new password');
    await expectError(page, field(page, 'Code'), /too old/);
  });

  test('a sign-up’s code is none for a password', async ({ page, newVisitor }) => {
    const fresh = somebody();
    await visit(page, '/signup');
    await field(page, 'Username').fill(fresh.username);
    await field(page, 'E-mail address').fill(fresh.email);
    await field(page, 'Password').fill(fresh.password);
    await press(page, 'Create account');
    await expectAt(page, '/verify');
    const code = codeIn(await mailFor(fresh.email));

    const person = await member();
    const other = await newVisitor();
    await visit(other, '/forgot-password');
    await field(other, 'E-mail address').fill(person.email);
    await press(other, 'Send me a code');
    await expectAt(other, '/reset-password');
    await field(other, 'Code').fill(code);
    await field(other, 'New password').fill(NEW);
    await press(other, 'Set the new password');
    await expectError(other, field(other, 'Code'), /isn’t right/);
  });
});

test('unknown and blocked addresses look like known ones', async ({ page }) => {
  const [person, blocked, unknown] = [await member(), await member(), somebody()];
  block(blocked);
  const seen: string[] = [];
  for (const { email } of [person, blocked, unknown]) {
    await visit(page, '/forgot-password');
    await field(page, 'E-mail address').fill(email);
    await press(page, 'Send me a code');
    await expectAt(page, '/reset-password');
    const words = (await main(page).innerText()).replace(/\d+ seconds/, 'N seconds').replace(/\s+/g, ' ');
    expect(words).toContain(email);
    seen.push(words.replaceAll(email, 'ADDRESS'));
  }
  expect(new Set(seen).size, seen.join('\n')).toBe(1);
  await mailFor(person.email);
  expect(allMail(unknown.email)).toEqual([]);
});

test('an address with a slip can be changed', async ({ page }) => {
  const person = await member();
  await visit(page, '/forgot-password');
  await field(page, 'E-mail address').fill(somebody().email);
  await press(page, 'Send me a code');
  await expectAt(page, '/reset-password');
  await main(page).getByRole('link', { name: 'Change it' }).click();
  await expectAt(page, '/forgot-password');
  await field(page, 'E-mail address').fill(person.email);
  await press(page, 'Send me a code');
  await expectAt(page, '/reset-password');
  await expect(main(page)).toContainText(person.email);
});

test.describe('codes that were stopped', () => {
  test.use({ expected: [/\b400\b/] });

  test('are allowed again by a button behind the mail’s link, once', async ({ page }) => {
    const person = await member();
    execute(`update users set wrong_codes = 99 where email = '${person.email}'`);
    const code = await codeFor(page, person);
    const wrong = Date.now();
    await field(page, 'Code').fill(otherThan(code));
    await field(page, 'New password').fill(NEW);
    await press(page, 'Set the new password');
    await expectError(page, field(page, 'Code'), /isn’t right/);

    await expect.poll(() => allMail(person.email).filter((mail) => mail.at >= wrong).length).toBeGreaterThan(0);
    const link = linkIn(await mailFor(person.email, wrong));
    expect(link).toMatch(/^\/unlock\?token=/);
    // A scanner that opens the link has done nothing.
    await page.request.get(link);
    await visit(page, link);
    await press(page, 'Allow codes again');
    await expectAt(page, /^\/(login|forgot-password)/);
    await expect(notice(page)).toContainText(/again/);
    await visit(page, link);
    await press(page, 'Allow codes again');
    await expect(main(page).getByRole('alert').first()).toContainText(/used|too old/);
  });
});
