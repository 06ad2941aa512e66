/** One page in front of one person in one language, at every width and in every light: pictures and findings. */
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { inspect } from './inspect.ts';
import type { Shown } from './pages.ts';
import { LOGINS, type Role } from './world/people.ts';

export const WIDTHS = [1440, 390] as const;
export type Locale = 'zh' | 'en';
export type Theme = 'light' | 'dark';
export type Finding = { readonly kind: string; readonly what: string; readonly where: string };
export type Looked = {
  readonly shown: Shown;
  readonly locale: Locale;
  readonly pictures: readonly { readonly file: string; readonly theme: Theme; readonly width: number }[];
  readonly findings: readonly Finding[];
};

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Pages that only lead to another one. */
const LEADS_TO: Readonly<Record<string, string>> = { '/lots': '/find' };
const HEIGHT = 900;
const PICTURE_HEIGHT_MAX = 8_000;
const PATIENCE_MS = 90_000;

/** A browser context that is logged in as `role` and reads `locale`. */
export async function enter(
  browser: Browser,
  url: string,
  role: Role,
  locale: Locale,
  { axe: checks = true }: { axe?: boolean } = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: WIDTHS[0], height: HEIGHT },
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const cookie = (name: string, value: string) => ({ name, value, url });
  await context.addCookies([
    cookie('locale', locale),
    cookie('theme', 'light'),
    cookie('tz', 'Asia/Shanghai'),
  ]);
  if (role !== 'visitor') {
    const { email, password } = LOGINS[role];
    const headers = { origin: url };
    const answer = await context.request.post(`${url}/v1/login`, { data: { email, password }, headers });
    if (!answer.ok()) throw new Error(`${role} could not log in: ${await answer.text()}`);
  }
  // Before any script of the page, and so not subject to its policy.
  if (checks) await context.addInitScript({ content: axe });
  return context;
}

export async function look(of: {
  readonly context: BrowserContext;
  readonly url: string;
  readonly shown: Shown;
  readonly locale: Locale;
  readonly themes: readonly Theme[];
  readonly directory: string;
}): Promise<Looked> {
  const { context, url, shown, locale, themes, directory } = of;
  const findings: Finding[] = [];
  const pictures: { file: string; theme: Theme; width: number }[] = [];
  const page = await context.newPage();
  const say = (kind: string, what: string, where: string): void => {
    if (!findings.some((one) => one.kind === kind && one.what === what)) findings.push({ kind, what, where });
  };
  page.on('console', (message) => {
    if (message.type() === 'error') say('console', message.text().slice(0, 300), locale);
  });
  page.on('pageerror', (error) => say('script', String(error).slice(0, 300), locale));
  try {
    await open(page, url, shown, say);
    for (const theme of themes) {
      await page.evaluate((name) => {
        document.documentElement.classList.remove('light', 'dark');
        document.documentElement.classList.add(name);
      }, theme);
      for (const width of WIDTHS) {
        const where = `${locale} ${theme} ${width}`;
        await page.setViewportSize({ width, height: HEIGHT });
        await settled(page);
        // What does not depend on colour was seen in the first light.
        const isFirst = theme === themes[0];
        for (const one of await axeFindings(page, !isFirst)) say('axe', one, where);
        if (isFirst)
          for (const { kind, what } of await page.evaluate(inspect, locale)) say(kind, what, where);
        const file = `${nameOf(shown)}.${locale}.${theme}.${width}.jpg`;
        // The window as high as the page: what sticks to its foot is then at the foot, not across the picture.
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width, height: Math.min(Math.max(height, HEIGHT), PICTURE_HEIGHT_MAX) });
        await settled(page);
        await page.screenshot({ path: path.join(directory, file), type: 'jpeg', quality: 70 });
        pictures.push({ file, theme, width });
      }
    }
  } catch (error) {
    say('failed', String(error).split('\n')[0]!, locale);
  } finally {
    await page.close();
  }
  return { shown, locale, pictures, findings };
}

async function open(
  page: Page,
  url: string,
  { path: to, role }: Shown,
  say: (kind: string, what: string, where: string) => void,
): Promise<void> {
  const answer = await page.goto(url + to);
  if (answer && answer.status() >= 400) say('answer', `${answer.status()}`, '');
  const wanted = new URL(to, url).pathname;
  const got = new URL(page.url()).pathname;
  if (got !== (LEADS_TO[wanted] ?? wanted)) say('answer', `led to ${got}`, '');
  await page.waitForSelector('html[data-ready]');
  // A room or a market is looked at once its line is good; a visitor's page asks again instead of having one.
  if (role === 'visitor') return;
  await page.waitForFunction(() => {
    const light = document.querySelector('[data-knowledge]');
    return light === null || light.getAttribute('data-knowledge') === 'live';
  });
}

/** Two frames: the first takes the new size in, the second has painted it. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

async function axeFindings(page: Page, coloursOnly: boolean): Promise<string[]> {
  return page.evaluate(async (colours) => {
    type Violation = { id: string; nodes: { html: string }[] };
    type Axe = { run(of: Document, how: object): Promise<{ violations: Violation[] }> };
    const { axe } = globalThis as unknown as { axe: Axe };
    const how = {
      resultTypes: ['violations'],
      ...(colours && { runOnly: { type: 'rule', values: ['color-contrast'] } }),
    };
    const { violations } = await axe.run(document, how);
    return violations.map(
      ({ id, nodes }) =>
        `${id} (${nodes.length}): ${nodes
          .slice(0, 3)
          .map(({ html }) => html.slice(0, 160))
          .join(' | ')}`,
    );
  }, coloursOnly);
}

/** Of its files: `auctions-id.buyer.live`. */
export const nameOf = ({ route, role, name }: Shown): string =>
  [
    route.replaceAll(/[[\]]/g, '').replaceAll('/', '-').replace(/^-/, '') || 'home',
    role,
    name.replace(' ', '-'),
  ]
    .filter(Boolean)
    .join('.');
