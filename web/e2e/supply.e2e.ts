/**
 * A buyer's need in a real browser, against the product itself with its demo market: what fits and why, the
 * blend and what its limits cost, whom to ask, and what a producer answers. The buyer reads English first and
 * Chinese later, the producer Chinese; at the end every page of it is read in both. Each test goes on where the
 * last one ended.
 */
import { launchBrowser } from '@seam/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../server/src/demo/companies.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { blends } from '../src/lib/i18n/blends.ts';
import { coal } from '../src/lib/i18n/coal.ts';
import { contracts } from '../src/lib/i18n/contracts.ts';
import { type Locale, languageTag } from '../src/lib/i18n/dictionary.ts';
import { negotiations } from '../src/lib/i18n/negotiations.ts';
import { pools } from '../src/lib/i18n/request-pools.ts';
import { buying } from '../src/lib/i18n/requests-buying.ts';
import { requests } from '../src/lib/i18n/requests.ts';
import { type Person, type Stage, PATIENCE, cells, field, fill, openStage, press } from './journey/stage.ts';

const PRODUCER = { email: 'bowen@seam.example', name: 'Bowen Brigalow' };
const DAY_MS = 24 * 3600_000;
const day = (fromToday: number): string =>
  new Date(Date.now() + fromToday * DAY_MS).toISOString().slice(0, 10);

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
let buyer: Person;
let producer: Person;
let address = '';
let talk = '';
let contract = '';

