import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLedger } from '../settlement/public.ts';
import { type Answer, AuctionMarket } from './testing.ts';

let market: AuctionMarket;
beforeAll(async () => {
  market = await AuctionMarket.open();
});
afterAll(async () => {
  expect(await checkLedger(market.db.sql)).toEqual([]);
  await market.close();
});

const DAY = 86_400;
const WAITING = { biddersMaximum: 2, confirmSeconds: DAY, signSeconds: DAY, withdrawAfterSeconds: 2 * DAY };

/** `first` wins all 1,000 t at 620.00; `second` wanted 500 t at 610.00, `third` 100 t at 600.00. */
async function contested(more: object) {
  const auction = await market.open(more);
  const first = await market.company('first', 20_000);
  const second = await market.company('second', 20_000);
  const third = await market.company('third', 20_000);
  for (const who of [first, second, third])
    expect((await market.secure(who, auction.id, '10000.00')).status).toBe(201);
  for (const [who, price, quantity] of [
    [third, '600.00', '100'],
    [second, '610.00', '500'],
    [first, '620.00', '1000'],
  ] as const)
    expect((await market.bid(who, auction.id, { price, quantity })).status).toBe(201);
  return { ...auction, first, second, third };
}

const awards = async (who: string | null, id: string): Promise<Answer['body']> =>
  (await market.call(who, 'GET', `/v1/auctions/${id}/awards`)).body;

async function does(who: string, url: string, body?: object): Promise<Answer> {
  const answer = await market.call(who, 'POST', url, body);
  await market.work();
  return answer;
}

/** The centre finds something, and two of its people agree on what follows. */
async function complained(id: string, decision: 'void' | 'hold_again'): Promise<void> {
  const base = `/v1/staff/auctions/${id}/complaints`;
  expect((await does('staff', base, { reason: 'One address, two bidders' })).status).toBe(201);
  for (const who of ['staff', 'staff2']) {
    const asked = { decision, reason: 'one address, two bidders' };
    expect((await does(who, `${base}/1/decision`, asked)).status).toBe(200);
  }
}

/** The shard's clock passes the close; what follows is done. */
async function closed(id: string, state: string): Promise<void> {
  await market.pass(id, 2 * 3600);
  await market.inState(id, state);
  await market.work();
}

const states = (body: Answer['body']): string[] =>
  body.awards.map((line: { state: string; quantity: string; price: string; mine: boolean }) =>
    [line.state, line.quantity, line.price, ...(line.mine ? ['mine'] : [])].join(' '),
  );

/** As the contracts slice would, when a party has signed. */
async function sign(contractId: string, by: 'sig_seller' | 'sig_buyer'): Promise<void> {
  const state = by === 'sig_seller' ? 'seller_signed' : 'buyer_signed';
  await market.db.sql.begin(async (tx) => {
    const [{ n }] = (await tx`select coalesce(max(n), -1) + 1 as n from contract_revision
      where contract_id = ${contractId}`) as unknown as [{ n: number }];
    await tx`insert into contract_revision (contract_id, n, kind, sha256, prev_sha256, file)
      values (${contractId}, ${n}, ${by}, sha256(${String(n)}::bytea), ${n === 0 ? null : Buffer.alloc(32)}, ''::bytea)`;
    await tx`update contract set state = ${state}, terms = '{}' where id = ${contractId}`;
    if (by === 'sig_buyer')
      await tx`insert into outbox (effect_key, topic, payload) values (${`contract:${contractId}:signed`},
        'auctions.contract_ended', ${tx.json({ contractId, what: 'signed' })})`;
  });
  await market.work();
}

const contractState = async (id: string): Promise<string> => {
  const [row] = await market.db.sql<{ state: string }[]>`select state from contract where id = ${id}`;
  return row!.state;
};

