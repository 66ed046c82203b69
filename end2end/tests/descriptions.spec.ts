// Descriptions as somebody writes them, the question before what was typed is lost, and products as shoppers would see
// them.
import { type Locator, type Page } from '@playwright/test';
import { enter, expectAt, main, staff } from '../accounts.ts';
import { faults, isMarked, mark, sticksOut, visit } from '../fixtures.ts';
import { expect, test, thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const preview = (page: Page): Locator => main(page).getByRole('region', { name: 'Preview of the description' });
const button = (page: Page, name: string): Locator => main(page).getByRole('button', { name, exact: true });
const places = (page: Page): Locator => page.getByRole('navigation', { name: 'Back office' });
const idOf = (slug: string) => sql<{ id: string }>(`select id from products where slug = '${slug}'`)[0]!.id;

/** Answers every question of the browser's, and keeps what was asked. */
function answering(page: Page, leave: () => boolean): string[] {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void (leave() ? dialog.accept() : dialog.dismiss());
  });
  return asked;
}

test('a description is written, looked at, saved and shown to shoppers', async ({ page, newVisitor, js }) => {
  const lamp = thing({ title: 'Written' });
  const path = `/admin/products/${idOf(lamp.slug)}`;
  await enter(page, await staff('editor'), path);
  await label(page, 'Description').fill('A **lamp**.\n\n- of oak\n- <script>alert(1)</script>oiled');
  await expect(preview(page)).toBeHidden();
  await button(page, 'Preview').click();
  await expect(preview(page).locator('strong')).toHaveText('lamp');
  await expect(preview(page).getByRole('listitem')).toHaveText(['of oak', 'oiled']);
  await expect(preview(page).locator('script')).toHaveCount(0);
  await expect(label(page, 'Description')).toHaveValue(/^A \*\*lamp\*\*\./);
  if (js) {
    await expectAt(page, path);
    await label(page, 'Description').press('End');
    await page.keyboard.type(' twice');
    await expect(preview(page)).toContainText('twice');
    await button(page, 'Preview').click();
    await expect(preview(page)).toBeHidden();
    await expect(button(page, 'Preview')).toHaveAttribute('aria-expanded', 'false');
  }
  await button(page, 'Save').click();
  await expect(main(page).getByText(/^Saved/).first()).toBeVisible();
  await expectAt(page, path);
  await expect(label(page, 'Description')).toHaveValue(/^A \*\*lamp\*\*\./);

  const shopper = await newVisitor();
  await visit(shopper, lamp.path);
  await expect(main(shopper).locator('.prose strong')).toHaveText('lamp');
  await expect(main(shopper)).not.toContainText('**');
});

test('Enter in a field saves the form rather than previewing it', async ({ page }) => {
  const lamp = thing({ title: 'Entered' });
  await enter(page, await staff('editor'), `/admin/products/${idOf(lamp.slug)}`);
  await label(page, 'Vendor').fill('Fell');
  await label(page, 'Vendor').press('Enter');
  const vendor = () => sql<{ vendor: string }>(`select vendor from products where slug = '${lamp.slug}'`)[0]!.vendor;
  await expect.poll(vendor).toBe('Fell');
  await expect(main(page).getByText(/^Saved/).first()).toBeVisible();
});

test('keys and buttons put marks around words, and take them back @js', async ({ page }) => {
  await enter(page, await staff('editor'), '/admin/products/new');
  const text = label(page, 'Description');
  await text.fill('clay');
  await text.press('Control+a');
  await text.press('Control+b');
  await expect(text).toHaveValue('**clay**');
  await text.press('Control+z');
  await expect(text).toHaveValue('clay');
  await text.press('Control+a');
  await button(page, 'Link').click();
  await expect(text).toHaveValue('[clay](https://)');
  await expect(text).toBeFocused();
  await text.fill('');
  await text.press('Control+i');
  await page.keyboard.type('soft');
  await expect(text).toHaveValue('*soft*');
  await text.fill('one\ntwo');
  await text.press('Control+a');
  await button(page, 'List').click();
  await expect(text).toHaveValue('- one\n- two');
});

