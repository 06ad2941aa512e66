/**
 * What every format that moves by itself promises, asked of one of them. `events` and `refusals` name
 * all of its own; each must be reached, and so must the frame's: agreement about nothing means nothing.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../apply.ts';
import { canonicalJson } from '../../canonical.ts';
import { validateTerms } from '../../auction/terms.ts';
import { formatOf } from '../../formats/index.ts';
import { restore, snapshot } from '../../snapshot.ts';
import { createState } from '../../state.ts';
import { step } from '../../step.ts';
import { nextDeadline } from '../../timers.ts';
import type { Command, Event, Rejection } from '../../types.ts';
import { naiveSecurity } from '../naive-auction.ts';
import { type Entry, type Plan, plans } from '../workload.ts';
import { type NaiveFormat, type NaiveState, naiveDocument, naiveStep } from './naive-frame.ts';
import { type Aim, play } from './workload.ts';

export type Promised = {
  readonly name: string;
  readonly aim: Aim;
  readonly naive: NaiveFormat;
  readonly events: Readonly<Record<string, true>>;
  readonly refusals: Readonly<Record<string, true>>;
  /** What of the frame's the format can never lead to. */
  readonly without?: readonly string[];
};

const FRAME_EVENTS = [
  'auction_scheduled',
  'auction_opened',
  'auction_shortened',
  'auction_extended_for_outage',
  'auction_suspended',
  'auction_resumed',
  'auction_voided',
  'auction_awarded',
  'auction_unsold',
  'bid_security_allocated',
  'bid_security_released',
  'bid_security_retained',
] as const satisfies readonly Event['type'][];
const FRAME_REFUSALS = [
  'auction_unknown',
  'auction_duplicate',
  'auction_terms_invalid',
  'auction_not_open',
  'auction_closed',
  'auction_suspended',
  'auction_turn_due',
  'auction_state_conflict',
  'auction_outage_without_effect',
  'bid_own_lot',
  'bid_wrong_format',
  'bid_security_insufficient',
  'bid_security_invalid',
] as const satisfies readonly Rejection['code'][];

export function describePromises({ name, aim, naive, events, refusals, without = [] }: Promised): void {
  const prop = (check: (plan: Plan) => void, numRuns: number, length = 300): void => {
    fc.assert(fc.property(plans(length), check), { numRuns });
  };

  describe(`${name} against its naive twin`, () => {
    it('gives the same events and the same state over 100,000 commands, all kinds reached', () => {
      const told = new Set<string>();
      const refused = new Set<string>();
      let commands = 0;
      while (commands < 100_000) {
        prop((plan) => {
          const twin: NaiveState = { seq: 0, lastAt: 0, auctions: [] };
          const entries = play(plan, aim, ({ command, events: given }, state) => {
            const expected = naiveStep(twin, command, naive, validateTerms);
            if (JSON.stringify(given) !== JSON.stringify(expected)) expect(given).toEqual(expected);
            if (command.seq % 29 === 0) expectSame(snapshot(state), twin, naive);
          });
          commands += entries.length;
          for (const event of entries.flatMap((entry) => entry.events)) {
            told.add(event.type);
            if (event.type === 'command_rejected') refused.add(event.rejection.code);
          }
        }, 100);
      }
      const missing = (names: readonly string[], among: ReadonlySet<string>) =>
        names.filter((name) => !among.has(name) && !without.includes(name));
      expect(missing([...FRAME_EVENTS, ...Object.keys(events)], told)).toEqual([]);
      expect(missing([...FRAME_REFUSALS, ...Object.keys(refusals)], refused)).toEqual([]);
    });
  });

  describe(`every history of ${name}`, () => {
    it('covers what binds a bidder, at every seq, and awards nothing else', () => {
      prop((plan) => {
        let bound = new Map<string, number>();
        play(plan, aim, ({ command, events: given }, state) => {
          for (const event of given) {
            if (event.type !== 'auction_awarded') continue;
            expect(event.unsold).toBeGreaterThanOrEqual(0);
            const won = new Map<string, number>();
            for (const award of event.awards) {
              won.set(award.accountId, (won.get(award.accountId) ?? 0) + award.quantity);
            }
            for (const [id, quantity] of won) {
              expect(quantity).toBeLessThanOrEqual(bound.get(`${event.auctionId} ${id}`) ?? 0);
            }
          }
          const id = 'auctionId' in command ? command.auctionId : '';
          const auction = state.auctions.get(id);
          if (auction === undefined) return;
          bound = new Map([...bound].filter(([key]) => !key.startsWith(`${id} `)));
          for (let n = 0; n < 6; n += 1) {
            const accountId = `account-${n}`;
            const quantity = formatOf(auction).bound(auction, accountId);
            const held = auction.security.get(accountId) ?? 0n;
            expect(held >= naiveSecurity(auction.terms, quantity), `seq ${command.seq}`).toBe(true);
            bound.set(`${id} ${accountId}`, quantity);
          }
        });
      }, 60);
    });

    it('gives back or keeps each account all it allocated, once', () => {
      prop((plan) => {
        const ends = play(plan, aim).flatMap(({ events: given }) => moneyOf(given));
        const sums = new Map<string, bigint>();
        const ended = new Set(ends.flatMap(({ type, key }) => (type === 'end' ? [key] : [])));
        for (const { type, key, accountId, amount } of ends) {
          if (type === 'end' || !ended.has(key)) continue;
          const sum = sums.get(`${key} ${accountId}`) ?? 0n;
          sums.set(`${key} ${accountId}`, type === 'in' ? sum + amount : sum - amount);
        }
        expect([...sums.values()].filter((sum) => sum !== 0n)).toEqual([]);
      }, 60);
    });

    it('cannot be told apart after a crash at any place: events replayed, the rest executed', () => {
      fc.assert(
        fc.property(plans(120), fc.nat(999), (plan, cut) => {
          const entries = JSON.parse(JSON.stringify(play(plan, aim))) as Entry[];
          const place = cut % (entries.length + 1);
          const recovered = createState();
          for (const entry of entries.slice(0, place)) apply(recovered, entry.command, entry.events);
          const fromSnapshot = restore(snapshot(recovered));
          for (const entry of entries.slice(place)) {
            expect(JSON.stringify(step(recovered, entry.command))).toBe(JSON.stringify(entry.events));
            apply(fromSnapshot, entry.command, entry.events);
          }
          expect(snapshot(fromSnapshot)).toBe(snapshot(recovered));
          expect(nextDeadline(fromSnapshot)).toBe(nextDeadline(recovered));
        }),
        { numRuns: 80 },
      );
    });

    it('gives each auction the result it would have had alone', () => {
      prop((plan) => {
        const entries = play(plan, aim);
        for (const auctionId of new Set(entries.map(({ command }) => auctionOf(command)))) {
          const mine = entries.filter(({ command }) => auctionOf(command) === auctionId);
          const places = new Map(mine.map(({ command }, index) => [command.seq, index + 1]));
          const alone = createState();
          for (const entry of mine) {
            const renumber = <T>(value: T): T =>
              rewrite(value, /^(seq|bidSeq|closedSeq)$/, (seq) => places.get(seq) ?? 0);
            const given = step(alone, renumber(entry.command));
            const expected = renumber(entry.events);
            expect(given).toEqual(expected);
          }
        }
      }, 40);
    });

    it('moves in time as a whole: later by a day, everything else the same', () => {
      const later = <T>(value: T): T =>
        rewrite(value, /^(at|deadline|downFrom|downUntil|\w+At)$/, (time) => time + 86_400_000);
      prop((plan) => {
        const state = createState();
        for (const { command, events: given } of play(plan, aim)) {
          expect(step(state, later(command))).toEqual(later(given));
        }
      }, 40);
    });
  });
}

