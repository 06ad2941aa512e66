/** Finding coal in a browser: as a plain form, with scripts, on a map, side by side; without accessibility findings. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchBrowser } from '@seam/testkit';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { searchAnswers } from './find/answers.ts';
import { servePages } from './pages-server.ts';

let browser: Browser;
let pages: Awaited<ReturnType<typeof servePages>>;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

beforeAll(async () => {
  [browser, pages] = await Promise.all([launchBrowser(), servePages(searchAnswers())]);
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});

async function visit(
  path: string,
  options: BrowserContextOptions & { locale?: string },
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  try {
    await context.addCookies([{ name: 'locale', value: options.locale ?? 'en', url: pages.url }]);
    const page = await context.newPage();
    await page.goto(pages.url + path);
    if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]');
    await use(page);
  } finally {
    await context.close();
  }
}

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations;
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

test.each([
  ['en', 1440, '/find?to=plant'],
  ['zh', 390, '/find?to=plant'],
  ['zh', 1440, '/find?ranges=ash%3Ad%3A%7E0.5'],
  ['en', 1440, '/find?country=x&rank=granite'],
  ['en', 1440, '/find/compare?ids=lot-1,lot-2&to=plant'],
  ['zh', 390, '/find/compare?ids=lot-1,lot-2&to=plant'],
])('in %s at %i px %s has no accessibility finding and fits', async (locale, width, path) => {
  await visit(path, { locale, viewport: { width, height: 900 }, bypassCSP: true }, async (page) => {
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

test('without scripts the form asks by its address, and says what each lot costs and why one has no cost', async () => {
  await visit('/find', { javaScriptEnabled: false }, async (page) => {
    await page.selectOption('[name=to]', 'plant');
    await page.click('#conditions button[type=submit]');
    expect(new URL(page.url()).search).toBe('?to=plant');
    const row = page.locator('tbody tr').first();
    expect(await row.textContent()).toMatch(/Tashan.*28\.86.*461\.66.*349\.20.*112\.46/s);
    await page.getByText('price by auction', { exact: true }).waitFor();
    await page.check('[name=ids] >> nth=0');
    await page.check('[name=ids] >> nth=1');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText('Best: Tashan').waitFor();
  });
});

test('with scripts a change asks anew, the focus stays, and going back brings the search before', async () => {
  await visit('/find?to=plant', {}, async (page) => {
    const ash = page.locator('[name="max.ash"]');
    await ash.fill('0.5');
    await ash.press('Enter');
    await page.waitForURL(/ranges=ash/);
    await page.getByText('No lot meets all conditions').first().waitFor();
    await page.getByText('excludes most').waitFor();
    expect(await ash.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.goBack();
    await page.getByText('2 lots').first().waitFor();
  });
});

test('the map is drawn when it is opened, moves by keys, and a place of it can be searched around', async () => {
  await visit('/find?to=plant', { bypassCSP: true }, async (page) => {
    await page.getByText('Show the map').click();
    await page.locator('svg[role=application] circle').first().waitFor();
    expect(await findings(page)).toEqual([]);
    const before = await page.locator('svg[role=application] circle').first().getAttribute('cx');
    await page.locator('svg[role=application]').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('svg[role=application] circle').first().getAttribute('cx')).not.toBe(before);
    await page.getByRole('link', { name: /Search within 500 km.*Tashan/ }).click();
    await page.waitForURL(/near=39\.920/);
  });
});
