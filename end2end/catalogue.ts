// What the demo catalogue holds, read from the database, so that tests need not know it by heart.
import { sql } from './shop.ts';

export type Variant = { key: string; price: number; compare_at: number | null; on_hand: number; options: string[] };
export type Product = {
  slug: string;
  title: string;
  status: string;
  category: { slug: string; name: string; parent: string | null };
  options: string[];
  price_min: number;
  price_max: number;
  compare_at: number | null;
  on_hand: number;
  pictures: number;
  variants: Variant[];
};

let known: Product[] | undefined;

export function products(): Product[] {
  known ??= sql<Product>(`
    select p.slug, p.title, p.status, p.option_names as options, p.price_min, p.price_max, p.compare_at, p.on_hand,
           (select count(*) from product_images i where i.product_id = p.id) as pictures,
           json_build_object('slug', c.slug, 'name', c.name, 'parent', u.slug) as category,
           (select json_agg(json_build_object(
                       'key', coalesce(v.sku, v.id::text), 'price', v.price, 'compare_at', v.compare_at,
                       'on_hand', v.on_hand, 'options', v.option_values) order by v.position)
            from variants v where v.product_id = p.id) as variants
    from products p
    left join categories c on c.id = p.category_id
    left join categories u on u.id = c.parent_id
    order by p.slug`);
  return known;
}

export const active = () => products().filter((product) => product.status === 'active');

function some(what: string, fits: (product: Product) => boolean): Product {
  const found = products().find(fits);
  if (!found) throw new Error(`the demo catalogue has no ${what}`);
  return found;
}

const isActive = (product: Product) => product.status === 'active';
const isOnSale = (product: Product) => isActive(product) && (product.compare_at ?? 0) > product.price_min;

/** A product whose variants differ in price and stock would be best; in price, then. */
export const withVariants = () =>
  some('product with variants of different prices', (product) => isActive(product) && product.price_max > product.price_min);
export const withStockDifference = () =>
  some('product with a variant that is out of stock beside one that is not', (product) =>
    isActive(product) && product.variants.some((v) => v.on_hand === 0) && product.variants.some((v) => v.on_hand > 0));
export const plain = () => some('plain product', (product) => isActive(product) && product.options.length === 0);
export const onSale = () => some('product on sale', (product) => isOnSale(product) && product.price_min === product.price_max);
export const soldOut = () => some('product that is out of stock', (product) => isActive(product) && product.on_hand === 0);
export const low = () =>
  some('product of which few are left', (product) =>
    isActive(product) && product.variants.length === 1 && product.on_hand > 0 && product.on_hand < 6);
export const draft = () => some('draft', (product) => product.status === 'draft');

/** A top category with sub-categories, and its most filled sub-category. */
export function categories(): { slug: string; name: string; parent: string | null; children: number }[] {
  return sql(`
    select c.slug, c.name, u.slug as parent, (select count(*) from categories k where k.parent_id = c.id) as children
    from categories c left join categories u on u.id = c.parent_id
    order by c.position, c.name`);
}

/** `€1,234.50`, as the shop writes it. */
export const price = (minor: number) =>
  `€${(minor / 100).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

/** Every kind of page there is, by what it shows. */
export function pages(): Record<string, string> {
  const category = categories().find((one) => one.children > 0)!;
  const child = categories().find((one) => one.parent === category.slug)!;
  return {
    home: '/',
    listing: '/products',
    'filtered listing': '/products?in_stock=true&on_sale=true&sort=price_asc',
    'second page': '/products?page=2',
    'empty listing': '/products?min=9999999',
    'listing with a mistake': '/products?min=abc',
    category: `/categories/${category.slug}`,
    subcategory: `/categories/${child.slug}`,
    search: '/search?q=linen',
    'empty search': '/search',
    'search without result': '/search?q=zzzzqqqq',
    product: `/products/${plain().slug}`,
    'product with variants': `/products/${withVariants().slug}`,
    'product on sale': `/products/${onSale().slug}`,
    'product out of stock': `/products/${soldOut().slug}`,
    cart: '/cart',
    wishlist: '/wishlist',
    account: '/account',
    'log in': '/login?next=%2Faccount',
    'sign up': '/signup',
    'forgotten password': '/forgot-password',
    'no code to enter': '/verify',
    'no password to reset': '/reset-password',
    'codes stopped': '/unlock?token=0123456789abcdef',
    'codes stopped, half a link': '/unlock',
    'unknown page': '/nothing/here',
    'unknown product': '/products/no-such-product',
  };
}
