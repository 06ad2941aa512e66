import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchBrowser } from '@seam/testkit';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { servePages } from './pages-server.ts';

let browser: Browser;
let pages: Awaited<ReturnType<typeof servePages>>;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

beforeAll(async () => {
  [browser, pages] = await Promise.all([launchBrowser(), servePages()]);
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});

type Visit = { cookies?: Record<string, string>; width?: number; options?: BrowserContextOptions };

/** Opens a page, hands it over, and closes it; gives what the browser complained about. */
async function visit(path: string, visit: Visit, use: (page: Page) => Promise<void>): Promise<string[]> {
  const context = await browser.newContext({
    viewport: { width: visit.width ?? 1440, height: 900 },
    ...visit.options,
  });
  const complaints: string[] = [];
  try {
    await context.addCookies(
      Object.entries(visit.cookies ?? {}).map(([name, value]) => ({ name, value, url: pages.url })),
    );
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(pages.url + path);
    if (visit.options?.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]');
    await use(page);
  } finally {
    await context.close();
  }
  return complaints;
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

const paths = ['/', '/login', '/styleguide', '/help', '/glossary', '/preferences'];
const looks: Visit[] = [
  { cookies: { locale: 'en', theme: 'light' } },
  { cookies: { locale: 'zh', theme: 'dark', density: 'compact' }, width: 390 },
];

describe.each(paths)('%s', (path) => {
  test('has no accessibility finding and fits its screen, on a desk and on a phone, light and dark', async () => {
    for (const look of looks)
      await visit(path, { ...look, options: { bypassCSP: true } }, async (page) => {
        expect(await findings(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      });
  });

  test('does nothing that its own security policy forbids', async () => {
    expect(await visit(path, {}, async () => {})).toEqual([]);
  });
});

test('the start page stands, and says so, when the exchange does not answer', async () => {
  await visit('/', { cookies: { locale: 'en' } }, async (page) => {
    await page.getByText('No auction is open').waitFor();
    await page.getByText('No lot is listed').waitFor();
  });
});

test('an address that does not exist answers 404 with its code', async () => {
  const response = await fetch(`${pages.url}/nothing-here`, { headers: { 'accept-language': 'zh' } });
  expect(response.status).toBe(404);
  const html = await response.text();
  expect(html).toContain('http.404');
  expect(html).toContain('此地址没有内容');
});

test('a route that the exchange does not know is answered as a problem, not as a page that asks again', async () => {
  const response = await fetch(`${pages.url}/v1/no-such-route`);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ code: 'resource.not_found', status: 404 });
});

describe('a form that is refused', () => {
  const send = async (page: Page): Promise<void> => {
    await page.fill('[name=mine]', '大同 9');
    await page.click('main form button[type=submit]');
    await page.getByText('This is not a number.').waitFor();
    expect(await page.inputValue('[name=mine]')).toBe('大同 9');
    const field = page.locator('[name=tonnes]');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const error = await field.getAttribute('aria-describedby');
    expect(await page.locator(`#${error?.split(' ')[0]}`).textContent()).toContain('This is not a number.');
  };

  test('keeps what was typed and says what is wrong beside the field, without scripts', async () => {
    await visit('/styleguide', { cookies: { locale: 'en' }, options: { javaScriptEnabled: false } }, send);
  });

  test('does the same with scripts, puts the focus there, and takes a new key', async () => {
    await visit('/styleguide', { cookies: { locale: 'en' } }, async (page) => {
      const key = page.locator('[name=idempotencyKey]');
      const before = await key.inputValue();
      await send(page);
      await page.waitForFunction(() => document.activeElement?.matches('[name=tonnes]'));
      expect(await key.inputValue()).not.toBe(before);
    });
  });
});

describe('a preference', () => {
  test('changes the language of what is open, and is kept', async () => {
    await visit('/login', { cookies: { locale: 'en' } }, async (page) => {
      await page.fill('[name=email]', 'a@b.cn');
      await page.getByRole('button', { name: '中文' }).click();
      await page.getByRole('heading', { name: '登录' }).waitFor();
      expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
      await page.goto(`${pages.url}/help`);
      expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    });
  });

  test('works without scripts', async () => {
    await visit(
      '/help',
      { cookies: { locale: 'zh' }, options: { javaScriptEnabled: false } },
      async (page) => {
        await page.getByRole('button', { name: '深色' }).click();
        expect(await page.getAttribute('html', 'class')).toContain('dark');
        expect(page.url()).toBe(`${pages.url}/help`);
      },
    );
  });

  test('never writes into the page what a cookie says', async () => {
    const response = await fetch(pages.url, {
      headers: { cookie: 'theme="><script>; locale=xx; tz=%22%3E' },
    });
    expect(await response.text()).toMatch(/<html lang="en-GB" class="">/);
  });
});

test('times are shown in the zone of the browser from the first visit on', async () => {
  await visit(
    '/styleguide',
    { cookies: { locale: 'en' }, options: { timezoneId: 'America/New_York' } },
    async (page) => {
      await page.getByText('22 Nov 2026, 20:30 UTC−5').waitFor();
      await page.reload();
      expect(await page.content()).toContain('20:30 UTC−5');
    },
  );
});

test('a dialog keeps the focus, closes with Esc and gives the focus back', async () => {
  await visit('/styleguide', { cookies: { locale: 'en' }, options: { bypassCSP: true } }, async (page) => {
    const opener = page.getByRole('button', { name: 'Ask first' });
    await opener.click();
    await page.getByRole('alertdialog').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('Ask first'));
  });
});

test('the first page costs less than 120 kB of scripts', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const scripts: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() === 'script')
      scripts.push(request.sizes().then((sizes) => sizes.responseBodySize));
  });
  await page.goto(pages.url, { waitUntil: 'networkidle' });
  const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
  await context.close();
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(120_000);
});
