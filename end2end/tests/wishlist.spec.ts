// Wishlists: lists, what is on them, sharing, and mail about them.
import { request, type Locator, type Page } from '@playwright/test';
import { main, member, visitAs } from '../accounts.ts';
import { act, expectCount, line, told } from '../carts.ts';
import { faults, isMarked, mark, visit } from '../fixtures.ts';
import { allMail, mailFor } from '../mailbox.ts';
import { archive, expect, setPrice, setStock, test, thing, type Thing } from '../own-shop.ts';

const heart = (page: Page, thing: Thing): Locator =>
  main(page).getByRole('button', { name: `Wishlist: ${thing.title}` }).first();
const isWished = (page: Page, thing: Thing, wished: boolean) =>
  expect(heart(page, thing)).toHaveAttribute('aria-pressed', String(wished));
const open = (page: Page, summary: string | RegExp) =>
  main(page).locator('summary').filter({ hasText: summary }).first().click();
const openOf = (page: Page, thing: Thing, summary: string) =>
  line(page, thing).locator('summary').filter({ hasText: summary }).click();

async function wish(page: Page, thing: Thing) {
  await visit(page, thing.path);
  await heart(page, thing).click();
  await isWished(page, thing, true);
  // Shown at once, and then kept.
  await expect(heart(page, thing)).not.toHaveAttribute('aria-busy');
}

async function newList(page: Page, name: string) {
  await visit(page, '/wishlist');
  await open(page, 'New list');
  await main(page).getByLabel('Name of the new list').fill(name);
  await main(page).getByRole('button', { name: 'Create list' }).click();
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
}

test('a heart is kept, shown by the server, and taken back with undo', async ({ page, js }) => {
  const mug = thing();
  await visit(page, mug.path);
  await isWished(page, mug, false);
  await mark(page);
  await heart(page, mug).click();
  await isWished(page, mug, true);
  expect(await isMarked(page), 'in place with JavaScript').toBe(js);
  // Shown at once, and then kept.
  await expect(heart(page, mug)).not.toHaveAttribute('aria-busy');
  await visit(page, `/search?q=${encodeURIComponent(mug.title)}`);
  await isWished(page, mug, true);
  await heart(page, mug).click();
  await isWished(page, mug, false);
  await told(page).getByRole('button', { name: 'Undo' }).click();
  await expect(told(page)).toContainText(/back/);
  await visit(page, '/wishlist');
  await expect(line(page, mug)).toBeVisible();
});

test('a guest’s list becomes the account’s at log-in', async ({ page, newVisitor }) => {
  const person = await member();
  const mug = thing({ title: 'Mug' });
  const bowl = thing({ title: 'Bowl' });
  const before = await newVisitor();
  await visitAs(before, person);
  await wish(before, bowl);
  await wish(page, mug);
  await visitAs(page, person, '/wishlist');
  await expect(line(page, mug)).toBeVisible();
  await expect(line(page, bowl)).toBeVisible();
});

