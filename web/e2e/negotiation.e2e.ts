/** A buyer and a producer agree on coal in two browsers, one in Chinese: from a lot to the contract's page. */
import { listingRoutes, negotiationRoutes } from '@seam/protocol';
import { launchBrowser } from '@seam/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../server/src/demo/companies.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { smallLot } from '../../server/test/trade/goods.ts';
import { type Party, logIn } from '../../server/test/trade/party.ts';
import { negotiations } from '../src/lib/i18n/negotiations.ts';
import { type Person, type Stage, field, fill, openStage, press } from './journey/stage.ts';

const SELLER = 'shenmu@seam.example';
const BUYER = 'east-tide@seam.example';
const en = negotiations.en;
const zh = negotiations.zh;

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
let seller: Person;
let buyer: Person;
let sellerParty: Party;
let talk: string;

beforeAll(async () => {
  [browser, seam] = await Promise.all([launchBrowser(), runSeam()]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
  sellerParty = await logIn(seam.url, SELLER, DEMO_PASSWORD);
  [seller, buyer] = await Promise.all([
    stage.enterAs(SELLER, DEMO_PASSWORD),
    stage.enterAs(BUYER, DEMO_PASSWORD),
  ]);
  await seller.context.addCookies([{ name: 'locale', value: 'zh', url: seam.url }]);
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

test('the buyer goes from a lot into a talk, and the producer reads its words in Chinese without reloading', async () => {
  const own = await sellerParty.must(listingRoutes.listOwnListings, { query: {} });
  const { startPrice, ...coal } = smallLot(own.items[0]!.mine.id);
  const body = { ...coal, saleMethod: 'fixed_price' as const, price: startPrice! };
  const lot = await sellerParty.must(listingRoutes.createListing, { body });
  await buyer.go(`/lots/${lot.id}`);
  await buyer.page.getByRole('link', { name: en.negotiate, exact: true }).click();
  await press(buyer.page, en.begin);
  await buyer.page.waitForURL(/\/negotiations\/[0-9a-f-]{36}/);
  talk = new URL(buyer.page.url()).pathname;
  await seller.go(`${talk}?show=talk`);
  await fill(buyer.page, { [en.message]: 'Is the coal screened? 煤是否过筛？' });
  await press(buyer.page, en.send);
  await seller.page.getByText('Is the coal screened? 煤是否过筛？').waitFor();
  await stage.look(seller, 'zh-talk');
  await fill(seller.page, { [zh.message]: '已过筛，0–50 mm。' });
  await press(seller.page, zh.send);
  await buyer.page.getByText('已过筛，0–50 mm。').waitFor();
});

test('the buyer offers a price by formula, after having seen what it comes to and how it moves', async () => {
  await buyer.go(`${talk}/offer`);
  const form = buyer.page.getByRole('main');
  await field(form, en.priceKind).selectOption('formula');
  await fill(form, { [en.quantity]: '80', [en.formula]: 'clamp(700 + 0.5 * (CCTD - 700, 550, 850)' });
  await fill(form, { [en.quotations]: 'CCTD, 2026-11-20, 795, CCTD weekly 47' });
  await press(form, en.preview);
  await buyer.page.locator('[aria-invalid="true"]').first().waitFor();
  await fill(form, { [en.formula]: 'clamp(700+0.5*(CCTD-700), 550, 850)' });
  await press(form, en.preview);
  await buyer.page.getByText('clamp(700 + 0.5 * (CCTD - 700), 550, 850)').first().waitFor();
  await buyer.page.getByText('747.50').first().waitFor();
  await stage.look(buyer, 'offer');
  await press(form, en.sendOffer);
  await buyer.page.getByText(en.sent).waitFor();
  await stage.look(buyer, 'offered');
});

test('the producer counters, with the changes field by field in Chinese, and the buyer accepts exactly that', async () => {
  await seller.go(talk);
  await seller.page.getByRole('link', { name: zh.counter }).click();
  const form = seller.page.getByRole('main');
  await form.getByRole('heading', { name: zh.offerTitle, level: 1 }).waitFor();
  await field(form, zh.priceKind).selectOption('fixed');
  await fill(form, { [zh.price]: '742.00', [zh.tolerance]: '5' });
  await press(form, zh.preview);
  await form.getByText(zh.changedFrom.replace('{n}', '1')).waitFor();
  await stage.look(seller, 'zh-counter');
  await press(form, zh.sendOffer);
  await seller.page.getByText(zh.sent).waitFor();
  // It comes without reloading.
  await buyer.page.getByRole('heading', { name: en.offerN.replace('{n}', '2') }).waitFor();
  await stage.look(buyer, 'countered');
  const accept = en.accept.replace('{n}', '2');
  await press(buyer.page, accept);
  await buyer.page.locator('[aria-invalid="true"]').first().waitFor();
  await buyer.page.getByLabel(en.acceptSure).check();
  await press(buyer.page, accept);
  await buyer.page.getByText(en.agreedText).waitFor();
  await seller.page.getByText(zh.agreedText).waitFor();
  await stage.look(seller, 'zh-agreed');
});

test('the contract’s page opens with the terms that were agreed on', async () => {
  const id = talk.split('/').at(-1)!;
  const view = await sellerParty.must(negotiationRoutes.getNegotiation, { params: { id } });
  expect(view).toMatchObject({ state: 'agreed', offers: [{ state: 'countered' }, { state: 'accepted' }] });
  await buyer.page.getByRole('link', { name: en.toContract }).click();
  await buyer.page.waitForURL(`**/contracts/${view.contractId}`);
  await buyer.page.getByText('742.00').first().waitFor();
  await stage.look(buyer, 'contract');
  await seller.go('/negotiations');
  await stage.look(seller, 'zh-list');
  await seller.go(`${talk}/redline?from=1&to=2`);
  expect(await seller.page.locator('main ins').count()).toBeGreaterThan(0);
  await stage.look(seller, 'zh-redline');
  expect(stage.complaints).toEqual([]);
});
