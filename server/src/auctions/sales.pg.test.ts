/** Each format that sells a lot, over HTTP and the socket, from its scheduling to its contracts. */
import { createHash } from 'node:crypto';
import { commitmentText } from '@seam/engine';
import { lots, ticks } from '@seam/units';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkLedger } from '../settlement/public.ts';
import { Seat } from './testing-seat.ts';
import { AuctionMarket } from './testing.ts';

let market: AuctionMarket;
beforeAll(async () => {
  market = await AuctionMarket.open();
});
afterAll(async () => {
  expect(await checkLedger(market.db.sql)).toEqual([]);
  await market.close();
});

const SECURITY = { bidSecurity: { mode: 'per_tonne', amountPerTonne: '10.00' } };

async function put(body: object): Promise<{ id: string; seller: string; listingId: string }> {
  const seller = market.fresh('seller');
  const listingId = await market.lot(seller);
  return { id: await market.put(seller, { listingId, ...SECURITY, ...body }), seller, listingId };
}

/** In the room, with money for the whole lot. */
async function bidder(name: string, id: string): Promise<Seat> {
  const who = await market.company(name, 20_000);
  expect((await market.secure(who, id, '10000.00')).status).toBe(201);
  return Seat.at(market, who, id);
}

const post = async (who: string, id: string, body: object) =>
  market.call(who, 'POST', `/v1/auctions/${id}/bids`, { commandId: market.fresh('command-'), ...body });
const outlook = async (who: string, id: string, query: string) =>
  (await market.call(who, 'GET', `/v1/auctions/${id}/outlook?${query}`)).body;

it('english: hidden maxima, a hidden bidder list and an open reserve are scheduled as asked', async () => {
  const { id, seller } = await put({
    startingPrice: '600.00',
    bidIncrement: '5.00',
    closesAt: new Date(market.exchange.now().getTime() + 3_600_000).toISOString(),
    softClose: { mode: 'none' },
    proxy: 'threshold',
    proxyLead: 'increment',
    reservePrice: '650.00',
    reserveVisibility: 'open',
    visibility: 'rank_only',
    minimumBidders: 2,
    excludedIds: ['sister'],
    incrementBands: [{ from: '700.00', increment: '10.00' }],
    quantityPerBidderMaximum: '1000.000',
  });
  expect((await market.call(null, 'GET', `/v1/auctions/${id}`)).body).toMatchObject({
    format: 'english',
    direction: 'sell',
    owner: { id: seller },
    visibility: 'rank_only',
    minimumBidders: 2,
    reservePrice: '650.00',
    formatTerms: {
      proxy: 'threshold',
      proxyLead: 'increment',
      incrementBands: [{ from: '700.00', increment: '10.00' }],
      quantityPerBidderMaximum: '1000.000',
    },
  });
  expect((await market.secure('sister', id, '1.00')).body.code).toBe('ledger.insufficient_funds');
  const sister = await market.call('sister', 'POST', `/v1/auctions/${id}/bids`, {
    commandId: 'sister-0001',
    price: '650.00',
    quantity: '1000',
  });
  expect(sister).toMatchObject({ status: 403, body: { code: 'bid.conflict_of_interest' } });

  const [first, second] = [await bidder('first', id), await bidder('second', id)];
  const stranger = await Seat.at(market, 'stranger', id);
  await first.does({ t: 'place_bid', price: '720.00', quantity: '1000' });
  expect((await second.say({ t: 'place_bid', price: '690.00', quantity: '1000' })).status).toBe('accepted');
  expect((await second.sees(({ my }) => my?.rank === 2)).standing).toEqual([]);
  expect(stranger.frames).toBe(1);
  expect(await outlook(second.who, id, 'quantity=1000&price=800.00')).toMatchObject({
    priceToWin: null,
    preview: null,
    explanation: null,
  });
  await market.closeByClock(id, 'awarded');
  // The least that keeps the lot ahead of 690.00 by the step that holds there.
  expect(await market.sales(id)).toMatchObject([{ buyer: first.who, seller, tonnes: 1000, price: 695 }]);
  expect((await stranger.sees(({ result }) => result !== null)).result?.awards).toHaveLength(1);
});

