import AxeBuilder from '@axe-core/playwright';
import { randomBytes } from 'node:crypto';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';

export { expect };

type Options = {
  /** Messages that a test brings about on purpose, such as the browser's line about a page that answers 404. */
  expected: RegExp[];
};

type Fixtures = {
  /** Whether this run has JavaScript. */
  js: boolean;
  /** A visitor who has never been here: no cookies, nothing cached. */
  newVisitor: () => Promise<Page>;
  problems: string[];
};

/** Milliseconds by which every page comes alive late, to find tests, and pages, that only work when it is quick. */
const LATE = Number(process.env.SHOP_LATE ?? 0);

async function comesAliveLate(context: BrowserContext) {
  if (!LATE) return;
  await context.addInitScript((late) => {
    const quick = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, late));
      return quick.apply(WebAssembly, args);
    };
  }, LATE);
}

/** Records whatever a clean page would not have said. */
function watch(context: BrowserContext, origin: string, js: boolean, problems: string[]) {
  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    // A browser that runs no script finds the script's preloads unused.
    if (!js && /was preloaded using link preload but not used/.test(message.text())) return;
    problems.push(`console ${message.type()} on ${message.page()?.url()}: ${message.text()}`);
  });
  context.on('weberror', (error) => problems.push(`uncaught on ${error.page()?.url()}: ${error.error()}`));
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    if (!request.url().startsWith(origin)) return;
    // What a visitor leaves behind by going on is not a failure.
    if (why === 'net::ERR_ABORTED') return;
    // How Chromium reports the scripts it was told not to run.
    if (!js && why === 'csp' && request.resourceType() === 'script') return;
    problems.push(`${why}: ${request.url()}`);
  });
  context.on('response', (response) => {
    if (response.url().startsWith(origin) && response.status() >= 400) {
      problems.push(`status ${response.status()}: ${response.url()}`);
    }
  });
}

export const test = base.extend<Options & Fixtures>({
  expected: [[], { option: true }],
  baseURL: async ({}, use) => use(process.env.SHOP_URL),
  js: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),
  // A client address for each test: what the shop counts for one must not add up over all tests.
  extraHTTPHeaders: async ({}, use) => use({ 'x-forwarded-for': `10.${[...randomBytes(3)].join('.')}` }),

  problems: async ({ expected }, use) => {
    const problems: string[] = [];
    await use(problems);
    const surprising = problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
    expect(surprising, 'console, uncaught errors and failed requests').toEqual([]);
  },

  context: async ({ context, baseURL, js, problems }, use) => {
    watch(context, baseURL!, js, problems);
    await comesAliveLate(context);
    await use(context);
  },

  newVisitor: async ({ browser, baseURL, contextOptions, extraHTTPHeaders, javaScriptEnabled, js, problems }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...contextOptions, baseURL, extraHTTPHeaders, javaScriptEnabled });
      contexts.push(context);
      watch(context, baseURL!, js, problems);
      await comesAliveLate(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

/** Opens a page and, with JavaScript, waits until the app has taken it over. */
export async function visit(page: Page, path: string) {
  const answer = await page.goto(path);
  await hydrated(page);
  return answer!;
}

export async function hydrated(page: Page) {
  if (test.info().project.use.javaScriptEnabled === false) return;
  await page.waitForFunction(() => 'hydrated' in document.documentElement.dataset);
}

/** Marks the document, to tell later whether a step loaded a new one. */
export async function mark(page: Page) {
  await page.evaluate(() => ((window as { marked?: boolean }).marked = true));
}
export function isMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => (window as { marked?: boolean }).marked === true);
}

const THEMES = ['light', 'dark'] as const;

/** Of axe's rules those that a page's colours decide about, which are all that one theme has and another hasn't. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What is wrong with the page as it stands, in both themes and at each of these widths, as a list that reads well when it
 * is not empty: what axe finds by WCAG 2.2 AA and its own good practice, and what sticks out. The theme is put on rather
 * than the page loaded anew, so that what is open or was refused stays.
 */
export async function faults(page: Page, widths: number[] = [1440, 360]): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const theme of THEMES) {
      await page.evaluate((theme) => document.documentElement.setAttribute('data-theme', theme), theme);
      const axe = new AxeBuilder({ page });
      const { violations } = await (theme === THEMES[0] ? axe : axe.withRules(OF_COLOURS)).analyze();
      for (const { id, nodes } of violations) {
        found.push(...nodes.map((node) => `${theme} at ${width} px: ${id}: ${node.target.join(' ')}: ${node.failureSummary}`));
      }
    }
    found.push(...(await sticksOut(page)));
  }
  return found;
}

/** Elements that reach past the window's edge, to name the culprit. */
export function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .slice(-3)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className} reaches ${element.getBoundingClientRect().right} of ${width}`);
  });
}
