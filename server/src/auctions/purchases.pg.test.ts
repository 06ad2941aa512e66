/** Each format in which suppliers compete for a buyer's request, from its scheduling to its contracts. */
import { hash } from 'node:crypto';
import { createKeyPart, openWith, publicKeyOf, sealTo } from '@seam/client';
import { commitmentText } from '@seam/engine';
import { lots, ticks } from '@seam/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLedger } from '../settlement/public.ts';
import { Seat } from './testing-seat.ts';
import { SocketClient } from '../exchange/testing/socket-client.ts';
import { AuctionMarket, invitedTo, personLimits } from './testing.ts';

let market: AuctionMarket;
beforeAll(async () => {
  market = await AuctionMarket.open();
});
afterAll(async () => {
  expect(await checkLedger(market.db.sql)).toEqual([]);
  await market.close();
});

const inHours = (hours: number): string =>
  new Date(market.exchange.now().getTime() + hours * 3_600_000).toISOString();
const common = { startingPrice: '700.00', bidSecurity: { mode: 'per_tonne', amountPerTonne: '10.00' } };
const openTerms = () => ({
  ...common,
  format: 'reverse_open',
  closesAt: inHours(1),
  softClose: { mode: 'none' },
  decrement: { mode: 'absolute', amount: '5.00' },
});

async function purchase(body: object): Promise<{ id: string; buyer: string; requestId: string }> {
  const buyer = market.fresh('buyer');
  const requestId = await market.need(buyer);
  return { id: await market.put(buyer, { requestId, ...body }), buyer, requestId };
}

async function supplier(name: string, id: string): Promise<Seat & { readonly lot: string }> {
  const made = await market.supplier(name, id, '10000.00');
  return Object.assign(await Seat.at(market, made.id, id), { lot: made.lot });
}

const post = async (who: string, id: string, body: object) =>
  market.call(who, 'POST', `/v1/auctions/${id}/bids`, { commandId: market.fresh('command-'), ...body });