it('english: instructions raise bids, the uniform price is one for all, and the outlook says it before', async () => {
  const stepped = await put({
    startingPrice: '600.00',
    bidIncrement: '5.00',
    closesAt: new Date(market.exchange.now().getTime() + 3_600_000).toISOString(),
    softClose: { mode: 'none' },
    proxy: 'stepped',
    pricing: 'uniform_highest_rejected',
  });
  const { id } = stepped;
  const [first, second] = [await bidder('first', id), await bidder('second', id)];
  const rule = { t: 'set_auto_bid', limit: '650.00', step: '5.00', quantity: '800' } as const;
  await first.does(rule);
  expect(await first.say({ ...rule, step: '1.00' })).toMatchObject({
    status: 'rejected',
    code: 'auto_bid.step_too_small',
    accepted: { stepMinimum: '5.00' },
  });
  expect(
    await post(second.who, id, { type: 'set_auto_bid', limit: '1.00', step: '5.00', quantity: '50' }),
  ).toMatchObject({ status: 422, body: { code: 'auto_bid.limit_out_of_range' } });
  const asked = await outlook(second.who, id, 'quantity=400&price=605.00');
  expect(asked).toMatchObject({
    priceToWin: '601.00',
    preview: {
      taken: true,
      allocated: '400.000',
      price: '600.00',
      certain: false,
      securityRequired: '4000.00',
    },
    explanation: null,
  });
  await second.does({ t: 'place_bid', price: '605.00', quantity: '400' });
  await first.sees(
    ({ my }) =>
      my?.price === '610.00' && my.room?.format === 'english' && my.room.autoBid?.limit === '650.00',
  );
  expect(second.everything).not.toContain('650.00');
  expect((await outlook(second.who, id, 'quantity=400')).explanation).toMatchObject({
    code: 'wins_the_rest',
    allocated: '200.000',
  });
  await market.closeByClock(id, 'awarded');
  expect(await market.sales(id)).toMatchObject([
    { buyer: second.who, tonnes: 200, price: 605 },
    { buyer: first.who, tonnes: 800, price: 605 },
  ]);
});

it('clock: demand is told round by round and never whose; at the end all pay one price', async () => {
  const { id, seller } = await put({
    format: 'clock',
    startingPrice: '600.00',
    priceIncrements: ['20.00', '10.00'],
    roundSeconds: 600,
    roundsMax: 4,
  });
  const [first, second] = [await bidder('first', id), await bidder('second', id)];
  const stranger = await Seat.at(market, 'stranger', id);
  expect(stranger.now).toMatchObject({
    room: { format: 'clock', round: 1, price: '600.00', nextPrice: '620.00', demand: null },
    terms: { formatTerms: { format: 'clock', roundSeconds: 600, priceIncrements: ['20.00', '10.00'] } },
  });
  await first.does({ t: 'state_quantity', round: 1, quantity: '800' });
  expect(await post(second.who, id, { type: 'state_quantity', round: 1, quantity: '700' })).toMatchObject({
    status: 201,
    body: { type: 'state_quantity', rank: null, allocated: null },
  });
  await first.sees(({ my }) => my?.room?.format === 'clock' && my.room.stated === '800.000');
  // Neither the number of bids nor a frame tells that anybody has said anything.
  expect([stranger.frames, stranger.now.bidCount, first.now.bidderCount]).toEqual([1, 0, 0]);
  for (const seat of [first, stranger]) {
    const { seq: _seq, at: _at, ...seen } = seat.now;
    expect((await market.call(seat.who, 'GET', `/v1/auctions/${id}/room`)).body).toMatchObject(seen);
  }
  expect((await market.call(null, 'GET', `/v1/auctions/${id}/room`)).body.my).toBeNull();
  expect(await first.say({ t: 'state_quantity', round: 2, quantity: '800' })).toMatchObject({
    code: 'bid.round_not_current',
    accepted: { round: '1', price: '600.00' },
  });
  expect(await first.say({ t: 'place_bid', price: '600.00', quantity: '50' })).toMatchObject({
    code: 'bid.wrong_format',
    accepted: { format: 'clock' },
  });

  await market.pass(id, 600);
  const inSecond = await stranger.sees(({ room }) => room.format === 'clock' && room.round === 2);
  expect(inSecond).toMatchObject({ nextPrice: '620.00', room: { demand: '1500.000', price: '620.00' } });
  expect(await outlook(second.who, id, 'quantity=750&price=620.00')).toMatchObject({
    preview: { taken: false, code: 'bid.quantity_out_of_range', accepted: { quantityMaximum: '700.000' } },
  });
  await second.does({ t: 'state_quantity', round: 2, quantity: '400' });
  await first.does({ t: 'state_quantity', round: 2, quantity: '600' });
  const late = await bidder('late', id);
  expect((await late.say({ t: 'state_quantity', round: 2, quantity: '50' })).code).toBe('bid.entry_closed');
  await market.pass(id, 600);
  await market.inState(id, 'awarded');
  await market.work();
  expect(await market.sales(id)).toMatchObject([
    { buyer: second.who, seller, tonnes: 400, price: 620 },
    { buyer: first.who, seller, tonnes: 600, price: 620 },
  ]);
  expect(await market.money(first.who)).toEqual({ free: 14_000, performance_security: 6000 });
  expect(await market.money(late.who)).toEqual({ free: 20_000 });
});

