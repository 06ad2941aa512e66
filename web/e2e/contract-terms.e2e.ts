/** Two companies agree on other terms before signing, in a browser: the wish, its redline, the answer, the new version. */
import { contractTermsRoutes } from '@seam/protocol';
import { launchBrowser } from '@seam/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../server/src/demo/companies.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { type Party, logIn } from '../../server/test/trade/party.ts';
import { contractTerms } from '../src/lib/i18n/contract-terms.ts';
import { makeContract } from './contracts/parties.ts';
import { type Person, type Stage, fill, openStage, press } from './journey/stage.ts';

const SELLER = 'shenmu@seam.example';
const BUYER = 'east-tide@seam.example';
const t = contractTerms.en;

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
let seller: Person;
let buyer: Person;
let sellerParty: Party;
let buyerParty: Party;
let contract: string;

beforeAll(async () => {
  [browser, seam] = await Promise.all([launchBrowser(), runSeam()]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
  [sellerParty, buyerParty] = await Promise.all([
    logIn(seam.url, SELLER, DEMO_PASSWORD),
    logIn(seam.url, BUYER, DEMO_PASSWORD),
  ]);
  [seller, buyer] = await Promise.all([
    stage.enterAs(SELLER, DEMO_PASSWORD),
    stage.enterAs(BUYER, DEMO_PASSWORD),
  ]);
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

const inChinese = async (person: Person, path: string, name: string): Promise<void> => {
  await person.context.addCookies([{ name: 'locale', value: 'zh', url: seam.url }]);
  await person.go(path);
  await stage.look(person, name);
  await person.context.addCookies([{ name: 'locale', value: 'en', url: seam.url }]);
  await person.go(path);
};

test('the buyer reads the clauses and proposes other terms with a form made of their schemas', async () => {
  contract = await makeContract(sellerParty, buyerParty);
  await buyer.go(`/contracts/${contract}/terms`);
  await stage.look(buyer, 'terms');
  await buyer.page.getByRole('link', { name: t.proposeVersion }).click();
  await buyer.page.getByRole('heading', { name: t.proposeTitle, level: 1 }).waitFor();
  await press(buyer.page, t.send);
  await buyer.page.locator('[aria-invalid="true"]').first().waitFor();
  await buyer.page.locator('summary', { hasText: 'Sampling, analysis and umpire' }).click();
  await buyer.page.locator('summary', { hasText: 'Adjustment by quality' }).click();
  const form = buyer.page.getByRole('main');
  await fill(form, { 'Challenge period': '5', 'Calorific value (net, as received): refused below': '20000' });
  await fill(form, { [t.reason]: 'Our laboratory needs five days.' });
  await stage.look(buyer, 'propose');
  await press(buyer.page, t.send);
  await buyer.page.getByText(t.sent).waitFor();
  await stage.look(buyer, 'proposed');
  await inChinese(buyer, `/contracts/${contract}/terms/propose`, 'zh-no-second-proposal');
});

test('the seller sees old and new, and accepts exactly that: version 2, with the redline on record', async () => {
  const path = `/contracts/${contract}/terms`;
  await inChinese(seller, path, 'zh-proposal');
  await seller.page.getByText('Our laboratory needs five days.').waitFor();
  await press(seller.page, t.accept);
  await seller.page.getByText(t.acceptedDone).waitFor();
  await stage.look(seller, 'accepted');
  const terms = await sellerParty.must(contractTermsRoutes.contractTerms, {
    params: { id: contract },
    query: {},
  });
  expect(terms).toMatchObject({ version: 2, state: 'issued', negotiation: 'new_version' });
  await seller.go(`${path}/redline?from=1&to=2`);
  expect(await seller.page.locator('main ins').allTextContents()).toContain('5');
  await stage.look(seller, 'redline');
  await inChinese(seller, `${path}/redline?from=1&to=2`, 'zh-redline');
  await seller.go(`/contracts/${contract}/amendments`);
  await seller.page.getByText(t.notBinding).waitFor();
  await stage.look(seller, 'amendments');
  expect(stage.complaints).toEqual([]);
});
