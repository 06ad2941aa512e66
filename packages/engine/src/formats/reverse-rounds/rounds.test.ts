import fs from 'node:fs';
import path from 'node:path';
import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { validateTerms } from '../../auction/terms.ts';
import { Arena, BUYING, COMMON, at, refusal } from '../../oracle/reverse-open/arena.ts';
import { reverseRounds } from './index.ts';
import { inTurn } from './offer.ts';
import { publicRounds, publicRoundsEvents } from './public.ts';
import { lengthMs } from './timetable.ts';
import type { ReverseRoundsTerms } from './types.ts';

const shared = process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../../../shared');
const VECTORS = path.join(shared, 'domain/vectors.json');
const ABSENT = !fs.existsSync(VECTORS);
const vectors = () => JSON.parse(fs.readFileSync(VECTORS, 'utf8')) as Record<string, Record<string, unknown>>;

const MINUTE = 60_000;

/** As in public procurement: three rounds of two-minute turns; entry ends after a minute. */
function terms(change: Partial<ReverseRoundsTerms> = {}): ReverseRoundsTerms {
  return {
    ...COMMON,
    ...BUYING,
    format: 'reverse_rounds',
    minimumBidQuantity: COMMON.quantity,
    startsAt: at(MINUTE),
    closesAt: at(MINUTE + 41 * MINUTE),
    softClose: { mode: 'none' },
    biddersMax: 5,
    rounds: 3,
    firstPauseMs: 5 * MINUTE,
    pauseMs: 2 * MINUTE,
    turnMs: 2 * MINUTE,
    announcementMs: 2 * MINUTE,
    minimalStep: { mode: 'absolute', amount: ticks(5) },
    ...change,
  };
}

const all = { quantity: 10 };
/** Prices of the entry offers in the order they come. */
function entered(offers: readonly (readonly [string, number])[], change: Partial<ReverseRoundsTerms> = {}) {
  const arena = new Arena<'reverse_rounds'>(terms(change));
  for (const [account, price] of offers) arena.offer(account, price, all);
  return arena;
}
/** Four bidders: S3 came before S1 at the same price. */
const four = () =>
  entered([
    ['S3', 700],
    ['S2', 690],
    ['S4', 720],
    ['S1', 700],
  ]);
const orderOf = (arena: Arena<'reverse_rounds'>) => [...arena.auction.room.order];
/** The end of the `n`th turn of a round of `bidders`, minutes from the start of the rounds. */
const turnStart = (place: number) => MINUTE + 5 * MINUTE + place * 2 * MINUTE;

describe('the order of turns', () => {
  it('is worst first, among equals the later offer first, so that the best speaks last', () => {
    const arena = four();
    arena.until(MINUTE);
    expect(orderOf(arena)).toEqual(['S4', 'S1', 'S3', 'S2']);
  });

  it('follows the offers of the round before', () => {
    const arena = four();
    arena.until(turnStart(0));
    expect(inTurn(arena.auction)).toBe('S4');
    arena.offer('S4', 600, all);
    arena.until(turnStart(4) + 1);
    expect(orderOf(arena)).toEqual(['S1', 'S3', 'S2', 'S4']);
  });

  it.skipIf(ABSENT)('agrees with the vector A12_reverse_order of the shared rule book', () => {
    const vector = vectors()['A12_reverse_order'];
    const arena = four();
    arena.until(turnStart(1));
    expect(orderOf(arena)).toEqual(vector?.['order']);
    expect(refusal(arena.offer('S1', 696, all))).toEqual({
      code: 'offer_not_improving',
      priceMaximum: vector?.['s1_max_next'],
    });
  });
});

describe('the length', () => {
  const minutes = (bidders: number) => lengthMs(terms(), bidders) / MINUTE;

  it('is 11 minutes and 6 for each bidder', () => {
    expect([2, 3, 5].map(minutes)).toEqual([23, 29, 41]);
  });

  it.skipIf(ABSENT)('agrees with the vector A13_len_min of the shared rule book', () => {
    const vector = vectors()['A13_len_min'];
    expect({ n2: minutes(2), n3: minutes(3), n5: minutes(5) }).toEqual(vector);
  });

  it('is held to the millisecond from the start of the rounds to the close', () => {
    const arena = four();
    arena.until(MINUTE);
    expect(arena.auction.closesAt).toBe(at(MINUTE + 35 * MINUTE));
    expect(arena.end()).toMatchObject({ type: 'auction_awarded' });
    expect(arena.state.ended.get('a')?.closedAt).toBe(at(36 * MINUTE));
  });
});

