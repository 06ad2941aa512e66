import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLedger } from '../settlement/public.ts';
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
    const { bids, awards } = seen[1]!.body;
    const names = bids.map((line: { bidder: string }) => line.bidder);
    for (const name of names) expect(name).toMatch(/^Bidder \d+$/);
    expect(new Set(names).size).toBe(3);
    expect(awards).toEqual([
      { bidder: names[2], price: '620.00', quantity: '600.000', mine: false },
      { bidder: names[1], price: '610.00', quantity: '400.000', mine: false },
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
