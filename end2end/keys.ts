// What keys do: reach, press, type and choose. Whatever has the focus on the way must be seen, and seen to have it.
import { expect, type Locator, type Page } from '@playwright/test';
import { mark } from './fixtures.ts';

/** More than any page has before what is meant, also when the tests before have filled the shop's lists. */
const MOST_STOPS = 500;

type Stop = { isThere: boolean; name: string; faults: string[] };

/** What has the focus, and what is wrong with that. Runs in the page. */
function stop(wanted: Element): Stop {
  const active = document.activeElement;
  if (!active || active === document.body) return { isThere: false, name: 'the page', faults: [] };
  const name = active.outerHTML.slice(0, 160);
  const faults: string[] = [];
  const isOutlined = (element: Element | null, part?: string) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  };
  // A tick’s ring may be drawn around what stands for it, a card’s link around the card. The button within a date’s
  // field has one of the browser’s own, which no script sees.
  const isRinged = [isOutlined(active), isOutlined(active, '::after'), isOutlined(active.nextElementSibling)].some(Boolean);
  if (!isRinged && !active.matches('input[type=date]')) {
    faults.push('has no focus ring');
  }
  const [box] = [...active.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
  if (!box || !active.checkVisibility({ visibilityProperty: true, opacityProperty: true })) faults.push('is not shown');
  else {
    const left = Math.max(box.left, 0);
    const right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0);
    const bottom = Math.min(box.bottom, innerHeight);
    const isSeen = [0.1, 0.5, 0.9].some((across) =>
      [0.2, 0.5, 0.8].some((down) => {
        const there = document.elementFromPoint(left + (right - left) * across, top + (bottom - top) * down);
        return there && (active.contains(there) || there.contains(active) || there.closest('label')?.contains(active));
      }),
    );
    if (right <= left || bottom <= top) faults.push('is out of sight');
    else if (!isSeen) faults.push('is covered');
  }
  return { isThere: active === wanted, name, faults };
}

/** Goes on by Tab, or back by Shift+Tab, until the element has the focus. */
export async function reach(page: Page, element: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') {
  await expect(element).toBeVisible();
  for (let at = 0; at < MOST_STOPS; at += 1) {
    const { isThere, name, faults } = await element.evaluate(stop);
    if (isThere) return expect(faults, name).toEqual([]);
    // Where a page puts the focus by itself, at its heading, no ring is wanted.
    if (at > 0) expect(faults, name).toEqual([]);
    await page.keyboard.press(key);
  }
  throw new Error(`no way by the keyboard to ${element}`);
}

export async function press(page: Page, control: Locator, key: 'Enter' | 'Space' = 'Enter', way?: 'Tab' | 'Shift+Tab') {
  await reach(page, control, way);
  await mark(page);
  await page.keyboard.press(key);
}

/** Puts text in place of what a field has. */
export async function type(page: Page, field: Locator, text: string) {
  await reach(page, field);
  await mark(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
  await expect(field).toHaveValue(text);
}

/** Chooses an option of a closed list by the beginning of its label. */
export async function choose(page: Page, list: Locator, label: string) {
  await reach(page, list);
  await page.keyboard.type(label);
  await expect.poll(() => list.evaluate((one: HTMLSelectElement) => one.selectedOptions[0]?.label ?? '')).toContain(label);
}

/** Opens what a summary hides. */
export async function open(page: Page, summary: Locator) {
  await press(page, summary);
  await expect(summary.locator('xpath=..')).toHaveAttribute('open', '');
}

/**
 * After an act whose outcome shows: the focus is somewhere. Who acts by keys would otherwise begin at the page's top,
 * and who hears the page would hear nothing. A new document begins at its own top, and takes keys once it is alive.
 */
export async function staysOn(page: Page) {
  const isSomewhere = () =>
    page
      .evaluate(() => {
        const active = document.activeElement;
        const isNew = !(window as { marked?: boolean }).marked;
        if (isNew) return 'hydrated' in document.documentElement.dataset;
        return !!active && active !== document.body && active.getClientRects().length > 0;
      })
      // The document is about to be another one.
      .catch(() => false);
  await expect.poll(isSomewhere, { message: 'the focus is lost' }).toBe(true);
}