it('dutch: who takes the price on the screen has bought, several times over and each at its price', async () => {
  const { id, seller, listingId } = await put({
    format: 'dutch',
    startingPrice: '800.00',
    floorPrice: '600.00',
    priceDecrement: '50.00',
    stepSeconds: 300,
  });
  const [first, second] = [await bidder('first', id), await bidder('second', id)];
  expect(first.now.room).toMatchObject({ format: 'dutch', step: 0, price: '800.00', remaining: '1000.000' });
  expect(await first.say({ t: 'accept_price', step: 1, price: '750.00', quantity: '200' })).toMatchObject({
    code: 'bid.step_not_current',
    accepted: { step: '0', price: '800.00' },
  });
  expect(await first.does({ t: 'accept_price', step: 0, price: '800.00', quantity: '200' })).toEqual({
    status: 'accepted',
    rank: null,
    allocated: '200.000',
  });
  await market.pass(id, 300);
  await second.sees(({ room }) => room.format === 'dutch' && room.step === 1);
  expect(await outlook(second.who, id, 'quantity=1000&price=750.00')).toMatchObject({
    priceToWin: null,
    preview: { allocated: '800.000', price: '750.00', cost: '600000.00' },
  });
  expect(
    await second.say({
      t: 'accept_price',
      step: 1,
      price: '750.00',
      quantity: '1000',
      minimumAcceptable: '1000',
    }),
  ).toMatchObject({ code: 'bid.remaining_insufficient', accepted: { quantityMaximum: '800.000' } });
  await first.does({ t: 'accept_price', step: 1, price: '750.00', quantity: '300' });
  const seen = await second.sees(({ room }) => room.format === 'dutch' && room.remaining === '500.000');
  expect(seen.room).toMatchObject({ sales: [{ price: '800.00', mine: false }, { price: '750.00' }] });
  expect(first.now.my?.room).toMatchObject({ bought: '500.000', cost: '385000.00' });
  expect(
    await post(second.who, id, { type: 'accept_price', step: 1, price: '750.00', quantity: '1000' }),
  ).toMatchObject({
    status: 201,
    body: { allocated: '500.000' },
  });
  await market.inState(id, 'awarded');
  await market.work();
  expect(await market.sales(id)).toMatchObject([
    { buyer: first.who, seller, tonnes: 300, price: 750 },
    { buyer: second.who, seller, tonnes: 500, price: 750 },
    { buyer: first.who, seller, tonnes: 200, price: 800 },
  ]);
  const { awards } = (await market.call(first.who, 'GET', `/v1/auctions/${id}/mine`)).body;
  expect(awards).toMatchObject([{ quantity: '200.000' }, { quantity: '300.000' }]);
  expect(new Set(awards.map((award: { contractId: string }) => award.contractId)).size).toBe(2);
  expect(await market.lotNow(listingId)).toEqual({ tonnes: 0, reserved: false });
});

