/**
 * What follows the close, in real browsers against the product itself: awards confirmed and declined, bidders
 * who wait, complaints dismissed by one person and upheld by two, a reserve that is waived, and sealed bids
 * that two holders of a key open together.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type KeyPart, createKeyPart, publicKeyOf } from '@seam/client';
import { auctionAwardRoutes, auctionRoutes, demoRoutes, listingRoutes } from '@seam/protocol';
import { launchBrowser } from '@seam/testkit';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { DEMO_PASSWORD, SECOND_STAFF, STAFF } from '../../server/src/demo/companies.ts';
import { type RunningSeam, runSeam } from '../../server/test/running-seam.ts';
import { type Party, logIn } from '../../server/test/trade/party.ts';
import { auctionAwards } from '../src/lib/i18n/auctions-awards.ts';
import { auctionKeys } from '../src/lib/i18n/auctions-keys.ts';
import { auctionSealed } from '../src/lib/i18n/auctions-sealed.ts';
import { auctions } from '../src/lib/i18n/auctions.ts';
import { shareFile } from '../src/lib/live/split.ts';
import { type Person, type Stage, PATIENCE, field, fill, openStage, press } from './journey/stage.ts';

const t = auctionAwards.en;
const k = auctionKeys.en;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DAY = 86_400;

let browser: Browser;
let seam: RunningSeam;
let stage: Stage;
const people = {} as Record<'seller' | 'first' | 'second' | 'staff' | 'other', Person>;
const parties = {} as Record<'seller' | 'first' | 'second' | 'staff', Party>;
/** Set up together, so that their clocks run while others are looked at. */
const made = {} as Record<'queue' | 'heard' | 'waived' | 'split', string>;
let owner: KeyPart;
let exchange: KeyPart;

beforeAll(async () => {
  [browser, seam] = await Promise.all([launchBrowser(), runSeam()]);
  stage = openStage(browser, seam.url, process.env['SEAM_SCREENSHOTS']);
  const [seller, first, second] = [
    'shenmu@seam.example',
    'east-tide@seam.example',
    'pearl-delta@seam.example',
  ] as const;
  const party = async (email: string): Promise<Party> => logIn(seam.url, email, DEMO_PASSWORD);
  [parties.seller, parties.first, parties.second, parties.staff] = await Promise.all([
    party(seller),
    party(first),
    party(second),
    party(STAFF.email),
  ]);
  await parties.seller.must(demoRoutes.switchRobots, { body: { on: false } });
  [owner, exchange] = await Promise.all([createKeyPart(), createKeyPart()]);
  const enter = async (email: string): Promise<Person> => stage.enterAs(email, DEMO_PASSWORD);
  [people.seller, people.first, people.second, people.staff, people.other] = await Promise.all([
    enter(seller),
    enter(first),
    enter(second),
    enter(STAFF.email),
    enter(SECOND_STAFF.email),
  ]);
  await openAll();
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await stage.lookAtAll('failed-awards');
  process.stderr.write(seam.output().slice(-5_000));
});
afterAll(async () => {
  await stage?.close();
  await browser?.close();
  await seam?.stop();
});

/** Another lot like one of the seller's. */
async function newLot(): Promise<string> {
  const { seller } = parties;
  const { items } = await seller.must(listingRoutes.listOwnListings, { query: {} });
  const { id } = items.find((lot) => lot.currency === 'CNY' && lot.state === 'published')!;
  const like = await seller.must(listingRoutes.getListing, { params: { id } });
  const day = (days: number): string => new Date(Date.now() + days * DAY * 1000).toISOString().slice(0, 10);
  const lot = await seller.must(listingRoutes.createListing, {
    body: {
      mineId: like.mine.id,
      coalRank: like.coalRank,
      assay: like.assay,
      quantity: '1000',
      currency: 'CNY',
      saleMethod: 'auction',
      startPrice: '600.00',
      deliveryTerm: like.deliveryTerm ?? 'ex_mine',
      ...(like.deliveryPlace ? { deliveryPlaceId: like.deliveryPlace.id } : {}),
      ...(like.loadPlace ? { loadPlaceId: like.loadPlace.id } : {}),
      windowFrom: day(5),
      windowTo: day(35),
      transport: like.transport,
    },
  });
  return lot.id;
}

