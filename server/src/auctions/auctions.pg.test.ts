import { randomUUID } from 'node:crypto';
import { minor } from '@seam/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enqueue } from '../platform/outbox.ts';
import { checkLedger, hold } from '../settlement/public.ts';
import { auctionProjection } from './projection.ts';
import { AuctionMarket } from './testing.ts';

let market: AuctionMarket;
beforeAll(async () => {
  market = await AuctionMarket.open();
});
afterAll(async () => {
  expect(await checkLedger(market.db.sql)).toEqual([]);
  await market.close();
});

const position = async (who: string, id: string) =>
  (await market.call(who, 'GET', `/v1/auctions/${id}/mine`)).body;

describe('scheduling', () => {
  it('409 for a lot that is in an auction, or of somebody else', async () => {
    const { seller, listingId } = await market.open();
    for (const who of [seller, 'stranger']) {
      expect(await market.call(who, 'POST', '/v1/auctions', market.terms(listingId))).toMatchObject({
        status: 409,
        body: { code: 'auction.listing_unavailable' },
      });
    }
  });

  it('422 with the fields at fault, and the lot stays on the market', async () => {
    const listingId = await market.lot('seller');
    const answer = await market.call('seller', 'POST', '/v1/auctions', {
      ...market.terms(listingId),
      startingPrice: '600.50',
      closesAt: '2020-01-01T00:00:00Z',
    });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'auction.terms_invalid',
        fields: { startingPrice: 'off_grid', closesAt: 'not_after_open' },
      },
    });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 1000, reserved: false });
  });

  it('that the market itself refuses is shown as refused, and the lot is on the market again', async () => {
    const seller = market.fresh('seller');
    const listingId = await market.lot(seller);
    const asked = await market.call(
      seller,
      'POST',
      '/v1/auctions',
      market.terms(listingId, { minimumBidQuantity: '2000' }),
    );
    expect(asked.status).toBe(202);
    await market.work();
    const view = await market.inState(asked.body.id, 'refused');
    expect(view.reason).toContain('auction.terms_invalid');
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 1000, reserved: false });
    expect((await market.bid('b', asked.body.id, { price: '600.00', quantity: '50' })).status).toBe(404);
  });
});

describe('bid security', () => {
  it('422 without the money, 403 for the seller, 422 for nothing: and nothing is held', async () => {
    const { id, seller } = await market.open();
    const poor = await market.company('poor', 100);
    expect(await market.secure(poor, id, '100.01')).toMatchObject({
      status: 422,
      body: { code: 'ledger.insufficient_funds', fields: { amount: 'insufficient_funds' } },
    });
    expect(await market.secure(seller, id, '1.00')).toMatchObject({
      status: 403,
      body: { code: 'bid.own_lot' },
    });
    expect(await market.secure(poor, id, '0.00')).toMatchObject({
      status: 422,
      body: { code: 'bid_security.invalid' },
    });
    expect(await market.money(poor)).toEqual({ free: 100 });
    expect(await position(poor, id)).toMatchObject({ securityAllocated: '0.00', securityPending: '0.00' });
  });

  it('is taken from free money and counted by the market, as often as it is added to', async () => {
    const { id } = await market.open();
    const buyer = await market.company('buyer', 10_000);
    expect(await market.secure(buyer, id, '500.00')).toMatchObject({ status: 201 });
    expect((await market.secure(buyer, id, '1500.00')).body).toMatchObject({
      securityAllocated: '2000.00',
      securityPending: '0.00',
      freeMoney: '8000.00',
    });
    await market.work();
    expect(await market.money(buyer)).toEqual({ free: 8000, held: 2000 });
    expect(await allocations(id)).toEqual(['50000', '200000']);
  });

  it('held before a crash is counted once, wherever between hold and answer the crash was', async () => {
    const { id } = await market.open();
    const buyer = await market.company('buyer', 10_000);
    const early = await heldBeforeCrash(id, buyer, 700);
    const late = await heldBeforeCrash(id, buyer, 300);
    // The second crash came after the market had counted it.
    const outcome = await market.exchange.gateway.submit({
      actor: `org:${buyer}`,
      cmdId: `auction-security:${late}`,
      body: { type: 'allocate_bid_security', auctionId: id, accountId: buyer, amount: '30000' },
    });
    expect(outcome.status).toBe('accepted');
    expect(await position(buyer, id)).toMatchObject({ securityPending: '1000.00' });
    expect(await market.work()).toEqual(['done', 'done']);
    expect(await position(buyer, id)).toMatchObject({
      securityAllocated: '1000.00',
      securityPending: '0.00',
    });
    // A second delivery of the same work.
    await market.db.sql`update outbox set done_at = null, leased_until = '-infinity'
      where effect_key in (${`auction-security:${early}`}, ${`auction-security:${late}`})`;
    expect(await market.work()).toEqual(['done', 'done']);
    expect(await allocations(id)).toEqual(['30000', '100000']);
    expect(await market.money(buyer)).toEqual({ free: 9000, held: 1000 });
  });

  it('that reaches the market after the close is free again', async () => {
    const { id } = await market.open();
    const late = await market.company('late', 1000);
    const security = await heldBeforeCrash(id, late, 400);
    market.turnClock(2 * 3600);
    await market.inState(id, 'unsold');
    await market.work();
    expect(await market.money(late)).toEqual({ free: 1000 });
    expect(await market.db.sql`select state, reason from auction_security where id = ${security}`).toEqual([
      { state: 'returned', reason: 'auction.closed' },
    ]);
    expect(await market.secure(late, id, '1.00')).toMatchObject({
      status: 409,
      body: { code: 'auction.closed' },
    });
  });
});

