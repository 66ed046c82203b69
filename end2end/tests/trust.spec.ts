// What the back office asks of those who work there before it lets them near an account.
import { type Locator, type Page } from '@playwright/test';
import { expectAt, main, part, staff, visitAs, type Person } from '../accounts.ts';
import { mailFor } from '../mailbox.ts';
import { visit } from '../fixtures.ts';
import { expect, test } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

const id = (person: Person) => sql<{ id: string }>(`select id from users where email = '${person.email}'`)[0]!.id;
const edit = (page: Page, name: string): Locator => part(page, 'Edit').getByLabel(name, { exact: true });
const pending = (person: Person) =>
  sql(`select 1 from flows where user_id = '${id(person)}' and purpose = 'change_email'`).length;

test.describe('another address', () => {
  test.use({ expected: [/\b400\b/] });

  test('of one’s own asks for the password, beside its field, and keeps what was typed', async ({ page }) => {
    const ada = await staff('admin');
    await visitAs(page, ada, `/admin/users/${id(ada)}`);
    const email = `new-${ada.email}`;
    await edit(page, 'Display name').fill('Ada L');
    await edit(page, 'E-mail').fill(email);
    await part(page, 'Edit').getByRole('button', { name: 'Save' }).click();
    await expect(part(page, 'Edit').locator('[data-error=password]')).not.toBeEmpty();
    await expect(edit(page, 'E-mail')).toHaveValue(email);
    await expect(edit(page, 'Display name')).toHaveValue('Ada L');
    expect(pending(ada)).toBe(0);

    await edit(page, 'Your own password').fill(ada.password);
    await part(page, 'Edit').getByRole('button', { name: 'Save' }).click();
    await expect(main(page).getByText(`${email}, not confirmed yet`)).toBeVisible();
    await mailFor(email);
    expect(pending(ada)).toBe(1);
  });

  test('of a colleague’s asks once the password was given a while ago', async ({ page }) => {
    const [ada, edd] = [await staff('admin'), await staff('editor')];
    await visitAs(page, ada, `/admin/users/${id(edd)}`);
    await expect(edit(page, 'Your own password')).toBeHidden();
    execute(`update sessions set authenticated_at = now() - interval '16 minutes' where user_id = '${id(ada)}'`);
    await visit(page, `/admin/users/${id(edd)}`);
    await expect(edit(page, 'Your own password')).toBeVisible();
    const email = `new-${edd.email}`;
    await edit(page, 'E-mail').fill(email);
    await part(page, 'Edit').getByRole('button', { name: 'Save' }).click();
    await expect(part(page, 'Edit').locator('[data-error=password]')).not.toBeEmpty();
    await edit(page, 'Your own password').fill(ada.password);
    await part(page, 'Edit').getByRole('button', { name: 'Save' }).click();
    await expect(main(page).getByText(`${email}, not confirmed yet`)).toBeVisible();
    await expect(edit(page, 'Your own password')).toBeHidden();
  });
});

test.describe('an editor with an open form', () => {
  test.use({ expected: [/\b401\b/] });

  test('who is blocked meanwhile is led to log in, and nothing is saved', async ({ page, newVisitor }) => {
    const [ada, edd] = [await staff('admin'), await staff('editor')];
    await visitAs(page, edd, '/admin/categories/new');
    const name = `Mugs ${process.pid}-${Math.random().toString(36).slice(2, 7)}`;
    await main(page).getByLabel('Name', { exact: true }).fill(name);
    const admin = await newVisitor();
    await visitAs(admin, ada, `/admin/users/${id(edd)}`);
    await main(admin).getByText('Block', { exact: true }).click();
    await admin.locator('#block-reason').fill('Has left');
    await main(admin).getByRole('button', { name: `Block ${edd.username}` }).click();
    await expect(main(admin).getByRole('button', { name: /^(Unblock|Let .* in)/ })).toHaveCount(1);

    await main(page).locator('form[action="/api/admin/categories/create"]').getByRole('button').last().click();
    await expectAt(page, /^\/login/);
    expect(sql(`select 1 from categories where name = '${name}'`)).toHaveLength(0);
  });
});