describe('entry', () => {
  it('is free to change until the start, up to the number of bidders there is room for', () => {
    const arena = entered([['S1', 700]], { biddersMax: 2 });
    arena.offer('S2', 650, all);
    expect(refusal(arena.offer('S1', 720, all))).toBeUndefined();
    expect(refusal(arena.offer('S3', 600, all))).toEqual({ code: 'auction_full', biddersMaximum: 2 });
    arena.until(MINUTE);
    expect(orderOf(arena)).toEqual(['S1', 'S2']);
  });

  it('by one alone leads to its award at once, by none to nothing', () => {
    const one = entered([['S1', 700]]);
    one.until(MINUTE);
    expect(one.awards).toEqual(['S1 10 700']);
    expect(one.state.ended.get('a')?.closedAt).toBe(at(MINUTE));
    expect(entered([]).end()).toMatchObject({ type: 'auction_unsold', reason: 'no_bid' });
  });

  it('says nothing of prices before the start, and then all of them', () => {
    const arena = four();
    arena.until(MINUTE);
    const started = arena.log.find((event) => event.type === 'rounds_started');
    expect(started?.offers.map((offer) => [offer.accountId, offer.price])).toEqual([
      ['S2', 690],
      ['S3', 700],
      ['S1', 700],
      ['S4', 720],
    ]);
  });

  it('is needed for a turn', () => {
    const arena = four();
    arena.until(turnStart(0));
    expect(refusal(arena.offer('S9', 500, all))).toEqual({ code: 'offer_without_entry' });
  });
});

describe('a turn', () => {
  it('is the only time to offer, and a refusal says when the next begins', () => {
    const arena = four();
    arena.until(MINUTE + 1);
    expect(refusal(arena.offer('S4', 700, all))).toEqual({
      code: 'offer_out_of_turn',
      opensAt: at(turnStart(0)),
    });
    arena.until(turnStart(1));
    const later = { code: 'offer_out_of_turn', opensAt: at(turnStart(3)) };
    expect(refusal(arena.offer('S2', 600, all))).toEqual(later);
    // S4 had its turn; the next round begins after three more turns and a pause.
    const nextRound = { code: 'offer_out_of_turn', opensAt: at(turnStart(4) + 2 * MINUTE) };
    expect(refusal(arena.offer('S4', 600, all))).toEqual(nextRound);
    arena.until(35 * MINUTE);
    expect(refusal(arena.offer('S4', 600, all))).toEqual({ code: 'offer_out_of_turn', opensAt: null });
  });

  it('measures from the offer before it, as often as the bidder changes its mind', () => {
    const arena = four();
    arena.until(turnStart(1));
    expect(refusal(arena.offer('S1', 696, all))).toEqual({ code: 'offer_not_improving', priceMaximum: 695 });
    expect(refusal(arena.offer('S1', 600, all))).toBeUndefined();
    expect(refusal(arena.offer('S1', 695, all))).toBeUndefined();
    arena.until(turnStart(2));
    const ended = arena.log.findLast((event) => event.type === 'turn_ended');
    expect(ended).toMatchObject({ accountId: 'S1', offer: { price: 695 } });
    expect(arena.auction.room.lines.map((line) => line.accountId)).toEqual(['S2', 'S1', 'S3', 'S4']);
  });

  it('shows nothing before its end and nothing after a withdrawal', () => {
    const arena = four();
    arena.until(turnStart(1));
    const withdraw = { type: 'withdraw_turn_offer', auctionId: 'a' } as const;
    arena.offer('S1', 500, all);
    expect(arena.auction.room.lines.find((line) => line.accountId === 'S1')?.price).toBe(700);
    expect(refusal(arena.send({ ...withdraw, accountId: 'S2' }))?.code).toBe('offer_nothing_to_withdraw');
    expect(refusal(arena.send({ ...withdraw, accountId: 'S1' }))).toBeUndefined();
    expect(refusal(arena.send({ ...withdraw, accountId: 'S1' }))?.code).toBe('offer_nothing_to_withdraw');
    arena.until(turnStart(2));
    expect(arena.log.findLast((event) => event.type === 'turn_ended')).toMatchObject({ offer: null });
    expect(arena.awards).toEqual(['S2 10 690']);
  });

  it('at the instant of its end is over', () => {
    const arena = four();
    arena.until(turnStart(1));
    expect(refusal(arena.send(offerOf('S1', 600), turnStart(2)))?.code).toBe('offer_out_of_turn');
    const late = four();
    late.until(turnStart(1));
    expect(refusal(late.send(offerOf('S1', 600), turnStart(2) - 1))).toBeUndefined();
  });

  it('stands still while the auction is suspended, then has at least five minutes', () => {
    const arena = four();
    arena.until(turnStart(1) + MINUTE);
    arena.send({ type: 'suspend_auction', auctionId: 'a', reason: 'fault' }, turnStart(1) + MINUTE);
    arena.send({ type: 'resume_auction', auctionId: 'a' }, turnStart(1) + 9 * MINUTE);
    const end = turnStart(1) + 9 * MINUTE + 5 * MINUTE;
    expect(refusal(arena.send(offerOf('S1', 650), end - 1))).toBeUndefined();
    expect(refusal(arena.send(offerOf('S3', 649), end - 1))).toEqual({
      code: 'offer_out_of_turn',
      opensAt: at(end),
    });
    expect(refusal(arena.send(offerOf('S3', 640), end))).toBeUndefined();
  });
});

