// The cart: nothing is lost, nothing surprises.
import { member, visitAs } from '../accounts.ts';
import { act, add, cartPlace, expectCount, line, quantity, summary, told, type } from '../carts.ts';
import { faults, visit } from '../fixtures.ts';
import { archive, expect, inCarts, setPrice, setStock, test, thing } from '../own-shop.ts';

test('a guest fills a cart, changes it and finds it again', async ({ page, js }) => {
  const mug = thing({ title: 'Mug', price: 2400 });
  const bowl = thing({ title: 'Bowl', price: 1050 });
  await add(page, mug, 2);
  await add(page, bowl);
  await visit(page, '/cart');
  await expectCount(page, 3);
  await expect(line(page, mug)).toContainText('€48.00');
  await expect(summary(page)).toContainText('€58.50');
  await expect(summary(page)).toContainText('3 items');
  await type(page, mug, '4', js);
  await expect(summary(page)).toContainText('€106.50');
  await visit(page, '/products');
  await expectCount(page, 5);
  await visit(page, '/cart');
  await expect(quantity(page, mug)).toHaveValue('4');
});

test('whoever asks for more than there is gets what there is and is told', async ({ page, js }) => {
  const mug = thing({ stock: 3 });
  await add(page, mug, 5);
  await expect(told(page)).toContainText('only 3');
  await visit(page, '/cart');
  await expect(quantity(page, mug)).toHaveValue('3');
  await expect(line(page, mug)).toContainText('2 more than there are');
  await act(page, mug, 'OK');
  await expect(line(page, mug)).not.toContainText('more than there are');
  await type(page, mug, '100', js);
  await expect(told(page)).toContainText('only 3');
  await expect(quantity(page, mug)).toHaveValue('3');
});

test.describe('what is no quantity', () => {
  test.use({ expected: [/\b400\b/] });
  for (const text of ['0', '-1', '1e9', 'two', '']) {
    test(`“${text}” is refused beside its field, and stays there`, async ({ page, js }) => {
      const mug = thing();
      await add(page, mug, 2);
      await visit(page, '/cart');
      await type(page, mug, text, js);
      await expect(line(page, mug).locator('.error').filter({ hasText: /Enter/ })).toBeVisible();
      await expect(quantity(page, mug)).toHaveValue(text);
      await visit(page, '/cart');
      await expect(quantity(page, mug)).toHaveValue('2');
    });
  }
});

test('a guest’s cart and the account’s become one at log-in, and what didn’t fit is told', async ({ page, newVisitor }) => {
  const person = await member();
  const mug = thing({ title: 'Mug', stock: 5 });
  const bowl = thing({ title: 'Bowl' });
  const before = await newVisitor();
  await visitAs(before, person);
  await add(before, mug, 3);

  await add(page, mug, 4);
  await add(page, bowl, 2);
  await visitAs(page, person, '/cart');
  await expectCount(page, 7);
  await expect(quantity(page, mug)).toHaveValue('5');
  await expect(line(page, mug)).toContainText('There are only 5');
  await expect(quantity(page, bowl)).toHaveValue('2');

  // The other device has the same, and keeps it when this one is logged out.
  await visit(before, '/cart');
  await expectCount(before, 7);
  await visit(page, '/account');
  await page.getByRole('main').getByRole('button', { name: 'Log out', exact: true }).click();
  await expect(page).toHaveURL(/\/$/);
  await expectCount(page, 0);
  await visit(before, '/cart');
  await expectCount(before, 7);
});

test('a second tab catches up when it is looked at @js', async ({ page, context }) => {
  const mug = thing();
  await add(page, mug, 1);
  await visit(page, '/cart');
  const other = await context.newPage();
  await visit(other, mug.path);
  await add(other, mug, 2);
  await page.bringToFront();
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(quantity(page, mug)).toHaveValue('3');
  await expectCount(page, 3);
});

test('a burst of clicks is one act or two, and the page answers at once @js', async ({ page }) => {
  const mug = thing({ stock: 99 });
  await add(page, mug);
  await visit(page, '/cart');
  let requests = 0;
  page.on('request', (request) => void (request.url().includes('/api/cart/set_quantity') && requests++));
  const more = line(page, mug).getByRole('button', { name: 'One more' });
  await more.evaluate((button: HTMLElement) => {
    for (let at = 0; at < 50; at++) button.click();
  });
  await expect(quantity(page, mug)).toHaveValue('51');
  await expectCount(page, 51);
  await expect.poll(() => inCarts(mug)).toBe(51);
  await expect(summary(page)).toContainText('€1,224.00');
  expect(requests).toBeLessThanOrEqual(2);
});