test('lists are made, renamed, filled and deleted with undo', async ({ page }) => {
  const mug = thing();
  await wish(page, mug);
  await newList(page, 'Kitchen');
  await visit(page, '/wishlist');
  await openOf(page, mug, 'Move or copy');
  await line(page, mug).getByRole('combobox').selectOption({ label: 'Kitchen' });
  await act(page, mug, /^Copy/);
  await expect(told(page)).toContainText('Kitchen');
  await expect(line(page, mug)).toBeVisible();
  await main(page).getByRole('link', { name: /^Kitchen/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Kitchen' })).toBeVisible();
  await expect(line(page, mug)).toBeVisible();

  await open(page, 'Share, rename, delete');
  await main(page).getByLabel('Name', { exact: true }).fill('Cellar');
  await main(page).getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Cellar' })).toBeVisible();
  const remove = main(page).getByRole('button', { name: 'Delete this list and its 1 thing' });
  if (!(await remove.isVisible())) await open(page, 'Share, rename, delete');
  await remove.click();
  await expect(main(page).getByRole('link', { name: /^Cellar/ })).toHaveCount(0);
  await told(page).getByRole('button', { name: 'Undo' }).click();
  await expect(main(page).getByRole('link', { name: /^Cellar/ })).toBeVisible();
});

test.describe('a name that is taken', () => {
  test.use({ expected: [/\b400\b/] });

  test('is refused beside its field', async ({ page }) => {
    await newList(page, 'Kitchen');
    await newList(page, 'Cellar');
    await open(page, 'Share, rename, delete');
    await main(page).getByLabel('Name', { exact: true }).fill('kitchen');
    await main(page).getByRole('button', { name: 'Rename' }).click();
    await expect(main(page).locator('.error').filter({ hasText: /\S/ }).first()).toBeVisible();
    await expect(main(page).getByLabel('Name', { exact: true })).toHaveValue('kitchen');
  });
});

test('a note stays with its thing, as text', async ({ page }) => {
  const mug = thing();
  await wish(page, mug);
  await visit(page, '/wishlist');
  await openOf(page, mug, 'Add a note');
  await line(page, mug).getByRole('textbox').fill('For Ada </textarea><script>alert(1)</script>');
  await act(page, mug, /^Save note/);
  await expect(line(page, mug)).toContainText('For Ada </textarea><script>alert(1)</script>');
  await visit(page, '/wishlist');
  await expect(line(page, mug)).toContainText('For Ada </textarea>');
});

test('prices and stock since a thing was added are told, and what is gone stays', async ({ page }) => {
  const [less, more, out, gone] = ['Less', 'More', 'Out', 'Gone'].map((title) => thing({ title, price: 2400 }));
  for (const one of [less!, more!, out!, gone!]) await wish(page, one);
  setPrice(less!, 2000);
  setPrice(more!, 2800);
  setStock(out!, 0);
  archive(gone!);
  await visit(page, '/wishlist');
  await expect(line(page, less!)).toContainText('€4.00 less than when you added it');
  await expect(line(page, more!)).toContainText('€4.00 more than when you added it');
  await expect(line(page, out!)).toContainText('Out of stock');
  await expect(line(page, gone!)).toContainText('Not sold any more');
  await expect(line(page, gone!).getByRole('button', { name: /Move to cart/ })).toHaveCount(0);
  await main(page).getByRole('button', { name: 'Move all to cart' }).click();
  await expect(told(page)).toContainText(out!.title);
  await expect(line(page, less!)).toHaveCount(0);
  await expect(line(page, out!)).toBeVisible();
  await expectCount(page, 2);
});

test('one thing moves into the cart, another off the list and back', async ({ page }) => {
  const mug = thing({ title: 'Mug' });
  const bowl = thing({ title: 'Bowl' });
  await wish(page, mug);
  await wish(page, bowl);
  await visit(page, '/wishlist');
  await act(page, mug, /Move to cart/);
  await expect(line(page, mug)).toHaveCount(0);
  await expectCount(page, 1);
  await act(page, bowl, /^Remove/);
  await expect(line(page, bowl)).toHaveCount(0);
  await told(page).getByRole('button', { name: 'Undo' }).click();
  await expect(line(page, bowl)).toBeVisible();
});

test('a list is shared by its link, which shows nothing else and can be taken back', async ({ page, js, newVisitor }) => {
  test.info().annotations.push({ type: 'row', description: '30, 36' });
  const person = await member();
  await visitAs(page, person);
  const mug = thing();
  await wish(page, mug);
  await visit(page, '/wishlist');
  await openOf(page, mug, 'Add a note');
  await line(page, mug).getByRole('textbox').fill('my secret reason');
  await act(page, mug, /^Save note/);
  await expect(line(page, mug)).toContainText('my secret reason');
  await open(page, 'Share or rename');
  await main(page).getByRole('button', { name: 'Share this list' }).click();
  const link = main(page).getByLabel('Link to this list');
  // What a script answers for stays open; without one there is another page.
  if (!js) await open(page, 'Share or rename');
  await expect(link).toBeVisible();
  const path = new URL(await link.inputValue(), page.url()).pathname;
  await expect(main(page).getByRole('link', { name: 'See it as others do' })).toHaveAttribute('href', path);

  const friend = await newVisitor();
  const answer = await visit(friend, path);
  expect(answer.headers()['cache-control']).toBe('no-store');
  expect(answer.headers()['x-robots-tag']).toContain('noindex');
  await expect(line(friend, mug)).toBeVisible();
  const text = await friend.content();
  for (const secret of ['my secret reason', person.username, person.email]) expect(text).not.toContain(secret);
  await line(friend, mug).getByRole('button', { name: /Add to cart/ }).click();
  await expectCount(friend, 1);

  await visit(page, '/wishlist');
  await open(page, 'Share or rename');
  await main(page).getByRole('button', { name: 'Stop sharing' }).click();
  await expect(link).toHaveCount(0);
  const gone = await friend.request.get(path, { headers: { accept: 'text/html' } });
  expect(gone.status()).toBe(404);
});

test('mail tells of a lower price once a day, and one click ends it', async ({ page, js, baseURL }) => {
  const person = await member();
  await visitAs(page, person);
  const mug = thing({ price: 2400 });
  await wish(page, mug);
  await visit(page, '/wishlist');
  await line(page, mug).getByLabel('Mail me when the price falls').check();
  if (!js) await act(page, mug, /^Save/);
  else await expect(told(page)).toBeVisible();
  await visit(page, '/wishlist');
  await expect(line(page, mug).getByLabel('Mail me when the price falls')).toBeChecked();

  const before = Date.now();
  setPrice(mug, 1900);
  const letter = await mailFor(person.email, before);
  expect(letter.text).toContain(mug.title);
  expect(letter.text).toMatch(/€19\.00.*€24\.00/);
  expect(letter.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
  const end = new URL(/<(.+)>/.exec(letter.headers['list-unsubscribe']!)![1]!);

  // A provider's machine, which has no cookie and is no browser.
  const machine = await request.newContext({ baseURL, userAgent: 'mailer/1.0' });
  const ended = await machine.post(end.pathname, { form: { 'List-Unsubscribe': 'One-Click' } });
  expect(ended.status()).toBe(200);
  await machine.dispose();
  await visit(page, '/wishlist');
  await expect(line(page, mug).getByLabel('Mail me when the price falls')).not.toBeChecked();
  setPrice(mug, 1500);
  expect(allMail(person.email).filter((mail) => mail.text.includes(mug.title))).toHaveLength(1);
});

test('mail tells when something is back, and its link ends it after a question', async ({ page, js }) => {
  const person = await member();
  await visitAs(page, person);
  const mug = thing({ stock: 0 });
  await wish(page, mug);
  await visit(page, '/wishlist');
  await line(page, mug).getByLabel('Mail me when it’s back').check();
  if (!js) await act(page, mug, /^Save/);
  else await expect(told(page)).toBeVisible();
  const before = Date.now();
  setStock(mug, 4);
  const letter = await mailFor(person.email, before);
  expect(letter.text).toContain(mug.title);
  const link = /https?:\/\/\S+\/unsubscribe\?token=\S+/.exec(letter.text)![0];
  await visit(page, new URL(link).pathname + new URL(link).search);
  await main(page).getByRole('button', { name: 'Stop this mail' }).click();
  await expect(told(page)).toBeVisible();
  await visit(page, '/wishlist');
  await expect(line(page, mug).getByLabel('Mail me when it’s back')).toHaveCount(0);
});

test('a guest is led to log in for mail', async ({ page }) => {
  const mug = thing();
  await wish(page, mug);
  await visit(page, '/wishlist');
  await expect(main(page).getByRole('link', { name: /Log in to get mail/ })).toHaveAttribute('href', /^\/login\?next=/);
});

test('the list can be used with the keyboard alone @js', async ({ page }) => {
  const mug = thing();
  await visit(page, mug.path);
  await heart(page, mug).focus();
  await page.keyboard.press('Space');
  await isWished(page, mug, true);
  await expect(heart(page, mug)).not.toHaveAttribute('aria-busy');
  await expect(heart(page, mug)).toBeFocused();
  await visit(page, '/wishlist');
  await line(page, mug).getByRole('button', { name: /^Remove/ }).focus();
  await page.keyboard.press('Enter');
  await expect(line(page, mug)).toHaveCount(0);
  await told(page).getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await expect(line(page, mug)).toBeVisible();
});

test('a full list is accessible and fits @js', async ({ page }) => {
  const long = thing({ title: `${'Stoneware serving platter with a rim and a long name '.repeat(2)}Platter`, price: 123_456_700 });
  const gone = thing({ title: 'Gone' });
  await wish(page, long);
  await wish(page, gone);
  archive(gone);
  await newList(page, 'x'.repeat(60));
  await page.setViewportSize({ width: 1440, height: 900 });
  await visit(page, '/wishlist');
  await open(page, /^Share/);
  await openOf(page, long, 'Move or copy');
  expect(await faults(page, [1440, 320])).toEqual([]);
});
