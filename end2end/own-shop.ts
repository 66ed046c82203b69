// A shop of the tests' own, whose products they may change: prices rise, stock runs out, and the other tests, which
// read the demo catalogue, see nothing of it. One for each worker.
import { test as base } from './fixtures.ts';
import { execute, Shop, sql } from './shop.ts';

export { expect } from './fixtures.ts';

/** The variables by which the helpers find the shop under test. */
const VARIABLES = ['SHOP_URL', 'SHOP_DATABASE_URL', 'SHOP_MAIL_DIR'] as const;

export const test = base.extend<object, { shop: Shop }>({
  shop: [
    async ({}, use) => {
      const before = VARIABLES.map((name) => [name, process.env[name]] as const);
      const shop = await Shop.open();
      process.env.SHOP_URL = shop.url;
      process.env.SHOP_DATABASE_URL = shop.databaseUrl;
      process.env.SHOP_MAIL_DIR = shop.mail.folder;
      await use(shop);
      const problems = await shop.close();
      for (const [name, value] of before) process.env[name] = value;
      if (problems.length > 0) throw new Error(`The server log is not clean:\n${problems.join('\n')}`);
    },
    { scope: 'worker', auto: true, timeout: 120_000 },
  ],
  baseURL: async ({ shop }, use) => use(shop.url),
});

export type Thing = { title: string; slug: string; path: string };

let things = 0;

/** A plain product that only this test knows. `price`: minor units. */
export function thing({ title = 'Pebble', price = 2400, stock = 20 } = {}): Thing {
  const name = `${title} ${process.pid}-${++things}`;
  const slug = name.toLowerCase().replaceAll(' ', '-');
  execute(`
    with product as (
      insert into products (id, slug, title, status) values (gen_random_uuid(), '${slug}', '${name}', 'active') returning id
    )
    insert into variants (id, product_id, position, price, on_hand)
    select gen_random_uuid(), id, 1, ${price}, ${stock} from product`);
  return { title: name, slug, path: `/products/${slug}` };
}

export const idOf = ({ slug }: Thing) => sql<{ id: string }>(`select id from products where slug = '${slug}'`)[0]!.id;

/** Makes a plain product one in two variants, the second with so many pieces. */
export function split(thing: Thing, option: string, [first, second]: [string, string], stock = 20): Thing {
  const id = idOf(thing);
  execute(`
    update products set option_names = '{${option}}' where id = '${id}';
    update variants set option_values = '{${first}}' where product_id = '${id}';
    insert into variants (id, product_id, position, price, on_hand, option_values)
    values (gen_random_uuid(), '${id}', 2, 2600, ${stock}, '{${second}}')`);
  return thing;
}

const variantsOf = (thing: Thing) => `product_id = (select id from products where slug = '${thing.slug}')`;

export function setPrice(thing: Thing, price: number) {
  execute(`update variants set price = ${price} where ${variantsOf(thing)}`);
}

export function setStock(thing: Thing, stock: number) {
  execute(`update variants set on_hand = ${stock} where ${variantsOf(thing)}`);
}

export function archive(thing: Thing) {
  execute(`update products set status = 'archived' where slug = '${thing.slug}'`);
}

/** Pieces of a thing in anybody's cart. */
export function inCarts(thing: Thing): number {
  return sql<{ pieces: number }>(`
    select coalesce(sum(quantity), 0)::int as pieces from cart_lines where not saved and variant_id in (
      select id from variants where ${variantsOf(thing)})`)[0]!.pieces;
}
