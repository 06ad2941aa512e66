/** What follows the close, asked of every format: each names who waits, and the frame does the rest. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../apply.ts';
import { restore, snapshot } from '../../snapshot.ts';
import { createState } from '../../state.ts';
import type { AuctionTerms, Event } from '../../types.ts';
import { clockAim } from '../clock/aim.ts';
import { hybridAim } from '../dutch-hybrid/aim.ts';
import { dutchAim } from '../dutch/aim.ts';
import { type Aim, play } from '../moving/workload.ts';
import { reverseOpenAim } from '../reverse-open/aim.ts';
import { reverseRoundsAim } from '../reverse-rounds/aim.ts';
import { sealedBidAim } from '../sealed-bid/aim.ts';
import { type Entry, type Plan, plans } from '../workload.ts';
import { type AfterClose, afterClose, checkAfter, checkStanding } from './invariants.ts';
import { afterCommand } from './workload.ts';

/** The same bids, with a standstill in every other auction and bidders who wait in all. */
function withAfterClose(aim: Aim): Aim {
  return {
    ...aim,
    terms(common, wanted) {
      const waiting = { biddersMaximum: 3, confirmMs: 40, signMs: 30, withdrawAfterMs: 0 };
      const standstill = wanted.x % 2 === 0 ? { standstill: { periodMs: 20 } } : {};
      return { ...aim.terms(common, wanted), waiting, ...standstill };
    },
  };
}

/** A history whose awards are acted on too. */
function history(plan: Plan, aim: Aim): Entry[] {
  return play({ ...plan, punctual: true }, withAfterClose(aim), undefined, afterCommand);
}

function checkAwards(entries: readonly Entry[]): Set<Event['type']> {
  const told = new Set<Event['type']>();
  const closing = new Map<string, { after: AfterClose; held: Map<string, bigint> }>();
  const ends = new Map<string, { terms: AuctionTerms; held: Map<string, bigint> }>();
  for (const { command, events } of entries) {
    for (const event of events) {
      told.add(event.type);
      if (event.type === 'auction_scheduled')
        ends.set(event.terms.auctionId, { terms: event.terms, held: new Map() });
      if (!('auctionId' in event)) continue;
      const known = ends.get(event.auctionId)!;
      if (event.type === 'bid_security_allocated') known.held.set(event.accountId, BigInt(event.total));
      if (event.type === 'auction_closed') {
        closing.set(event.auctionId, { after: afterClose(known.terms, command.at, event), held: known.held });
        continue;
      }
      const place = closing.get(event.auctionId);
      if (place === undefined) continue;
      checkAfter(place.after, command, event);
      if ('amount' in event && 'accountId' in event)
        place.held.set(event.accountId, (place.held.get(event.accountId) ?? 0n) - BigInt(event.amount));
    }
    for (const { after, held } of closing.values()) checkStanding(after, command, held);
  }
  return told;
}

describe.each([
  ['clock', clockAim, true],
  ['Dutch', dutchAim, false],
  ['Dutch hybrid', hybridAim, true],
  ['sealed bid', sealedBidAim, true],
  ['reverse rounds', reverseRoundsAim, true],
  ['open reverse', reverseOpenAim, true],
] as const)('after the close of a %s auction', (_name, aim, somebodyWaits) => {
  it('never more is awarded than was offered, and money stands behind all that is open', () => {
    const told = new Set<Event['type']>();
    let waited = 0;
    fc.assert(
      fc.property(plans(250), (plan) => {
        const entries = history(plan, aim);
        for (const type of checkAwards(entries)) told.add(type);
        for (const event of entries.flatMap((entry) => entry.events as readonly Event[]))
          if (event.type === 'auction_closed') waited += event.waiting.length;
        const state = createState();
        for (const { command, events } of entries) apply(state, command, events);
        expect(snapshot(restore(snapshot(state)))).toBe(snapshot(state));
      }),
      { numRuns: 60 },
    );
    expect(told).toContain('award_pending');
    expect(told).toContain('award_declined');
    expect(waited > 0).toBe(somebodyWaits);
  });
});
