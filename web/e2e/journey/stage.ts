/** The people of the journey, each with a browser of their own, and how they move through the pages. */
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { login } from '../../src/lib/i18n/login.ts';

/** Shared cores, argon2, 600,000 rounds of PBKDF2: slow is no failure here. */
export const PATIENCE_MS = 180_000;
export const PATIENCE = { timeout: PATIENCE_MS, interval: 250 } as const;
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

export type Person = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Opens a page of the exchange and waits until it can be used. */
  go(path: string): Promise<void>;
};

export type Stage = {
  enter(): Promise<Person>;
  /** Someone who logs in through the login page. */
  enterAs(email: string, password: string): Promise<Person>;
  /** Pictures of the page on a desk and on a phone, where somebody wants to look at them. */
  look(person: Person, name: string): Promise<void>;
  /** Pictures of every open page, and what stands in it: for whoever asks why a step failed. */
  lookAtAll(name: string): Promise<void>;
  /** What broke in the scripts of any page, so far. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
};

/** @param pictures directory for pictures; undefined: none are taken. */
export function openStage(browser: Browser, url: string, pictures: string | undefined): Stage {
  const complaints: string[] = [];
  const contexts: BrowserContext[] = [];
  let taken = 0;

  const enter = async (): Promise<Person> => {
    const context = await browser.newContext({ viewport: DESK, timezoneId: 'Asia/Shanghai' });
    contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addCookies([{ name: 'locale', value: 'en', url }]);
    context.on('page', (page) => {
      page.on('pageerror', (error) => complaints.push(`${page.url()}: ${String(error)}`));
    });
    const page = await context.newPage();
    return { page, context, go: async (to) => go(page, url + to) };
  };

  return {
    complaints,
    enter,
    async enterAs(email, password) {
      const person = await enter();
      await person.go('/login');
      await fill(person.page.getByRole('main'), { [login.en.email]: email, [login.en.password]: password });
      await person.page.getByRole('main').getByRole('button', { name: login.en.submit }).click();
      await person.page.waitForURL((to) => !to.pathname.startsWith('/login'));
      await usable(person.page);
      return person;
    },
    async look({ page }, name) {
      if (pictures === undefined) return;
      fs.mkdirSync(pictures, { recursive: true });
      taken += 1;
      for (const [width, viewport] of [
        ['1440', DESK],
        ['390', PHONE],
      ] as const) {
        await page.setViewportSize(viewport);
        await page.evaluate(() => scrollTo(0, 0));
        const file = `${String(taken).padStart(2, '0')}-${name}-${width}.png`;
        await page.screenshot({ path: path.join(pictures, file), fullPage: true });
      }
      await page.setViewportSize(DESK);
    },
    async lookAtAll(name) {
      if (pictures === undefined) return;
      fs.mkdirSync(pictures, { recursive: true });
      for (const [n, page] of contexts.flatMap((context) => context.pages()).entries()) {
        const file = path.join(pictures, `${name}-${n}`);
        await page.screenshot({ path: `${file}.png`, fullPage: true, timeout: 10_000 }).catch(() => {});
        const text = await page.evaluate(() => document.body.innerText).catch(String);
        fs.writeFileSync(`${file}.txt`, `${page.url()}\n\n${text}\n`);
      }
    },
    async close() {
      for (const context of contexts) await context.close();
    },
  };
}

export async function go(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await usable(page);
}

/** Until then a press would send a form the plain way: that works too, but it is not what is tested here. */
async function usable(page: Page): Promise<void> {
  await page.waitForSelector('html[data-ready]');
}

/** The control with exactly this label; the note that it is optional does not count. */
export function field(scope: Page | Locator, label: string): Locator {
  const exact = label.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return scope.getByLabel(new RegExp(String.raw`^\s*${exact}(\s*\(optional\))?\s*$`));
}

export async function fill(scope: Page | Locator, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await field(scope, label).fill(value);
}

export const press = async (scope: Page | Locator, name: string): Promise<void> =>
  scope.getByRole('button', { name, exact: true }).click();

/** Texts of the body rows of a table, cell by cell. */
export async function cells(table: Locator): Promise<string[][]> {
  return table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('td, th')].map((cell) =>
          (cell.textContent ?? '').replaceAll(/\s+/g, ' ').trim(),
        ),
      ),
    );
}
