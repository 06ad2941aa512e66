import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  apply,
  createState,
  dueTimers,
  nextDeadline,
  restore,
  snapshot,
  stateHash,
  step,
  validateTerms,
} from './index.ts';
import { checkHistory } from './oracle/invariants.ts';
import { type NaiveState, naiveSnapshot, naiveStep } from './oracle/naive-engine.ts';
import { type Entry, type Plan, plans, play } from './oracle/workload.ts';
import type { FrameEvent, FrameRejection } from './auction/types.ts';
import type { EnglishEvent, EnglishRejection } from './formats/english/types.ts';
import type { AuctionCommand as Command, AuctionEvent as Event } from './types.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The frame's and the English format's: a new one does not compile until it stands here, and fails until a history reaches it. */
const EVENTS = {
  auction_scheduled: true,
  auction_opened: true,
  auction_extended: true,
  auction_shortened: true,
  auction_extended_for_outage: true,
  auction_suspended: true,
  auction_resumed: true,
  auction_voided: true,
  bidder_excluded: true,
  auction_called: true,
  auction_closed: true,
  standstill_extended: true,
  complaint_upheld: true,
  reserve_waived: true,
  award_pending: true,
  award_confirmed: true,
  award_concluded: true,
  award_declined: true,
  award_lapsed: true,
  award_released: true,
  waiting_released: true,
  bid_security_forfeit_proposed: true,
  auction_completed: true,
  auction_awarded: true,
  auction_unsold: true,
  bid_accepted: true,
  maximum_accepted: true,
  auto_bid_set: true,
  bids_raised: true,
  bid_security_allocated: true,
  bid_security_released: true,
  bid_security_retained: true,
  command_rejected: true,
} satisfies Record<FrameEvent<never, never>['type'] | EnglishEvent['type'], true>;
const REFUSALS = {
  auction_unknown: true,
  auction_duplicate: true,
  auction_terms_invalid: true,
  auction_not_open: true,
  auction_closed: true,
  auction_suspended: true,
  auction_turn_due: true,
  auction_state_conflict: true,
  auction_outage_without_effect: true,
  auction_lot_waiting: true,
  standstill_over: true,
  standstill_not_longer: true,
  reserve_nothing_below: true,
  award_unknown: true,
  award_state_conflict: true,
  award_not_due: true,
  waiting_unknown: true,
  waiting_withdrawal_early: true,
  bid_cap_exceeded: true,
  bid_own_lot: true,
  bid_conflict_of_interest: true,
  bid_wrong_format: true,
  bid_price_below_start: true,
  bid_below_increment: true,
  bid_above_maximum_increment: true,
  bid_quantity_out_of_range: true,
  bid_minimum_acceptable_invalid: true,
  bid_not_improving: true,
  auto_bid_unavailable: true,
  auto_bid_limit_out_of_range: true,
  auto_bid_step_too_small: true,
  bid_security_insufficient: true,
  bid_security_invalid: true,
} satisfies Record<(FrameRejection | EnglishRejection)['code'], true>;

/** What the journal gives back: the same entries, through text. */
function throughJson(entries: readonly Entry[]): Entry[] {
  return JSON.parse(JSON.stringify(entries)) as Entry[];
}

function prop(check: (plan: Plan) => void, numRuns: number, length = 300): void {
  fc.assert(fc.property(plans(length, { afterClose: true }), check), { numRuns });
}

describe('engine against its naive twin', () => {
  it('gives the same events and the same state hash over 100,000 commands and more', () => {
    const played = { commands: 0 };
    while (played.commands < 100_000) {
      prop((plan) => {
        const naive: NaiveState = { seq: 0, lastAt: 0, auctions: [] };
        const entries = play(plan, ({ command, events }, state) => {
          const expected = naiveStep(naive, command, validateTerms);
          if (JSON.stringify(events) !== JSON.stringify(expected)) expect(events).toEqual(expected);
          if (command.seq % 11 === 0) expect(snapshot(state)).toBe(naiveSnapshot(naive));
        });
        played.commands += entries.length;
        const state = createState();
        for (const { command, events } of entries) apply(state, command, events);
        expect(stateHash(state, sha256)).toBe(sha256(naiveSnapshot(naive)));
      }, 250);
    }
  });

  it('reaches every event and every refusal, so that agreement means something', () => {
    const events = new Set<string>();
    const refusals = new Set<string>();
    // Only formats that move by themselves end early or have a turn that is due.
    const told = Object.keys(EVENTS).filter((type) => type !== 'auction_shortened');
    const reachable = Object.keys(REFUSALS).filter((code) => code !== 'auction_turn_due');
    // Some are rare: three hundred histories now and then lack one.
    for (let round = 0; round < 20; round += 1) {
      prop((plan) => {
        for (const event of play(plan).flatMap((entry) => entry.events)) {
          events.add(event.type);
          if (event.type === 'command_rejected') refusals.add(event.rejection.code);
        }
      }, 300);
      if (events.size === told.length && refusals.size === reachable.length) break;
    }
    expect([...events].sort()).toEqual(told.sort());
    expect([...refusals].sort()).toEqual(reachable.sort());
  });
});