/** Running totals as the market counted them for an auction, in minor units. */
async function allocations(id: string): Promise<string[]> {
  const rows = await market.db.sql<{ total: string }[]>`
    select e ->> 'total' as total from journal, jsonb_array_elements(body::jsonb -> 'events') e
     where e ->> 'type' = 'bid_security_allocated' and e ->> 'auctionId' = ${id} order by seq`;
  return rows.map((row) => row.total);
}

/** Exactly what the first transaction of a hold writes; the process died before it told the market. */
async function heldBeforeCrash(auctionId: string, orgId: string, yuan: number): Promise<string> {
  const id = randomUUID();
  const amount = BigInt(yuan) * 100n;
  await market.db.sql.begin(async (tx) => {
    const holdKey = `auction-security:${id}`;
    expect(
      await hold(tx, { holdKey, orgId, currency: 'CNY', amount: minor(amount), auctionId }),
    ).toMatchObject({
      ok: true,
    });
    await tx`insert into auction_security (id, auction_id, account_id, person_id, amount)
      values (${id}, ${auctionId}, ${orgId}, 'p', ${amount.toString()}::bigint)`;
    await enqueue(tx, {
      effectKey: holdKey,
      topic: 'auctions.allocate_security',
      payload: { securityId: id },
    });
  });
  return id;
}

describe('a bid over HTTP', () => {
  it('is refused with what would be accepted, in the units of the request', async () => {
    const { id, seller } = await market.open();
    const [a, b] = [await market.company('a', 20_000), await market.company('b', 20_000)];
    const refused = async (who: string, price: string, quantity: string) => {
      const { status, body } = await market.bid(who, id, { price, quantity });
      return { status, code: body.code, accepted: body.accepted };
    };
    expect(await refused(a, '600.50', '50')).toMatchObject({ status: 422, code: 'bid.price_off_grid' });
    expect(await refused(a, '600.00', '60')).toMatchObject({ status: 422, code: 'bid.quantity_off_grid' });
    expect(await refused(a, '600.00', '1000')).toMatchObject({
      status: 422,
      code: 'bid_security.insufficient',
      accepted: { required: '10000.00', allocated: '0.00' },
    });
    expect(await refused(seller, '600.00', '50')).toMatchObject({ status: 403, code: 'bid.own_lot' });

    expect((await market.secure(a, id, '10000.00')).status).toBe(201);
    expect((await market.secure(b, id, '10000.00')).status).toBe(201);
    expect(await refused(a, '599.00', '1000')).toMatchObject({
      code: 'bid.price_below_start',
      accepted: { priceMinimum: '600.00' },
    });
    expect((await market.bid(a, id, { price: '610.00', quantity: '1000' })).status).toBe(201);
    expect(await refused(b, '614.00', '1000')).toMatchObject({
      status: 422,
      code: 'bid.below_increment',
      accepted: { priceMinimum: '615.00' },
    });
    expect(await refused(a, '605.00', '1000')).toMatchObject({ code: 'bid.not_improving' });
    expect((await market.bid(b, id, { price: '615.00', quantity: '1000' })).status).toBe(201);
    expect((await market.bid('b', 'nowhere', { price: '615.00', quantity: '1000' })).status).toBe(404);
  });

  it('sent again with the same id has the same receipt, and with another body 409', async () => {
    const { id } = await market.open();
    const buyer = await market.company('buyer', 5000);
    await market.secure(buyer, id, '5000.00');
    const wanted = { price: '600.00', quantity: '500', commandId: 'mine-0001' };
    const [first, second] = await Promise.all([market.bid(buyer, id, wanted), market.bid(buyer, id, wanted)]);
    expect(first.status).toBe(201);
    expect(second).toEqual(first);
    expect(await market.bid(buyer, id, wanted)).toEqual(first);
    expect(await market.bid(buyer, id, { ...wanted, price: '601.00' })).toMatchObject({
      status: 409,
      body: { code: 'bid.command_id_reused' },
    });
    await market.exchange.waitForProjection('auctions', await placeOf(id));
    expect(await market.call(null, 'GET', `/v1/auctions/${id}`)).toMatchObject({ body: { bidCount: 1 } });
  });
});