test.describe('who has typed something', () => {
  test('is asked before a link leads away, and stays or leaves @js', async ({ page }) => {
    const lamp = thing({ title: 'Guarded' });
    const path = `/admin/products/${idOf(lamp.slug)}`;
    let leaves = false;
    const asked = answering(page, () => leaves);
    await enter(page, await staff('admin'), path);
    await mark(page);
    await places(page).getByRole('link', { name: 'Categories' }).click();
    await expectAt(page, '/admin/categories');
    await page.goBack();
    await expectAt(page, path);
    expect(asked, 'nothing was typed').toEqual([]);

    await label(page, 'Vendor').fill('Typed');
    await places(page).getByRole('link', { name: 'Categories' }).click();
    expect(asked).toEqual(['confirm']);
    await expectAt(page, path);
    await expect(label(page, 'Vendor')).toHaveValue('Typed');

    // Typing that was taken back is no change.
    await label(page, 'Vendor').fill('');
    await places(page).getByRole('link', { name: 'Users' }).click();
    await expectAt(page, '/admin/users');
    expect(asked).toHaveLength(1);

    await page.goBack();
    await expectAt(page, path);
    await label(page, 'Status').selectOption('draft');
    leaves = true;
    await places(page).getByRole('link', { name: 'Categories' }).click();
    await expectAt(page, '/admin/categories');
    expect(asked).toEqual(['confirm', 'confirm']);
    expect(await isMarked(page), 'all of it within one document').toBe(true);
  });

  test('is asked at the back button, and by the palette @js', async ({ page }) => {
    const lamp = thing({ title: 'Backwards' });
    const path = `/admin/products/${idOf(lamp.slug)}`;
    let leaves = false;
    const asked = answering(page, () => leaves);
    await enter(page, await staff('editor'), `/admin/products?q=${encodeURIComponent(lamp.title)}`);
    await main(page).getByRole('link', { name: lamp.title }).first().click();
    await expectAt(page, path);
    await label(page, 'Title').fill('Another');
    await page.goBack();
    await expect.poll(() => asked.length).toBe(1);
    await expectAt(page, path);
    await expect(label(page, 'Title')).toHaveValue('Another');

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Page, product, category or user' }).fill('Imports');
    await page.getByRole('option', { name: /^Imports/ }).first().click();
    await expect.poll(() => asked.length).toBe(2);
    await expectAt(page, path);

    leaves = true;
    await page.goBack();
    await expectAt(page, /^\/admin\/products\?q=/);
    expect(asked).toEqual(['confirm', 'confirm', 'confirm']);
  });

  test('is asked before the page is closed, and not once it is saved @js', async ({ page }) => {
    const lamp = thing({ title: 'Closing' });
    const path = `/admin/products/${idOf(lamp.slug)}`;
    const asked = answering(page, () => false);
    await enter(page, await staff('editor'), path);
    await label(page, 'Vendor').fill('Typed');
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual(['beforeunload']);
    await expect(label(page, 'Vendor')).toHaveValue('Typed');
    await button(page, 'Save').click();
    // What is said of it: when the product was last saved stood there before.
    await expect(page.locator('#notice, .toast').filter({ hasText: /^Saved/ }).first()).toBeVisible();
    expect(asked, 'saving is no leaving').toHaveLength(1);
    await places(page).getByRole('link', { name: 'Imports' }).click();
    await expectAt(page, '/admin/imports');
    expect(asked).toHaveLength(1);
  });

  test('is asked before the product is deleted, not after @js', async ({ page }) => {
    const lamp = thing({ title: 'Going' });
    const path = `/admin/products/${idOf(lamp.slug)}`;
    let leaves = false;
    const asked = answering(page, () => leaves);
    await enter(page, await staff('editor'), path);
    await label(page, 'Vendor').fill('Typed');
    await button(page, 'Delete this product').click();
    expect(asked).toEqual(['confirm']);
    await expectAt(page, path);
    await expect(label(page, 'Vendor')).toHaveValue('Typed');
    expect(sql(`select id from products where slug = '${lamp.slug}'`)).toHaveLength(1);

    leaves = true;
    await button(page, 'Delete this product').click();
    await expectAt(page, '/admin/products');
    expect(asked).toEqual(['confirm', 'confirm']);
    expect(sql(`select id from products where slug = '${lamp.slug}'`)).toHaveLength(0);
  });

  test.describe('that is refused', () => {
    test.use({ expected: [/\b400\b/] });

    test('is still asked @js', async ({ page }) => {
      const asked = answering(page, () => false);
      await enter(page, await staff('editor'), '/admin/products/new');
      await label(page, 'Title').fill('Refused');
      await label(page, 'Price').fill('a lot');
      await button(page, 'Create product').click();
      await expect(main(page).locator('.error').filter({ hasText: /amount/ })).toBeVisible();
      await places(page).getByRole('link', { name: 'Products' }).click();
      expect(asked).toEqual(['confirm']);
      await expectAt(page, '/admin/products/new');
    });
  });

  test('in a category’s or a user’s form is asked, in a filter not @js', async ({ page }) => {
    const asked = answering(page, () => true);
    await enter(page, await staff('admin'), '/admin/categories/new');
    await label(page, 'Name').fill('Typed');
    await places(page).getByRole('link', { name: 'Users' }).click();
    await expectAt(page, '/admin/users');
    expect(asked).toHaveLength(1);
    await visit(page, '/admin/users/new');
    await label(page, 'Username').fill('typed');
    await places(page).getByRole('link', { name: 'Products' }).click();
    await expectAt(page, '/admin/products');
    expect(asked).toHaveLength(2);
    await main(page).getByRole('searchbox').fill('typed');
    await places(page).getByRole('link', { name: 'Imports' }).click();
    await expectAt(page, /^\/admin\/(imports|products)/);
    expect(asked).toHaveLength(2);
  });
});