describe('every history', () => {
  it('keeps the promises of the auction rules', () => {
    prop((plan) => checkHistory(play(plan)), 400);
  });

  it('owes nothing to the clock once a punctual host has applied a command', () => {
    prop(({ intents }) => {
      play({ intents, punctual: true, afterClose: true }, ({ command }, state) => {
        const late = dueTimers(state, command.at).filter((timer) => timer.deadline < command.at);
        if (!('deadline' in command)) expect(late).toEqual([]);
      });
    }, 100);
  });

  it('names the earliest deadline of all live auctions', () => {
    prop((plan) => {
      play(plan, (_, state) => {
        const live = [...state.auctions.values()].flatMap((auction) => {
          if (auction.state === 'suspended' || !auction.called) return [];
          return [auction.state === 'open' ? auction.closesAt : auction.terms.opensAt];
        });
        const after = [...state.awardings.values()].flatMap(({ phase, standstillEndsAt, awards }) => {
          const due = awards.flatMap((award) => (award.state === 'pending' ? [award.dueAt ?? 0] : []));
          return phase === 'standstill' ? [standstillEndsAt ?? 0] : due;
        });
        const times = [...live, ...after];
        expect(nextDeadline(state)).toBe(times.length === 0 ? null : Math.min(...times));
      });
    }, 100);
  });

  it('cannot be told apart after a crash at any place: events replayed, the rest executed', () => {
    fc.assert(
      fc.property(plans(100, { afterClose: true }), fc.nat(999), (plan, cut) => {
        const entries = throughJson(play(plan));
        const at = cut % (entries.length + 1);
        const recovered = createState();
        for (const { command, events } of entries.slice(0, at)) apply(recovered, command, events);
        const fromSnapshot = restore(snapshot(recovered));
        for (const { command, events } of entries.slice(at)) {
          expect(JSON.stringify(step(recovered, command))).toBe(JSON.stringify(events));
          apply(fromSnapshot, command, events);
        }
        expect(snapshot(fromSnapshot)).toBe(snapshot(recovered));
        expect(nextDeadline(fromSnapshot)).toBe(nextDeadline(recovered));
      }),
      { numRuns: 150 },
    );
  });

  it('gives each auction the result it would have had alone, or with the lots of its catalogues', () => {
    prop((plan) => {
      const entries = play(plan);
      for (const market of new Set(entries.map(({ command }) => marketOf(command)))) {
        const mine = entries.filter(({ command }) => marketOf(command) === market);
        const alone = createState();
        const renumbered = new Map([[0, 0]]);
        mine.forEach(({ command }, index) => renumbered.set(command.seq, index + 1));
        mine.forEach(({ command, events }, index) => {
          const result = step(alone, { ...command, seq: index + 1 });
          expect(result).toEqual(renumber(events, renumbered));
        });
      }
    }, 100);
  });

  it('moves in time as a whole: later by a day, everything else the same', () => {
    prop((plan) => {
      const entries = play(plan);
      const state = createState();
      for (const { command, events } of entries) {
        expect(step(state, shifted(command))).toEqual(shifted(events));
      }
    }, 100);
  });
});

/** Lots of one catalogue depend on each other: they are the ones whose id begins alike. */
function marketOf(command: Command): string {
  const id = command.type === 'schedule_auction' ? command.terms.auctionId : command.auctionId;
  return id.startsWith('auction-2') ? 'auction-2' : id;
}

function renumber(events: readonly Event[], to: ReadonlyMap<number, number>): readonly Event[] {
  return rewrite(events, (key, value) =>
    /^(seq|bidSeq|closedSeq)$/.test(key) ? (to.get(value) ?? -1) : value,
  );
}

function shifted<T>(value: T): T {
  return rewrite(value, (key, number) =>
    /^(at|deadline|until|\w+At|down(From|Until))$/.test(key) ? number + 86_400_000 : number,
  );
}

/** The same value with every number under a key replaced. */
function rewrite<T>(value: T, change: (key: string, value: number) => number): T {
  const text = JSON.stringify(value, (key, inner: unknown) =>
    typeof inner === 'number' ? change(key, inner) : inner,
  );
  return JSON.parse(text) as T;
}
