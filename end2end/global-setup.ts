import { Shop } from './shop.ts';

/** One shop for the whole run; workers find it by these two variables. */
export default async function open() {
  const shop = await Shop.open();
  process.env.SHOP_URL = shop.url;
  process.env.SHOP_DATABASE_URL = shop.databaseUrl;

  return async () => {
    const problems = await shop.close();
    if (problems.length > 0) throw new Error(`The server log is not clean:\n${problems.join('\n')}`);
  };
}