/** The newest entry about an auction. */
async function placeOf(id: string): Promise<{ shard: number; seq: number }> {
  const [row] = await market.db.sql<{ shard: number; seq: number }[]>`
    select shard_id as shard, max(seq)::int as seq from journal where body like ${`%${id}%`} group by 1`;
  return row!;
}

/** 600 t to `first` at 620.00, 400 t of the 500 t that `second` wanted to it at 610.00, nothing to `third`. */
async function contested() {
  const auction = await market.open();
  const first = await market.company('first', 10_000);
  const second = await market.company('second', 10_000);
  const third = await market.company('third', 10_000);
  for (const who of [first, second, third])
    expect((await market.secure(who, auction.id, '8000.00')).status).toBe(201);
  for (const [who, price, quantity] of [
    [third, '600.00', '100'],
    [second, '610.00', '500'],
    [first, '620.00', '600'],
  ] as const)
    expect((await market.bid(who, auction.id, { price, quantity })).status).toBe(201);
  return { ...auction, first, second, third };
}

describe('the close', () => {
  it('frees the losers, secures one contract for each award, and says who won without a name', async () => {
    const { id, listingId, first, second, third, seller } = await contested();
    await market.closeByClock(id, 'awarded');

    expect(await market.money(third)).toEqual({ free: 10_000 });
    expect(await market.money(first)).toEqual({ free: 4000, performance_security: 6000 });
    expect(await market.money(second)).toEqual({ free: 6000, performance_security: 4000 });
    const sales = await market.db
      .sql`select s.buyer_id, s.seller_id, quantity_kg::int, price_per_tonne::int, currency,
        c.id from sale s join contract c on c.sale_id = s.id where origin_id = ${id} order by quantity_kg desc`;
    expect(sales).toMatchObject([
      { buyer_id: first, seller_id: seller, quantity_kg: 600_000, price_per_tonne: 62_000, currency: 'CNY' },
      { buyer_id: second, seller_id: seller, quantity_kg: 400_000, price_per_tonne: 61_000 },
    ]);
    expect(sales).toHaveLength(2);
    const [account] = await market.db.sql`select contract_id from ledger_account
      where owner = ${first} and kind = 'performance_security'`;
    expect(account!['contract_id']).toBe(sales[0]!['id']);
    expect((await position(first, id)).award).toEqual({
      price: '620.00',
      quantity: '600.000',
      contractId: sales[0]!['id'],
    });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 0, reserved: false });

    const seen = [
      await market.call(null, 'GET', `/v1/auctions/${id}`),
      await market.call(null, 'GET', `/v1/auctions/${id}/tape`),
      await market.call(null, 'GET', '/v1/auctions'),
    ];
    for (const bidder of [first, second, third]) expect(JSON.stringify(seen)).not.toContain(bidder);
    expect(seen[1]!.body.awards).toEqual([
      { bidder: 'Bidder 3', price: '620.00', quantity: '600.000', mine: false },
      { bidder: 'Bidder 2', price: '610.00', quantity: '400.000', mine: false },
    ]);
    const own = (await market.call(second, 'GET', `/v1/auctions/${id}/tape`)).body;
    expect(own.awards.map((award: { mine: boolean }) => award.mine)).toEqual([false, true]);
    const [entry] = await market.db.sql`select encode(hash, 'hex') as hash from journal j join auction a
      on a.closed_seq = j.seq and a.closed_hash = j.hash where a.id = ${id}`;
    expect(seen[0]!.body.closedHash).toBe(entry!['hash']);
  });

  it('that nobody bid for puts the whole lot back and gives all security back', async () => {
    const { id, listingId } = await market.open();
    const buyer = await market.company('buyer', 1000);
    await market.secure(buyer, id, '1000.00');
    await market.closeByClock(id, 'unsold');
    expect(await market.money(buyer)).toEqual({ free: 1000 });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 1000, reserved: false });
  });

  it('of a part of the lot puts the rest back on the market', async () => {
    const { id, listingId } = await market.open();
    const buyer = await market.company('buyer', 5000);
    await market.secure(buyer, id, '5000.00');
    await market.bid(buyer, id, { price: '600.00', quantity: '150' });
    await market.closeByClock(id, 'awarded');
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 850, reserved: false });
    expect(await market.money(buyer)).toEqual({ free: 3500, performance_security: 1500 });
  });

  it('has its consequences once, although the views are rebuilt', async () => {
    const { id, listingId, first } = await contested();
    await market.closeByClock(id, 'awarded');
    const before = await everything(id, listingId, first);
    await market.db.sql.begin(async (tx) => {
      const closing = await closingEntry(id);
      await tx`delete from auction_award where auction_id = ${id}`;
      await tx`delete from auction_security_outcome where auction_id = ${id}`;
      await auctionProjection.apply(tx, closing);
    });
    expect(await market.work()).toEqual([]);
    expect(await everything(id, listingId, first)).toEqual(before);
  });

  it('that fails half way leaves nothing, and is done whole by the next try', async () => {
    const { id, listingId, first, third } = await contested();
    await market.db.sql`update lot set kg = 0 where id = ${listingId}`;
    market.turnClock(2 * 3600);
    await market.inState(id, 'awarded');
    expect(await market.work()).toContain('failed');
    expect(await market.money(third)).toEqual({ free: 2000, held: 8000 });
    expect(await market.db.sql`select 1 from sale where origin_id = ${id}`).toHaveLength(0);
    await market.db.sql`update lot set kg = 1000000 where id = ${listingId}`;
    await market.db.sql`update outbox set not_before = now() where done_at is null`;
    expect(await market.work()).toContain('done');
    expect(await market.money(third)).toEqual({ free: 10_000 });
    expect(await market.money(first)).toEqual({ free: 4000, performance_security: 6000 });
  });
});