test('a double click adds once @js', async ({ page }) => {
  const mug = thing();
  await visit(page, mug.path);
  await page.getByRole('button', { name: 'Add to cart' }).dblclick();
  await expect(told(page)).toContainText(mug.title);
  await expectCount(page, 1);
  expect(inCarts(mug)).toBe(1);
});

test.describe('when the shop can’t be reached', () => {
  test.use({ expected: [/ERR_CONNECTION|ERR_EMPTY|ERR_SOCKET|Failed to load|503/] });

  test('the page is as it was, and says why @js', async ({ page, shop }) => {
    const mug = thing();
    await add(page, mug, 2);
    await visit(page, '/cart');
    await shop.kill();
    try {
      await line(page, mug).getByRole('button', { name: 'One more' }).click();
      await expect(quantity(page, mug)).toHaveValue('3');
      await expect(page.getByRole('alert').filter({ hasText: /can’t be reached/ })).toBeVisible();
      await expect(quantity(page, mug)).toHaveValue('2');
      await expectCount(page, 2);
      await act(page, mug, /^Remove/);
      await expect(line(page, mug)).toBeVisible();
    } finally {
      await shop.restart();
    }
    // The same page goes on.
    await line(page, mug).getByRole('button', { name: 'One more' }).click();
    await expect.poll(() => inCarts(mug)).toBe(3);
  });
});

test('a price that rises must be accepted, one that falls is told', async ({ page }) => {
  const mug = thing({ title: 'Mug', price: 2400 });
  const bowl = thing({ title: 'Bowl', price: 1000 });
  await add(page, mug);
  await add(page, bowl);
  setPrice(mug, 2600);
  setPrice(bowl, 900);
  await visit(page, '/cart');
  await expect(line(page, mug)).toContainText('from €24.00 to €26.00');
  await expect(line(page, bowl)).toContainText(/€9\.00.*€10\.00/);
  await expect(summary(page)).toContainText('€9.00');
  await expect(summary(page)).toContainText('1 item');
  await act(page, mug, 'Accept €26.00');
  await expect(summary(page)).toContainText('€35.00');
  await expect(line(page, mug)).not.toContainText('from €24.00');
});

test('what is sold out, reduced or gone is flagged, and not in the total', async ({ page }) => {
  const [out, less, gone, fine] = ['Out', 'Less', 'Gone', 'Fine'].map((title) => thing({ title, price: 1000 }));
  for (const one of [out!, less!, gone!, fine!]) await add(page, one, 3);
  setStock(out!, 0);
  setStock(less!, 2);
  archive(gone!);
  await visit(page, '/cart');
  await expect(line(page, out!)).toContainText('Out of stock');
  await expect(line(page, less!)).toContainText('Only 2 left');
  await expect(line(page, gone!)).toContainText('Not sold any more');
  await expect(summary(page)).toContainText('€30.00');
  await act(page, less!, /Set to 2/);
  await expect(summary(page)).toContainText('€50.00');
  await act(page, out!, /Move to wishlist/);
  await expect(line(page, out!)).toHaveCount(0);
  await visit(page, '/wishlist');
  await expect(line(page, out!)).toBeVisible();
});

test('the last piece goes to whoever takes it first', async ({ page, newVisitor }) => {
  test.info().annotations.push({ type: 'row', description: 'B1' });
  const last = thing({ title: 'Last', stock: 1 });
  await add(page, last);
  const other = await newVisitor();
  await visit(other, last.path);
  await other.getByRole('button', { name: 'Add to cart' }).click();
  await expect(other.getByRole('main').locator('.error, .form-error').filter({ hasText: /somebody else’s cart/ })).toBeVisible();
  await expectCount(other, 0);
});
// The browser's own line about the refusal.
test.use({ expected: [/status 400|\b400\b/] });