describe('a request', () => {
  it('of somebody else, or already at auction, cannot be put up; terms without security neither', async () => {
    const buyer = market.fresh('buyer');
    const requestId = await market.need(buyer);
    const put = async (who: string, more: object = {}) =>
      market.call(who, 'POST', '/v1/auctions', { requestId, ...openTerms(), ...more });
    expect(await put('stranger')).toMatchObject({
      status: 409,
      body: { code: 'auction.request_unavailable' },
    });
    expect(await put(buyer, { quantity: '1050' })).toMatchObject({ status: 409 });
    expect(await put(buyer, { bidSecurity: { mode: 'fixed', amount: '0' } })).toMatchObject({
      status: 422,
      body: { code: 'auction.terms_invalid', fields: { bidSecurity: 'required' } },
    });
    expect(
      await put(buyer, { quantity: '510', decrement: { mode: 'absolute', amount: '0.50' } }),
    ).toMatchObject({ status: 422, body: { fields: { lotSize: 'off_grid', decrement: 'off_grid' } } });
    expect(await market.needNow(requestId)).toEqual({ tonnes: 1000, auctioned: 0 });
    const id = await market.put(buyer, { requestId, quantity: '600', ...openTerms() });
    expect(await market.needNow(requestId)).toEqual({ tonnes: 1000, auctioned: 600 });
    await market.closeByClock(id, 'unsold');
    expect(await market.needNow(requestId)).toEqual({ tonnes: 1000, auctioned: 0 });
  });

  it('to invited companies is there for those, its buyer and the centre, and for nobody else', async () => {
    const { id, requestId, buyer } = await purchase(openTerms());
    const [asked, stranger] = [await market.company('asked', 50_000), await market.company('none', 50_000)];
    invitedTo.set(requestId, new Set([asked]));
    const listed = async (who: string | null) =>
      (await market.call(who, 'GET', '/v1/auctions?state=live&limit=100')).body.items.some(
        (one: { id: string }) => one.id === id,
      );
    const pages = ['', '/room', '/tape', '/awards', '/complaints', '/heads', '/record'];
    const statuses = async (who: string | null, of: readonly string[] = pages) =>
      Promise.all(
        of.map(async (page) => (await market.call(who, 'GET', `/v1/auctions/${id}${page}`)).status),
      );
    for (const who of [asked, buyer, 'staff']) {
      // There is a record once it has ended.
      expect(await statuses(who), who).toEqual([200, 200, 200, 200, 200, 200, 409]);
      expect(await listed(who), who).toBe(true);
    }
    for (const who of [stranger, null]) {
      expect(await statuses(who)).toEqual(pages.map(() => 404));
      expect(await listed(who)).toBe(false);
    }
    expect(await statuses(stranger, ['/mine', '/outlook?price=690&quantity=100'])).toEqual([404, 404]);
    const body = { amount: '10000.00', listingId: await market.lot(stranger) };
    const secure = async (who: string) => market.call(who, 'POST', `/v1/auctions/${id}/security`, body);
    const offer = { type: 'place_offer', price: '690.00', quantity: '100' };
    const filed = { reason: 'I was not asked to this one.' };
    for (const answer of [
      await secure(stranger),
      await post(stranger, id, offer),
      await market.call(stranger, 'POST', `/v1/auctions/${id}/complaints`, filed),
      await market.call(stranger, 'POST', `/v1/auctions/${id}/waiting/withdraw`),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'resource.not_found' } });
    expect((await secure(asked)).body.code).toBe('auction.listing_unavailable');
    const [held] = await market.db
      .sql`select count(*)::int as n from auction_security where auction_id = ${id}`;
    expect(held!['n']).toBe(0);
  });

  it('to invited companies has a room on the socket for those, its buyer and the centre only', async () => {
    const { id, requestId, buyer } = await purchase(openTerms());
    const stranger = market.fresh('stranger');
    invitedTo.set(requestId, new Set(['asked']));
    for (const who of ['asked', buyer, 'staff']) {
      expect((await Seat.at(market, who, id)).now).toMatchObject({ auctionId: id });
    }
    const headers = { authorization: `Bearer ${stranger.padEnd(43, '-')}` };
    const line = new SocketClient(await market.socketUrl(), { headers });
    const topic = `auction:${id}`;
    await line.next('welcome');
    line.send({ t: 'subscribe', topic });
    expect(await line.next('err')).toMatchObject({ code: 'resource.not_found', topic });
    const sold = await market.open();
    line.send({ t: 'subscribe', topic: `auction:${sold.id}` });
    await line.next('auction.snapshot', (frame) => frame.auctionId === sold.id);
    expect(line.of('auction.snapshot')).toHaveLength(1);
    line.socket.terminate();
  });

  it('takes no offer beyond what its person may bind the company to', async () => {
    const { id } = await purchase(openTerms());
    const { id: who } = await market.supplier('limited', id, '10000.00');
    const offer = async () => post(who, id, { type: 'place_offer', price: '690.00', quantity: '100' });
    personLimits.set(who, { CNY: '6899999' });
    expect(await offer()).toMatchObject({
      status: 403,
      body: { code: 'member.limit_exceeded', accepted: { limit: '68999.99', value: '69000.00' } },
    });
    personLimits.set(who, { CNY: '6900000' });
    expect((await offer()).status).toBe(201);
    personLimits.delete(who);
  });

  it('is supplied from lots: none, no longer free or too small, and no security counts', async () => {
    const { id, buyer } = await purchase(openTerms());
    const who = await market.company('supplier', 50_000);
    const secure = async (amount: string, listingId?: string) =>
      market.call(who, 'POST', `/v1/auctions/${id}/security`, { amount, ...(listingId && { listingId }) });
    expect(await secure('1000.00')).toMatchObject({
      status: 422,
      body: { code: 'bid_security.lot_required' },
    });
    expect((await secure('1000.00', 'lot-of-nobody')).body.code).toBe('auction.listing_unavailable');
    const small = await market.lot(who, 400);
    expect(await secure('4500.00', small)).toMatchObject({
      status: 422,
      body: { code: 'bid_security.beyond_lot', accepted: { amount: '4499.99' } },
    });
    expect(await market.lotNow(small)).toEqual({ tonnes: 400, reserved: false });
    expect((await secure('4000.00', small)).status).toBe(201);
    expect(await market.lotNow(small)).toEqual({ tonnes: 400, reserved: true });
    expect((await secure('500.00')).body).toMatchObject({
      code: 'bid_security.beyond_lot',
      accepted: { amount: '499.99' },
    });
    expect((await secure('1.00', await market.lot(who))).body.code).toBe('auction.listing_unavailable');
    expect(
      (await post(who, id, { type: 'place_offer', price: '700.00', quantity: '450' })).body,
    ).toMatchObject({
      code: 'bid_security.insufficient',
      accepted: { quantityMaximum: '400.000' },
    });
    expect((await post(buyer, id, { type: 'place_offer', price: '700.00', quantity: '50' })).body.code).toBe(
      'bid.own_lot',
    );
    expect((await market.call(who, 'GET', `/v1/auctions/${id}/mine`)).body.listingId).toBe(small);
    await market.closeByClock(id, 'unsold');
    expect(await market.lotNow(small)).toEqual({ tonnes: 400, reserved: false });
    expect(await market.money(who)).toEqual({ free: 50_000 });
  });
});