describe('a standstill', () => {
  it('sells nothing and frees nobody before it ends, and then has the usual consequences', async () => {
    const { id, listingId, first, second, third } = await contested({ standstillSeconds: 10 * DAY });
    await closed(id, 'standstill');
    expect(states(await awards(first, id))).toEqual(['provisional 1000.000 620.00 mine']);
    expect(await market.sales(id)).toEqual([]);
    for (const who of [first, second, third]) expect((await market.money(who))['held']).toBe(10_000);
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 1000, reserved: true });
    expect((await market.bid(third, id, { price: '900.00', quantity: '1000' })).body.code).toBe(
      'auction.closed',
    );

    await market.pass(id, 10 * DAY);
    await market.inState(id, 'awarded');
    await market.work();
    expect(await market.sales(id)).toMatchObject([{ buyer: first, tonnes: 1000, price: 620 }]);
    expect(await market.money(first)).toEqual({ free: 10_000, performance_security: 10_000 });
    for (const who of [second, third]) expect(await market.money(who)).toEqual({ free: 20_000 });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 0, reserved: false });
  });

  it('frees at the close whoever never bid', async () => {
    const { id } = await market.open({ standstillSeconds: DAY });
    const [bidder, idle] = [await market.company('bidder', 10_000), await market.company('idle', 10_000)];
    for (const who of [bidder, idle]) await market.secure(who, id, '10000.00');
    await market.bid(bidder, id, { price: '600.00', quantity: '1000' });
    await closed(id, 'standstill');
    expect(await market.money(idle)).toEqual({ free: 10_000 });
    expect(await market.money(bidder)).toEqual({ held: 10_000 });
  });

  it('is extended while a complaint is heard, and ends in nothing when it is upheld', async () => {
    const { id, listingId, first, second } = await contested({ standstillSeconds: DAY });
    await closed(id, 'standstill');
    const { standstillEndsAt } = await awards(null, id);
    const until = new Date(Date.parse(standstillEndsAt) + DAY * 1000).toISOString();
    const extend = { until: standstillEndsAt, reason: 'a complaint' };
    expect((await does('staff', `/v1/staff/auctions/${id}/standstill`, extend)).body).toMatchObject({
      code: 'standstill.not_longer',
      accepted: { endsAt: standstillEndsAt },
    });
    await does('staff', `/v1/staff/auctions/${id}/standstill`, { ...extend, until });
    await market.pass(id, 1.5 * DAY);
    expect((await awards(null, id)).state).toBe('standstill');
    await complained(id, 'void');
    await market.inState(id, 'voided');
    for (const who of [first, second]) expect(await market.money(who)).toEqual({ free: 20_000 });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 1000, reserved: false });
    expect(await market.sales(id)).toEqual([]);
  });

  it('that ends in holding the auction again puts the same lot up on the same terms', async () => {
    const { id, listingId } = await contested({ standstillSeconds: DAY, reservePrice: '605.00' });
    await closed(id, 'standstill');
    await complained(id, 'hold_again');
    const again = await market.db.sql`select b.id, b.listing_id = a.listing_id as same_lot,
        b.terms - '{auctionId,opensAt,closesAt,softClose}'::text[]
          = a.terms - '{auctionId,opensAt,closesAt,softClose}'::text[] as same_terms,
        b.closes_at - b.opens_at = a.closes_at - a.opens_at as same_length
      from auction a join auction b on b.listing_id = a.listing_id and b.id <> a.id where a.id = ${id}`;
    expect(again).toMatchObject([{ same_lot: true, same_terms: true, same_length: true }]);
    await market.inState(again[0]!['id'], 'scheduled');
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 1000, reserved: true });
  });

  it('lets the owner take bids below its reserve, and nobody else', async () => {
    const { id, seller, first } = await contested({ standstillSeconds: DAY, reservePrice: '700.00' });
    await closed(id, 'standstill');
    expect(await awards(seller, id)).toMatchObject({ awards: [], mayWaiveReserve: true });
    expect((await awards(first, id)).mayWaiveReserve).toBe(false);
    expect((await does(first, `/v1/auctions/${id}/waive-reserve`)).status).toBe(404);
    expect(states((await does(seller, `/v1/auctions/${id}/waive-reserve`)).body)).toEqual([
      'provisional 1000.000 620.00',
    ]);
    expect(await market.sales(id)).toEqual([]);
    await market.pass(id, DAY);
    await market.inState(id, 'awarded');
    await market.work();
    expect(await market.sales(id)).toMatchObject([{ buyer: first, tonnes: 1000, price: 620 }]);
  });

  it('of an auction below its reserve that nobody waives ends unsold', async () => {
    const { id, listingId, first } = await contested({ standstillSeconds: DAY, reservePrice: '700.00' });
    await closed(id, 'standstill');
    expect((await market.money(first))['held']).toBe(10_000);
    await market.pass(id, DAY);
    expect((await market.inState(id, 'unsold')).reason).toBe('reserve_not_met');
    await market.work();
    expect(await market.money(first)).toEqual({ free: 20_000 });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 1000, reserved: false });
  });
});

