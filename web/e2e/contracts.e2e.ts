/**
 * Keys and signatures in real browsers, against the product itself: an exchange that lies about what is to be
 * signed, a key that cannot be taken out, a disk that does not hold it, a passkey that opens it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contractRoutes } from '@seam/protocol';
import { launchBrowser, launchProfile } from '@seam/testkit';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PassphraseEnvelope } from '../../packages/esign/src/keys/envelope.ts';
import { createPki, newParty, SELLER as SOMEBODY } from '../../packages/esign/src/testing/pki.ts';
import { DEMO_PASSWORD } from '../../server/src/demo/companies.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { type Party, logIn } from '../../server/test/trade/party.ts';
import { contracts } from '../src/lib/i18n/contracts.ts';
import { login } from '../src/lib/i18n/login.ts';
import { checks } from '../src/lib/signing/texts/checks.ts';
import { keysTexts } from '../src/lib/signing/texts/keys.ts';
import { signTexts } from '../src/lib/signing/texts/sign.ts';
import { accessibility } from './contracts/accessibility.ts';
import { LIES } from './contracts/dishonest.ts';
import { Hand } from './contracts/hand.ts';
import { certifyAll, makeContract, staffPair } from './contracts/parties.ts';
import { filesWith, openEnvelope, secretOf } from './contracts/profile.ts';
import { type Person, type Stage, field, fill, go, openStage, press } from './journey/stage.ts';

const PASSPHRASE = 'eight rivers run to the sea';
const SELLER = 'shenmu@seam.example';
const BUYER = 'east-tide@seam.example';
const t = contracts.en;
const s = signTexts.en;
const k = keysTexts.en;

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
let seller: Person;
let buyer: Person;
let sellerParty: Party;
let buyerParty: Party;
let staff: readonly [Party, Party];
let contract: string;

beforeAll(async () => {
  // Passkeys belong to a name.
  [browser, seam] = await Promise.all([launchBrowser(), runSeam({ host: 'localhost' })]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
  [sellerParty, buyerParty, staff] = await Promise.all([
    logIn(seam.url, SELLER, DEMO_PASSWORD),
    logIn(seam.url, BUYER, DEMO_PASSWORD),
    staffPair(seam.url),
  ]);
  [seller, buyer] = await Promise.all([
    stage.enterAs(SELLER, DEMO_PASSWORD),
    stage.enterAs(BUYER, DEMO_PASSWORD),
  ]);
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await stage.lookAtAll(`failed-${task.name.split(' ')[0]}`);
  const stuck = await seam.sql`select topic, last_error from outbox where last_error is not null`;
  process.stderr.write(`${JSON.stringify(stuck)}\n${seam.output().slice(-5_000)}`);
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

async function makeKey({ page, go }: Pick<Person, 'page' | 'go'>, device: string): Promise<void> {
  await go('/company/keys');
  await fill(page.getByRole('main'), {
    [k.device]: device,
    [k.passphrase]: PASSPHRASE,
    [k.repeat]: PASSPHRASE,
  });
  await press(page, k.makeButton);
  await page.getByText(k.madeDone).waitFor();
}

async function openDialog(page: Page): Promise<Locator> {
  const button = page.locator('#sign').getByRole('button', { name: s.open });
  await button.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox').waitFor();
  return dialog;
}

test('K1 a key is made in the browser, and two of the centre certify it', async () => {
  contract = await makeContract(sellerParty, buyerParty);
  await makeKey(seller, 'Mine office');
  await stage.look(seller, 'keys');
  await press(seller.page, k.confirmFingerprint);
  await seller.page.getByText(k.confirmed).waitFor();
  await certifyAll(staff);
  await seller.page.getByText(k.valid, { exact: true }).first().waitFor();
  await stage.look(seller, 'keys-certified');
});

describe('an exchange that lies about what is to be signed', () => {
  /** Calls that handed a signature in. */
  const handedIn: string[] = [];
  let dialog: Locator;

  test('S3 learns nothing from a wrong passphrase: it is not even asked', async () => {
    const { page } = seller;
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/signature')) handedIn.push(request.url());
    });
    await seller.go(`/contracts/${contract}`);
    dialog = await openDialog(page);
    await stage.look(seller, 'sign-dialog');
    await dialog.getByRole('checkbox').check();
    await field(dialog, s.password).fill('not the password');
    await field(dialog, t.passphrase).fill('not the right words');
    await press(dialog, s.sign);
    await dialog.locator('[name="password"][aria-invalid="true"]').waitFor();
    await field(dialog, s.password).fill(DEMO_PASSWORD);
    let asked = 0;
    await page.route('**/signing-sessions', (route) => {
      asked += 1;
      return route.continue();
    });
    await press(dialog, s.sign);
    await dialog.getByText(checks.en.WRONG_PASSPHRASE).waitFor();
    await stage.look(seller, 'sign-wrong-passphrase');
    expect(asked).toBe(0);
    await page.unroute('**/signing-sessions');
    await field(dialog, t.passphrase).fill(PASSPHRASE);
  });

  test.each(LIES)('$id $what is refused with $code, and nothing is signed', async ({ id, code, tell }) => {
    const { page } = seller;
    const read = await sellerParty.must(contractRoutes.contractDocument, { params: { id: contract } });
    await page.route('**/v1/signing-sessions/*/document', async (route) => {
      const honest = await route.fetch();
      const body = tell(new Uint8Array(await honest.body()), read.length);
      await route.fulfill({ response: honest, body: Buffer.from(body) });
    });
    await press(dialog, s.sign);
    const alert = dialog.getByRole('alert').filter({ hasText: t.refusedTitle });
    await alert.getByText(checks.en[code], { exact: true }).waitFor();
    expect(await alert.textContent()).toContain(code);
    if (id === 'W2') await stage.look(seller, 'sign-refused');
    await page.unroute('**/v1/signing-sessions/*/document');
    expect(handedIn).toEqual([]);
  });

  test('W8 a certificate of another key is refused with CERT_NOT_FOR_THIS_KEY, and nothing is signed', async () => {
    const { page } = seller;
    const other = await newParty(await createPki(), SOMEBODY);
    const forged = Buffer.from(other.certificate).toString('base64');
    const { state } = await sellerParty.must(contractRoutes.contract, { params: { id: contract } });
    expect(state).toBe('issued');
    await page.route(`**/contracts/${contract}`, async (route) => {
      const honest = await route.fetch();
      const html = await honest.text();
      const lie = html.replaceAll(/(certificate:")MII[A-Za-z0-9+/=]+(")/g, `$1${forged}$2`);
      expect(lie).not.toBe(html);
      await route.fulfill({ response: honest, body: lie });
    });
    await seller.go(`/contracts/${contract}`);
    dialog = await openDialog(page);
    await dialog.getByRole('checkbox').check();
    await field(dialog, t.passphrase).fill(PASSPHRASE);
    await press(dialog, s.sign);
    await dialog.getByText(checks.en.CERT_NOT_FOR_THIS_KEY, { exact: true }).waitFor();
    await page.unroute(`**/contracts/${contract}`);
    expect(handedIn).toEqual([]);
  });

  test('S1 an honest one gets its signature, by a key that the page itself cannot take out', async () => {
    const { page } = seller;
    // Catches the key of this signature as it comes out of its seal, in the page itself.
    await page.addInitScript(() => {
      const { subtle } = crypto;
      const unwrap = subtle.unwrapKey.bind(subtle) as (...all: unknown[]) => Promise<CryptoKey>;
      Object.assign(subtle, {
        unwrapKey: async (...all: unknown[]) =>
          ((globalThis as unknown as { caught: CryptoKey }).caught = await unwrap(...all)),
      });
    });
    await seller.go(`/contracts/${contract}`);
    const hand = new Hand();
    await hand.click(page.locator('#sign').getByRole('button', { name: s.open }));
    dialog = page.getByRole('dialog');
    await hand.click(dialog.getByRole('checkbox'));
    await hand.type(field(dialog, t.passphrase), PASSPHRASE);
    await hand.click(dialog.getByRole('button', { name: s.sign, exact: true }));
    await page.getByText(t.signedTitle, { exact: true }).waitFor();
    expect(hand.clicks).toBeLessThanOrEqual(4);
    process.stderr.write(`signed (en, password given before): ${hand.clicks} clicks, ${hand.seconds()} s\n`);
    expect(handedIn.length).toBe(1);
    const exported = await page.evaluate(async () => {
      const { caught } = globalThis as unknown as { caught: CryptoKey };
      const names = ['pkcs8', 'jwk'].map(async (form) =>
        crypto.subtle.exportKey(form as 'pkcs8', caught).then(
          () => 'exported',
          (error: DOMException) => error.name,
        ),
      );
      return [caught.extractable, ...(await Promise.all(names))];
    });
    expect(exported).toEqual([false, 'InvalidAccessError', 'InvalidAccessError']);
    await stage.look(seller, 'signed');
  });
});