describe('an open purchase', () => {
  const energy = {
    mode: 'energy',
    calorificReference: 5_500,
    calorificMinimum: 4_500,
    unit: 'kcal_per_kg',
    basis: 'nar',
  };
  const merit = (calorificValue: number, freight: string) =>
    ({ mode: 'energy', calorificValue, freight, expectedPenalties: '0.00' }) as const;

  it('ranks by heat, tells each what would win, and contracts with the winners as sellers', async () => {
    const { id, buyer, requestId } = await purchase({
      ...openTerms(),
      scoring: energy,
      floor: { price: '300.00', below: 'refuse' },
    });
    const [strong, weak] = [await supplier('strong', id), await supplier('weak', id)];
    expect((await market.call(null, 'GET', `/v1/auctions/${id}`)).body).toMatchObject({
      format: 'reverse_open',
      direction: 'buy',
      listingId: null,
      requestId,
      owner: { id: buyer },
      formatTerms: { scoring: energy, floorPrice: '300.00', decrement: { mode: 'absolute', amount: '5.00' } },
    });
    const offer = { t: 'place_offer', price: '600.00', quantity: '1000' } as const;
    expect(await weak.say(offer)).toMatchObject({
      code: 'offer.merit_invalid',
      accepted: { field: 'merit' },
    });
    expect((await weak.say({ ...offer, merit: merit(4_000, '20.00') })).accepted).toEqual({
      field: 'calorificValue',
    });
    expect(await weak.say({ ...offer, price: '299.00', merit: merit(5_000, '20.00') })).toMatchObject({
      code: 'offer.below_floor',
      accepted: { priceMinimum: '300.00' },
    });
    expect((await weak.say({ ...offer, price: '701.00', merit: merit(5_000, '20.00') })).code).toBe(
      'offer.price_above_start',
    );
    expect(await weak.does({ ...offer, merit: merit(5_000, '20.00') })).toMatchObject({
      rank: 1,
      allocated: '1000.000',
    });
    const stronger = merit(5_500, '50.00');
    const ask = async (price: string) =>
      (
        await market.call(
          strong.who,
          'GET',
          `/v1/auctions/${id}/outlook?quantity=1000&price=${price}&calorificValue=5500&freight=50.00&expectedPenalties=0`,
        )
      ).body;
    // (600 + 20) × 5,500 ÷ 5,000 = 682; less 5 for the decrement and 50 for the freight: 627.
    expect(await ask('628.00')).toMatchObject({
      priceToWin: '627.00',
      preview: { taken: false, code: 'offer.below_decrement', accepted: { priceMaximum: '627.00' } },
    });
    expect((await ask('627.00')).preview).toMatchObject({
      taken: true,
      rank: 1,
      allocated: '1000.000',
      cost: '627000.00',
      score: '677.0000',
      securityRequired: '10000.00',
      certain: true,
    });
    const taken = { type: 'place_offer', price: '627.00', quantity: '600', merit: stronger };
    expect(await post(strong.who, id, taken)).toMatchObject({
      status: 201,
      body: { rank: 1, allocated: '600.000' },
    });
    expect(await post(strong.who, id, { ...taken, price: '626.00' })).toMatchObject({
      status: 422,
      body: { code: 'offer.not_improving', accepted: { priceMaximum: '622.00' } },
    });
    const seen = await weak.sees(({ standing }) => standing.length === 2);
    expect(seen.standing).toMatchObject([
      { rank: 1, price: '627.00', allocated: '600.000', score: '677.0000', mine: false },
      { rank: 2, price: '600.00', allocated: '400.000', score: '682.0000', mine: true },
    ]);
    expect(seen.my).toMatchObject({
      rank: 2,
      room: { format: 'reverse_open', merit: merit(5_000, '20.00') },
    });
    await market.closeByClock(id, 'awarded');
    expect(await market.sales(id)).toEqual([
      { buyer, seller: weak.who, lot: weak.lot, tonnes: 400, price: 600 },
      { buyer, seller: strong.who, lot: strong.lot, tonnes: 600, price: 627 },
    ]);
    // 5,500 and 5,000 kcal/kg net as received: what won is what is sold.
    expect(
      await market.db.sql`select seller_id as seller, promised_heat as heat from sale where origin_id = ${id}
        order by price_per_tonne`,
    ).toEqual([
      { seller: weak.who, heat: { joulesPerGram: 20_934, kind: 'net', basis: 'ar' } },
      { seller: strong.who, heat: { joulesPerGram: 23_027, kind: 'net', basis: 'ar' } },
    ]);
    expect(await market.money(strong.who)).toEqual({ free: 94_000, performance_security: 6000 });
    expect(await market.lotNow(strong.lot)).toEqual({ tonnes: 400, reserved: false });
    expect(await market.lotNow(weak.lot)).toEqual({ tonnes: 600, reserved: false });
    expect(await market.needNow(requestId)).toEqual({ tonnes: 0, auctioned: 0 });
  });

  it('behind a mask shows each supplier itself alone, and frames that tell of nobody else', async () => {
    const { id } = await purchase({ ...openTerms(), visibility: 'blind' });
    const [one, two] = [await supplier('one', id), await supplier('two', id)];
    const frames = one.frames;
    await two.does({ t: 'place_offer', price: '650.00', quantity: '1000' });
    expect((await two.sees(({ my }) => my?.price === '650.00')).my).toMatchObject({
      rank: null,
      allocated: null,
      priceToWinNext: null,
    });
    expect(one.now).toMatchObject({ standing: [], bidCount: 0, bidderCount: 0, nextPrice: '700.00' });
    expect([one.frames, one.everything.includes('650.00')]).toEqual([frames, false]);
    expect((await market.call(one.who, 'GET', `/v1/auctions/${id}/tape`)).body.bids).toEqual([]);
    expect(await one.does({ t: 'place_offer', price: '640.00', quantity: '1000' })).toMatchObject({
      rank: null,
    });
    const excluded = await market.call('staff', 'POST', `/v1/staff/auctions/${id}/exclusions`, {
      organisationId: one.who,
      reason: 'of the buyer’s group',
    });
    expect(excluded.status).toBe(200);
    expect((await one.say({ t: 'place_offer', price: '600.00', quantity: '1000' })).code).toBe(
      'bid.conflict_of_interest',
    );
    const { items } = (await market.call('staff', 'GET', `/v1/staff/auctions/${id}/bidders`)).body;
    expect(items).toHaveLength(2);
    expect(items).toContainEqual({
      organisation: { id: one.who, name: `Company of ${one.who}`, nameZh: null },
      bidder: expect.stringMatching(/^Bidder \d+$/),
      securityAllocated: '10000.00',
      excluded: true,
    });
    const reason = { reason: 'a supplier belongs to the buyer' };
    expect((await market.call('staff', 'POST', `/v1/staff/auctions/${id}/suspend`, reason)).body.state).toBe(
      'suspended',
    );
    expect((await two.say({ t: 'place_offer', price: '600.00', quantity: '1000' })).code).toBe(
      'auction.suspended',
    );
    expect((await market.call('staff', 'POST', `/v1/staff/auctions/${id}/resume`)).body.state).toBe('open');
    expect((await market.call('staff', 'POST', `/v1/staff/auctions/${id}/void`, reason)).body.state).toBe(
      'voided',
    );
    await market.work();
    expect(await market.money(two.who)).toEqual({ free: 100_000 });
    expect(await market.lotNow(two.lot)).toEqual({ tonnes: 1000, reserved: false });
    expect(one.everything).not.toContain('650.00');
  });
});