describe('bidders who wait', () => {
  it('take what a winner declines, who leaves its security, and make the contracts', async () => {
    const { id, listingId, first, second, third } = await contested({ waiting: WAITING });
    await closed(id, 'awarded');
    expect((await awards(null, id)).waiting).toMatchObject([
      { price: '610.00', quantity: '500.000' },
      { price: '600.00', quantity: '100.000' },
    ]);
    expect(await market.sales(id)).toEqual([]);
    expect((await does(second, `/v1/auctions/${id}/awards/1/decline`)).body.code).toBe('award.unknown');
    await does(first, `/v1/auctions/${id}/awards/1/decline`);
    expect(states(await awards(second, id))).toEqual([
      'declined 1000.000 620.00',
      'pending 500.000 610.00 mine',
      'pending 100.000 600.00',
    ]);
    // Kept as bid security, in no contract: whether it is forfeited is decided elsewhere.
    expect(await market.money(first)).toEqual({ free: 10_000, bid_security: 10_000 });

    await does(second, `/v1/auctions/${id}/awards/2/confirm`);
    expect(await market.sales(id)).toMatchObject([{ buyer: second, tonnes: 500, price: 610 }]);
    const { contractId } = (await awards(second, id)).awards[1];
    expect((await awards(third, id)).awards[1].contractId).toBeNull();
    await sign(contractId, 'sig_seller');
    await sign(contractId, 'sig_buyer');
    await expect.poll(async () => states(await awards(null, id))[1]).toBe('concluded 500.000 610.00');
    await market.work();
    expect(await market.money(second)).toEqual({ free: 15_000, performance_security: 5000 });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 1000, reserved: true });

    // The last award lapses: nobody is left, and the rest of the lot is free.
    await market.pass(id, 2 * DAY);
    await expect.poll(async () => states(await awards(null, id))[2]).toBe('lapsed 100.000 600.00');
    await market.work();
    expect(await market.money(third)).toEqual({ free: 19_000, bid_security: 1000 });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 500, reserved: false });
  });

  it('get what was confirmed and not signed in time; its contract is void, and a new one made', async () => {
    const { id, first, second } = await contested({ waiting: { ...WAITING, biddersMaximum: 1 } });
    await closed(id, 'awarded');
    await does(first, `/v1/auctions/${id}/awards/1/confirm`);
    const { contractId } = (await awards(first, id)).awards[0];
    await sign(contractId, 'sig_seller');
    await market.pass(id, DAY);
    await market.db.sql`update outbox set not_before = now() where topic = 'auctions.sign_due'`;
    await market.work();
    await expect
      .poll(async () => states(await awards(second, id)))
      .toEqual(['lapsed 1000.000 620.00', 'pending 500.000 610.00 mine']);
    await market.work();
    expect(await contractState(contractId)).toBe('voided');
    expect(await market.money(first)).toEqual({ free: 10_000, bid_security: 10_000 });
    await does(second, `/v1/auctions/${id}/awards/2/confirm`);
    const made = (await awards(second, id)).awards[1].contractId;
    expect(await contractState(made)).toBe('drafted');
  });

  it('get nothing when both have signed, however late the deadline is looked at', async () => {
    const { id, first, second, listingId } = await contested({ waiting: WAITING });
    await closed(id, 'awarded');
    await does(first, `/v1/auctions/${id}/awards/1/confirm`);
    const { contractId } = (await awards(first, id)).awards[0];
    await sign(contractId, 'sig_seller');
    // Signed, and the word of it still on its way.
    await market.db.sql`update contract set state = 'buyer_signed' where id = ${contractId}`;
    await market.pass(id, DAY);
    await market.db.sql`update outbox set not_before = now() where topic = 'auctions.sign_due'`;
    await market.work();
    expect(states(await awards(null, id))).toEqual(['confirmed 1000.000 620.00']);
    expect((await does(first, `/v1/auctions/${id}/awards/1/decline`)).body.code).toBe('contract.not_open');
    await sign(contractId, 'sig_buyer');
    await expect.poll(async () => states(await awards(null, id))).toEqual(['concluded 1000.000 620.00']);
    await market.work();
    expect(await market.money(first)).toEqual({ free: 10_000, performance_security: 10_000 });
    expect(await market.money(second)).toEqual({ free: 20_000 });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 0, reserved: false });
  });

  it('are not asked when the seller does not sign: its winner goes free', async () => {
    const { id, first, second, listingId } = await contested({ waiting: WAITING });
    await closed(id, 'awarded');
    await does(first, `/v1/auctions/${id}/awards/1/confirm`);
    await market.pass(id, DAY);
    await market.db.sql`update outbox set not_before = now() where topic = 'auctions.sign_due'`;
    await market.work();
    await expect.poll(async () => states(await awards(null, id))).toEqual(['released 1000.000 620.00']);
    await market.work();
    for (const who of [first, second]) expect(await market.money(who)).toEqual({ free: 20_000 });
    expect(await market.lotNow(listingId)).toEqual({ tonnes: 1000, reserved: false });
  });

  it('may leave when the terms let them, and staff free a winner', async () => {
    const { id, first, second, third } = await contested({
      waiting: { ...WAITING, confirmSeconds: 5 * DAY },
    });
    await closed(id, 'awarded');
    expect((await does(second, `/v1/auctions/${id}/waiting/withdraw`)).body).toMatchObject({
      code: 'waiting.withdrawal_early',
      accepted: { allowedAt: (await awards(null, id)).withdrawFrom },
    });
    await market.pass(id, 2 * DAY);
    expect((await does(second, `/v1/auctions/${id}/waiting/withdraw`)).status).toBe(200);
    await market.work();
    expect(await market.money(second)).toEqual({ free: 20_000 });
    expect((await market.money(third))['held']).toBe(10_000);
    expect((await does(second, `/v1/auctions/${id}/waiting/withdraw`)).body.code).toBe('waiting.unknown');
    const url = `/v1/staff/auctions/${id}/awards/1/release`;
    expect((await does('staff', url, { reason: 'the mine is flooded' })).status).toBe(200);
    for (const who of [first, third]) expect(await market.money(who)).toEqual({ free: 20_000 });
  });
});

