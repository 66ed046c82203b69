// The cart's page and its ways in, by roles and names.
import { type Locator, type Page } from '@playwright/test';
import { hydrated, visit } from './fixtures.ts';
import { expect, type Thing } from './own-shop.ts';

export const cartPlace = (page: Page): Locator => page.getByRole('banner').getByRole('link', { name: /^Cart/ });

/** The number that the header tells. */
export async function expectCount(page: Page, count: number) {
  const name = count === 0 ? 'Cart' : `Cart, ${count} item${count === 1 ? '' : 's'}`;
  await expect(cartPlace(page)).toHaveAccessibleName(name);
}

/** What came of the last act: in a corner with JavaScript, on the page that follows without. */
export const told = (page: Page): Locator => page.locator('#notice, .toast').filter({ has: page.locator('p') }).first();

export const line = (page: Page, thing: Thing): Locator =>
  page.getByRole('main').getByRole('listitem').filter({ hasText: thing.title });
export const quantity = (page: Page, thing: Thing): Locator => line(page, thing).getByRole('textbox', { name: /quantity/i });
export const summary = (page: Page): Locator => page.getByRole('main').getByRole('region', { name: 'Summary' });

export const act = (page: Page, thing: Thing, name: string | RegExp) => line(page, thing).getByRole('button', { name }).click();

/** Puts pieces into the cart from the product's page. */
export async function add(page: Page, thing: Thing, pieces = 1) {
  await visit(page, thing.path);
  const form = page.getByRole('main').locator('form.add');
  await form.getByLabel('Quantity', { exact: true }).fill(String(pieces));
  await form.getByRole('button', { name: 'Add to cart' }).click();
  await hydrated(page);
  await expect(told(page)).toContainText(thing.title);
}

/** Sets a line's quantity by typing. */
export async function type(page: Page, thing: Thing, text: string, js: boolean) {
  await quantity(page, thing).fill(text);
  if (js) await quantity(page, thing).press('Tab');
  else await act(page, thing, /Update/);
}