it('rounds: entry under seal, then turns from the worst to the best, and the best sells', async () => {
  const startsAt = inHours(1);
  const { id, buyer } = await purchase({
    ...common,
    format: 'reverse_rounds',
    startsAt,
    biddersMax: 3,
    rounds: 1,
    firstPauseSeconds: 60,
    pauseSeconds: 60,
    turnSeconds: 120,
    announcementSeconds: 60,
    minimalStep: { mode: 'percent', percent: '1.00' },
    award: { mode: 'shares', percents: ['60.00', '40.00'] },
  });
  const [high, low] = [await supplier('high', id), await supplier('low', id)];
  const stranger = await Seat.at(market, 'stranger', id);
  const offer = (price: string) => ({ t: 'place_offer', price, quantity: '1000' }) as const;
  expect((await high.say({ ...offer('690.00'), quantity: '500' })).code).toBe('bid.quantity_out_of_range');
  expect((await high.say({ t: 'withdraw_turn_offer' })).code).toBe('offer.nothing_to_withdraw');
  await high.does(offer('690.00'));
  await high.sees(({ my }) => my?.price === '690.00');
  const ownFrames = high.frames;
  const { t: _t, ...entry } = offer('650.00');
  expect(await post(low.who, id, { type: 'place_offer', ...entry })).toMatchObject({
    status: 201,
    body: { rank: null },
  });
  expect((await low.sees(({ my }) => my?.price === '650.00')).my).toMatchObject({
    rank: null,
    room: { entered: true },
  });
  expect([stranger.frames, stranger.now.bidCount, high.now.standing]).toEqual([1, 0, []]);
  // Its rank has fallen by the other's entry, which neither the rank nor a frame may tell.
  await low.does(offer('655.00'));
  await low.does(offer('649.00'));
  await low.sees(({ my }) => my?.price === '649.00');
  expect([high.frames, high.now.my?.rank]).toEqual([ownFrames, null]);

  await market.pass(id, 3_600);
  const started = await stranger.sees(
    ({ room }) => room.format === 'reverse_rounds' && room.phase === 'rounds',
  );
  expect(started).toMatchObject({
    bidderCount: 2,
    room: { round: 1, turnOf: null },
    standing: [
      { rank: 1, price: '649.00', score: '649.0000' },
      { rank: 2, price: '690.00' },
    ],
  });
  expect((await low.say(offer('600.00'))).code).toBe('offer.out_of_turn');
  expect((await stranger.say(offer('600.00'))).code).toBe('offer.without_entry');
  await market.pass(id, 60);
  await high.sees(({ my }) => my?.room?.format === 'reverse_rounds' && my.room.isMyTurn);
  expect(await high.say(offer('689.00'))).toMatchObject({
    code: 'offer.not_improving',
    accepted: { priceMaximum: '683.00' },
  });
  const before = stranger.frames;
  await high.does(offer('640.00'));
  await high.does({ t: 'withdraw_turn_offer' });
  await high.does(offer('645.00'));
  await high.sees(({ my }) => my?.room?.format === 'reverse_rounds' && my.room.pending?.price === '645.00');
  expect([stranger.frames, low.everything.includes('645.00')]).toEqual([before, false]);
  await market.pass(id, 120);
  await low.sees(
    ({ my, standing }) =>
      my?.room?.format === 'reverse_rounds' && my.room.isMyTurn && standing[0]?.price === '645.00',
  );
  await low.does(offer('641.00'));
  await market.pass(id, 180);
  await market.inState(id, 'awarded');
  await market.work();
  expect(await market.sales(id)).toEqual([
    { buyer, seller: low.who, lot: low.lot, tonnes: 600, price: 641 },
    { buyer, seller: high.who, lot: high.lot, tonnes: 400, price: 645 },
  ]);
});