it('hybrid: offers over the taken price stay sealed until their phase ends, and the taker has the last word', async () => {
  const { id, seller } = await put({
    format: 'dutch_hybrid',
    startingPrice: '1000.00',
    stepPercent: '10.00',
    stepSeconds: 300,
    openingPauseSeconds: 0,
  });
  const [taker, rival] = [await bidder('taker', id), await bidder('rival', id)];
  const stranger = await Seat.at(market, 'stranger', id);
  await taker.sees(({ room }) => room.format === 'dutch_hybrid' && room.phase === 'dutch');
  expect((await rival.say({ t: 'offer_price', price: '990.00' })).code).toBe('bid.phase_not_current');
  await taker.does({ t: 'accept_price', step: 0, price: '1000.00', quantity: '1000' });
  await market.pass(id, 30);
  await stranger.sees(({ room }) => room.format === 'dutch_hybrid' && room.phase === 'sealed');
  const before = stranger.frames;
  expect((await taker.say({ t: 'offer_price', price: '1010.00' })).code).toBe('bid.phase_of_others');
  expect(await rival.say({ t: 'offer_price', price: '1000.00' })).toMatchObject({
    code: 'bid.below_increment',
    accepted: { priceMinimum: '1001.00' },
  });
  expect((await rival.say({ t: 'offer_price', price: null })).code).toBe('bid.none_to_cancel');
  await rival.does({ t: 'offer_price', price: '1040.00' });
  expect(
    (
      await rival.sees(
        ({ my }) => my?.price === null && my.room?.format === 'dutch_hybrid' && my.room.offered !== null,
      )
    ).my?.room,
  ).toMatchObject({ offered: '1040.00' });
  expect([stranger.frames, taker.everything.includes('1040.00')]).toEqual([before, false]);
  await market.pass(id, 600);
  await taker.sees(({ room }) => room.format === 'dutch_hybrid' && room.phase === 'best_bid_pause');
  expect(taker.now.room).toMatchObject({ sealed: [{ price: '1040.00', mine: false }] });
  await market.pass(id, 20);
  expect(
    (await taker.sees(({ my }) => my?.room?.format === 'dutch_hybrid' && my.room.command === 'offer_price'))
      .my?.room,
  ).toMatchObject({ priceToWin: '1041.00', isDutchWinner: true });
  expect(await post(taker.who, id, { type: 'offer_price', price: '1041.00' })).toMatchObject({ status: 201 });
  await market.pass(id, 300);
  await market.inState(id, 'awarded');
  await market.work();
  expect(await market.sales(id)).toMatchObject([{ buyer: taker.who, seller, tonnes: 1000, price: 1041 }]);
});

const NONCE = '0123456789abcdef'.repeat(2);
const digestOf = (auctionId: string, bidder: string, price: number, tonnes: number): string =>
  createHash('sha256')
    .update(
      commitmentText({
        auctionId,
        content: {
          bidder,
          price: ticks(price),
          quantity: lots(tonnes / 50),
          minimumAcceptable: lots(0),
          merit: null,
          nonce: NONCE,
        },
      }),
    )
    .digest('hex');

