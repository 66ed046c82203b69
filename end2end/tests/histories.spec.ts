// What was done to one product, also where it was done to many at once.
import { type Page } from '@playwright/test';
import { enter, expectAt, main, staff } from '../accounts.ts';
import { faults, visit } from '../fixtures.ts';
import { expect, test, thing } from '../own-shop.ts';
import { execute, sql } from '../shop.ts';

const row = (page: Page, text: string) => main(page).getByRole('row').filter({ hasText: text });
const id = (slug: string) => sql<{ id: string }>(`select id from products where slug = '${slug}'`)[0]!.id;

/** A bulk edit of two things as it stands in the log, under a name that no other test has. */
function edited() {
  const name = `Dearer ${Math.random().toString(36).slice(2, 9)}`;
  const [one, two] = [thing({ price: 2400 }), thing({ price: 1000 })];
  execute(`
    with whole as (
      insert into audit_log (actor, act, subject_kind, subject_id, subject, after, request_id)
      values ('edd', 'product.bulk_update', 'product', gen_random_uuid()::text, '${name}', '{"products": 2}', 'r-${name}')
      returning id
    )
    insert into audit_log (actor, act, subject_kind, subject_id, subject, before, after, part_of)
    select 'edd', 'product.update', 'product', p.id::text, p.title, '{"price": 1900}', jsonb_build_object('price', v.price), w.id
    from products p join variants v on v.product_id = p.id, whole w
    where p.slug in ('${one.slug}', '${two.slug}')`);
  return { name, one, two };
}

test('a product leads to its history, and that to the edit of many', async ({ page }) => {
  const { name, one, two } = edited();
  await enter(page, await staff('editor'), `/admin/products/${id(one.slug)}`);
  await main(page).getByRole('link', { name: 'History' }).click();
  await expectAt(page, `/admin/audit?of=product:${id(one.slug)}`);
  await expect(main(page)).toContainText(`All that was done to it: ${one.title}`);
  await expect(row(page, one.title)).toContainText('€24.00');
  await expect(main(page)).not.toContainText(two.title);

  await row(page, one.title).getByRole('link', { name: /^entry/ }).click();
  await expect(row(page, two.title)).toContainText('€10.00');
  await main(page).getByRole('link', { name: 'Show the whole trail' }).click();
  await expectAt(page, '/admin/audit');

  // By what leads from an error page to what was done: the request.
  await visit(page, `/admin/audit?q=${encodeURIComponent(`r-${name}`)}`);
  await expect(row(page, name)).toHaveCount(1);
  await expect(main(page)).not.toContainText(one.title);
  await row(page, name).getByRole('link', { name: 'See what it did to each' }).click();
  await expect(main(page).getByRole('row')).toHaveCount(3);
});

test('a history is accessible and fits @js', async ({ page }) => {
  const { one } = edited();
  await enter(page, await staff('editor'), `/admin/audit?of=product:${id(one.slug)}`);
  expect(await faults(page)).toEqual([]);
});
