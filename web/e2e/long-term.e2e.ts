/**
 * A year's coal in two browsers, the producer's in Chinese: arranged before signing, called off, confirmed,
 * measured, and what a shortfall owes; and the way of the coal: asked for, quoted, accepted, counted with. Signing
 * has a journey of its own: here the contract binds without it.
 */
import { contractRoutes, contractTermsRoutes, longTermRoutes, searchRoutes } from '@seam/protocol';
import { launchBrowser } from '@seam/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../server/src/demo/companies.ts';
import { enqueue } from '../../server/src/platform/outbox.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { bindContract, termsBetween } from '../../server/test/trade/binding-contract.ts';
import { type Party, logIn } from '../../server/test/trade/party.ts';
import { formatMoney, formatTonnes } from '../src/lib/format/format.ts';
import { contractTerms } from '../src/lib/i18n/contract-terms.ts';
import { find } from '../src/lib/i18n/find.ts';
import { freight } from '../src/lib/i18n/freight.ts';
import { longTerm } from '../src/lib/i18n/long-term.ts';
import { makeContract } from './contracts/parties.ts';
import { type Person, type Stage, PATIENCE, field, fill, openStage, press } from './journey/stage.ts';

const SELLER = 'shenmu@seam.example';
const BUYER = 'east-tide@seam.example';
const CARRIER = 'carrier-1@seam.example';
const { en, zh } = longTerm;
const DAY_MS = 24 * 3600_000;
/** The centre's calendar. */
const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
const dayFrom = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
const monthFrom = (months: number): string => {
  const [year, month] = today.split('-').map(Number);
  return new Date(Date.UTC(year!, month! - 1 + months, 1)).toISOString().slice(0, 7);
};

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
let [seller, buyer]: Person[] = [];
let [sellerParty, buyerParty]: Party[] = [];
let deal: string;