test('a removed line comes back by undo, and an emptied cart too', async ({ page }) => {
  const mug = thing({ title: 'Mug' });
  const bowl = thing({ title: 'Bowl' });
  await add(page, mug, 2);
  await add(page, bowl, 3);
  await visit(page, '/cart');
  await act(page, mug, /^Remove/);
  await expect(line(page, mug)).toHaveCount(0);
  await expectCount(page, 3);
  await told(page).getByRole('button', { name: 'Undo' }).click();
  await expect(quantity(page, mug)).toHaveValue('2');
  await expectCount(page, 5);

  await page.getByText('Empty cart', { exact: true }).click();
  await page.getByRole('button', { name: 'Remove them all' }).click();
  await expect(line(page, bowl)).toHaveCount(0);
  await expectCount(page, 0);
  await told(page).getByRole('button', { name: 'Undo' }).click();
  await expect(quantity(page, bowl)).toHaveValue('3');
  await expectCount(page, 5);
});

test('a line waits for later and comes back', async ({ page }) => {
  const mug = thing({ title: 'Mug', price: 2400 });
  await add(page, mug, 2);
  await visit(page, '/cart');
  await act(page, mug, /Save for later/);
  await expectCount(page, 0);
  const saved = page.getByRole('region', { name: 'Saved for later' });
  await expect(saved).toContainText(mug.title);
  await saved.getByRole('button', { name: /Move to cart/ }).click();
  await expect(summary(page)).toContainText('€48.00');
  await expectCount(page, 2);
});

test('a listing adds what needs no choice', async ({ page }) => {
  const mug = thing({ title: 'Listed' });
  await visit(page, `/search?q=${encodeURIComponent(mug.title)}`);
  const card = page.getByRole('listitem').filter({ hasText: mug.title }).first();
  await card.hover();
  await card.getByRole('button', { name: `Add to cart: ${mug.title}` }).click();
  await expect(told(page)).toContainText(mug.title);
  await expectCount(page, 1);
});

test('the header opens the cart beside the page @js', async ({ page }) => {
  const mug = thing({ price: 2400 });
  await add(page, mug, 2);
  await cartPlace(page).click();
  const sheet = page.getByRole('dialog', { name: 'Your cart' });
  await expect(sheet).toContainText(mug.title);
  await expect(sheet).toContainText('€48.00');
  await sheet.getByRole('link', { name: 'View cart' }).click();
  await expect(page).toHaveURL(/\/cart$/);
  await expect(sheet).toBeHidden();
  await expect(line(page, mug)).toBeVisible();
});

test('the cart can be used with the keyboard alone @js', async ({ page }) => {
  const mug = thing({ price: 1000 });
  await visit(page, mug.path);
  await page.getByRole('button', { name: 'Add to cart' }).focus();
  await page.keyboard.press('Enter');
  await expect(told(page)).toContainText(mug.title);
  await visit(page, '/cart');
  const more = line(page, mug).getByRole('button', { name: 'One more' });
  await more.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Space');
  await expect(summary(page)).toContainText('€30.00');
  await expect(more, 'the focus stays where it acts').toBeFocused();
  await line(page, mug).getByRole('button', { name: /^Remove/ }).focus();
  await page.keyboard.press('Enter');
  await expect(line(page, mug)).toHaveCount(0);
  await told(page).getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await expect(quantity(page, mug)).toHaveValue('3');
});

test('a full cart is accessible and fits @js', async ({ page }) => {
  const long = thing({ title: `${'Stoneware serving platter with a rim and a long name '.repeat(2)}Platter`, price: 99_999_900 });
  const less = thing({ title: 'Less' });
  await add(page, long, 3);
  await add(page, less, 3);
  setStock(less, 1);
  setPrice(long, 123_456_700);
  await visit(page, '/cart');
  expect(await faults(page, [1440, 320])).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  await cartPlace(page).click();
});

test('another’s cart can’t be changed by its ids', async ({ page, newVisitor, js }) => {
  test.skip(!js, 'the same requests');
  const mug = thing();
  await add(page, mug, 2);
  await visit(page, '/cart');
  const id = await line(page, mug).locator('input[name=line]').first().inputValue();
  const other = await newVisitor();
  const bowl = thing({ title: 'Bowl' });
  await add(other, bowl);
  for (const verb of ['remove_line', 'set_quantity', 'save_for_later', 'move_to_wishlist']) {
    const answer = await other.request.post(`/api/cart/${verb}`, {
      form: { line: id, quantity: '9' }, headers: { accept: 'application/json', 'user-agent': 'curl/8.0' },
    });
    expect(answer.status(), verb).toBe(404);
  }
  await visit(page, '/cart');
  await expect(quantity(page, mug)).toHaveValue('2');
});
