// The page of a category: what is typed there, and what others do meanwhile.
import { type Locator, type Page } from '@playwright/test';
import { enter, main, staff } from '../accounts.ts';
import { expect, test, thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

const unique = (start: string) => `${start} ${Math.random().toString(36).slice(2, 9)}`;
const label = (page: Page, name: string): Locator => main(page).getByLabel(name, { exact: true });
const press = (page: Page, name: string): Promise<void> => main(page).getByRole('button', { name, exact: true }).click();

/** A category, and its id. */
function category(name: string): string {
  const slug = name.toLowerCase().replaceAll(' ', '-');
  execute(`insert into categories (id, slug, name) values (gen_random_uuid(), '${slug}', '${name}')`);
  return sql<{ id: string }>(`select id from categories where slug = '${slug}'`)[0]!.id;
}

const of = (id: string) =>
  sql<{ name: string; description: string; parent: string | null }>(`
    select name, description, parent_id as parent from categories where id = '${id}'`)[0]!;

test('what is typed about a category outlives a move of it @js', async ({ page }) => {
  const [name, above] = [unique('Mugs'), unique('Table')];
  const [id, table] = [category(name), category(above)];
  await enter(page, await staff('editor'), `/admin/categories/${id}`);
  await label(page, 'Description').fill('Half written');
  await label(page, 'Under').selectOption(above);
  await press(page, 'Move');
  await expect(main(page)).toContainText(`${above} › ${name}`);
  await expect(label(page, 'Description')).toHaveValue('Half written');
  await press(page, 'Save');
  await expect.poll(() => of(id)).toEqual({ name, description: 'Half written', parent: table });
});

test.describe('what others do meanwhile', () => {
  test.use({ expected: [/\b40[09]\b/] });

  test('stands beside what was typed, and a long text is never saved as nothing', async ({ page, js }) => {
    const name = unique('Cups');
    const id = category(name);
    await enter(page, await staff('editor'), `/admin/categories/${id}`);
    const long = 'ä'.repeat(2000);
    await label(page, 'Description').fill(long);
    execute(`update categories set description = 'Theirs', version = version + 1 where id = '${id}'`);
    await press(page, 'Save');
    await expect(main(page)).toContainText('Someone else changed this in the meantime');
    await expect(label(page, 'Description')).toHaveValue(js ? long : 'Theirs');
    if (js) await expect(label(page, 'Description')).toHaveAccessibleDescription(/It is now: Theirs/);
    else await expect(label(page, 'Description')).toHaveAccessibleDescription(/was too long to bring back/);
    await press(page, 'Save');
    await expect.poll(() => of(id).description).toBe(js ? long : 'Theirs');
  });

  test('brings an empty category no product that goes with it unasked', async ({ page }) => {
    const name = unique('Bowls');
    const id = category(name);
    await enter(page, await staff('editor'), `/admin/categories/${id}`);
    const bowl = thing({ title: 'A bowl' });
    execute(`update products set category_id = '${id}' where slug = '${bowl.slug}'`);
    await press(page, 'Delete category');
    const goes = label(page, 'Where its 1 product goes');
    await expect(goes).toHaveAccessibleDescription(/Choose where its products go/);
    await goes.selectOption('In no category');
    await press(page, 'Delete category');
    await expect.poll(() => sql(`select 1 from categories where id = '${id}'`).length).toBe(0);
  });
});