/** An authenticator inside the browser, with the PRF that seals keys. */
async function plugIn(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

test('K2 a key sealed by a passkey signs with one touch, and the contract says so', async () => {
  const { page, context } = buyer;
  await plugIn(context, page);
  await buyer.go('/company/keys');
  const main = page.getByRole('main');
  await field(main, k.device).fill('Power station');
  await main.getByRole('radio', { name: k.byPasskey }).check();
  await field(main, k.loginPassword).fill(DEMO_PASSWORD);
  await stage.look(buyer, 'keys-passkey');
  await press(page, k.makeButton);
  await page.getByText(k.madeDone).waitFor();
  await page.getByText(k.noBackup, { exact: false }).waitFor();
  await certifyAll(staff);
  await buyer.go(`/contracts/${contract}`);
  const dialog = await openDialog(page);
  await stage.look(buyer, 'sign-passkey');
  expect(await dialog.locator('input[type="password"]').count()).toBe(0);
  await dialog.getByRole('checkbox').check();
  await press(dialog, s.sign);
  await page.getByText(t.boundTitle).waitFor();
  const view = await buyerParty.must(contractRoutes.contract, { params: { id: contract } });
  expect(view).toMatchObject({ state: 'binding', level: 'B-LTA' });
  expect(view.revisions.map(({ proof }) => proof).slice(1, 3)).toEqual(['password', 'passkey']);
  await stage.look(buyer, 'binding');
});

test('K2 takes a passphrase as a way back, and then has a backup that another browser restores', async () => {
  const { page } = buyer;
  await buyer.go('/company/keys');
  await press(page, k.setPassphrase);
  const dialog = page.getByRole('dialog');
  await fill(dialog, { [k.newPassphrase]: PASSPHRASE, [k.repeat]: PASSPHRASE });
  await stage.look(buyer, 'keys-set-passphrase');
  await press(dialog, k.setPassphrase);
  await page.getByText(k.changed).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: k.backup }).click(),
  ]);
  const elsewhere = await stage.enterAs(BUYER, DEMO_PASSWORD);
  await elsewhere.go('/company/keys');
  await elsewhere.page.getByLabel(k.file).setInputFiles(await download.path());
  await press(elsewhere.page, k.restoreButton);
  await elsewhere.page.getByText(k.restored).waitFor();
  await press(elsewhere.page, k.change);
  const change = elsewhere.page.getByRole('dialog');
  const words = { [k.newPassphrase]: 'another four words here', [k.repeat]: 'another four words here' };
  await fill(change, { [k.oldPassphrase]: 'not the right words', ...words });
  await press(change, k.change);
  await change.getByText(checks.en.WRONG_PASSPHRASE).waitFor();
  await field(change, k.oldPassphrase).fill(PASSPHRASE);
  await press(change, k.change);
  await elsewhere.page.getByText(k.changed).waitFor();
});