it('sealed bids: nothing tells of them before the opening, and who keeps one shut pays the seller', async () => {
  const { id, seller } = await put({
    format: 'sealed_bid',
    startingPrice: '600.00',
    reservePrice: '610.00',
    closesAt: new Date(market.exchange.now().getTime() + 7_200_000).toISOString(),
    openingSeconds: 3_600,
    secrecy: { mode: 'commit_reveal' },
    quantityBands: ['500', '1000'],
    unopenedPenaltyPercent: '50.00',
  });
  const [first, second, shut] = [
    await bidder('first', id),
    await bidder('second', id),
    await bidder('shut', id),
  ];
  const stranger = await Seat.at(market, 'stranger', id);
  const name = (digit: string) => digit.repeat(32);
  const commit = (digit: string, price: number, tonnes: number) =>
    ({
      t: 'commit_bid',
      commitment: digestOf(id, name(digit), price, tonnes),
      quantityMaximum: '1000',
    }) as const;
  expect((await first.say({ ...commit('a', 640, 600), commitment: 'none' })).code).toBe(
    'sealed_bid.digest_invalid',
  );
  expect(await first.say({ ...commit('a', 640, 600), quantityMaximum: '600' })).toMatchObject({
    code: 'sealed_bid.band_invalid',
    accepted: { quantityMaximum: '1000.000' },
  });
  await first.does(commit('a', 640, 600));
  expect((await second.say(commit('a', 640, 600))).code).toBe('sealed_bid.digest_taken');
  await shut.does(commit('c', 900, 1000));
  const { t: _t, ...body } = commit('b', 630, 800);
  expect((await post(second.who, id, { type: 'commit_bid', ...body })).status).toBe(201);
  await second.sees(({ my }) => my?.room?.format === 'sealed_bid' && my.room.sealed !== null);
  const reveal = (digit: string, price: string, quantity: string) =>
    ({ t: 'reveal_bid', price, quantity, bidder: name(digit), nonce: NONCE }) as const;
  expect((await first.say(reveal('a', '640.00', '600'))).code).toBe('sealed_bid.phase_conflict');
  expect(await market.call('staff', 'GET', `/v1/staff/auctions/${id}/sealed-bids`)).toMatchObject({
    status: 409,
    body: { code: 'sealed_bid.phase_conflict' },
  });
  for (const viewer of [stranger, first]) {
    expect(viewer.now).toMatchObject({
      bidCount: 0,
      bidderCount: 0,
      room: { sealedCount: null, opened: [] },
    });
  }
  expect(stranger.frames).toBe(1);
  expect((await market.call(null, 'GET', `/v1/auctions/${id}`)).body).toMatchObject({
    bidCount: 0,
    bidderCount: 0,
  });

  await market.pass(id, 3_600);
  const opening = await stranger.sees(({ room }) => room.format === 'sealed_bid' && room.phase === 'opening');
  expect(opening.room).toMatchObject({ sealedCount: 3, reservePrice: '610.00' });
  expect((await first.say(reveal('a', '641.00', '600'))).code).toBe('sealed_bid.reveal_mismatch');
  await first.does(reveal('a', '640.00', '600'));
  expect((await first.say(reveal('a', '640.00', '600'))).code).toBe('sealed_bid.open_already');
  const { t: _type, ...revealed } = reveal('b', '630.00', '800');
  expect((await post(second.who, id, { type: 'reveal_bid', ...revealed })).status).toBe(201);
  expect((await stranger.say(reveal('a', '640.00', '600'))).code).toBe('sealed_bid.unknown');
  expect((await first.say({ t: 'withdraw_turn_offer' })).code).toBe('bid.wrong_format');
  expect(
    (await stranger.sees(({ room }) => room.format === 'sealed_bid' && room.opened.length === 2)).room,
  ).toMatchObject({ opened: [{ price: '640.00', mine: false, excluded: null }, { price: '630.00' }] });
  await market.closeByClock(id, 'awarded');
  expect(await market.sales(id)).toMatchObject([
    { buyer: second.who, seller, tonnes: 400, price: 630 },
    { buyer: first.who, seller, tonnes: 600, price: 640 },
  ]);
  expect(await market.money(shut.who)).toEqual({ free: 15_000 });
  expect(await market.money(seller)).toEqual({ free: 5_000 });
});
