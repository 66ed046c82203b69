// The parts of the shop's pages by their roles and names, so that the look can change.
import { expect, type Locator, type Page } from '@playwright/test';

/** The products of a listing. */
export const results = (page: Page): Locator => page.getByRole('region', { name: 'Products' });
export const cards = (page: Page): Locator => results(page).getByRole('listitem').filter({ has: page.getByRole('heading') });
export const crumbs = (page: Page): Locator => page.getByRole('navigation', { name: /breadcrumb/i });
export const filters = (page: Page): Locator => page.getByRole('form', { name: /filter/i });

/** The search field: in the header, where a link opens it if there is no room; without JavaScript that link is a page. */
export async function searchField(page: Page): Promise<Locator> {
  const inHeader = page.getByRole('banner').getByRole('combobox', { name: /search/i });
  const inPage = page.getByRole('main').getByRole('searchbox', { name: /search/i });
  if (!(await inHeader.isVisible()) && !(await inPage.isVisible())) {
    await page.getByRole('banner').getByRole('link', { name: 'Search' }).click();
  }
  const field = inHeader.or(inPage).first();
  await expect(field).toBeVisible();
  return field;
}

/** How many products the listing says it has. */
export async function total(page: Page): Promise<number> {
  const status = page.getByRole('main').getByRole('status').filter({ hasText: /\d+ products?/ }).first();
  await expect(status).toBeVisible();
  return Number(/([\d,]+) products?/.exec((await status.textContent())!)![1]!.replaceAll(',', ''));
}

/** Waits until the listing says this number. */
export async function expectTotal(page: Page, number: number) {
  await expect.poll(() => total(page)).toBe(number);
}

/** The prices of the cards, in minor units: what is asked, not what was asked. */
export async function prices(page: Page): Promise<number[]> {
  const texts = await cards(page).evaluateAll((all) =>
    all.map((card) => {
      const copy = card.cloneNode(true) as HTMLElement;
      for (const old of copy.querySelectorAll('s, del')) old.remove();
      return /€([\d,]+\.\d\d)/.exec(copy.textContent ?? '')?.[1] ?? '';
    }),
  );
  return texts.map((text) => Math.round(Number(text.replaceAll(',', '')) * 100));
}

/** A checkbox of the filters with the count beside it. */
export function option(page: Page, group: RegExp, index = 0): Locator {
  return filters(page).getByRole('group', { name: group }).getByRole('checkbox').nth(index);
}

/** Sends the filters: by itself with JavaScript, with the button without. */
export async function apply(page: Page, js: boolean) {
  if (!js) await filters(page).getByRole('button', { name: 'Show results' }).click();
}

export async function sortBy(page: Page, order: string, js: boolean) {
  await page.getByRole('combobox', { name: 'Sort' }).selectOption(order);
  if (!js) await page.getByRole('button', { name: 'Sort' }).click();
  await expect(page).toHaveURL(new RegExp(`[?&]sort=${order}(&|$)`));
}