it('sealed offers under a split key open with both parts, and a disqualified one makes place', async () => {
  // Each makes its own: neither ever holds the other's half.
  const [owner, exchange] = [await createKeyPart(), await createKeyPart()];
  const publicKey = publicKeyOf({ owner: owner.publicPart, exchange: exchange.publicPart });
  const { id, buyer } = await purchase({
    ...common,
    format: 'sealed_bid',
    closesAt: inHours(2),
    openingSeconds: 3_600,
    secrecy: {
      mode: 'split_key',
      publicKey,
      ownerShareDigest: owner.shareDigest,
      exchangeShareDigest: exchange.shareDigest,
    },
  });
  const [cheap, dear] = [await supplier('cheap', id), await supplier('dear', id)];
  const content = (digit: string, price: number) => ({
    bidder: digit.repeat(32),
    price: ticks(price),
    quantity: lots(20),
    minimumAcceptable: lots(0),
    merit: null,
    nonce: 'f'.repeat(32),
  });
  const text = (digit: string, price: number) =>
    commitmentText({ auctionId: id, content: content(digit, price) });
  const submit = async (digit: string, price: number) =>
    ({
      t: 'submit_sealed',
      ciphertext: await sealTo(publicKey, text(digit, price)),
      digest: hash('sha256', text(digit, price)),
      quantityMaximum: '1000',
    }) as const;
  expect(
    (
      await cheap.say({
        t: 'commit_bid',
        commitment: hash('sha256', text('a', 500)),
        quantityMaximum: '1000',
      })
    ).code,
  ).toBe('sealed_bid.secrecy_conflict');
  expect(await cheap.say({ ...(await submit('a', 500)), ciphertext: 'x'.repeat(5_000) })).toMatchObject({
    code: 'sealed_bid.ciphertext_invalid',
    accepted: { lengthMaximum: '4096' },
  });
  await cheap.does(await submit('a', 500));
  await dear.does(await submit('b', 550));
  await market.pass(id, 3_600);
  await cheap.sees(({ room }) => room.format === 'sealed_bid' && room.phase === 'opening');
  const staff = async (path: string, body: object) =>
    market.call('staff', 'POST', `/v1/staff/auctions/${id}/${path}`, body);
  const sealed = async () => (await market.call('staff', 'GET', `/v1/staff/auctions/${id}/sealed-bids`)).body;
  expect(await sealed()).toMatchObject({ items: [{ opened: false }, { opened: false }], shares: null });
  expect((await staff('openings', { bids: [] })).body).toMatchObject({
    code: 'sealed_bid.share_missing',
    accepted: { holder: 'owner' },
  });
  const give = async (who: string, share: string) =>
    market.call(who, 'POST', `/v1/auctions/${id}/opening-shares`, { share });
  expect((await give(cheap.who, owner.share)).status).toBe(404);
  expect((await give(buyer, 'another')).body.code).toBe('sealed_bid.share_invalid');
  expect((await give(buyer, owner.share)).status).toBe(200);
  expect((await give(buyer, owner.share)).body.code).toBe('sealed_bid.share_given_already');
  expect((await staff('opening-shares', { share: exchange.share })).status).toBe(200);
  const { items, shares } = await sealed();
  const bids = await Promise.all(
    items.map(async ({ bidSeq, ciphertext }: { bidSeq: number; ciphertext: string }) => {
      const { bidder, nonce, price, qty } = JSON.parse(await openWith(shares, ciphertext));
      return { bidSeq, bidder, nonce, price: `${price}.00`, quantity: String(qty * 50) };
    }),
  );
  expect((await staff('openings', { bids })).status).toBe(200);
  const shown = await dear.sees(({ room }) => room.format === 'sealed_bid' && room.opened.length === 2);
  expect(shown.room).toMatchObject({
    decrypted: true,
    sharesGiven: ['owner', 'exchange'],
    opened: [{ score: '500.0000' }, { mine: true }],
  });
  const because = { organisationId: cheap.who, reason: 'No licence to sell coal' };
  expect((await staff('disqualifications', because)).status).toBe(200);
  expect((await staff('disqualifications', { ...because, organisationId: 'nobody' })).body.code).toBe(
    'sealed_bid.unknown',
  );
  await market.closeByClock(id, 'awarded');
  expect(await market.sales(id)).toEqual([
    { buyer, seller: dear.who, lot: dear.lot, tonnes: 1000, price: 550 },
  ]);
  expect(await market.money(cheap.who)).toEqual({ free: 100_000 });
});
