// What the tests of a product's pictures have in common.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { enter, main, staff } from './accounts.ts';
import { idOf, split, thing, type Thing } from './own-shop.ts';
import { sql } from './shop.ts';

const PICTURES = path.join(import.meta.dirname, '../server/demo/pictures');
export const file = (name: string) => ({ name: `${name}.webp`, mimeType: 'image/webp', buffer: readFileSync(path.join(PICTURES, `${name}.webp`)) });
export const BRASS = file('lode-candlestick-brass');
export const SAGE = file('sill-bowl-sage');
export const SLATE = file('dusk-lamp-slate');

/** A product in two colours. */
export const coloured = (): Thing => split(thing({ title: 'Coloured' }), 'Colour', ['Brass', 'Sage']);

/** An editor opens a product's page. */
export const edit = async (page: Page, product: Thing) => enter(page, await staff('editor'), `/admin/products/${idOf(product)}`);

/** Media of a product's pictures, in their order. */
export const media = (product: Thing): string[] =>
  sql<{ media: string }>(`
    select i.media_id as media from product_images i join products p on p.id = i.product_id
    where p.slug = '${product.slug}' order by i.position`).map((row) => row.media);

export const items = (page: Page): Locator => main(page).locator('.picture-list > li');
export const press = (page: Page, name: string): Promise<void> => main(page).getByRole('button', { name, exact: true }).click();
export const leading = (page: Page): Locator => page.locator('.gallery .strip img').first();

export async function upload(page: Page, js: boolean, files: ReturnType<typeof file>[]) {
  await main(page).getByLabel('Add pictures').setInputFiles(files);
  if (!js) await press(page, 'Upload');
}

/** Adds the first pictures that a product has, and waits until none is only to come. */
export async function illustrate(page: Page, js: boolean, files: ReturnType<typeof file>[]) {
  await upload(page, js, files);
  await expect(items(page).locator('img')).toHaveCount(files.length);
}
