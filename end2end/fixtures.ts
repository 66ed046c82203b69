import AxeBuilder from '@axe-core/playwright';
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

/** Records whatever a clean page would not have said. */
function watch(context: BrowserContext, origin: string, problems: string[]) {
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      problems.push(`console ${message.type()} on ${message.page()?.url()}: ${message.text()}`);
    }
  });
  context.on('weberror', (error) => problems.push(`uncaught on ${error.page()?.url()}: ${error.error()}`));
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // What a visitor leaves behind by going on is not a failure.
    if (request.url().startsWith(origin) && why !== 'net::ERR_ABORTED') problems.push(`${why}: ${request.url()}`);
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

  problems: async ({ expected }, use) => {
    const problems: string[] = [];
    await use(problems);
    const surprising = problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
    expect(surprising, 'console, uncaught errors and failed requests').toEqual([]);
  },

  context: async ({ context, baseURL, problems }, use) => {
    watch(context, baseURL!, problems);
    await use(context);
  },

  newVisitor: async ({ browser, baseURL, contextOptions, javaScriptEnabled, problems }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...contextOptions, baseURL, javaScriptEnabled });
      contexts.push(context);
      watch(context, baseURL!, problems);
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

export type Theme = 'light' | 'dark';
export const THEMES: Theme[] = ['light', 'dark'];

export async function setTheme(page: Page, theme: Theme) {
  await page.context().addCookies([{ name: 'theme', value: theme, url: process.env.SHOP_URL! }]);
}

/** WCAG 2.2 AA and axe's own good practice, as a list that reads well when it is not empty. */
export async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`),
  );
}
