/**
 * One lot of coal from registration to rating, over HTTP, with something wrong tried first at each
 * step: it is refused with a code that says why, and changes nothing.
 */
import { randomBytes } from 'node:crypto';
import {
  auctionRoutes,
  certificateRoutes,
  contractRoutes,
  listingRoutes,
  logisticsRoutes,
  memberRoutes,
  ratingRoutes,
  settlementRoutes,
  type RegistrationInput,
} from '@seam/protocol';
import { usccCheckCharacter } from '@seam/units';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_PASSWORD, SECOND_STAFF, STAFF } from '../src/demo/companies.ts';
import { sign } from '../src/settlement/bank/signature.ts';
import { type RunningSeam, runSeam } from './running-seam.ts';
import { expectJournalWhole, expectLedgerWhole, pdfsig } from './trade/evidence.ts';
import { analysis, smallLot } from './trade/goods.ts';
import { type Party, logIn, visitor } from './trade/party.ts';
import { type Signatory, certifyKey, signContract, signature } from './trade/signing.ts';

const PATIENCE = { timeout: 120_000, interval: 200 };

let seam: RunningSeam;
let staff: Party;
let seller: Party;
let buyer: Party;
let rival: Party;
const keys = {} as { seller: Signatory; buyer: Signatory };
/** What earlier steps have made. A step without it fails at once instead of waiting for it. */
const made = new Map<string, string>();
const idOf = (what: 'listing' | 'auction' | 'contract' | 'order'): string => {
  const id = made.get(what);
  if (id === undefined) throw new Error(`an earlier step has made no ${what}`);
  return id;
};

beforeAll(async () => {
  seam = await runSeam();
  staff = await logIn(seam.url, STAFF.email, STAFF.password);
  seller = await logIn(seam.url, 'shenmu@seam.example', DEMO_PASSWORD);
  buyer = await logIn(seam.url, 'east-tide@seam.example', DEMO_PASSWORD);
  rival = await logIn(seam.url, 'pearl-delta@seam.example', DEMO_PASSWORD);
});
afterAll(async () => seam?.stop());

const count = async (table: string): Promise<number> => {
  const [row] = await seam.sql.unsafe(`select count(*)::int as n from ${table}`);
  return row!['n'] as number;
};

test('a legal identity with a wrong check character registers nobody', async () => {
  const body = '91140100MA05EAM0X';
  const right = usccCheckCharacter(body);
  const wrong = right === '7' ? '8' : '7';
  const registration = (legalId: string): RegistrationInput => ({
    organisation: {
      name: 'Refused Coal Co., Ltd.',
      kind: 'producer',
      sells: true,
      buys: false,
      legalId,
      country: 'CN',
      address: '1 Coal Street, Taiyuan',
      contact: { name: 'Gao Shan', email: 'gao@refused.example', phone: '+86 351 555 0101' },
    },
    bankAccount: {
      holderName: 'Refused Coal Co., Ltd.',
      accountNumber: '6222900000000001',
      bankCode: '102100099996',
      bankName: 'Seam Demo Bank',
      currency: 'CNY',
    },
    admin: { name: 'Gao Shan', email: 'gao@refused.example', password: 'quiet-lantern-4-hills' },
  });
  const before = await count('organisation');
  const problem = await visitor(seam.url).refused(memberRoutes.register, {
    body: registration(body + wrong),
  });
  expect(problem).toMatchObject({
    status: 422,
    code: 'member.legal_id_check_character',
    fields: { 'organisation.legalId': expect.anything() },
  });
  expect(await count('organisation')).toBe(before);
  await visitor(seam.url).must(memberRoutes.register, { body: registration(body + right) });
  expect(await count('organisation')).toBe(before + 1);
});

test('negative tonnes and 140 % of ash list nothing', async () => {
  const own = await seller.must(listingRoutes.listOwnListings, { query: {} });
  const lot = smallLot(own.items[0]!.mine.id);
  const before = await count('listing');
  expect(
    await seller.refused(listingRoutes.createListing, { body: { ...lot, quantity: '-100' } }),
  ).toMatchObject({
    status: 422,
    code: 'listing.quantity_not_positive',
    fields: { quantity: expect.anything() },
  });
  expect(
    await seller.refused(listingRoutes.createListing, {
      body: { ...lot, assay: { ...lot.assay, ash: { value: '140', basis: 'ad' } } },
    }),
  ).toMatchObject({
    status: 422,
    code: 'listing.ash_out_of_range',
    fields: { 'assay.ash': 'listing.ash_out_of_range' },
  });
  expect(await count('listing')).toBe(before);
  made.set('listing', (await seller.must(listingRoutes.createListing, { body: lot })).id);
});