/** Open, with both bidders' money set aside. */
async function put(more: object, closesInMs: number): Promise<string> {
  const body = {
    listingId: await newLot(),
    startingPrice: '600.00',
    bidSecurity: { mode: 'per_tonne', amountPerTonne: '10.00' },
    closesAt: new Date(Date.now() + closesInMs).toISOString(),
    ...more,
  } as const;
  const { id } = await parties.seller.must(auctionRoutes.scheduleAuction, { body: body as never });
  await inState(id, 'open');
  const params = { id };
  await Promise.all(
    [parties.first, parties.second].map(async (bidder) =>
      bidder.must(auctionRoutes.holdBidSecurity, { params, body: { amount: '10000' } }),
    ),
  );
  return id;
}

async function openAll(): Promise<void> {
  const english = {
    format: 'english',
    bidIncrement: '5.00',
    minimumBidQuantity: '100',
    softClose: { mode: 'none' },
  };
  const waiting = { biddersMaximum: 1, confirmSeconds: DAY, signSeconds: DAY };
  const secrecy = {
    mode: 'split_key',
    publicKey: publicKeyOf({ owner: owner.publicPart, exchange: exchange.publicPart }),
    ownerShareDigest: owner.shareDigest,
    exchangeShareDigest: exchange.shareDigest,
  };
  const sealed = { format: 'sealed_bid', secrecy, openingSeconds: 600, minimumBidQuantity: '500' };
  [made.queue, made.heard, made.waived, made.split] = await Promise.all([
    put({ ...english, waiting }, 14_000),
    put({ ...english, standstillSeconds: DAY }, 14_000),
    put({ ...english, standstillSeconds: DAY, reservePrice: '700.00' }, 14_000),
    put(sealed, 630_000),
  ]);
  await Promise.all([bids(made.queue), bids(made.heard), bids(made.waived)]);
}

async function inState(id: string, state: string): Promise<void> {
  const params = { id };
  const isThere = async (): Promise<boolean> =>
    (await parties.seller.must(auctionRoutes.auction, { params })).state === state;
  await vi.waitUntil(isThere, PATIENCE);
}

/** The first wants all at 620, the second half of it at 610. */
async function bids(id: string): Promise<void> {
  const place = async (who: Party, price: string, quantity: string) =>
    who.must(auctionRoutes.placeBid, {
      params: { id },
      body: { commandId: `${id}-${price}`, type: 'place_bid', price, quantity },
    });
  await place(parties.second, '610.00', '500');
  await place(parties.first, '620.00', '1000');
}

async function toAwards(person: Person, id: string): Promise<Page> {
  await person.go(`/auctions/${id}/awards`);
  return person.page;
}

/** Price, quantity and state of every award on the page. */
async function awardLines(page: Page): Promise<string[]> {
  const rows = page.getByRole('table', { name: t.awards, exact: true }).locator('tbody tr');
  // As it is seen: what a narrow screen adds to a cell is not.
  return rows.evaluateAll((lines) =>
    lines.map((line) =>
      [1, 2, 4]
        .map((n) => (line.children[n] as HTMLElement).innerText.replaceAll(/\s+/g, ' ').trim())
        .join(' '),
    ),
  );
}

const tick = async (scope: Page | Locator, label: string): Promise<void> =>
  scope.getByRole('checkbox', { name: label }).check();

