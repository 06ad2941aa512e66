/**
 * Starts the product on an empty database, furnishes it and looks at every page as everybody who sees it, at two
 * widths, in two languages, light and dark.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from '@seam/testkit';
import type { Browser, BrowserContext } from 'playwright-core';
import { setup } from '../../../server/test/global-setup.ts';
import { runSeam } from '../../../server/test/running-seam.ts';
import { type Locale, type Looked, type Theme, enter, look, nameOf } from './look.ts';
import { type Shown, allPages, checkPages } from './pages.ts';
import { index, table } from './report.ts';
import { makeWorld } from './world/index.ts';

/** Pages looked at side by side: while one waits for its server another one is painted. */
const SIDE_BY_SIDE = 3;

type Job = { readonly shown: Shown; readonly locale: Locale };

/** @returns 1 when something is wrong with a page. */
export async function gallery(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      out: { type: 'string' },
      pages: { type: 'string', default: '' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const directory = path.resolve(values.out ?? 'gallery');
  fs.mkdirSync(directory, { recursive: true });
  const locales: readonly Locale[] = values.quick ? ['en'] : ['en', 'zh'];
  const themes: readonly Theme[] = values.quick ? ['light'] : ['light', 'dark'];
  const looked = await withSeam(async (url, browser, pages) => {
    const wanted = pages.filter((shown) => new RegExp(values.pages).test(`${shown.route} ${nameOf(shown)}`));
    const jobs = wanted.flatMap((shown) => locales.map((locale) => ({ shown, locale })));
    return lookAtAll({ jobs, themes, url, browser, directory });
  });
  fs.writeFileSync(path.join(directory, 'index.html'), index(looked));
  const isFine = looked.every(({ findings }) => findings.length === 0);
  process.stdout.write(values.json ? `${JSON.stringify(looked, null, 2)}\n` : `${table(looked)}\n`);
  return isFine ? 0 : 1;
}

async function withSeam<T>(
  work: (url: string, browser: Browser, pages: readonly Shown[]) => Promise<T>,
): Promise<T> {
  checkPages();
  const removeServer = await setup();
  try {
    const seam = await runSeam();
    try {
      const { world } = await makeWorld(seam);
      const browser = await launchBrowser();
      try {
        return await work(seam.url, browser, allPages(world));
      } finally {
        await browser.close();
      }
    } finally {
      await seam.stop();
    }
  } finally {
    await removeServer();
  }
}

export async function lookAtAll(of: {
  readonly jobs: readonly Job[];
  readonly themes: readonly Theme[];
  readonly url: string;
  readonly browser: Browser;
  readonly directory: string;
}): Promise<Looked[]> {
  const { jobs, themes, url, browser, directory } = of;
  const contexts = new Map<string, Promise<BrowserContext>>();
  const contextOf = async ({ shown: { role }, locale }: Job): Promise<BrowserContext> => {
    const known = contexts.get(role + locale) ?? enter(browser, url, role, locale);
    contexts.set(role + locale, known);
    return known;
  };
  const looked: Looked[] = Array.from({ length: jobs.length });
  const waiting = jobs.entries();
  const worker = async (): Promise<void> => {
    for (const [at, job] of waiting) {
      looked[at] = await look({ ...job, context: await contextOf(job), url, themes, directory });
      if (process.stderr.isTTY) process.stderr.write(`\r${at + 1} of ${jobs.length} `);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return looked;
}