/** Field by field of what the twin knows; the rest of the snapshot is the frame's own to test. */
function expectSame(text: string, twin: NaiveState, naive: NaiveFormat): void {
  type Written = { terms: { auctionId: string } } & { [field: string]: never };
  const { auctions } = JSON.parse(text) as { auctions: Written[] };
  const live = twin.auctions.filter(({ state }) => ['scheduled', 'open', 'suspended'].includes(state));
  expect(auctions.map((auction) => auction.terms.auctionId)).toEqual(
    live.map((auction) => auction.terms.auctionId).sort(),
  );
  for (const auction of live) {
    const written = auctions.find(({ terms }) => terms.auctionId === auction.terms.auctionId);
    for (const [field, value] of Object.entries(naiveDocument(auction, naive))) {
      if (canonicalJson(written?.[field] ?? null) !== canonicalJson(value)) {
        expect({ [field]: written?.[field] }).toEqual({ [field]: value });
      }
    }
  }
}

type Money = { type: 'in' | 'out' | 'end'; key: string; accountId: string; amount: bigint };

function moneyOf(events: readonly Event[]): Money[] {
  return events.flatMap((event): Money[] => {
    if (!('auctionId' in event) || event.auctionId === undefined) return [];
    const key = event.auctionId;
    switch (event.type) {
      case 'bid_security_allocated':
        return [{ type: 'in', key, accountId: event.accountId, amount: BigInt(event.amount) }];
      case 'bid_security_released':
      case 'bid_security_retained':
        return [{ type: 'out', key, accountId: event.accountId, amount: BigInt(event.amount) }];
      case 'auction_awarded':
      case 'auction_unsold':
      case 'auction_voided':
        return [{ type: 'end', key, accountId: '', amount: 0n }];
      default:
        return [];
    }
  });
}

function auctionOf(command: Command): string {
  if (command.type === 'schedule_auction') return command.terms.auctionId;
  return 'auctionId' in command ? command.auctionId : '';
}

/** The same value with every number under a key changed. */
function rewrite<T>(value: T, keys: RegExp, change: (value: number) => number): T {
  const text = JSON.stringify(value, (key, inner: unknown) =>
    typeof inner === 'number' && keys.test(key) ? change(inner) : inner,
  );
  return JSON.parse(text) as T;
}
