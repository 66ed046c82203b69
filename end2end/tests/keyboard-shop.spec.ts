// What shoppers do by keys alone: the cart and the wishlist, and nobody loses the place where they act.
import { type Locator, type Page } from '@playwright/test';
import { enter, main, member } from '../accounts.ts';
import { expectCount, line, quantity, summary, told } from '../carts.ts';
import { visit } from '../fixtures.ts';
import { choose, open, press, reach, staysOn, type } from '../keys.ts';
import { expect, inCarts, test, thing, type Thing } from '../own-shop.ts';

const act = (page: Page, thing: Thing, name: string | RegExp): Locator => line(page, thing).getByRole('button', { name });
const button = (page: Page, name: string | RegExp): Locator => main(page).getByRole('button', { name });
const summaryOf = (page: Page, text: string | RegExp): Locator => main(page).locator('summary').filter({ hasText: text });

test('a cart is filled, counted, put aside, emptied and brought back @js', async ({ page }) => {
  const [mug, bowl] = [thing({ title: 'Keymug', price: 1000 }), thing({ title: 'Keybowl', price: 500 })];
  for (const one of [mug, bowl]) {
    await visit(page, one.path);
    await press(page, button(page, 'Add to cart'));
    await expect(told(page)).toContainText(one.title);
    await expect(button(page, 'Add to cart')).toBeFocused();
  }
  await press(page, told(page).getByRole('link', { name: 'View cart' }));
  await expect(page).toHaveURL(/\/cart$/);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();

  await type(page, quantity(page, mug), '4');
  await page.keyboard.press('Tab');
  await expect(summary(page)).toContainText('€45.00');
  await staysOn(page);
  const more = act(page, mug, 'One more');
  await press(page, more, 'Space');
  await expect(summary(page)).toContainText('€55.00');
  await expect(more).toBeFocused();

  await press(page, act(page, bowl, /^Save for later/));
  const saved = page.getByRole('region', { name: 'Saved for later' });
  await expect(saved).toContainText(bowl.title);
  await staysOn(page);
  await press(page, saved.getByRole('button', { name: /^Move to cart/ }));
  await expect(saved).toHaveCount(0);
  await staysOn(page);
  await expectCount(page, 6);

  await press(page, act(page, mug, /^Remove/));
  await expect(line(page, mug)).toHaveCount(0);
  // In the next line, but not on what would remove that too.
  await expect(line(page, bowl).getByRole('link').first()).toBeFocused();
  await press(page, told(page).getByRole('button', { name: 'Undo' }));
  await expect(quantity(page, mug)).toHaveValue('5');
  await staysOn(page);

  await open(page, summaryOf(page, /^Empty cart$/));
  await press(page, button(page, 'Remove them all'));
  await expect(line(page, bowl)).toHaveCount(0);
  await staysOn(page);
  await press(page, told(page).getByRole('button', { name: 'Undo' }));
  await expect(quantity(page, mug)).toHaveValue('5');
  await staysOn(page);
  expect([inCarts(mug), inCarts(bowl)]).toEqual([5, 1]);
});

test.describe('what is no quantity', () => {
  test.use({ expected: [/\b400\b/] });

  test('keeps the focus in its field @js', async ({ page }) => {
    const mug = thing();
    await visit(page, mug.path);
    await press(page, button(page, 'Add to cart'));
    await expect(told(page)).toContainText(mug.title);
    await visit(page, '/cart');
    await type(page, quantity(page, mug), 'two');
    await page.keyboard.press('Enter');
    await expect(line(page, mug).locator('.error').filter({ hasText: /Enter/ })).toBeVisible();
    await expect(quantity(page, mug)).toBeFocused();
  });
});

test('what is said is closed, and whoever closes it is where they were @js', async ({ page }) => {
  const mug = thing();
  await visit(page, mug.path);
  await press(page, button(page, 'Add to cart'));
  await expect(told(page)).toContainText(mug.title);
  await press(page, told(page).getByRole('button', { name: 'Close' }));
  await expect(told(page)).toBeHidden();
  await expect(button(page, 'Add to cart')).toBeFocused();
});

test('a list is made, gets something, is shared, and no longer @js', async ({ page, newVisitor }) => {
  const mug = thing({ title: 'Keywish' });
  await enter(page, await member(), mug.path);
  const heart = button(page, `Wishlist: ${mug.title}`).first();
  await press(page, heart, 'Space');
  await expect(heart).toHaveAttribute('aria-pressed', 'true');
  await expect(heart).not.toHaveAttribute('aria-busy');
  await expect(heart).toBeFocused();

  await visit(page, '/wishlist');
  await open(page, summaryOf(page, 'New list').first());
  await type(page, main(page).getByLabel('Name of the new list'), 'Kitchen');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Kitchen' })).toBeVisible();
  await staysOn(page);

  await visit(page, '/wishlist');
  await open(page, line(page, mug).locator('summary').filter({ hasText: 'Move or copy' }));
  await choose(page, line(page, mug).getByRole('combobox'), 'Kitchen');
  await press(page, line(page, mug).getByRole('button', { name: `Move: ${mug.title}`, exact: true }));
  await expect(line(page, mug)).toHaveCount(0);
  await staysOn(page);
  await press(page, main(page).getByRole('link', { name: /^Kitchen/ }));
  await expect(line(page, mug)).toBeVisible();
  await staysOn(page);

  await open(page, summaryOf(page, /^Share/));
  await press(page, button(page, 'Share this list'));
  const link = main(page).getByLabel('Link to this list');
  await expect(link).toHaveValue(/\/wishlists\//);
  await staysOn(page);
  if (!(await link.isVisible())) await open(page, summaryOf(page, /^Share/));
  await reach(page, link);
  const friend = await newVisitor();
  const shared = new URL(await link.inputValue(), page.url()).pathname;
  await visit(friend, shared);
  await expect(line(friend, mug)).toBeVisible();
  await press(friend, act(friend, mug, /^Add to cart/));
  await expectCount(friend, 1);
  await staysOn(friend);

  await press(page, button(page, 'Stop sharing'));
  await expect(link).toHaveCount(0);
  await staysOn(page);
  expect((await friend.request.get(shared, { headers: { accept: 'text/html' } })).status()).toBe(404);
});

test('something is taken off a list, brought back and moved into the cart @js', async ({ page }) => {
  const mug = thing({ title: 'Keyback' });
  await visit(page, mug.path);
  await press(page, button(page, `Wishlist: ${mug.title}`).first(), 'Space');
  await expect(button(page, `Wishlist: ${mug.title}`).first()).not.toHaveAttribute('aria-busy');
  await visit(page, '/wishlist');
  await press(page, act(page, mug, /^Remove/));
  await expect(line(page, mug)).toHaveCount(0);
  await staysOn(page);
  await press(page, told(page).getByRole('button', { name: 'Undo' }));
  await expect(line(page, mug)).toBeVisible();
  await staysOn(page);
  await open(page, line(page, mug).locator('summary').filter({ hasText: 'Add a note' }));
  await type(page, line(page, mug).getByRole('textbox'), 'For Ada');
  await press(page, act(page, mug, /^Save note/));
  await expect(line(page, mug)).toContainText('For Ada');
  await staysOn(page);
  await press(page, act(page, mug, /^Move to cart/));
  await expect(line(page, mug)).toHaveCount(0);
  await expectCount(page, 1);
  await staysOn(page);
});
