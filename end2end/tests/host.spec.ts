// What the host answers, whatever the page: headers, statuses, files for robots. One run is enough: @js.
import { type APIRequestContext } from '@playwright/test';
import { active, categories, draft, onSale, price, withVariants } from '../catalogue.ts';
import { expect, test } from '../fixtures.ts';

const policy = (header: string) =>
  new Map(
    header
      .split(';')
      .map((part) => part.trim().split(/\s+/))
      .map(([name, ...values]) => [name!, values]),
  );

const nonceOf = (header: string) => /'nonce-([^']+)'/.exec(header)?.[1];

async function assetOf(request: APIRequestContext): Promise<string> {
  const html = await (await request.get('/')).text();
  const asset = /\/pkg\/[^"'\s]+\.css/.exec(html)?.[0];
  expect(asset, 'a stylesheet in the home page').toBeTruthy();
  return asset!;
}

test.describe('host @js', () => {
  test('every answer carries the protective headers', async ({ request }) => {
    const html = await (await request.get('/')).text();
    const media = /\/media\/[^"'\s,]+/.exec(html)?.[0];
    expect(media, 'a picture on the home page').toBeTruthy();
    const paths = ['/', '/products', '/no/such/page', '/robots.txt', '/sitemap.xml', '/healthz', '/readyz', await assetOf(request), media!];
    for (const path of paths) {
      const headers = (await request.get(path)).headers();
      expect.soft(headers['x-content-type-options'], path).toBe('nosniff');
      expect.soft(headers['referrer-policy'], path).toBe('same-origin');
      expect.soft(headers['cross-origin-opener-policy'], path).toBe('same-origin');
      expect.soft(headers['x-request-id'], path).toBeTruthy();
      const csp = headers['content-security-policy'] ?? '';
      expect.soft(policy(csp).get('object-src'), path).toEqual(["'none'"]);
      expect.soft(policy(csp).get('frame-ancestors'), path).toEqual(["'none'"]);
      expect.soft(policy(csp).get('base-uri'), path).toEqual(["'none'"]);
      expect.soft(csp, path).not.toContain("'unsafe-inline'");
      expect.soft(csp, path).not.toContain(" 'unsafe-eval'");
    }
  });

  test('each page has a nonce of its own, and no script or style goes without it', async ({ request }) => {
    const nonces = new Set<string>();
    for (const path of ['/', '/', '/products', `/products/${withVariants().slug}`, '/search?q=linen', '/no/such/page']) {
      const answer = await request.get(path);
      const csp = answer.headers()['content-security-policy'] ?? '';
      expect(policy(csp).get('script-src'), path).toContain("'wasm-unsafe-eval'");
      const nonce = nonceOf(csp);
      expect(nonce, `${path}: ${csp}`).toBeTruthy();
      expect(nonces, `${path} has a nonce that another answer had`).not.toContain(nonce);
      nonces.add(nonce!);

      const html = await answer.text();
      for (const [tag, attributes] of html.matchAll(/<(?:script|style)\b([^>]*)>/g)) {
        // Data, which no browser runs.
        if (/type="?application\/(ld\+)?json/.test(attributes!)) continue;
        expect.soft(attributes, `${path}: ${tag}`).toContain(`nonce="${nonce}"`);
      }
      expect.soft(html, `${path}: an inline handler`).not.toMatch(/<[^>]+\son[a-z]+="/);
      expect.soft(html.match(/<[^>]+\sstyle="[^>]*>/)?.[0], `${path}: a style attribute, which the policy refuses`).toBeUndefined();
    }
  });

  test('the host tells nothing that is not for visitors', async ({ request }) => {
    expect((await request.get('/metrics')).status()).toBe(404);
    expect((await request.fetch('/', { method: 'TRACE' }).catch(() => undefined))?.status() ?? 405).toBe(405);
    expect((await request.get('/healthz')).status()).toBe(200);
    expect((await request.get('/readyz')).status()).toBe(200);
    expect((await request.get('/pkg/../Cargo.toml')).status()).toBe(404);
    expect((await request.get('/media/..%2f..%2fetc%2fpasswd')).status()).toBeGreaterThanOrEqual(400);
  });

  test('another site cannot post, and a redirect stays in the shop', async ({ request }) => {
    const foreign = await request.post('/theme', {
      form: { theme: 'dark' },
      headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
      maxRedirects: 0,
    });
    expect(foreign.status()).toBe(403);

    for (const referer of ['https://elsewhere.example/trap', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)']) {
      const own = await request.post('/theme', {
        form: { theme: 'dark', back: referer },
        headers: { referer },
        maxRedirects: 0,
      });
      expect(own.status(), referer).toBe(303);
      expect(own.headers().location, referer).toMatch(/^\/(?![/\\])/);
    }
  });

  test('pages and assets come compressed, assets for good', async ({ request }) => {
    for (const encoding of ['br', 'gzip']) {
      const page = await request.get('/products', { headers: { 'accept-encoding': encoding } });
      expect(page.headers()['content-encoding']).toBe(encoding);
    }
    const asset = await request.get(await assetOf(request), { headers: { 'accept-encoding': 'br' } });
    expect(asset.headers()['content-encoding']).toBe('br');
    expect(asset.headers()['cache-control']).toContain('immutable');
    expect(asset.headers()['vary']?.toLowerCase()).toContain('accept-encoding');
  });

  test('robots are told what there is', async ({ request, baseURL }) => {
    const robots = await request.get('/robots.txt');
    expect(robots.headers()['content-type']).toContain('text/plain');
    expect(await robots.text()).toMatch(/^Sitemap: https?:\/\/\S+\/sitemap\.xml$/im);

    const sitemap = await request.get('/sitemap.xml');
    expect(sitemap.headers()['content-type']).toContain('xml');
    const locations = (xml: string) => [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, loc]) => new URL(loc!, baseURL));
    // An index names the parts, so that a large shop stays within what the protocol allows a file.
    const places: string[] = [];
    for (const part of locations(await sitemap.text())) {
      places.push(...locations(await (await request.get(part.href)).text()).map((place) => place.pathname));
    }
    const expected = [
      '/',
      ...active().map((product) => `/products/${product.slug}`),
      ...categories().map((category) => `/categories/${category.slug}`),
    ];
    expect(places).toEqual(expect.arrayContaining(expected));
    expect(places).not.toContain(`/products/${draft().slug}`);
  });

  test('a product tells machines what it is', async ({ page }) => {
    const product = onSale();
    await page.goto(`/products/${product.slug}?variant=${encodeURIComponent(product.variants[0]!.key)}&utm_source=x`);
    const data = (await page.locator('script[type="application/ld+json"]').allTextContents()).flatMap((text) => {
      const value = JSON.parse(text);
      return (value['@graph'] ?? [value].flat()) as Record<string, unknown>[];
    });
    const about = data.find((one) => ['Product', 'ProductGroup'].includes(String(one['@type'])));
    expect(about).toMatchObject({ name: product.title });
    expect(JSON.stringify(about)).toContain((product.price_min / 100).toFixed(2));
    expect(JSON.stringify(about)).toContain('schema.org/');
    expect(data.some((one) => one['@type'] === 'BreadcrumbList')).toBe(true);

    const meta = (name: string) => page.locator(`meta[property="${name}"]`).first().getAttribute('content');
    expect(await meta('og:title')).toContain(product.title);
    expect(await meta('og:type')).toBe('product');
    expect(new URL((await meta('og:image'))!, page.url()).pathname).toMatch(/^\/media\//);
    const canonical = await page.locator('link[rel="canonical"]').getAttribute('href');
    expect(new URL(canonical!, page.url()).pathname).toBe(`/products/${product.slug}`);
    expect(new URL(canonical!, page.url()).search).toBe('');
    await expect(page).toHaveTitle(new RegExp(product.title));
    await expect(page.getByText(price(product.price_min)).first()).toBeVisible();
  });
});
