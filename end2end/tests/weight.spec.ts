// What shoppers never download: the back office is code and style of its own.
import { type Page } from '@playwright/test';
import { enter, main, member, staff, visitAs } from '../accounts.ts';
import { isMarked, mark, visit } from '../fixtures.ts';
import { expect, test, thing } from '../own-shop.ts';

/** The scripts, chunks and styles that a page has asked for. */
function assets(page: Page): Set<string> {
  const asked = new Set<string>();
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/\.(js|wasm|css)$/.test(pathname)) asked.add(pathname);
  });
  return asked;
}

test('shoppers download nothing of the back office @js', async ({ page, newVisitor }) => {
  const lamp = thing({ title: 'Weight' });
  const shopper = await newVisitor();
  const theirs = assets(shopper);
  await visitAs(shopper, await member(), '/account');
  for (const path of ['/', '/products', lamp.path, '/cart', '/wishlist', '/account', '/login']) {
    await visit(shopper, path);
  }
  // From page to page, too, where what is ahead might be fetched beforehand.
  await visit(shopper, `/search?q=${encodeURIComponent(lamp.title)}`);
  await mark(shopper);
  await main(shopper).getByRole('link', { name: lamp.title }).first().click();
  await expect(shopper.getByRole('heading', { level: 1 })).toHaveText(lamp.title);
  // Whatever a page fetches beforehand, it asks for by the time that the browser has nothing else to do.
  await shopper.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  expect(await isMarked(shopper), 'the app has gone there itself').toBe(true);
  expect([...theirs].filter((path) => /office|admin/i.test(path))).toEqual([]);

  // From before their first page on: what a browser has already, later pages needn't ask for again.
  const staffs = assets(page);
  await enter(page, await staff('editor'), '/admin');
  await visit(page, '/admin/products');
  await expect(main(page)).toContainText(lamp.title);
  const ours = () => [...staffs].filter((path) => !theirs.has(path));
  await expect.poll(ours, { message: 'its style' }).toContain('/office.css');
  const chunks = () => ours().filter((path) => path.endsWith('.wasm'));
  await expect.poll(chunks, { message: 'its code is a chunk that no page of the shop has' }).not.toEqual([]);
});

test('pages of the shop don’t name the style of the back office @nojs', async ({ page }) => {
  const lamp = thing({ title: 'Light' });
  for (const path of ['/', '/products', lamp.path, '/cart', '/wishlist', '/login']) {
    expect(await (await visit(page, path)).text(), path).not.toContain('office.css');
  }
});