test('S2 a key sealed with a passphrase is nowhere on the disk; one that is only marked non-extractable is', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'seam-profile-'));
  try {
    let context = await launchProfile(folder);
    await context.addCookies([{ name: 'locale', value: 'en', url: seam.url }]);
    const page = context.pages()[0] ?? (await context.newPage());
    const visit = async (to: string): Promise<void> => go(page, seam.url + to);
    await visit('/login');
    const main = page.getByRole('main');
    await fill(main, { [login.en.email]: 'pearl-delta@seam.example', [login.en.password]: DEMO_PASSWORD });
    await press(main, login.en.submit);
    await page.waitForURL((url) => url.pathname !== '/login');
    await makeKey({ page, go: visit }, 'Laptop');
    const stored = await page.evaluate(storedEnvelope);
    const careless = Buffer.from(await page.evaluate(keepCarelessly), 'base64');
    await context.close();
    const secret = secretOf(openEnvelope(JSON.parse(stored) as PassphraseEnvelope, PASSPHRASE));
    expect(secret.length).toBe(32);
    expect(filesWith(folder, secret)).toEqual([]);
    // The search can find what is there: such a key lies in clear among the browser's own files.
    expect(filesWith(folder, secretOf(careless)).length).toBeGreaterThan(0);
    context = await launchProfile(folder);
    expect(await (await reopened(context)).evaluate(storedEnvelope)).toBe(stored);
    await context.close();
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

async function reopened(context: BrowserContext): Promise<Page> {
  const page = context.pages()[0] ?? (await context.newPage());
  await go(page, `${seam.url}/company/keys`);
  return page;
}

/** In the page: what this browser keeps of the one key in it. */
async function storedEnvelope(): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('seam-signing');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no store'));
  });
  const all = await new Promise<{ envelope: string }[]>((resolve) => {
    const request = database.transaction('keys').objectStore('keys').getAll();
    request.onsuccess = () => resolve(request.result as { envelope: string }[]);
  });
  database.close();
  return all[0]!.envelope;
}