describe('a catalogue', () => {
  it('runs its lots one after another, and lets one bidder win no more than its cap', async () => {
    const seller = market.fresh('seller');
    const put = async (catalogue: object, minutes: number): Promise<string> => {
      const closesAt = new Date(market.exchange.now().getTime() + minutes * 60_000).toISOString();
      const terms = market.terms(await market.lot(seller), { closesAt, catalogue });
      const asked = await market.call(seller, 'POST', '/v1/auctions', terms);
      expect(asked.status).toBe(202);
      return asked.body.id;
    };
    const one = await put({ pauseSeconds: 60, cap: { unit: 'lots', maximum: 1 } }, 10);
    const two = await put({ firstAuctionId: one }, 20);
    expect(
      (
        await market.call(market.fresh('other'), 'POST', '/v1/auctions', {
          ...market.terms(await market.lot(seller), { catalogue: { firstAuctionId: one } }),
        })
      ).status,
    ).not.toBe(202);
    await market.work();
    await market.pass(one, 2);
    await market.inState(one, 'open');
    // The market takes it once the lot before it is seen to be there.
    const taken = async () => {
      await market.work();
      return (await market.call(null, 'GET', `/v1/auctions/${two}`)).body.state;
    };
    await expect.poll(taken).toBe('scheduled');
    const [greedy, modest] = [await market.company('greedy', 30_000), await market.company('modest', 30_000)];
    for (const who of [greedy, modest])
      for (const id of [one, two]) expect((await market.secure(who, id, '10000.00')).status).toBe(201);
    expect((await market.bid(greedy, two, { price: '600.00', quantity: '100' })).body).toMatchObject({
      code: 'auction.lot_waiting',
      accepted: { after: one },
    });
    expect((await market.bid(greedy, one, { price: '600.00', quantity: '100' })).status).toBe(201);
    await market.pass(one, 600);
    await market.inState(one, 'awarded');
    expect((await market.inState(two, 'scheduled')).opensAt).toBe(
      new Date(Date.parse((await market.inState(one, 'awarded')).closesAt) + 60_000).toISOString(),
    );
    await market.pass(one, 61);
    await market.inState(two, 'open');
    expect((await market.bid(greedy, two, { price: '600.00', quantity: '50' })).body).toMatchObject({
      code: 'bid.cap_exceeded',
      accepted: { unit: 'lots', quantityMaximum: '0.000' },
    });
    expect((await market.bid(modest, two, { price: '600.00', quantity: '50' })).status).toBe(201);
  });
});
