// What pages of the back office show only in the middle of something, as accessible as they are at rest.
import { type Locator, type Page } from '@playwright/test';
import { block, enter, main, member, staff, type Member } from '../accounts.ts';
import { faults, visit } from '../fixtures.ts';
import { archive, expect, idOf, split, test, thing, type Thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

const LONG = 'Stoneware serving platter with a rim '.repeat(3);

const userOf = ({ email }: { email: string }) => sql<{ id: string }>(`select id from users where email = '${email}'`)[0]!.id;
const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const save = (page: Page) => main(page).getByRole('button', { name: 'Save', exact: true }).click();
const open = (page: Page, text: RegExp) => main(page).locator('summary').filter({ hasText: text }).first().click();

/** A product in two sizes. */
const sized = (): Thing => split(thing({ title: `${LONG}Shirt` }), 'Size', ['S', 'M'], 0);

const edit = (page: Page, admin: Member, product: Thing) => enter(page, admin, `/admin/products/${idOf(product)}`);

/** Opens a product, and another vendor of it is saved. */
async function changed(page: Page, admin: Member, product: Thing) {
  await edit(page, admin, product);
  await label(page, 'Vendor').fill('Fell');
  await save(page);
  await expect(page.locator('#notice, .toast').filter({ hasText: /^Saved/ }).first()).toBeVisible();
}

/** The page of an account with all that can be done to it open, for an admin who is asked for the password again. */
async function everythingAbout(page: Page, admin: Member, person: Member) {
  await enter(page, admin, '/admin');
  execute(`update sessions set authenticated_at = now() - interval '16 minutes' where user_id = '${userOf(admin)}'`);
  await visit(page, `/admin/users/${userOf(person)}`);
  for (const summary of await main(page).locator('details.opens > summary').all()) await summary.click();
}

const STATES: Record<string, (page: Page, admin: Member) => Promise<void>> = {
  'a conflict': async (page, admin) => {
    const lamp = thing({ title: `${LONG}Lamp` });
    await edit(page, admin, lamp);
    await label(page, 'Vendor').fill('Mine');
    execute(`update products set version = version + 1, vendor = 'Theirs', updated_at = now() where slug = '${lamp.slug}'`);
    await save(page);
    await expect(main(page)).toContainText('Someone else changed this product');
  },
  'a preview as a shopper': async (page, admin) => {
    const shirt = sized();
    execute(`update products set status = 'draft', body_html = '<p>Of <b>linen</b>.</p>' where slug = '${shirt.slug}'`);
    await enter(page, admin, `/admin/products/${idOf(shirt)}/preview`);
  },
  'a form that was refused': async (page, admin) => {
    await edit(page, admin, sized());
    await label(page, 'Price of M').fill('a lot');
    await save(page);
    await expect(label(page, 'Price of M')).toHaveAttribute('aria-invalid', 'true');
  },
  'what came of saving': async (page, admin) => changed(page, admin, thing({ title: `${LONG}Bowl` })),
  'an archived product': async (page, admin) => {
    const lamp = thing({ title: `${LONG}Lamp` });
    archive(lamp);
    await edit(page, admin, lamp);
  },
  'a table with all of it open': async (page, admin) => {
    const shirt = sized();
    await enter(page, admin, `/admin/products?q=${encodeURIComponent(shirt.title)}&open=${idOf(shirt)}&col=name&col=stock&col=price&col=tags`);
    await expect(main(page).getByRole('list', { name: `Variants of ${shirt.title}` })).toBeVisible();
    await open(page, /^Columns$/);
    await open(page, /^Save/);
  },
  'a table of nothing': async (page, admin) => enter(page, admin, '/admin/products?q=zzzzqqqq'),
  'a search for nobody': async (page, admin) => enter(page, admin, '/admin/users?q=zzzzqqqq'),
  'a trail of nothing': async (page, admin) => enter(page, admin, '/admin/audit?q=zzzzqqqq'),
  'a way back in the trail': async (page, admin) => {
    const lamp = thing({ title: `${LONG}Lamp` });
    await changed(page, admin, lamp);
    await visit(page, `/admin/audit?q=${encodeURIComponent(lamp.title)}`);
    await open(page, /^Revert/);
  },
  'all that can be done to somebody': async (page, admin) => everythingAbout(page, admin, await member()),
  'a blocked account': async (page, admin) => {
    const person = await member();
    block(person, 'Write to us.');
    await enter(page, admin, `/admin/users/${userOf(person)}`);
  },
  'an address that waits for its owner': async (page, admin) => {
    const person = await member();
    await enter(page, admin, `/admin/users/${userOf(person)}`);
    await label(page, 'E-mail').fill(`new-${person.email}`);
    await save(page);
    await expect(main(page)).toContainText('not confirmed yet');
  },
  'a category with products': async (page, admin) => {
    const name = `Cups ${Math.random().toString(36).slice(2, 9)}`;
    execute(`insert into categories (id, name, slug, position) values (gen_random_uuid(), '${name}', '${name.toLowerCase().replace(' ', '-')}', 90)`);
    const { id } = sql<{ id: string }>(`select id from categories where name = '${name}'`)[0]!;
    execute(`update products set category_id = '${id}' where slug = '${thing().slug}'`);
    await enter(page, admin, `/admin/categories/${id}`);
    await main(page).getByRole('button', { name: 'Delete category' }).click();
    await expect(main(page).locator('[aria-invalid]')).toHaveCount(1);
  },
  'no such account': async (page, admin) => enter(page, admin, '/admin/users/00000000-0000-7000-8000-000000000000'),
};

test.describe.configure({ timeout: 60_000 });
// Some of it is a refusal, which the browser tells.
test.use({ expected: [/\b40[049]\b/] });

for (const [name, bring] of Object.entries(STATES)) {
  test(`${name} is accessible and fits @js`, async ({ page }) => {
    await bring(page, await staff('admin'));
    expect(await faults(page)).toEqual([]);
  });
}

test.describe('an address of the office that is none', () => {
  test.use({ expected: [/\b404\b/] });

  test('leads on within it', async ({ page }) => {
    await enter(page, await staff('editor'), '/admin');
    await visit(page, '/admin/products/01a00000-0000-7000-8000-000000000000');
    await expect(main(page).getByRole('heading', { level: 1, name: 'This page isn’t here' })).toBeVisible();
    await main(page).getByRole('link', { name: 'Products', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Products' })).toBeVisible();
  });
});
