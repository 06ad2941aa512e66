import { expect, it } from 'vitest';
import { instant } from '@seam/units';
import { at as auctionTime, terms } from '../oracle/market.ts';
import { instrument } from '../oracle/market-book/terms.ts';
import { createState } from '../state.ts';
import { step } from '../step.ts';
import { dueTimers, nextDeadline } from '../timers.ts';
import type { CommandBody } from '../types.ts';

it('gives the clock auctions and markets in one order of deadline, then id, an auction first of two with one id', () => {
  const state = createState();
  const send = (body: CommandBody): unknown =>
    step(state, { ...body, seq: state.seq + 1, at: auctionTime(-1) });
  const session = (startsAt: number) => [
    { phase: 'continuous' as const, startsAt: instant(startsAt) },
    { phase: 'closed' as const, startsAt: instant(startsAt + 1) },
  ];
  for (const id of ['b', 'd']) send({ type: 'schedule_auction', terms: terms({ auctionId: id }) });
  for (const [id, startsAt] of [
    ['c', auctionTime(0)],
    ['b', auctionTime(0)],
    ['a', auctionTime(0)],
    ['z', auctionTime(0)],
  ] as const) {
    send({ type: 'list_instrument', terms: instrument({ instrumentId: id, session: session(startsAt) }) });
  }
  const idOf = (timer: object): unknown =>
    'instrumentId' in timer
      ? `market ${String(timer.instrumentId)}`
      : 'auctionId' in timer && timer.auctionId;
  expect(nextDeadline(state)).toBe(auctionTime(0));
  expect(dueTimers(state, auctionTime(-1))).toEqual([]);
  expect(dueTimers(state, auctionTime(0)).map(idOf)).toEqual([
    'market a',
    'b',
    'market b',
    'market c',
    'd',
    'market z',
  ]);
});