beforeAll(async () => {
  [browser, seam] = await Promise.all([launchBrowser(), runSeam()]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
  [sellerParty, buyerParty, seller, buyer] = await Promise.all([
    logIn(seam.url, SELLER, DEMO_PASSWORD),
    logIn(seam.url, BUYER, DEMO_PASSWORD),
    stage.enterAs(SELLER, DEMO_PASSWORD),
    stage.enterAs(BUYER, DEMO_PASSWORD),
  ]);
  await speak(seller, 'zh');
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await stage.lookAtAll('failed-long-term');
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

const speak = async ({ context }: Person, locale: 'en' | 'zh'): Promise<void> =>
  context.addCookies([{ name: 'locale', value: locale, url: seam.url }]);
const view = async () => buyerParty!.must(longTermRoutes.longTermContract, { params: { id: deal } });

test('the producer proposes a split by months before signing, and the buyer accepts exactly that', async () => {
  const contract = await makeContract(sellerParty!, buyerParty!);
  await seller!.go(`/contracts/${contract}/call-offs/arrange?first=${monthFrom(1)}&count=3`);
  const form = seller!.page.getByRole('main');
  const [share] = [field(form, monthFrom(1))];
  expect(await share.inputValue()).toBe('33.34');
  await share.fill('40');
  await fill(form, { [zh.reason]: '按月供煤。' });
  await press(form, zh.propose_send);
  // 40 and twice 33.33 are no hundred; what was typed stays.
  await form.getByRole('alert').first().waitFor();
  expect(await share.inputValue()).toBe('40');
  await stage.look(seller!, 'zh-arrange-refused');
  await share.fill('33.34');
  await press(form, zh.propose_send);
  await seller!.page.waitForURL('**/terms?sent');
  await buyer!.go(`/contracts/${contract}/terms`);
  await stage.look(buyer!, 'arrangement-proposed');
  await press(buyer!.page, contractTerms.en.accept);
  await buyer!.page.getByText(contractTerms.en.acceptedDone).waitFor();
  const { seller: from, buyer: to } = await buyerParty!.must(contractRoutes.contract, {
    params: { id: contract },
  });
  const terms = await buyerParty!.must(contractTermsRoutes.contractTerms, {
    params: { id: contract },
    query: {},
  });
  expect(terms).toMatchObject({ version: 2, state: 'issued' });
  deal = await bound(from.id, to.id);
});

/** 100 t a month of which the first is over; bound and opened. */
async function bound(sellerId: string, buyerId: string): Promise<string> {
  const months = [-1, 0, 1].map((at) => ({ month: monthFrom(at), kg: '100000' }));
  const chosen = { kind: 'long_term', callOff: { months } } as const;
  const id = await bindContract(seam.sql, termsBetween(sellerId, buyerId, { quantityKg: 300_000n, chosen }));
  const payload = { contractId: id };
  await enqueue(seam.sql, { effectKey: `settlement:${id}:open`, topic: 'settlement.open', payload });
  const opened = async () => (await seam.sql`select 1 from long_term where contract_id = ${id}`).length;
  await expect.poll(opened, PATIENCE).toBe(1);
  return id;
}

test('the buyer calls off, the producer confirms in Chinese, and the meter moves', async () => {
  await buyer!.go(`/contracts/${deal}/call-offs`);
  const left = (tonnes: string) =>
    buyer!.page
      .getByRole('listitem')
      .filter({ hasText: monthFrom(1) })
      .getByText(en.left.replace('{tonnes}', formatTonnes(tonnes, 'en')));
  const form = buyer!.page.locator('form[action="?/callOff"]');
  const window = { [en.windowFrom]: `${monthFrom(1)}-10`, [en.windowTo]: `${monthFrom(1)}-20` };
  await fill(form, { ...window, [en.quantity]: '9000' });
  await press(form, en.send);
  await expect.poll(() => field(form, en.quantity).getAttribute('aria-invalid'), PATIENCE).toBe('true');
  expect((await view()).callOffs).toEqual([]);
  await field(form, en.quantity).fill('60');
  await press(form, en.send);
  await buyer!.page.getByText(en.state_requested).first().waitFor();
  await seller!.go(`/contracts/${deal}/call-offs`);
  await stage.look(seller!, 'zh-call-off');
  await press(seller!.page, zh.confirm);
  await seller!.page.getByText(zh.done).waitFor();
  const { months, callOffs, calledOff } = await view();
  expect(callOffs).toMatchObject([{ state: 'open', quantity: '60.000', pricePerTonne: '600.00' }]);
  expect(months[2]).toMatchObject({ calledOff: '60.000' });
  expect(calledOff).toBe('60.000');
  await buyer!.go(`/contracts/${deal}/call-offs`);
  await left(months[2]!.remaining).first().waitFor();
  await stage.look(buyer!, 'meter');
});

test('the month that is over is short: the penalty has its notice, and stands where the parties look for money', async () => {
  const penalty = formatMoney('500.00', 'CNY', 'en');
  const words = en.shortfallText.replace('{period}', monthFrom(-1)).replace('{side}', en.buyer);
  const row = buyer!.page.getByRole('listitem').filter({ hasText: words });
  await row.filter({ hasText: penalty }).first().waitFor();
  expect((await view()).shortfalls).toMatchObject([{ side: 'buyer', amount: '500.00', state: 'noticed' }]);
  // A week without an objection passes.
  await seam.sql`update shortfall set object_by = now() - interval '1 second' where contract_id = ${deal}`;
  const payload = { contractId: deal };
  await enqueue(seam.sql, { effectKey: `long_term:${deal}:e2e`, topic: 'long_term.advance', payload });
  await expect.poll(async () => (await view()).obligations.length, PATIENCE).toBe(1);
  await buyer!.go('/money');
  const table = buyer!.page.getByRole('table', { name: en.owedUnderContracts });
  await table.getByText(penalty).waitFor();
  await stage.look(buyer!, 'money');
  await table.getByRole('link').first().click();
  await buyer!.page.waitForURL(`**/contracts/${deal}/call-offs`);
  await seller!.go('/money');
  await seller!.page.getByRole('table', { name: zh.owedUnderContracts }).waitFor();
  await stage.look(seller!, 'zh-money');
});

test('a carrier’s quote that the buyer accepts is what its coal costs on /find, and nobody else’s', async () => {
  const { items } = (await (await fetch(`${seam.url}/v1/places`)).json()) as {
    items: { id: string; name: string }[];
  };
  const to = items.find(({ name }) => name.includes('Beilun'))!.id;
  const query = { to, costCurrency: 'CNY' } as const;
  const found = await buyerParty!.must(searchRoutes.searchLots, { query });
  const lot = found.items.find(
    ({ landed, deliveryPlace }) => landed && items.some(({ id }) => id === deliveryPlace?.id && id !== to),
  )!;
  const t = freight.en;
  await buyer!.go('/freight/transport/new');
  const ask = buyer!.page.getByRole('main');
  await field(ask, t.origin).selectOption(lot.deliveryPlace!.id);
  await field(ask, t.destination).selectOption(to);
  await fill(ask, {
    [t.quantity]: '6000',
    [`${t.window}: ${t.windowFrom}`]: dayFrom(3),
    [`${t.window}: ${t.windowTo}`]: dayFrom(20),
  });
  await press(ask, t.send);
  await buyer!.page.waitForURL(/\/freight\/transport\/[0-9a-f-]{36}$/);
  const path = new URL(buyer!.page.url()).pathname;
  const carrier = await stage.enterAs(CARRIER, DEMO_PASSWORD);
  await carrier.go(path);
  const answer = carrier.page.locator('form[action="?/quote"]');
  await fill(answer, { [t.pricePerTonne]: '1.00', [t.quoteUntil]: `${dayFrom(2)}T12:00` });
  await stage.look(carrier, 'carrier-answers');
  await press(answer, t.sendQuote);
  await carrier.page.getByText(t.offered, { exact: true }).waitFor();
  await buyer!.go(path);
  await press(buyer!.page, t.accept);
  await buyer!.page.getByText(t.accepted, { exact: true }).first().waitFor();
  await stage.look(buyer!, 'quote-accepted');
  await buyer!.go(`/find?to=${to}`);
  const result = buyer!.page.locator('tr, li').filter({ has: buyer!.page.locator(`a[href*="${lot.id}"]`) });
  await result.getByText(find.en.agreedFreight).first().waitFor();
  await stage.look(buyer!, 'find-with-quote');
  const landedFor = async (party: Party) => {
    const { items: lots } = await party.must(searchRoutes.searchLots, { query });
    return lots.find(({ id }) => id === lot.id)!.landed;
  };
  expect(await landedFor(buyerParty!)).toMatchObject({ freightBasis: 'quote', freightPerTonne: '1.00' });
  expect(await landedFor(sellerParty!)).toEqual(lot.landed);
});

test('a carrier withdraws a version of its tariff in Chinese, and the lane says that none stands', async () => {
  const carrier = await stage.enterAs(CARRIER, DEMO_PASSWORD);
  await speak(carrier, 'zh');
  await carrier.go('/freight/new');
  await stage.look(carrier, 'zh-carrier-opens-a-lane');
  const { items } = (await (await fetch(`${seam.url}/v1/freight/lanes`)).json()) as {
    items: { id: string; carrier: { name: string } | null }[];
  };
  const own = items.find(({ carrier: of }) => of?.name.startsWith('Yanshan'))!;
  await carrier.go(`/freight/${own.id}`);
  await stage.look(carrier, 'zh-own-lane');
  await press(carrier.page, freight.zh.endVersion.replace('{n}', '1'));
  await carrier.page.getByText(freight.zh.endedDone).waitFor();
  await carrier.page.getByText(freight.zh.ended, { exact: true }).waitFor();
  await stage.look(carrier, 'zh-withdrawn');
  expect(stage.complaints).toEqual([]);
});
