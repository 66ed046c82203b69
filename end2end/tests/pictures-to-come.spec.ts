// Pictures that were sent and are still being prepared.
import { randomUUID } from 'node:crypto';
import { enter, main, part, staff } from '../accounts.ts';
import { faults, isMarked, mark, visit } from '../fixtures.ts';
import { expect, idOf, test, thing, type Thing } from '../own-shop.ts';
import { BRASS, edit, illustrate, items, leading, media, press } from '../pictures.ts';
import { execute, sql } from '../shop.ts';

/** A job that waits for its turn, or has ended with a reason. */
function job(product: Thing, file: string, failed = ''): string {
  const id = randomUUID();
  const [state, done] = failed === '' ? ['waiting', 'null'] : ['failed', 'now()'];
  execute(`
    insert into picture_jobs (id, product_id, hash, file_name, state, reason, done_at, next_try_at)
    values ('${id}', '${idOf(product)}', sha256('${product.slug}'), '${file}', '${state}', '${failed}', ${done},
            now() + interval '1 day')`);
  return id;
}

test('it is told, described meanwhile, and shown once it is there', async ({ page, js, newVisitor }) => {
  const [other, product] = [thing({ title: 'Donor' }), thing({ title: 'Waiting' })];
  await edit(page, other);
  await illustrate(page, js, [BRASS]);
  const [brass] = media(other);

  const id = job(product, 'front.png');
  await visit(page, `/admin/products/${idOf(product)}`);
  await expect(items(page)).toHaveCount(1);
  await expect(items(page)).toContainText('Being prepared');
  await expect(items(page).getByRole('link', { name: 'Reload to see it' })).toBeVisible();
  if (js) await mark(page);
  await items(page).getByLabel('What it shows').fill('A brass candlestick');
  await press(page, 'Save picture front.png');
  await expect(items(page).getByText('Needs a text')).toHaveCount(0);
  const shopper = await newVisitor();
  await visit(shopper, product.path);
  await expect(leading(shopper)).toHaveCount(0);
  if (js) expect(await faults(page)).toEqual([]);

  execute(`
    with ready as (update picture_jobs set state = 'done', file_name = '', done_at = now() where id = '${id}' returning *)
    insert into product_images (id, product_id, position, media_id, alt) select id, product_id, 1, '${brass}', alt from ready`);
  if (!js) await items(page).getByRole('link', { name: 'Reload to see it' }).click();
  await expect(items(page).locator('img')).toHaveAttribute('src', new RegExp(brass!));
  await expect(items(page)).toHaveCount(1);
  await expect(items(page).getByLabel('What it shows')).toHaveValue('A brass candlestick');
  await expect(items(page)).not.toContainText('Being prepared');
  if (js) expect(await isMarked(page), 'no new page was loaded').toBe(true);
  await visit(shopper, product.path);
  await expect(leading(shopper)).toHaveAttribute('src', new RegExp(brass!));
});

test('what is typed about it outlives its becoming one @js', async ({ page }) => {
  const [other, product] = [thing({ title: 'Donor' }), thing({ title: 'Typed on' })];
  await edit(page, other);
  await illustrate(page, true, [BRASS]);
  const [brass] = media(other);
  const id = job(product, 'front.png');
  await visit(page, `/admin/products/${idOf(product)}`);
  await items(page).getByLabel('What it shows').fill('Half typed');
  // Nothing changes under somebody's hands.
  await items(page).getByLabel('What it shows').blur();
  execute(`
    with ready as (update picture_jobs set state = 'done', file_name = '', done_at = now() where id = '${id}' returning *)
    insert into product_images (id, product_id, position, media_id) select id, product_id, 1, '${brass}' from ready`);
  await expect(items(page).locator('img')).toHaveAttribute('src', new RegExp(brass!));
  await expect(items(page).getByLabel('What it shows')).toHaveValue('Half typed');
  await items(page).getByRole('button', { name: /^Save/ }).click();
  await expect.poll(() => sql<{ alt: string }>(`select alt from product_images where id = '${id}'`)[0]!.alt).toBe('Half typed');
});

test('a preview tells that it is to come', async ({ page }) => {
  const product = thing({ title: 'Previewed' });
  const id = job(product, 'front.png');
  await enter(page, await staff('editor'), `/admin/products/${idOf(product)}/preview`);
  await expect(main(page)).toContainText('1 picture is still being prepared and will show here once it is ready.');
  execute(`update picture_jobs set state = 'failed', reason = 'the picture is damaged', done_at = now() where id = '${id}'`);
  await visit(page, `/admin/products/${idOf(product)}/preview`);
  await expect(main(page)).not.toContainText('still being prepared');
});

test('one that could not be is told, and removed', async ({ page }) => {
  const product = thing({ title: 'Failed' });
  job(product, 'half.jpg', 'the picture is damaged and can’t be read');
  await edit(page, product);
  await expect(items(page)).toContainText('half.jpg');
  await expect(items(page)).toContainText('the picture is damaged and can’t be read');
  await press(page, 'Remove picture half.jpg');
  await expect(items(page)).toHaveCount(0);
  await expect(part(page, 'Pictures')).toContainText('It has no pictures yet');
});