/** In the page: what this product never does. @returns PKCS#8 in base64, so that it can be looked for. */
async function keepCarelessly(): Promise<string> {
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const made = await crypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', made.privateKey);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, curve, false, ['sign']);
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('careless', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('keys');
    request.onsuccess = () => resolve(request.result);
  });
  await new Promise<void>((resolve) => {
    const transaction = database.transaction('keys', 'readwrite');
    transaction.objectStore('keys').put(key, 'one');
    transaction.oncomplete = () => resolve();
  });
  database.close();
  return btoa(String.fromCharCode(...new Uint8Array(pkcs8)));
}

test('a person who has never seen it signs with few clicks in Chinese, with the password asked for', async () => {
  const second = await makeContract(sellerParty, buyerParty);
  const { page, context } = seller;
  await context.addCookies([{ name: 'locale', value: 'zh', url: seam.url }]);
  await seam.sql`delete from step_up`;
  await seller.go(`/contracts/${second}`);
  const hand = new Hand();
  const dialog = page.getByRole('dialog');
  await hand.click(page.locator('#sign').getByRole('button', { name: signTexts.zh.open }));
  await hand.click(dialog.getByRole('checkbox'));
  await hand.type(field(dialog, signTexts.zh.password), DEMO_PASSWORD);
  await hand.type(field(dialog, contracts.zh.passphrase), PASSPHRASE);
  await stage.look(seller, 'sign-dialog-zh');
  await hand.click(dialog.getByRole('button', { name: signTexts.zh.sign, exact: true }));
  await page.getByText(contracts.zh.signedTitle, { exact: true }).waitFor();
  expect(hand.clicks).toBeLessThanOrEqual(5);
  process.stderr.write(`signed (zh, with password): ${hand.clicks} clicks, ${hand.seconds()} s\n`);

  await buyer.go(`/contracts/${second}`);
  await buyer.page.getByText(t.decline, { exact: true }).click();
  await field(buyer.page.getByRole('main'), t.reason).fill('The ship is gone.');
  await buyer.page.getByRole('checkbox').last().check();
  await press(buyer.page, t.declineButton);
  await buyer.page.getByText(t.declinedDone).waitFor();
  await seller.go(`/contracts/${second}`);
  await page.getByText('The ship is gone.', { exact: false }).waitFor();
  await stage.look(seller, 'declined');
});