/** Long enough for every try below; staff could end it sooner, but its own clock does. */
const AUCTION_MS = 20_000;
const SECURITY = '3000.00';

const bid = (price: string, quantity = '100') => ({
  params: { id: idOf('auction') },
  body: { commandId: randomBytes(12).toString('hex'), price, quantity },
});
const standing = async () => {
  const view = await visitor(seam.url).must(auctionRoutes.auction, { params: { id: idOf('auction') } });
  return { bids: view.bidCount, marginal: view.marginalPrice };
};

test('a price off the grid, a bid below the increment and a bid without security change no standing', async () => {
  const terms = {
    listingId: idOf('listing'),
    startingPrice: '600.00',
    bidIncrement: '5.00',
    closesAt: new Date(Date.now() + AUCTION_MS).toISOString(),
    softClose: { windowSeconds: 0, extensionSeconds: 0, extensionsMax: 0, hardEndAfterSeconds: 0 },
    bidSecurity: { mode: 'per_tonne', amountPerTonne: '30.00' },
  } as const;
  expect(
    await seller.refused(auctionRoutes.scheduleAuction, { body: { ...terms, startingPrice: '600.50' } }),
  ).toMatchObject({ code: 'auction.terms_invalid', fields: { startingPrice: 'off_grid' } });
  made.set('auction', (await seller.must(auctionRoutes.scheduleAuction, { body: terms })).id);
  await expect
    .poll(
      async () =>
        (await visitor(seam.url).must(auctionRoutes.auction, { params: { id: idOf('auction') } })).state,
      PATIENCE,
    )
    .toBe('open');

  expect(await buyer.refused(auctionRoutes.placeBid, bid('600.50'))).toMatchObject({
    code: 'bid.price_off_grid',
    fields: { price: 'off_grid' },
  });
  expect(await buyer.refused(auctionRoutes.placeBid, bid('610.00'))).toMatchObject({
    code: 'bid_security.insufficient',
    accepted: expect.anything(),
  });
  expect(await standing()).toEqual({ bids: 0, marginal: null });

  for (const who of [buyer, rival])
    await who.must(auctionRoutes.holdBidSecurity, {
      params: { id: idOf('auction') },
      body: { amount: SECURITY },
    });
  await buyer.must(auctionRoutes.placeBid, bid('610.00'));
  await expect.poll(standing, PATIENCE).toEqual({ bids: 1, marginal: '610.00' });
  expect(await rival.refused(auctionRoutes.placeBid, bid('612.00'))).toMatchObject({
    code: 'bid.below_increment',
    accepted: { priceMinimum: '615.00' },
  });
  expect(await seller.refused(auctionRoutes.placeBid, bid('620.00'))).toMatchObject({ code: 'bid.own_lot' });
  expect(await standing()).toEqual({ bids: 1, marginal: '610.00' });
});

test('the loser has its money back at once, the winner a contract', async () => {
  const params = { id: idOf('auction') };
  await expect
    .poll(async () => (await buyer.must(auctionRoutes.myAuctionPosition, { params })).award, PATIENCE)
    .toMatchObject({ price: '610.00', quantity: '100.000', contractId: expect.any(String) });
  const { award } = await buyer.must(auctionRoutes.myAuctionPosition, { params });
  made.set('contract', award!.contractId!);
  await expect
    .poll(async () => {
      const { items } = await rival.must(settlementRoutes.balances);
      return items
        .filter((item) => item.currency === 'CNY' && item.kind === 'free')
        .map((item) => item.available);
    }, PATIENCE)
    .toEqual(['60000000.00']);
});

test('a signature by another key signs nothing', async () => {
  const contract = idOf('contract');
  const params = { id: contract };
  const pair = [staff, await logIn(seam.url, SECOND_STAFF.email, SECOND_STAFF.password)] as const;
  [keys.seller, keys.buyer] = [await certifyKey(seller, pair), await certifyKey(buyer, pair)];
  await expect
    .poll(async () => (await seller.must(contractRoutes.contract, { params })).state, PATIENCE)
    .toBe('issued');
  const wrong = await signature(seller, keys.seller, contract, keys.buyer);
  expect(
    await seller.refused(contractRoutes.completeSigning, {
      params: { id: wrong.sessionId },
      body: { signature: wrong.signature },
    }),
  ).toMatchObject({ status: 422, code: 'signature.invalid' });
  const { state, revisions } = await seller.must(contractRoutes.contract, { params });
  expect({ state, revisions: revisions.length }).toEqual({ state: 'issued', revisions: 1 });

  await signContract(seller, keys.seller, contract);
  await signContract(buyer, keys.buyer, contract);
  await expect
    .poll(async () => (await seller.must(contractRoutes.contract, { params })).state, PATIENCE)
    .toBe('binding');
  const file = await seller.must(contractRoutes.contractDocument, { params });
  const root = await visitor(seam.url).must(certificateRoutes.rootCertificate);
  expect(pdfsig(file, root)).toEqual({ valid: 3, trusted: 3, total: true });
});

