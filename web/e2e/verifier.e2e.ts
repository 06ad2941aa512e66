/**
 * The page that checks contracts, saved as one file and opened from disk in a browser without a network,
 * and the same page of the exchange without an exchange: what they say about good and bad contracts.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchBrowser } from '@seam/testkit';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as tamper from '../../packages/esign/src/testing/tamper.ts';
import { findings } from '../src/lib/signing/texts/findings.ts';
import { verifyTexts } from '../src/lib/signing/texts/verify.ts';
import { sampleContract } from './contracts/sample.ts';
import { accessibility } from './contracts/accessibility.ts';
import { servePages } from './pages-server.ts';

let browser: Browser;
let pages: Awaited<ReturnType<typeof servePages>>;
let sample: Awaited<ReturnType<typeof sampleContract>>;
let folder: string;
let file: string;

beforeAll(async () => {
  [browser, pages, sample] = await Promise.all([
    launchBrowser(),
    servePages({ '/v1/pki/root.cer': () => sample.root }),
    sampleContract(),
  ]);
  folder = mkdtempSync(path.join(tmpdir(), 'seam-one-file-'));
  file = path.join(folder, 'seam-verify.html');
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Opens the saved file with the network off; gives what the browser complained about, and what it asked for. */
async function opened(
  options: BrowserContextOptions,
  use: (page: Page) => Promise<void>,
): Promise<{ complaints: string[]; asked: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const complaints: string[] = [];
  const asked: string[] = [];
  try {
    await context.setOffline(true);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('html[data-ready]');
    await use(page);
  } finally {
    await context.close();
  }
  return { complaints, asked };
}

async function check(page: Page, bytes: Uint8Array, locale: 'en' | 'zh' = 'en'): Promise<Locator> {
  const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.pdf`;
  await page
    .getByLabel(verifyTexts[locale].choose)
    .setInputFiles({ name, mimeType: 'application/pdf', buffer: Buffer.from(bytes) });
  const verdict = page.getByRole('status').filter({ hasText: name });
  await verdict.waitFor();
  return verdict;
}

const word = async (verdict: Locator): Promise<string> =>
  (await verdict.locator('p').nth(1).textContent())!.trim();

test('the page of the exchange offers itself as one file, with the hash of what is saved', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${pages.url}/verify`);
  const save = page.getByRole('button', { name: /seam-verify\.html/ });
  const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
  expect(download.suggestedFilename()).toBe('seam-verify.html');
  await download.saveAs(file);
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  const shown = await page
    .getByRole('region', { name: verifyTexts.en.oneFile })
    .locator('code')
    .textContent();
  expect(shown!.replaceAll(/\s/g, '').toLowerCase()).toBe(sha256);
  expect(readFileSync(file).length).toBeLessThan(400 * 1024);
  await context.close();
});

describe('the file, opened from disk without a network', () => {
  test('finds a good contract valid, in both languages, and asks for nothing', async () => {
    const { complaints, asked } = await opened({ locale: 'zh-CN' }, async (page) => {
      expect(await word(await check(page, sample.blta, 'zh'))).toBe('有效');
      await page.getByText('B-LTA', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByText(verifyTexts.en.validText).waitFor();
      for (const shown of ['张伟', '李娜', '接缝煤炭交易中心', 'LEIXG-529900T8BM49AURSDO55'])
        expect(await page.getByText(shown).count(), shown).toBeGreaterThan(0);
      expect(await page.getByText(verifyTexts.en.proved).count()).toBe(3);
      await page.getByText(verifyTexts.en.documentTimestamp).waitFor();
    });
    expect(complaints).toEqual([]);
    expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([]);
  });

  test('names what is wrong with a bad one, code by code', async () => {
    const cases: [string, Uint8Array, string, string][] = [
      ['a byte of a page', tamper.flipBit(sample.blta, 3_000), 'Not valid', 'DIGEST_MISMATCH'],
      ['bytes at its end', new Uint8Array([...sample.blta, 37]), 'Not valid', 'TRAILING_OR_TRUNCATED_DATA'],
      ['cut to one signature', sample.bySeller, 'Not complete', ''],
    ];
    await opened({ locale: 'en-GB' }, async (page) => {
      for (const [name, bytes, verdict, code] of cases) {
        expect(await word(await check(page, bytes)), name).toBe(verdict);
        if (code === '') continue;
        await page.getByText(code, { exact: false }).first().waitFor();
        const texts = findings as Record<'en' | 'zh', Record<string, string>>;
        for (const locale of ['en', 'zh'] as const)
          await page.getByText(texts[locale][code]!, { exact: true }).first().waitFor();
      }
      expect(await word(await check(page, sample.bt))).toBe('Valid');
      await page.getByText(verifyTexts.en['B-T']).waitFor();
    });
  });

  test('trusts only the roots that its reader wants', async () => {
    const other = await sampleContract();
    await opened({ locale: 'en-GB' }, async (page) => {
      const verdict = await check(page, other.blta);
      expect(await word(verdict)).toBe('Not valid');
      await page.getByText('CERT_SIGNATURE_INVALID').first().waitFor();
      const root = path.join(folder, 'other.cer');
      writeFileSync(root, other.root);
      await page.getByLabel(verifyTexts.en.addRoot).setInputFiles(root);
      await expect.poll(async () => word(verdict)).toBe('Valid');
      await page.getByRole('checkbox', { name: /other\.cer/ }).uncheck();
      await expect.poll(async () => word(verdict)).toBe('Not valid');
      await page.getByLabel(verifyTexts.en.addRoot).setInputFiles({
        name: 'no.cer',
        mimeType: 'text/plain',
        buffer: Buffer.from('no'),
      });
      await page.getByText(verifyTexts.en.ROOT_UNREADABLE).waitFor();
    });
  });

  test('can send nothing, whatever code were put into it', async () => {
    const heard: string[] = [];
    const server = http.createServer((request, response) => {
      heard.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('html[data-ready]');
    const out = await page.evaluate(async (to) => {
      const tries = [fetch(`${to}/fetch`, { mode: 'no-cors', method: 'POST', body: 'x' })];
      const loads = (make: () => HTMLElement) =>
        new Promise<string>((resolve) => {
          const element = make();
          element.addEventListener('error', () => resolve('refused'));
          element.addEventListener('load', () => resolve('loaded'));
          document.body.append(element);
        });
      return [
        ...(await Promise.allSettled(tries)).map(({ status }) => status),
        String(navigator.sendBeacon(`${to}/beacon`, 'x')),
        await loads(() => Object.assign(new Image(), { src: `${to}/image` })),
        await loads(() => Object.assign(document.createElement('script'), { src: `${to}/script` })),
      ];
    }, url);
    expect(out[0]).toBe('rejected');
    expect(out.slice(2)).toEqual(['refused', 'refused']);
    expect(heard).toEqual([]);
    await context.close();
    server.close();
  });

  test('has no accessibility finding and fits a desk and a phone', async () => {
    for (const [locale, width] of [
      ['en-GB', 1440],
      ['zh-CN', 390],
    ] as const)
      await opened({ locale, bypassCSP: true, viewport: { width, height: 844 } }, async (page) => {
        expect(await accessibility(page)).toEqual([]);
        await check(page, sample.blta, locale === 'zh-CN' ? 'zh' : 'en');
        expect(await accessibility(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      });
  });
});
