/**
 * Two formats in real browsers, against the product itself, from the choice of the format to the award:
 * a clock whose price rises until demand fits, and sealed bids that only their own browsers can open.
 */
import { auctionRecordRoutes, auctionRoutes } from '@seam/protocol';
import { launchBrowser } from '@seam/testkit';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../server/src/demo/companies.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { type Party, logIn, visitor } from '../../server/test/trade/party.ts';
import { auctionForm } from '../src/lib/i18n/auctions-form.ts';
import { auctionFormats } from '../src/lib/i18n/auctions-formats.ts';
import { auctionRoom } from '../src/lib/i18n/auctions-room.ts';
import { auctionSealed } from '../src/lib/i18n/auctions-sealed.ts';
import { auctions } from '../src/lib/i18n/auctions.ts';
import { type Person, type Stage, PATIENCE, cells, field, fill, openStage, press } from './journey/stage.ts';

const SELLER = 'shenmu@seam.example';
const BUYERS = ['east-tide@seam.example', 'pearl-delta@seam.example'] as const;
const t = auctions.en;
const f = auctionForm.en;
const r = auctionRoom.en;
const s = auctionSealed.en;

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
let seller: Person;
let first: Person;
let second: Person;
let sellerParty: Party;
let buyerParties: readonly Party[];

