import * as fc from 'fast-check';
import { type Instant, instant } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { DeadlineQueue, compareDeadlines } from './deadline-queue.ts';
import { Market, at, terms } from './oracle/market.ts';
import { dueTimers, nextDeadline } from './timers.ts';

type Timer = ReturnType<typeof dueTimers>[number];

describe('due timers', () => {
  it('come in order of deadline, then id, whatever the order of scheduling', () => {
    const market = new Market();
    for (const [auctionId, opensAt] of [
      ['c', 2],
      ['b', 1],
      ['a', 2],
    ] as const) {
      market.send({ type: 'schedule_auction', terms: terms({ auctionId, opensAt: at(opensAt) }) });
    }
    expect(dueTimers(market.state, at(0))).toEqual([]);
    expect(dueTimers(market.state, at(2))).toEqual([
      { type: 'open_auction', auctionId: 'b', deadline: at(1) },
      { type: 'open_auction', auctionId: 'a', deadline: at(2) },
      { type: 'open_auction', auctionId: 'c', deadline: at(2) },
    ]);
    expect(nextDeadline(market.state)).toBe(at(1));
  });

  it('give the opening and the closing of an auction slept through, between those of others', () => {
    const market = new Market();
    market.send({ type: 'schedule_auction', terms: terms({ auctionId: 'long', closesAt: at(9) }) });
    market.send({
      type: 'schedule_auction',
      terms: terms({ auctionId: 'short', opensAt: at(1), closesAt: at(2) }),
    });
    const fired = fireAll(market, at(9));
    expect(fired.map((timer) => [timer.type, 'auctionId' in timer && timer.auctionId])).toEqual([
      ['open_auction', 'long'],
      ['open_auction', 'short'],
      ['close_auction', 'short'],
      ['close_auction', 'long'],
    ]);
    expect(market.state.ended.size).toBe(2);
    expect(nextDeadline(market.state)).toBeNull();
  });

  it('follow an extension and rest while an auction is suspended', () => {
    const market = Market.with();
    expect(nextDeadline(market.state)).toBe(at(120_000));
    market.bid('b1', 100, 10, { ms: 110_000 });
    expect(nextDeadline(market.state)).toBe(at(140_000));
    market.send({ type: 'suspend_auction', auctionId: 'a', reason: 'x' }, 110_000);
    expect(nextDeadline(market.state)).toBeNull();
    expect(dueTimers(market.state, at(900_000))).toEqual([]);
    market.send({ type: 'resume_auction', auctionId: 'a' }, 200_000);
    expect(nextDeadline(market.state)).toBe(at(500_000));
  });
});

/** As a host does after a long sleep. */
function fireAll(market: Market, now: Instant): Timer[] {
  const fired: Timer[] = [];
  for (let [timer] = dueTimers(market.state, now); timer; [timer] = dueTimers(market.state, now)) {
    market.send(timer, timer.deadline - at(0));
    fired.push(timer);
  }
  return fired;
}

describe('deadline queue', () => {
  it('agrees with a sorted list through any sequence of sets and deletes', () => {
    const action = fc.record({ id: fc.nat(12).map(String), at: fc.option(fc.nat(9)) });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60, size: 'max' }), fc.nat(9), (actions, now) => {
        const queue = new DeadlineQueue();
        const list = new Map<string, number>();
        for (const { id, at } of actions) {
          if (at === null) list.delete(id);
          else list.set(id, at);
          if (at === null) queue.delete(id);
          else queue.set(id, instant(at));
          const sorted = [...list].map(([id, at]) => ({ id, at: instant(at) })).sort(compareDeadlines);
          expect(queue.peek()).toEqual(sorted[0]);
          expect(queue.due(instant(now))).toEqual(sorted.filter((entry) => entry.at <= now));
          expect(queue.size).toBe(list.size);
        }
      }),
      { numRuns: 300 },
    );
  });
});