test('a draft is seen as shoppers would see it', async ({ page, js }) => {
  const lamp = thing({ title: 'Looked at', price: 14900 });
  execute(`update products set status = 'draft', body_html = '<p>Of <b>oak</b>.</p>' where slug = '${lamp.slug}'`);
  const path = `/admin/products/${idOf(lamp.slug)}`;
  await enter(page, await staff('editor'), path);
  await main(page).getByRole('link', { name: 'Preview what is saved' }).click();
  await expectAt(page, `${path}/preview`);
  await expect(page.getByRole('heading', { level: 1, name: lamp.title })).toBeVisible();
  await expect(main(page)).toContainText('shoppers can’t see this yet');
  await expect(main(page)).toContainText('€149.00');
  await expect(main(page).locator('.prose b')).toHaveText('oak');
  await expect(main(page).getByRole('button', { name: 'Add to cart' })).toBeDisabled();
  if (js) expect(await faults(page)).toEqual([]);
  await main(page).getByRole('link', { name: 'Back to editing' }).click();
  await expectAt(page, path);
  await expect(label(page, 'Title')).toHaveValue(lamp.title);
});

test('a form with its preview is accessible and fits', async ({ page, js }) => {
  const lamp = thing({ title: 'Narrow' });
  const table = '| size | weight |\n|---|---|\n| 12 cm | 400 g |\n\n`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`';
  await enter(page, await staff('editor'), `/admin/products/${idOf(lamp.slug)}`);
  await label(page, 'Description').fill(`## Care\n\n${table}`);
  await button(page, 'Preview').click();
  await expect(preview(page).getByRole('cell', { name: '400 g' })).toBeVisible();
  await main(page).getByText('How to write it').click();
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sticksOut(page)).toEqual([]);
  if (js) expect(await faults(page)).toEqual([]);
});