beforeAll(async () => {
  [browser, seam] = await Promise.all([launchBrowser(), runSeam()]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
  [buyer, producer] = await Promise.all([
    stage.enterAs('east-tide@seam.example', DEMO_PASSWORD),
    stage.enterAs(PRODUCER.email, DEMO_PASSWORD),
  ]);
  await inChinese(producer);
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await stage.lookAtAll('failed-supply');
  process.stderr.write(seam.output().slice(-5_000));
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

const inChinese = async (person: Person): Promise<void> => inLanguage(person, 'zh');
const inLanguage = async ({ context }: Person, locale: Locale): Promise<void> =>
  context.addCookies([{ name: 'locale', value: locale, url: seam.url }]);

test('a need that cannot be is refused beside its field with all that was typed; mended it is published', async () => {
  const { page, go } = buyer;
  const t = requests.en;
  await go('/requests/new');
  const limits = (parameter: keyof typeof coal.en) =>
    page.getByRole('group', { name: coal.en[parameter], exact: true });
  await fill(page.getByRole('main'), {
    [t.quantity]: '60000',
    [t.minimumQuantity]: '3000',
    [t.ceilingField]: '900',
  });
  await fill(limits('calorificValue'), { [t.from]: '5000' });
  await fill(limits('ash'), { [t.to]: '160' });
  await limits('ash').getByLabel('Basis').selectOption('d');
  await fill(limits('sulphur'), { [t.to]: '0.6' });
  await fill(limits('totalMoisture'), { [t.to]: '14' });
  await fill(page.getByRole('main'), {
    [`${t.window}: ${t.windowFrom}`]: day(5),
    [`${t.window}: ${t.windowTo}`]: day(60),
  });
  const plants = field(page, t.plant);
  const beilun = plants.locator('option', { hasText: 'Beilun' });
  await plants.selectOption(await beilun.getAttribute('value'));
  await press(page, t.publish);
  await expect.poll(() => field(limits('ash'), t.to).getAttribute('aria-invalid'), PATIENCE).toBe('true');
  expect(await field(page, t.quantity).inputValue()).toBe('60000');
  expect(await limits('ash').getByLabel('Basis').inputValue()).toBe('d');
  await field(limits('ash'), t.to).fill('16');
  await press(page, t.publish);
  await page.waitForURL(/\/requests\/[0-9a-f-]{36}$/);
  address = new URL(page.url()).pathname;
});

test('the buyer reads which lots fit, by how much others miss, and asks the producers', async () => {
  const { page } = buyer;
  const rows = await cells(page.getByRole('table', { name: requests.en.suggestions }).first());
  const fits = rows.filter(([lot]) => lot?.includes(requests.en.fits));
  expect(fits.some(([lot]) => lot?.includes(PRODUCER.name))).toBe(true);
  expect(rows.filter(([lot]) => lot?.includes(buying.en.near)).length).toBeGreaterThan(0);
  expect(rows.flat().join()).toMatch(/Ash dry [\d.]+ %, wanted ≤ 16\.00 % \(by [\d.]+ %\)/);
  await stage.look(buyer, 'supply-matches');

  await buyer.go(`${address}/blend`);
  await page
    .getByText(/1 % more (ash|total moisture) would save/)
    .first()
    .waitFor();
  await stage.look(buyer, 'supply-blend');
  await press(page, blends.en.invite);
  await page.getByText(blends.en.invited).waitFor();

  await buyer.go(address);
  await press(page, buying.en.inviteMatched);
  await page.getByText(/producers invited now/).waitFor();
  expect(await page.getByText(buying.en.notYet).count()).toBeGreaterThan(1);
});

test('a producer finds it among its invitations, sees which of its lots fit, and answers with two', async () => {
  const { page, go } = producer;
  const t = requests.zh;
  await go('/requests?scope=invited');
  await page
    .getByRole('link', { name: /北仑电厂/ })
    .first()
    .click();
  await page.waitForURL(`**${address}`);
  await page.getByText(buying.zh.youAreInvited).waitFor();
  expect(await page.getByRole('table', { name: t.suggestions }).textContent()).toContain(t.fits);
  await field(page, t.answerWith).selectOption({ index: 1 });
  await fill(page, { [t.answerTonnes]: '5000', [t.answerPrice]: '905' });
  await page.getByText(buying.zh.moreLots).click();
  const second = (name: string) => page.locator(`[name="lots.1.${name}"]`);
  await second('listingId').selectOption({ index: 2 });
  await second('quantity').fill('4000');
  await second('price').fill('700');
  await press(page, t.answerSend);
  // Above the ceiling: said beside the price, and the second lot is still there.
  await expect.poll(() => field(page, t.answerPrice).getAttribute('aria-invalid'), PATIENCE).toBe('true');
  expect(await second('quantity').inputValue()).toBe('4000');
  await field(page, t.answerPrice).fill('720');
  await stage.look(producer, 'supply-answer');
  await press(page, t.answerSend);
  await page.getByText(t.answerSent).waitFor();
});

test('the buyer holds the answer against its need and puts it on the shortlist', async () => {
  await inChinese(buyer);
  const { page } = buyer;
  await buyer.go(address);
  const answer = page.getByRole('article');
  await answer
    .getByText(/720\.00/)
    .first()
    .waitFor();
  expect(await answer.textContent()).toContain(buying.zh.accountTo);
  await answer.getByLabel(buying.zh.shortlistNote).fill('可分批');
  await press(answer, buying.zh.shortlist);
  await page.getByText(buying.zh.shortlisted).waitFor();
  await answer.getByText('可分批').waitFor();
  await page.getByText(buying.zh.stage_shortlist.replace('{n}', '1')).first().waitFor();
  await stage.look(buyer, 'supply-shortlist');
  expect(stage.complaints).toEqual([]);
});

test('the shortlisted answer becomes a talk, its price an offer, and the offer the contract both will sign', async () => {
  const { page } = buyer;
  const t = negotiations.zh;
  const label = buying.zh.lotN.replace('{label}', buying.zh.negotiateLot).replace('{n}', '1');
  await press(page, label);
  await page.waitForURL(/\/negotiations\/[0-9a-f-]{36}/);
  talk = new URL(page.url()).pathname;
  await producer.go(`${talk}/offer`);
  const form = producer.page.getByRole('main');
  // It starts from the answer.
  expect(await field(form, t.price).inputValue()).toBe('720.00');
  await fill(form, { [t.price]: '715.00' });
  await press(form, t.preview);
  await form
    .getByText(/715\.00/)
    .first()
    .waitFor();
  await press(form, t.sendOffer);
  await producer.page.getByText(t.sent).waitFor();
  await page.getByRole('heading', { name: t.offerN.replace('{n}', '1') }).waitFor();
  await stage.look(buyer, 'supply-offer');
  await page.getByLabel(t.acceptSure).check();
  await press(page, t.accept.replace('{n}', '1'));
  await page.getByText(t.agreedText).waitFor();
  await page.getByRole('link', { name: t.toContract }).click();
  await page.waitForURL(/\/contracts\/[0-9a-f-]{36}$/);
  await page
    .getByText(/715\.00/)
    .first()
    .waitFor();
  contract = new URL(page.url()).pathname;
  await stage.look(buyer, 'supply-contract');
  expect(stage.complaints).toEqual([]);
});

test.each(['en', 'zh'] as const)(
  'every page of it is read in %s, by the buyer and by the producer',
  async (locale) => {
    const pages = [
      [buyer, 'requests', '/requests', requests[locale].title],
      [buyer, 'pools', '/requests/pools', pools[locale].title],
      [buyer, 'request', address, requests[locale].title],
      [buyer, 'blend', `${address}/blend`, blends[locale].title],
      [buyer, 'talks', '/negotiations', negotiations[locale].title],
      [buyer, 'talk', talk, negotiations[locale].title],
      [buyer, 'contract', contract, contracts[locale].title],
      [producer, 'invited', '/requests?scope=invited', requests[locale].title],
      [producer, 'answer', address, requests[locale].title],
      [producer, 'talk', talk, negotiations[locale].title],
    ] as const;
    await Promise.all([inLanguage(buyer, locale), inLanguage(producer, locale)]);
    for (const [who, name, path, said] of pages) {
      await who.go(path);
      expect(await who.page.locator('html').getAttribute('lang')).toBe(languageTag[locale]);
      await who.page.getByRole('main').getByText(said).first().waitFor();
      await stage.look(who, `${locale}-${who === buyer ? 'buyer' : 'producer'}-${name}`);
    }
    expect(stage.complaints).toEqual([]);
  },
);