beforeAll(async () => {
  [browser, seam] = await Promise.all([launchBrowser(), runSeam()]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
  const party = async (email: string): Promise<Party> => logIn(seam.url, email, DEMO_PASSWORD);
  const enter = async (email: string): Promise<Person> => stage.enterAs(email, DEMO_PASSWORD);
  [seller, first, second] = await Promise.all([enter(SELLER), enter(BUYERS[0]), enter(BUYERS[1])]);
  sellerParty = await party(SELLER);
  buyerParties = await Promise.all(BUYERS.map(party));
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await stage.lookAtAll('failed-formats');
  process.stderr.write(seam.output().slice(-5_000));
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

/** Money of both buyers, as soon as the market knows the auction. */
async function secure(id: string, amount: string): Promise<void> {
  await expect
    .poll(async () => (await sellerParty.must(auctionRoutes.auction, { params: { id } })).state, PATIENCE)
    .toBe('open');
  await Promise.all(
    buyerParties.map(async (buyer) =>
      buyer.must(auctionRoutes.holdBidSecurity, { params: { id }, body: { amount } }),
    ),
  );
}

const act = (page: Page, kind: string): Locator => page.locator(`form[data-act="${kind}"]`);

/** Sends what stands in the form of one's action, and waits for the market's yes. */
async function send(page: Page, button: Locator): Promise<void> {
  const before = await page.locator('[data-bid="accepted"]').count();
  await button.click();
  await expect.poll(() => page.locator('[data-bid="accepted"]').count(), PATIENCE).toBe(before + 1);
}

async function state(page: Page, quantity: string): Promise<void> {
  const form = act(page, 'state_quantity');
  await form.locator('input[name="quantity"]').fill(quantity);
  await send(page, form.getByRole('button', { name: /^State / }));
}

/** Who got how much at which price, as the page of the ended auction shows it, in any order. */
async function awards(page: Page): Promise<string[]> {
  const rows = await cells(page.getByRole('table', { name: t.awards }));
  return rows.map((row) => `${row[1]} ${row[2]}`).sort();
}

test('a clock is scheduled with the fields it needs, rises while too much is wanted, and sells at one price', async () => {
  await seller.go('/auctions/new');
  await seller.page.getByRole('listitem').filter({ hasText: '8,000' }).first().getByRole('link').click();
  await seller.page.waitForURL('**/auctions/new?listing=*');
  await seller.page.getByRole('link', { name: new RegExp(`^${auctionFormats.en.clock}`) }).click();
  await field(seller.page, f.increments).waitFor();
  // What another format needs is not asked for.
  expect(await field(seller.page, t.incrementField).count()).toBe(0);
  await fill(seller.page.getByRole('main'), {
    [t.startField]: '600.00',
    [f.increments]: '20, 10',
    [f.roundSeconds]: '16',
    [f.roundsMax]: '4',
    [t.securityValue]: '5',
  });
  const preview = seller.page.locator('aside [data-preview]');
  await expect
    .poll(async () => preview.textContent(), PATIENCE)
    .toContain('every 16\u00a0s, for at most 4 rounds');
  await press(seller.page, t.newSubmit);
  await seller.page.waitForURL(/\/auctions\/[0-9a-f-]{36}/);
  const id = new URL(seller.page.url()).pathname.split('/').at(-1)!;

  await secure(id, '240000');
  for (const [person, quantity] of [
    [first, '5000'],
    [second, '4000'],
  ] as const) {
    await person.go(`/auctions/${id}`);
    await state(person.page, quantity);
  }
  // 9,000 t are wanted and 8,000 t are there: the price rises, and saying nothing would be leaving.
  for (const { page } of [first, second]) await page.getByText(r.clockNotStated).waitFor();
  await state(first.page, '4500');
  await state(second.page, '3500');
  for (const { page } of [first, second]) await page.locator('[data-how]').waitFor();
  const expected = ['620.00 3,500 t', '620.00 4,500 t'];
  for (const { page } of [first, second]) expect(await awards(page)).toEqual(expected);
  await stage.look(first, 'clock-awarded');
  expect(
    await first.page
      .getByRole('link', { name: t.toContract })
      .or(first.page.getByText(t.contractWaiting))
      .count(),
  ).toBe(1);
});

test('a sealed bid is opened by the browser that made it; one that stays shut does not count', async () => {
  const { items } = await sellerParty.must(auctionRoutes.auctions, { query: { state: 'live' } });
  const taken = new Set(items.map(({ listingId }) => listingId));
  await seller.go('/auctions/new');
  const hrefs = await seller.page
    .locator('a[href*="listing="]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  const listingId = hrefs.map((href) => href.split('listing=')[1] ?? '').find((one) => !taken.has(one));
  const { id } = await sellerParty.must(auctionRoutes.scheduleAuction, {
    body: {
      format: 'sealed_bid',
      listingId: listingId!,
      startingPrice: '500.00',
      closesAt: new Date(Date.now() + 34_000).toISOString(),
      openingSeconds: 16,
      secrecy: { mode: 'commit_reveal' },
      minimumBidQuantity: '500',
      bidSecurity: { mode: 'fixed', amount: '20000' },
      unopenedPenaltyPercent: '50',
    },
  });
  await secure(id, '20000');
  for (const [{ page, go }, price] of [
    [first, '540'],
    [second, '560'],
  ] as const) {
    await go(`/auctions/${id}`);
    const form = act(page, 'commit_bid');
    await fill(form, { [s.price]: price, [s.quantity]: '1000' });
    await send(page, form.getByRole('button', { name: s.seal, exact: true }));
    await page.getByText(s.kept).waitFor();
  }
  // The page is left and found again: what opens the bid is still there.
  await first.go(`/auctions/${id}`);
  const opening = first.page.locator('[data-opening]').getByRole('button', { name: /^Open my bid/ });
  await opening.waitFor();
  expect((await opening.textContent())?.replaceAll('\u00a0', ' ')).toContain('CNY 540.00/t, 1,000 t');
  await send(first.page, opening);
  for (const { page } of [first, second]) await page.locator('[data-how]').waitFor();
  // The higher bid stayed shut.
  for (const { page } of [first, second]) expect(await awards(page)).toEqual(['540.00 1,000 t']);
  await stage.look(second, 'sealed-awarded');
  // The page shows the head that the public record ends with.
  const heads = first.page.locator('[data-head]');
  const ends = async (): Promise<boolean> => {
    const record = await visitor(seam.url).must(auctionRecordRoutes.auctionHeads, { params: { id } });
    const last = record.items.at(-1);
    return last?.cause === 'auction_awarded' && (await heads.last().textContent()) === last.hash;
  };
  await expect.poll(ends, PATIENCE).toBe(true);
  expect(stage.complaints).toEqual([]);
});