async function closingEntry(id: string): Promise<Parameters<typeof auctionProjection.apply>[1]> {
  const [row] = await market.db
    .sql`select j.shard_id, j.seq::int, j.body::jsonb -> 'events' as events, j.ts_ms
    from journal j join auction a on a.closed_seq = j.seq and a.closed_hash = j.hash where a.id = ${id}`;
  return {
    shard: row!['shard_id'],
    seq: row!['seq'],
    at: Number(row!['ts_ms']),
    events: row!['events'],
  } as Parameters<typeof auctionProjection.apply>[1];
}

async function everything(id: string, listingId: string, buyer: string): Promise<unknown> {
  return [
    await market.money(buyer),
    await market.lotNow(listingId),
    await market.db
      .sql`select s.id, c.id as contract from sale s join contract c on c.sale_id = s.id where origin_id = ${id}`,
    (await market.call(null, 'GET', `/v1/auctions/${id}/tape`)).body,
  ];
}

describe('the centre', () => {
  it('suspends and resumes: no bid meanwhile, the clock stands still, and it is on record who did it', async () => {
    const { id } = await market.open();
    const buyer = await market.company('buyer', 5000);
    await market.secure(buyer, id, '5000.00');
    const supervise = async (what: string, body?: object) =>
      market.call('staff', 'POST', `/v1/staff/auctions/${id}/${what}`, body);
    const closesAt = Date.parse((await market.inState(id, 'open')).closesAt);
    expect(await supervise('resume')).toMatchObject({
      status: 409,
      body: { code: 'auction.state_conflict' },
    });
    expect(await supervise('suspend', { reason: 'prices are wrong' })).toMatchObject({
      status: 200,
      body: { state: 'suspended', reason: 'prices are wrong' },
    });
    expect(await market.bid(buyer, id, { price: '600.00', quantity: '50' })).toMatchObject({
      status: 409,
      body: { code: 'auction.suspended' },
    });
    market.turnClock(2 * 3600);
    const resumed = await supervise('resume');
    expect(resumed).toMatchObject({ status: 200, body: { state: 'open', reason: null } });
    expect(Date.parse(resumed.body.closesAt)).toBeGreaterThan(closesAt + 3_600_000);
    expect((await market.bid(buyer, id, { price: '600.00', quantity: '50' })).status).toBe(201);
    const audit = await market.db
      .sql`select person_id, action from audit_entry where subject = ${id} order by at`;
    expect(audit).toEqual([
      { person_id: 'person-of-staff', action: 'suspend_auction' },
      { person_id: 'person-of-staff', action: 'resume_auction' },
    ]);
  });

  it('voids: everybody has all security back, the seller its lot, and nobody a contract', async () => {
    const { id, listingId, first, second, third } = await contested();
    expect(
      await market.call('staff', 'POST', `/v1/staff/auctions/${id}/void`, { reason: 'the lot burnt' }),
    ).toMatchObject({ status: 200, body: { state: 'voided', reason: 'the lot burnt' } });
    await market.work();
    for (const who of [first, second, third]) expect(await market.money(who)).toEqual({ free: 10_000 });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 1000, reserved: false });
    expect(await market.db.sql`select 1 from sale where origin_id = ${id}`).toHaveLength(0);
    expect(
      await market.call('staff', 'POST', `/v1/staff/auctions/${id}/void`, { reason: 'again' }),
    ).toMatchObject({ status: 409, body: { code: 'auction.state_conflict' } });
  });
});
