// Imports of products in the browser: looked at, applied, undone.
import { type Locator, type Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { enter, expectAt, main, staff, visitAs } from '../accounts.ts';
import { faults, visit } from '../fixtures.ts';
import { expect, test, thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

const CATALOGUES = process.env.SHOPFRONT_CATALOGUES ?? resolve(import.meta.dirname, '../../../shared/catalogue');
const APPAREL = resolve(CATALOGUES, 'shopify-apparel.csv');

type Upload = string | { name: string; mimeType: string; buffer: Buffer };

const csv = (name: string, text: string): Upload => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

/** Uploads a file and waits until its dry run is there. */
async function check(page: Page, file: Upload) {
  await visit(page, '/admin/imports');
  await main(page).getByLabel('File of products').setInputFiles(file);
  await main(page).getByRole('button', { name: 'Check the file' }).click();
  await expectAt(page, /^\/admin\/imports\/[0-9a-f-]{36}$/);
  await settled(page, /^(Checked, not applied|Refused)$/);
}

/** Waits for a state, by itself or, without JavaScript, by looking again. */
async function settled(page: Page, state: RegExp) {
  await expect(async () => {
    const again = main(page).getByRole('link', { name: 'See how far it is' });
    if (await again.isVisible()) await again.click({ timeout: 2000 });
    await expect(main(page).locator('.desk-head .state')).toHaveText(state, { timeout: 2000 });
  }).toPass({ timeout: 20_000 });
}

const tab = (page: Page, name: RegExp): Locator =>
  main(page).getByRole('navigation', { name: 'Products of the file' }).getByRole('link', { name });
const row = (page: Page, text: string | RegExp): Locator => main(page).getByRole('row').filter({ hasText: text });
const products = () => sql<{ row: string }>(`
  select (to_jsonb(p) - array['version', 'updated_at'])::text || coalesce(
    (select string_agg((to_jsonb(v) - array['version', 'updated_at'])::text, ',' order by v.id)
     from variants v where v.product_id = p.id), '') as row
  from products p order by p.id`);

test('a real file is looked at, applied and undone, and the shop is as before', async ({ page }) => {
  // Where the tests count, a file that isn't there is a test that says nothing.
  test.skip(!existsSync(APPAREL) && !process.env.CI, 'the real catalogues are not there');
  await enter(page, await staff('editor'), '/admin/imports');
  const before = products();
  await check(page, APPAREL);
  await expect(tab(page, /^New \(20\)$/)).toHaveAttribute('aria-current', 'true');
  await expect(tab(page, /^Refused \(0\)$/)).toBeVisible();
  await expect(main(page).getByRole('row')).toHaveCount(21);
  expect(products()).toEqual(before);

  await main(page).getByRole('button', { name: 'Apply the import' }).click();
  await settled(page, /^Applied$/);
  expect(products()).toHaveLength(before.length + 20);
  const handle = await main(page).getByRole('row').nth(1).getByRole('cell').nth(2).innerText();
  await visit(page, '/admin/imports');
  await expect(row(page, 'shopify-apparel.csv').first()).toContainText('Applied');
  await row(page, 'shopify-apparel.csv').first().getByRole('link').click();
  await expectAt(page, /^\/admin\/imports\/[0-9a-f-]{36}$/);
  await expect(row(page, handle).first()).toBeVisible();

  await main(page).getByRole('button', { name: 'Undo the import' }).click();
  await settled(page, /^Undone$/);
  expect(products()).toEqual(before);
  const acts = sql<{ act: string }>(`select act from audit_log where subject = 'shopify-apparel.csv' order by id`);
  expect(acts.map(({ act }) => act)).toEqual(['import.upload', 'import.apply', 'import.undo']);
});

test('each change is told before it is made', async ({ page }) => {
  const lamp = thing({ title: 'Lamp', price: 2400, stock: 5 });
  await enter(page, await staff('editor'), '/admin/imports');
  const file = `Handle,Title,Variant Inventory Qty,Variant Price\n${lamp.slug},<b>${lamp.title}</b>,4,26.50\n`;
  await check(page, csv('prices.csv', file));
  const line = row(page, lamp.slug);
  await expect(line).toContainText(`Title: ${lamp.title}`);
  await expect(line).toContainText(`<b>${lamp.title}</b>`);
  await expect(line).toContainText(/Variant Price: 24\.00.*26\.50/);
  await expect(line).toContainText(/Variant Inventory Qty: 5.*4/);
  await tab(page, /^New/).click();
  await expectAt(page, /show=new$/);
  await expect(main(page)).toContainText('There is no such product in the file');
});

test('bad rows are named, and nothing of their file can be applied', async ({ page }) => {
  await enter(page, await staff('editor'), '/admin/imports');
  await check(page, csv('bad.csv', 'Handle,Title,Variant Price\ngood,Good,1\nbad,Bad,a lot\n,Nobody,2\n'));
  await expect(row(page, 'Variant Price')).toContainText('3');
  await expect(row(page, 'Variant Price')).toContainText('a lot');
  await expect(row(page, 'Handle').filter({ hasText: 'is missing' })).toContainText('4');
  await expect(main(page)).toContainText('It can’t be applied');
  await expect(main(page).getByRole('button', { name: 'Apply the import' })).toHaveCount(0);
});

test('a file that is none is refused beside its field', async ({ page }) => {
  await enter(page, await staff('editor'), '/admin/imports');
  await main(page).getByRole('button', { name: 'Check the file' }).click();
  await expectAt(page, '/admin/imports');
  await expect(main(page).getByLabel('File of products')).toHaveAccessibleDescription(/Choose a file first/);
  const large = csv('large.csv', 'Handle,Title,Variant Price\n' + '\n'.repeat(10 * 1024 * 1024));
  await main(page).getByLabel('File of products').setInputFiles(large);
  await main(page).getByRole('button', { name: 'Check the file' }).click();
  await expectAt(page, '/admin/imports');
  await expect(main(page).getByLabel('File of products')).toHaveAccessibleDescription(/larger than 10 MiB/);
});

test('a table’s filter is exported, and its file changes nothing', async ({ page }) => {
  const lamp = thing({ title: 'Exported', price: 2400 });
  await enter(page, await staff('editor'), `/admin/products?q=${encodeURIComponent(lamp.title)}`);
  const started = page.waitForEvent('download');
  await main(page).getByRole('link', { name: 'Export', exact: true }).click();
  const download = await started;
  expect(download.suggestedFilename()).toBe('products.csv');
  await check(page, await download.path());
  await expect(tab(page, /^Unchanged \(1\)$/)).toHaveAttribute('aria-current', 'true');
  await expect(main(page)).toContainText('Nothing would change: all of the file is in the shop already.');
});

test.describe('after a quarter of an hour', () => {
  test.use({ expected: [/\b400\b/] });

  test('the password is asked for again', async ({ page }) => {
    const person = await staff('editor');
    await visitAs(page, person, '/admin/imports');
    const handle = `late-${process.pid}-${Date.now()}`;
    await check(page, csv('late.csv', `Handle,Title,Variant Price,Status\n${handle},Late,1,draft\n`));
    execute(`
      update sessions set authenticated_at = now() - interval '16 minutes'
      where user_id = (select id from users where email = '${person.email}')`);
    await page.reload();
    const password = main(page).getByLabel('Your own password');
    await password.fill('not the password');
    await main(page).getByRole('button', { name: 'Apply the import' }).click();
    await expect(password).toHaveAttribute('aria-invalid', 'true');
    const made = () => sql(`select 1 from products where slug = '${handle}'`).length;
    expect(made()).toBe(0);
    await password.fill(person.password);
    await main(page).getByRole('button', { name: 'Apply the import' }).click();
    await settled(page, /^Applied$/);
    expect(made()).toBe(1);
  });
});

test('a page that waits looks again by itself @js', async ({ page }) => {
  await enter(page, await staff('editor'), '/admin/imports');
  const handle = `waits-${process.pid}-${Date.now()}`;
  await check(page, csv('waits.csv', `Handle,Title,Variant Price\n${handle},Waits,1\n`));
  const id = new URL(page.url()).pathname.split('/').at(-1)!;
  execute(`update imports set state = 'applying', beat_at = now() + interval '1 hour', phase = 'Writing' where id = '${id}'`);
  await page.reload();
  await expect(main(page).getByText('Applying: Writing')).toBeVisible();
  execute(`update imports set state = 'ready', beat_at = now() where id = '${id}'`);
  await expect(main(page).getByRole('button', { name: 'Apply the import' })).toBeVisible();
  await expect(main(page).getByRole('progressbar')).toHaveCount(0);
});

test('its pages are accessible and fit @js', async ({ page }) => {
  const lamp = thing({ title: `${'Stoneware serving platter with a rim '.repeat(3)}Lamp` });
  await enter(page, await staff('editor'), '/admin/imports');
  const name = `${'a-very-long-name-of-a-file-'.repeat(5)}.csv`;
  await check(page, csv(name, `Handle,Title,Variant Price\n${lamp.slug},Lamp,2\nnew,New,3\nbad,Bad,none\n`));
  const path = new URL(page.url()).pathname;
  for (const place of ['/admin/imports', path, `${path}?show=changed`, `${path}?show=new`]) {
    const answer = await visit(page, place);
    expect(answer.headers()['cache-control'], place).toBe('no-store');
    expect(await faults(page), place).toEqual([]);
  }
});
