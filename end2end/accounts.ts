// People with accounts, and what they do on the pages of accounts.
import { expect, request, type Cookie, type Locator, type Page } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { hydrated, visit } from './fixtures.ts';
import { codeIn, mailFor } from './mailbox.ts';
import { execute, sql } from './shop.ts';

export type Person = { username: string; email: string; password: string };
/** Somebody with an account and, from making it, a session. */
export type Member = Person & { session: Cookie[] };

/** An address of its own for each visitor: what the shop counts for one client must not add up over all tests. */
export const clientAddress = () => `10.${[...randomBytes(3)].join('.')}`;

/** Somebody whom the shop doesn't know. */
export function somebody(): Person {
  const id = randomBytes(6).toString('hex');
  return { username: `ada-${id}`, email: `ada-${id}@example.com`, password: 'gravel otter piano lamp' };
}

/** Somebody with an account, made without a browser. */
export async function member(): Promise<Member> {
  const person = somebody();
  const api = await request.newContext({
    baseURL: process.env.SHOP_URL,
    userAgent: 'curl/8.0',
    extraHTTPHeaders: { accept: 'application/json', 'x-forwarded-for': clientAddress() },
  });
  await api.get('/signup');
  const signedUp = await api.post('/api/account/sign_up', { form: person });
  expect(signedUp.ok(), await signedUp.text()).toBe(true);
  const verified = await api.post('/api/account/verify', { form: { code: codeIn(await mailFor(person.email)) } });
  expect(verified.ok(), await verified.text()).toBe(true);
  const { cookies } = await api.storageState();
  await api.dispose();
  return { ...person, session: cookies };
}

/** A member of the staff, made without a browser. */
export async function staff(role: 'admin' | 'editor' | 'support'): Promise<Member> {
  const person = await member();
  const theirs = `user_id = (select id from users where email = '${person.email}')`;
  // Another role ends sessions; the one that came with the account is put back.
  execute(`
    create temp table kept as select * from sessions where ${theirs};
    update users set role = '${role}' where email = '${person.email}';
    insert into sessions select * from kept`);
  return person;
}

export const main = (page: Page): Locator => page.getByRole('main');
export const field = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
export const notice = (page: Page): Locator => page.locator('#notice');
/** A part of a page under its heading. */
export const part = (page: Page, heading: string): Locator =>
  main(page).locator('section').filter({ has: page.getByRole('heading', { level: 2, name: heading, exact: true }) });

export async function press(page: Page, name: string | RegExp) {
  await main(page).getByRole('button', { name }).click();
}

export async function expectAt(page: Page, path: string | RegExp) {
  const there = typeof path === 'string' ? (url: URL) => url.pathname + url.search === path : path;
  await expect.poll(() => {
    const url = new URL(page.url());
    return typeof there === 'function' ? there(url) || page.url() : there.test(url.pathname + url.search) || page.url();
  }).toBe(true);
  await hydrated(page);
}

/** What stands beside a field: bound to it, so that it is heard with it. */
export async function expectError(page: Page, input: Locator, message: RegExp) {
  await expect(input).toHaveAttribute('aria-invalid', 'true');
  await expect(input).toHaveAccessibleDescription(message);
}

export async function signUp(page: Page, person: Person) {
  await field(page, 'Username').fill(person.username);
  await field(page, 'E-mail address').fill(person.email);
  await field(page, 'Password').fill(person.password);
  await press(page, 'Create account');
}

export async function logIn(page: Page, person: Person, login = person.email) {
  await field(page, 'E-mail address or username').fill(login);
  await field(page, 'Password').fill(person.password);
  await press(page, 'Log in');
}

/** Visits a page as somebody who has just logged in. */
export async function visitAs(page: Page, person: Person, path = '/account') {
  await visit(page, `/login?next=${encodeURIComponent(path)}`);
  await logIn(page, person);
  await expectAt(page, path);
}

/**
 * Visits a page in the session that came with the account: for tests that aren't about logging in, which takes a page, a
 * form and a password's hash. It is the same session wherever somebody enters; [`visitAs`] begins one.
 */
export async function enter(page: Page, person: Member, path: string) {
  await page.context().addCookies(person.session);
  await visit(page, path);
  await expectAt(page, path);
}

/** The header's place for the account, which tells who is signed in. */
export const accountPlace = (page: Page): Locator => page.getByRole('banner').getByRole('link', { name: /^Account/ });

export async function expectSignedIn(page: Page, name: string) {
  await expect(accountPlace(page)).toHaveAccessibleName(`Account, signed in as ${name}`);
}

export async function expectSignedOut(page: Page) {
  await expect(accountPlace(page)).toHaveAccessibleName('Account');
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** As if so many seconds had gone by since the address was last sent a code. */
export function ageCodes(email: string, seconds: number) {
  execute(`
    update one_time_codes
    set created_at = created_at - interval '${seconds} seconds', expires_at = expires_at - interval '${seconds} seconds'
    where email_key = ${literal(email)}`);
  expect(sql(`select 1 from one_time_codes where email_key = ${literal(email)}`), 'a code of this address').not.toEqual([]);
}

export function block(person: Person, note = '') {
  execute(`update users set blocked_at = now(), blocked_note = ${literal(note)} where email = ${literal(person.email)}`);
}

export const accounts = (email: string) => sql(`select id from users where email = ${literal(email)}`).length;

/** Six digits that are not these. */
export const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