/** Nothing that a screen reader or a narrow screen would stumble over. */
async function expectAccessible({ page, context }: Person): Promise<void> {
  // In a page of its own: the page's policy takes no script from outside.
  const look = await browser.newContext({ bypassCSP: true, storageState: await context.storageState() });
  try {
    const copy = await look.newPage();
    for (const [width, theme] of [
      [1440, 'light'],
      [390, 'dark'],
    ] as const) {
      await look.addCookies([{ name: 'theme', value: theme, url: seam.url }]);
      await copy.setViewportSize({ width, height: 900 });
      await copy.goto(page.url());
      await copy.waitForSelector('html[data-ready]');
      await copy.evaluate(axe);
      const found = await copy.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        const { violations } = await axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(found, `${page.url()} at ${width}`).toEqual([]);
      expect(await copy.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  } finally {
    await look.close();
  }
}

test('bids under a split key are sealed in the browsers of their bidders', async () => {
  for (const [{ page, go }, price] of [
    [people.first, '640'],
    [people.second, '655'],
  ] as const) {
    await go(`/auctions/${made.split}`);
    const form = page.locator('form[data-act="commit_bid"]');
    await fill(form, { [auctionSealed.en.price]: price, [auctionSealed.en.quantity]: '1000' });
    await press(form, auctionSealed.en.seal);
    await page.getByText(auctionSealed.en.kept).waitFor();
  }
});

test('a winner that declines is told what it costs, and the next bidder gets a contract', async () => {
  const { queue } = made;
  await inState(queue, 'awarded');
  await people.first.go(`/auctions/${queue}`);
  await people.first.page.getByRole('link', { name: t.toAwards }).click();
  await people.first.page.waitForURL('**/awards');
  const first = people.first.page;
  expect(await awardLines(first)).toEqual([`620.00 1,000 t ${t.state_pending}`]);
  await stage.look(people.first, 'award-pending');
  await expectAccessible(people.first);

  const second = await toAwards(people.second, queue);
  await second.locator('[data-my-waiting="1"]').waitFor();
  await stage.look(people.second, 'award-waiting');

  await first.getByText(t.declineTitle).click();
  await first.getByText(/Up to CNY\s10,000.00 of your security may be forfeited/).waitFor();
  await press(first, t.decline);
  // Not without a word on it.
  await first.locator('[data-my-award="pending"] [aria-invalid="true"]').waitFor();
  await tick(first, t.declineSure);
  await press(first, t.decline);
  await first.locator('[data-my-award="declined"]').waitFor();
  await stage.look(people.first, 'award-declined');

  // The page of who waited finds it by itself.
  await second.locator('[data-my-award="pending"]').waitFor();
  await press(second, t.confirm);
  await second.locator('[data-my-award="confirmed"]').waitFor();
  const expected = [`620.00 1,000 t ${t.state_declined}`, `610.00 500 t ${t.state_confirmed}`];
  await expect.poll(async () => awardLines(second), PATIENCE).toEqual(expected);
  const signing = second.locator('[data-my-award]').getByRole('link', { name: t.signNow });
  await signing.waitFor();
  await stage.look(people.second, 'award-confirmed');
  await signing.click();
  await second.waitForURL('**/contracts/*');

  const seller = await toAwards(people.seller, queue);
  await seller
    .locator('[data-owner]')
    .getByRole('link', { name: new RegExp(`^${t.signNow}`) })
    .waitFor();
  // To its counterparty a company has a name, to nobody else.
  expect(await seller.getByRole('table', { name: t.awards, exact: true }).textContent()).toContain('Pearl');
  await stage.look(people.seller, 'award-owner');

  // The list says what was paid, not what was bid at best.
  await people.first.go('/auctions?show=ended');
  const list = first.getByRole('table', { name: auctions.en.endedList });
  expect(await list.locator('[data-cleared]').allTextContents()).toContainEqual(
    expect.stringContaining('610.00'),
  );
});

test('a complaint keeps the award provisional, and one person dismisses it with a public reason', async () => {
  const { heard } = made;
  await inState(heard, 'standstill');
  const page = await toAwards(people.second, heard);
  await page.locator('[data-standstill]').waitFor();
  expect(await page.locator('[data-standstill-reason]').count()).toBe(0);
  await press(page, t.file);
  await page.locator('textarea[aria-invalid="true"]').waitFor();
  await field(page, t.fileReason).fill('Two of the bidders are one company; see the register.');
  await expectAccessible(people.second);
  await press(page, t.file);
  await page.locator('[data-complaint="open"]').waitFor();
  expect(await page.locator('[data-standstill-reason]').textContent()).toBe(t.standstillComplaint);
  await stage.look(people.second, 'complaint-filed');

  // The winner sees that there is one, and not what it says.
  const first = await toAwards(people.first, heard);
  expect(await first.locator('[data-complaint="open"]').textContent()).not.toContain('register');

  const staff = people.staff.page;
  await people.staff.go('/staff/auctions');
  await stage.look(people.staff, 'staff-auctions');
  await expectAccessible(people.staff);
  await staff.getByRole('table', { name: t.staffComplaints }).getByRole('link').first().click();
  await staff.waitForURL(`**/auctions/${heard}/awards`);
  await staff.getByText('see the register').waitFor();
  const decide = staff.locator('[data-decide="1"]');
  await decide.getByRole('radio', { name: t.decide_dismiss }).check();
  await fill(decide, { [t.decisionReason]: 'They have different owners.' });
  await expectAccessible(people.staff);
  await stage.look(people.staff, 'complaint-staff');
  await press(decide, t.decide);
  await staff.locator('[data-complaint="dismissed"]').waitFor();
  await expect
    .poll(async () => first.locator('[data-complaint="dismissed"]').textContent(), PATIENCE)
    .toContain('They have different owners.');
});

test('a complaint is upheld by two people, and the auction is void', async () => {
  const { heard } = made;
  const seller = await toAwards(people.seller, heard);
  await field(seller, t.fileReason).fill('My reserve price was not taken into account.');
  await press(seller, t.file);
  await seller.locator('[data-complaint="open"]').waitFor();

  const staff = await toAwards(people.staff, heard);
  const decide = staff.locator('[data-decide="2"]');
  await decide.getByRole('radio', { name: t.decide_void }).check();
  await fill(decide, { [t.decisionReason]: 'The terms were not those agreed.' });
  await press(decide, t.decide);
  await staff.getByText(/^You would uphold it/).waitFor();
  expect(await decide.getByRole('button', { name: t.agree }).count()).toBe(0);

  const other = await toAwards(people.other, heard);
  const agreed = other.locator('[data-decide="2"]');
  await agreed.getByText(/^Another person would uphold it/).waitFor();
  await stage.look(people.other, 'complaint-second-person');
  await tick(agreed, t.agreeSure);
  await press(agreed, t.agree);
  await inState(heard, 'voided');
  await seller.locator('[data-complaint="upheld"]').waitFor();
  expect(await seller.locator('[data-complaint="upheld"]').textContent()).toContain(t.remedy_void);
  await stage.look(people.seller, 'complaint-upheld');
});

test('a seller takes the bids below its reserve', async () => {
  const { waived } = made;
  await inState(waived, 'standstill');
  const page = await toAwards(people.seller, waived);
  await page.getByText(t.waiveTitle).waitFor();
  await stage.look(people.seller, 'reserve-not-met');
  await expectAccessible(people.seller);
  await tick(page, t.waiveSure);
  await press(page, t.waive);
  await page.getByText(t.waived).waitFor();
  expect(await awardLines(page)).toEqual([`620.00 1,000 t ${t.state_provisional}`]);
  const first = await toAwards(people.first, waived);
  await first.locator('[data-my-award="provisional"]').waitFor();
  const { awards } = await parties.first.must(auctionAwardRoutes.auctionAwards, { params: { id: waived } });
  expect(awards).toMatchObject([{ mine: true, state: 'provisional' }]);
});

test('bids under a split key are opened when both holders have given their part', async () => {
  const { split } = made;
  const seller = people.seller.page;
  await people.seller.go(`/auctions/${split}/keys`);
  await seller.locator('input[type="file"]').waitFor();
  const choose = async (page: Page, part: KeyPart): Promise<void> =>
    page.locator('input[type="file"]').setInputFiles({
      name: 'part.json',
      mimeType: 'application/json',
      buffer: Buffer.from(shareFile(part)),
    });
  await choose(seller, exchange);
  await seller.getByText(k.fitsNot).waitFor();
  await choose(seller, owner);
  await seller.getByText(k.fits).waitFor();
  await stage.look(people.seller, 'key-owner');
  await expectAccessible(people.seller);
  await press(seller, k.give);
  await seller.getByText(k.givenMine).waitFor();

  const staff = people.staff.page;
  await people.staff.go(`/auctions/${split}/keys`);
  await staff.locator('[data-part="owner"][data-given="true"]').waitFor();
  // As text it is taken too.
  await field(staff, k.paste).fill(exchange.share);
  await staff.getByText(k.fits).waitFor();
  await press(staff, k.give);
  await staff.locator('[data-open-bids]').waitFor();
  await stage.look(people.staff, 'key-staff');
  await press(staff, k.open);
  await staff.getByText('Opened: 2', { exact: true }).waitFor();
  await expectAccessible(people.staff);
  expect(await staff.locator('[data-opened]').textContent()).toContain('2 of 2');
  expect(stage.complaints).toEqual([]);
});
