// Full-page pictures of every page of a running shop, at three widths, in both themes.
//
//   npm run screenshots -- OUTDIR [URL]     URL: http://127.0.0.1:3000 unless given
import { chromium as browserType, type Page } from '@playwright/test';
import fs from 'node:fs';
import path from 'node:path';
import chromium from './chromium.cjs';

const WIDTHS = { 360: 740, 768: 1024, 1440: 900 } as const;
const THEMES = ['light', 'dark'] as const;

const [out, url = 'http://127.0.0.1:3000'] = process.argv.slice(2);
if (!out) {
  console.error('usage: npm run screenshots -- OUTDIR [URL]');
  process.exit(2);
}

/** The first of the links on a page, without its query. */
async function firstLink(at: string, pattern: RegExp): Promise<string | undefined> {
  const html = await (await fetch(new URL(at, url))).text();
  const main = html.slice(html.indexOf('<main'));
  return [...main.matchAll(/href="([^"#?]+)/g)].map(([, href]) => href!).find((href) => pattern.test(href));
}

async function pages(): Promise<Record<string, string>> {
  const locations = async (at: string) =>
    [...(await (await fetch(new URL(at, url))).text()).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, loc]) => new URL(loc!, url));
  const parts = await locations('/sitemap.xml');
  const places = (await Promise.all(parts.map((part) => locations(part.pathname + part.search)))).flat().map((place) => place.pathname);
  const product = /^\/products\/./;
  const found: Record<string, string | undefined> = {
    home: '/',
    listing: '/products',
    filtered: '/products?in_stock=true&on_sale=true&min=5&sort=price_asc',
    mistake: '/products?min=abc',
    empty: '/products?min=9999999',
    category: places.find((place) => place.startsWith('/categories/')),
    search: '/search?q=linen',
    'search-typo': '/search?q=linnen',
    'search-nothing': '/search?q=zzzzqqqq',
    product: await firstLink('/products', product),
    'product-sale': await firstLink('/products?on_sale=true', product),
    'product-dear': await firstLink('/products?sort=price_desc', product),
    cart: '/cart',
    wishlist: '/wishlist',
    login: '/login',
    signup: '/signup',
    'forgot-password': '/forgot-password',
    verify: '/verify',
    unlock: '/unlock?token=0123456789abcdef',
    'not-found': '/nothing/here',
  };
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => !!entry[1]));
}

/** Brings lazy pictures in, and waits for them and the fonts. */
async function settle(page: Page) {
  await page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager';
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    await document.fonts.ready;
  });
}

const browser = await browserType.launch(chromium.launchOptions());
fs.mkdirSync(out, { recursive: true });
for (const [name, place] of Object.entries(await pages())) {
  for (const [width, height] of Object.entries(WIDTHS)) {
    for (const theme of THEMES) {
      const context = await browser.newContext({
        viewport: { width: Number(width), height },
        colorScheme: theme,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await page.goto(new URL(place, url).href);
      await settle(page);
      const file = path.join(out, `${name}-${width}-${theme}.png`);
      await page.screenshot({ path: file, fullPage: true });
      console.log(file);
      await context.close();
    }
  }
}
await browser.close();