function offerOf(accountId: string, price: number) {
  const counts = { price: ticks(price), quantity: COMMON.quantity, minimumAcceptable: 0 as never };
  return { type: 'place_offer', auctionId: 'a', accountId, merit: null, ...counts } as const;
}

describe('the public view', () => {
  /** What is told until the second turn is about to end, for what was offered in entry and turn. */
  function told(entry: number, inTurnPrice: number): string {
    const arena = entered([
      ['S1', entry],
      ['S2', 700],
    ]);
    const shown = [publicRounds(arena.auction), publicRoundsEvents(arena.log)];
    arena.until(turnStart(0));
    const before = arena.log.length;
    arena.offer(arena.auction.room.order[0] ?? '', inTurnPrice, all);
    return JSON.stringify([shown, publicRounds(arena.auction).turnOf, arena.log.slice(0, before).length]);
  }

  it('says nothing of an entry before the start nor of a turn before its end', () => {
    expect(told(720, 600)).toBe(told(710, 500));
    const arena = four();
    expect(publicRounds(arena.auction)).toMatchObject({ phase: 'entry', lines: null, endsAt: at(MINUTE) });
    arena.until(turnStart(1));
    arena.offer('S1', 500, all);
    const shown = publicRounds(arena.auction);
    expect(shown).toMatchObject({ round: 1, turnOf: 'S1', endsAt: at(turnStart(2)) });
    expect(shown.lines?.map((line) => line.price)).toEqual([690, 700, 700, 720]);
    const types = publicRoundsEvents(arena.log).map((event) => event.type);
    expect(new Set(types)).toEqual(
      new Set([
        'auction_scheduled',
        'auction_opened',
        'rounds_started',
        'auction_shortened',
        'rounds_moved',
        'turn_ended',
      ]),
    );
  });
});

describe('security', () => {
  it('must cover the larger quantity of a turn before the turn ends', () => {
    const rule = { mode: 'per_tonne', amountPerTonne: '1000' } as const;
    const arena = new Arena<'reverse_rounds'>(terms({ bidSecurity: rule, minimumBidQuantity: lots(1) }));
    arena.deposit('S1', '200000');
    arena.deposit('S2', '500000');
    expect(refusal(arena.offer('S1', 720, { quantity: 5 }))).toMatchObject({ quantityMaximum: 4 });
    arena.offer('S1', 720, { quantity: 4 });
    arena.offer('S2', 700, { quantity: 4 });
    arena.until(turnStart(0));
    expect(refusal(arena.offer('S1', 600, { quantity: 5 }))?.code).toBe('bid_security_insufficient');
    arena.until(turnStart(1));
    expect(reverseRounds.bound(arena.auction, 'S2')).toBe(4);
    arena.offer('S2', 600, { quantity: 10 });
    expect(reverseRounds.bound(arena.auction, 'S2')).toBe(10);
    expect(reverseRounds.bound(arena.auction, 'S1')).toBe(4);
  });
});

describe('the result', () => {
  it('is the best score, the earlier offer on ties', () => {
    const arena = four();
    arena.until(turnStart(1));
    arena.offer('S1', 690, all);
    expect(arena.awards).toEqual(['S2 10 690']);
  });
});

describe('terms', () => {
  it('are refused field by field', () => {
    const fault = (change: object) => validateTerms({ ...terms(), ...change });
    const cases: [object, string | null][] = [
      [{}, null],
      [{ startsAt: at(0) }, 'startsAt'],
      [{ startsAt: at(42 * MINUTE) }, 'startsAt'],
      [{ biddersMax: 1 }, 'biddersMax'],
      [{ biddersMax: 101 }, 'biddersMax'],
      [{ softClose: COMMON.softClose, closesAt: at(20 * MINUTE) }, 'softClose.mode'],
      [{ rounds: 0 }, 'rounds'],
      [{ rounds: 11 }, 'rounds'],
      [{ firstPauseMs: -1 }, 'firstPauseMs'],
      [{ pauseMs: 86_400_001 }, 'pauseMs'],
      [{ turnMs: 0 }, 'turnMs'],
      [{ announcementMs: 0 }, 'announcementMs'],
      [{ minimalStep: { mode: 'absolute', amount: 0 } }, 'minimalStep'],
      [{ biddersMax: 6 }, 'closesAt'],
    ];
    expect(cases.map(([change]) => fault(change))).toEqual(cases.map(([, field]) => field));
  });
});
