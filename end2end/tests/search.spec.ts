import { active } from '../catalogue.ts';
import { expect, isMarked, mark, test, visit } from '../fixtures.ts';
import { cards, searchField, total } from '../shopping.ts';

/** A word of a title, long enough to be mistyped. */
function someWord(): { word: string; title: string } {
  const counts = new Map<string, number>();
  for (const { title } of active()) {
    for (const word of new Set(title.toLowerCase().match(/[a-z]{6,}/g) ?? [])) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const [word] = [...counts].sort((a, b) => b[1] - a[1])[0]!;
  return { word, title: active().find((product) => product.title.toLowerCase().includes(word))!.title };
}

test('words find what has them in its title', async ({ page }) => {
  const { word } = someWord();
  await visit(page, '/');
  const box = await searchField(page);
  await box.fill(word);
  await box.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/search\\?q=${word}`));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(word);
  await expect(cards(page).first().getByRole('heading')).toContainText(new RegExp(word, 'i'));
  await expect(page).toHaveTitle(new RegExp(word, 'i'));
});

test('the exact title comes first', async ({ page }) => {
  for (const product of active().filter((_, at) => at % 9 === 0)) {
    await page.goto(`/search?q=${encodeURIComponent(product.title)}`);
    await expect(cards(page).first().getByRole('heading')).toHaveText(product.title);
  }
});

test('mistyped words are understood', async ({ page }) => {
  const { word } = someWord();
  // A letter left out, two swapped.
  for (const typed of [word.slice(0, 3) + word.slice(4), word.slice(0, 2) + word[3] + word[2] + word.slice(4)]) {
    await visit(page, `/search?q=${typed}`);
    await expect(cards(page).first().getByRole('heading')).toContainText(new RegExp(word, 'i'));
    await expect(page.getByRole('main'), 'and the shop says what it looked for instead').toContainText(new RegExp(word, 'i'));
    expect(await total(page)).toBeGreaterThan(0);
  }
});

test('two mistyped words are understood together', async ({ page }) => {
  const titled = active().find((product) => /^[a-z]{5,} [a-z]{5,}$/i.test(product.title))!;
  const typed = titled.title.split(' ').map((word) => word.slice(0, -2) + word.slice(-1)).join(' ');
  await visit(page, `/search?q=${encodeURIComponent(typed)}`);
  await expect(cards(page).getByRole('heading').filter({ hasText: titled.title }).first()).toBeVisible();
});

test('nothing found offers what is near', async ({ page }) => {
  await visit(page, '/search?q=zzzzqqqq');
  await expect(page.getByRole('main')).toContainText(/zzzzqqqq/);
  await expect(page.getByRole('main').getByRole('link', { name: /./ }).first()).toBeVisible();
  expect(await page.getByRole('main').locator('a[href^="/products/"]').count()).toBeGreaterThan(0);
});

test('what is typed shows as text wherever it shows', async ({ page }) => {
  const ran: string[] = [];
  page.on('dialog', (dialog) => {
    ran.push(dialog.message());
    void dialog.dismiss();
  });
  for (const typed of [
    '<x-probe onclick=alert(1)>',
    '"><x-probe><script>alert(1)</script>',
    '</title><x-probe><svg onload=alert(1)>',
    '</script><x-probe>',
    '{{7*7}}',
  ]) {
    await visit(page, `/search?q=${encodeURIComponent(typed)}`);
    await expect(page.getByRole('searchbox').or(page.getByRole('combobox', { name: /search/i })).first()).toHaveValue(typed);
    await expect(page.locator('x-probe, svg[onload]')).toHaveCount(0);
    await expect(page).toHaveTitle(new RegExp(typed.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  }
  expect(ran).toEqual([]);
});

test('characters that mean something to a search engine are only characters', async ({ page }) => {
  for (const typed of ["'", '"', '\\', '%', '_', '!!', 'a & | b', ':*', '((', '🪑', 'a'.repeat(5000), '%00', ' ']) {
    const answer = await page.goto(`/search?q=${typed === '%00' ? typed : encodeURIComponent(typed)}`);
    expect(answer!.status(), typed.slice(0, 20)).toBe(200);
  }
});

test.describe('type-ahead @js', () => {
  test('the keyboard goes through what is offered', async ({ page }) => {
    const { word } = someWord();
    await visit(page, '/');
    await mark(page);
    const box = await searchField(page);
    await box.pressSequentially(word.slice(0, 4));
    const list = page.getByRole('listbox');
    await expect(list).toBeVisible();
    await expect(box).toHaveAttribute('aria-expanded', 'true');
    const options = list.getByRole('option');
    await expect(options.first()).toContainText(new RegExp(word.slice(0, 4), 'i'));

    await box.press('ArrowDown');
    const active = await box.getAttribute('aria-activedescendant');
    expect(active).toBeTruthy();
    await expect(options.first()).toHaveAttribute('id', active!);
    await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    await expect(box, 'focus stays in the field').toBeFocused();
    await box.press('ArrowUp');
    await expect(options.first()).not.toHaveAttribute('aria-selected', 'true');

    await box.press('Escape');
    await expect(list).toBeHidden();
    await expect(box).toHaveAttribute('aria-expanded', 'false');
    await expect(box).toHaveValue(word.slice(0, 4));

    await box.press('ArrowDown');
    await expect(list).toBeVisible();
    await box.press('ArrowDown');
    await box.press('Enter');
    await expect(page).toHaveURL(/\/(products|categories|search)/);
    expect(await isMarked(page), 'without loading a new page').toBe(true);
    await expect(list).toBeHidden();
  });

  test('a screen reader is told how many there are', async ({ page }) => {
    const { word } = someWord();
    await visit(page, '/');
    await (await searchField(page)).pressSequentially(word.slice(0, 4));
    await expect(page.getByRole('banner').getByRole('status').filter({ hasText: /\d+ (suggestion|result)/i })).toHaveCount(1);
  });

  test('the mouse works too, and a slow answer does not replace a newer one', async ({ page }) => {
    const { word } = someWord();
    await visit(page, '/');
    let letGo = () => {};
    const newer = new Promise<void>((resolve) => (letGo = resolve));
    let first = true;
    await page.route('**/api/catalog/suggest**', async (route) => {
      const answer = await route.fetch();
      if (first) {
        first = false;
        await newer;
      }
      await route.fulfill({ response: answer }).catch(() => undefined);
    });
    const box = await searchField(page);
    const asked = page.waitForRequest('**/api/catalog/suggest**');
    await box.pressSequentially('ta');
    await asked;
    await box.fill(word.slice(0, 5));
    await expect(page.getByRole('option').first()).toContainText(new RegExp(word.slice(0, 5), 'i'));
    const late = page.waitForResponse((response) => !response.url().includes(word.slice(0, 5)));
    letGo();
    await late;
    const option = page.getByRole('option').first();
    await expect(option).toContainText(new RegExp(word.slice(0, 5), 'i'));
    await option.click();
    await expect(page).toHaveURL(/\/(products|categories|search)/);
  });
});
