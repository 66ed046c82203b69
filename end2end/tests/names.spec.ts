// Who is deleted is named nowhere any more; what they did, and what was done about them, stays.
import { type Locator, type Page } from '@playwright/test';
import { enter, expectAt, main, staff, visitAs } from '../accounts.ts';
import { visit } from '../fixtures.ts';
import { expect, test } from '../own-shop.ts';
import { sql } from '../shop.ts';

const row = (page: Page, text: string): Locator => main(page).getByRole('row').filter({ hasText: text });

test('an account is deleted, and the trail calls it by no name', async ({ page, newVisitor }) => {
  const person = await staff('editor');
  const editor = await newVisitor();
  await visitAs(editor, person, '/admin/categories/new');
  const category = `Cairns ${process.pid}-${Math.random().toString(36).slice(2, 7)}`;
  await main(editor).getByLabel('Name', { exact: true }).fill(category);
  await main(editor).getByRole('button', { name: /Create/ }).click();
  await expectAt(editor, /^\/admin\/categories\/[0-9a-f-]{36}/);

  const id = sql<{ id: string }>(`select id from users where email = '${person.email}'`)[0]!.id;
  const deleted = `deleted account ${id.slice(-6)}`;
  await enter(page, await staff('admin'), `/admin/audit?q=${encodeURIComponent(category)}`);
  await expect(row(page, category)).toContainText(person.username);

  await visit(page, `/admin/users/${id}`);
  await main(page).locator('summary').filter({ hasText: /^Delete$/ }).click();
  await main(page).getByRole('button', { name: `Delete ${person.username}` }).click();
  await expectAt(page, '/admin/users');

  await visit(page, `/admin/audit?q=${encodeURIComponent(category)}`);
  await expect(row(page, category)).toContainText(deleted);
  await expect(main(page)).not.toContainText(person.username);
  // The name leads to all that they did.
  await row(page, category).getByRole('link', { name: deleted }).click();
  await expectAt(page, /^\/admin\/audit\?.*who=deleted/);
  await expect(row(page, category)).toBeVisible();
  await visit(page, `/admin/audit?who=${encodeURIComponent(deleted)}`);
  await expect(row(page, category)).toBeVisible();
  await expect(row(page, deleted).nth(1)).toBeVisible();
});
