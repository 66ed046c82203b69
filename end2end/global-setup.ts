import { Shop } from './shop.ts';

/** One shop and one mail server for the whole run; workers find them by these variables. */
export default async function open() {
  const shop = await Shop.open();
  process.env.SHOP_URL = shop.url;
  process.env.SHOP_DATABASE_URL = shop.databaseUrl;
  process.env.SHOP_MAIL_DIR = shop.mail.folder;

  return async () => {
    const problems = await shop.close();
    if (problems.length > 0) throw new Error(`The server log is not clean:\n${problems.join('\n')}`);
  };
}