test('X1 a signature whose timestamp is late is kept: the page says so, asks again, and shows it done', async () => {
  const late = await makeContract(sellerParty, buyerParty);
  const { page, context } = seller;
  await context.addCookies([{ name: 'locale', value: 'en', url: seam.url }]);
  await seller.go(`/contracts/${late}`);
  // The exchange has it; what the page hears is that the timestamp authority is away.
  await page.route('**/v1/signing-sessions/*/signature', async (route) => {
    await route.fetch();
    const json = { status: 503, code: 'contract.timestamp_unavailable', title: 'later' };
    await route.fulfill({ status: 503, contentType: 'application/problem+json', json });
  });
  const dialog = await openDialog(page);
  await dialog.getByRole('checkbox').check();
  // Asked for unless it was given in the last five minutes.
  if (await field(dialog, s.password).isVisible()) await field(dialog, s.password).fill(DEMO_PASSWORD);
  await field(dialog, t.passphrase).fill(PASSPHRASE);
  await press(dialog, s.sign);
  await page.getByText(t.alreadySigned, { exact: true }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await page.getByRole('alert').count()).toBe(0);
  await page.unroute('**/v1/signing-sessions/*/signature');
});

test('a key is renewed by an RSA key, which signs; a lost one is revoked as soon as its stand-in is asked for', async () => {
  const { page } = seller;
  const main = page.getByRole('main');
  const replace = async (device: string, prepare: () => Promise<void>): Promise<void> => {
    await prepare();
    await fill(main, { [k.device]: device, [k.passphrase]: PASSPHRASE, [k.repeat]: PASSPHRASE });
    await press(page, k.makeButton);
    await page.getByText(k.madeDone).waitFor();
  };
  const keyOn = (device: string): Locator => main.getByRole('listitem').filter({ hasText: device });
  await seller.go('/company/keys');
  await replace('RSA laptop', async () => {
    await press(keyOn('Mine office'), k.renew);
    await page.getByText(k.replacesRenewalText).waitFor();
    await page.getByText(`${k.kind}: ${k.kindP256}`).click();
    await page.getByRole('radio', { name: k.kindRsa }).check();
    await stage.look(seller, 'keys-renewal');
  });
  await certifyAll(staff);
  const next = await makeContract(sellerParty, buyerParty);
  await seller.go(`/contracts/${next}`);
  const dialog = await openDialog(page);
  await dialog.getByRole('radio', { name: /RSA laptop/ }).check();
  await dialog.getByRole('checkbox').check();
  if (await field(dialog, s.password).isVisible()) await field(dialog, s.password).fill(DEMO_PASSWORD);
  await field(dialog, t.passphrase).fill(PASSPHRASE);
  await press(dialog, s.sign);
  await page.getByText(t.signedTitle, { exact: true }).waitFor();

  await seller.go('/company/keys');
  await replace('Spare laptop', async () => {
    await press(keyOn('RSA laptop'), k.lost);
    await page.getByText(k.replacesLost, { exact: true }).waitFor();
    await stage.look(seller, 'keys-lost');
  });
  await keyOn('RSA laptop').getByText(k.revoked, { exact: true }).first().waitFor();
  await keyOn('Mine office').getByText(k.valid, { exact: true }).first().waitFor();
  await stage.look(seller, 'keys-after-loss');
});

test('keys, contract, dialog and verify have no accessibility finding, in both languages and widths', async () => {
  const third = await makeContract(sellerParty, buyerParty);
  for (const [locale, width] of [
    ['en', 1440],
    ['zh', 390],
  ] as const) {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width, height: 844 } });
    await context.addCookies([
      ...(await seller.context.cookies()).filter(({ name }) => name !== 'locale'),
      { name: 'locale', value: locale, url: seam.url },
    ]);
    const page = await context.newPage();
    for (const to of ['/company/keys', `/contracts/${third}`, '/verify?contract=SC-1']) {
      await go(page, seam.url + to);
      await page.waitForLoadState('networkidle');
      expect(await accessibility(page), `${to} ${locale}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), to).toBe(true);
    }
    await context.close();
  }
  await seller.context.addCookies([{ name: 'locale', value: 'en', url: seam.url }]);
  expect(stage.complaints.filter((line) => !line.includes('ResizeObserver'))).toEqual([]);
});
