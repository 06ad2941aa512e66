import { randomUUID } from 'node:crypto';
import { minor } from '@seam/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enqueue } from '../platform/outbox.ts';
import { checkLedger, hold } from '../settlement/public.ts';
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