test('a weighing above the delivery order lifts nothing', async () => {
  const contract = { id: idOf('contract') };
  const settlement = () => buyer.must(settlementRoutes.settlement, { params: contract });
  await expect
    .poll(
      async () => (await buyer.must(settlementRoutes.settlements)).items.map((item) => item.contractId),
      PATIENCE,
    )
    .toContain(contract.id);
  await buyer.must(settlementRoutes.payProvisional, { params: contract });
  expect(await settlement()).toMatchObject({ state: 'funded', escrow: '61000.00' });
  await expect.poll(async () => (await settlement()).deliveryOrderId, PATIENCE).toEqual(expect.any(String));
  made.set('order', (await settlement()).deliveryOrderId!);

  const params = { id: idOf('order') };
  const pass = await buyer.must(logisticsRoutes.issuePass, {
    params,
    body: { plate: '晋A 88888', driver: 'Zhao Yong', maximum: '100' },
  });
  const weighing = (gross: string, number: string) => ({
    params,
    body: { pass: pass.token, number, gross, tare: '16.000', weighedAt: new Date().toISOString() },
  });
  expect(await seller.refused(logisticsRoutes.recordTicket, weighing('116.020', 'W-1'))).toMatchObject({
    status: 422,
    code: 'weighing.over_lift',
    accepted: { net: '100' },
  });
  const order = () => seller.must(logisticsRoutes.deliveryOrder, { params });
  expect(await order()).toMatchObject({ lifted: '0.000', tickets: [], state: 'active' });
  await seller.must(logisticsRoutes.recordTicket, weighing('116.000', 'W-1'));
  expect(await order()).toMatchObject({ lifted: '100.000', state: 'completed' });

  await staff.must(logisticsRoutes.recordAnalysis, {
    params,
    body: {
      number: 'COA-1',
      laboratory: 'Independent Coal Laboratory',
      sampledOn: new Date().toISOString().slice(0, 10),
      values: analysis(await order(), 1),
    },
  });
  await expect.poll(async () => (await settlement()).state, PATIENCE).toBe('result_due');
  // One point of ash above the promise costs one percent of 610.00.
  expect(await settlement()).toMatchObject({ finalAmount: '60390.00' });
  await buyer.must(settlementRoutes.acceptResult, { params: contract });
  await expect.poll(async () => (await settlement()).state, PATIENCE).toBe('closed');
  for (const who of [seller, buyer])
    await who.must(ratingRoutes.rate, {
      params: contract,
      body: { score: 5, comment: 'Good' },
    });
});

test('what the bank says twice is booked once', async () => {
  const [message] = await seam.sql<{ event_id: string; raw: Buffer }[]>`
    select event_id, raw from bank_message where kind = 'camt' and done_at is not null order by got_at limit 1`;
  const tell = async (id: string): Promise<Response> =>
    fetch(`${seam.url}/v1/bank/callbacks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/xml',
        ...sign({ id, at: new Date(), body: message!.raw, secret: seam.bankSecret }),
      },
      body: new Uint8Array(message!.raw),
    });
  const before = await seam.sql`select code, debits_posted, credits_posted from ledger_account order by code`;
  expect(await (await tell(message!.event_id)).json()).toEqual({ outcome: 'duplicate' });
  // The same booking under another event: known by the bank's own reference of the entry.
  expect((await tell(`${message!.event_id}.again`)).status).toBe(200);
  await expect
    .poll(
      async () =>
        await seam.sql`select 1 from bank_message where event_id = ${`${message!.event_id}.again`} and done_at is not null`,
      PATIENCE,
    )
    .toHaveLength(1);
  expect(
    await seam.sql`select code, debits_posted, credits_posted from ledger_account order by code`,
  ).toEqual(before);
});

test('after all of it the ledger sums to zero and the journal is whole', async () => {
  await expectLedgerWhole(staff, seam.sql);
  expect(await expectJournalWhole(seam.sql)).toBeGreaterThan(0);
});
