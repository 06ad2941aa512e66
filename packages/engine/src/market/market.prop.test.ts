import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, createState, nextDeadline, restore, snapshot, stateHash, step } from '../index.ts';
import { checkMarkets } from '../oracle/market-book/invariants.ts';
import { type NaiveMarkets, naiveStep } from '../oracle/market-book/naive-engine.ts';
import { naiveSnapshot } from '../oracle/market-book/naive-snapshot.ts';
import { type Entry, type Plan, plans, play } from '../oracle/market-book/workload.ts';
import { BUY, SELL } from '../book/index.ts';
import type { MarketCommand, MarketEvent, MarketRejection, MarketTold } from './types.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A new one does not compile until it stands here, and fails until a history reaches it. */
const COMMANDS = {
  list_instrument: true,
  schedule_session: true,
  admit_account: true,
  allocate_exposure: true,
  release_exposure: true,
  set_credit_line: true,
  settle_trade: true,
  set_reference_price: true,
  place_order: true,
  place_orders: true,
  cancel_order: true,
  cancel_orders: true,
  amend_order: true,
  arm_cancel_on_disconnect: true,
  disarm_cancel_on_disconnect: true,
  halt_market: true,
  set_cancel_only: true,
  resume_market: true,
  set_kill_switch: true,
  lift_kill_switch: true,
  draw_random_end: true,
  turn_market: true,
} satisfies Record<MarketCommand['type'], true>;
const EVENTS = {
  order_accepted: true,
  order_rejected: true,
  trade_executed: true,
  self_trade_prevented: true,
  order_cancelled: true,
  orders_cancelled: true,
  order_amended: true,
  instrument_listed: true,
  session_scheduled: true,
  phase_changed: true,
  random_end_drawn: true,
  uncrossed: true,
  collar_changed: true,
  volatility_paused: true,
  account_admitted: true,
  exposure_allocated: true,
  exposure_released: true,
  credit_line_set: true,
  trade_settled: true,
  cancel_on_disconnect_armed: true,
  cancel_on_disconnect_disarmed: true,
  cancel_on_disconnect_fired: true,
  market_halted: true,
  market_cancel_only: true,
  market_resumed: true,
  trading_blocked: true,
  trading_unblocked: true,
} satisfies Record<MarketEvent['type'], true>;
/** `order_limit_reached` needs ten thousand resting orders and has a test of its own. */
const REFUSALS = {
  market_unknown: true,
  market_duplicate: true,
  market_approvals_invalid: true,
  market_terms_invalid: true,
  market_state_conflict: true,
  market_halted: true,
  market_cancel_only: true,
  market_turn_due: true,
  market_closed: true,
  trading_blocked: true,
  trading_not_blocked: true,
  account_not_admitted: true,
  account_has_orders: true,
  account_invalid: true,
  exposure_invalid: true,
  exposure_in_use: true,
  credit_line_invalid: true,
  trade_unknown: true,
  seed_invalid: true,
  seed_too_early: true,
  batch_size_invalid: true,
  order_unknown: true,
  order_invalid: true,
  order_price_outside_collar: true,
  order_confirm_required: true,
  order_quantity_out_of_range: true,
  order_minimum_quantity_invalid: true,
  order_notional_exceeded: true,
  order_exposure_exceeded: true,
  order_reduce_only: true,
  order_would_take: true,
  order_not_in_call: true,
  order_expiry_invalid: true,
  order_cancel_barred: true,
  order_unchanged: true,
  disconnect_not_armed: true,
  disconnect_deadline_invalid: true,
} satisfies Record<Exclude<MarketRejection['code'], 'order_limit_reached'>, true>;

function prop(check: (plan: Plan) => void, numRuns: number, length = 600): void {
  fc.assert(fc.property(plans(length), check), { numRuns });
}

/** What the journal gives back: the same entries, through text. */
function throughJson(entries: readonly Entry[]): Entry[] {
  return JSON.parse(JSON.stringify(entries)) as Entry[];
}

describe('markets against their naive twin', () => {
  it('give the same events and the same snapshot over 100,000 commands and more', () => {
    const played = { commands: 0 };
    while (played.commands < 100_000) {
      prop((plan) => {
        const naive: NaiveMarkets = { seq: 0, lastAt: 0, markets: [] };
        const entries = play(plan, ({ command, events }, state) => {
          const expected = naiveStep(naive, command, events);
          if (JSON.stringify(events) !== JSON.stringify(expected)) expect(events).toEqual(expected);
          if (command.seq % 64 === 0) expect(snapshot(state)).toBe(naiveSnapshot(naive));
        });
        played.commands += entries.length;
        const state = createState();
        for (const { command, events } of throughJson(entries)) apply(state, command, events);
        expect(stateHash(state, sha256)).toBe(sha256(naiveSnapshot(naive)));
      }, 80);
    }
  });

  it('reach every command, event, refusal, reason and rule, so that agreement means something', () => {
    const told = new Map<string, Set<string>>();
    const tell = (kind: string, name: string): void => {
      told.set(kind, (told.get(kind) ?? new Set()).add(name));
    };
    prop((plan) => {
      for (const { command, events } of play(plan)) {
        tell('command', command.type);
        for (const event of events) tellParts(event, tell);
      }
    }, 600);
    const sorted = (kind: string): string[] => [...(told.get(kind) ?? [])].sort();
    expect(sorted('command')).toEqual(Object.keys(COMMANDS).sort());
    expect(sorted('event')).toEqual(Object.keys(EVENTS).sort());
    expect(sorted('refusal')).toEqual(Object.keys(REFUSALS).sort());
    expect(sorted('reason')).toEqual(
      [
        'disconnected',
        'expired',
        'fill_or_kill',
        'immediate_or_cancel',
        'kill_switch',
        'minimum_quantity',
        'requested',
        'self_trade',
      ].sort(),
    );
    expect(sorted('cause')).toEqual(['call_over', 'reopening', 'schedule', 'volatility']);
    // A market has a reference price always: the middle is never needed.
    expect(sorted('rule')).toEqual(['buy_pressure', 'null', 'reference', 'sell_pressure', 'unique']);
  });
});

function tellParts(event: MarketTold, tell: (kind: string, name: string) => void): void {
  if (event.type === 'command_rejected') return tell('refusal', event.rejection.code);
  tell('event', event.type);
  if (event.type === 'order_rejected') tell('refusal', event.rejection.code);
  if (event.type === 'order_cancelled' || event.type === 'orders_cancelled') tell('reason', event.reason);
  if (event.type === 'phase_changed') tell('cause', event.cause);
  if (event.type === 'uncrossed') tell('rule', String(event.rule));
}

describe('every history of markets', () => {
  it('keeps the promises of the order book', () => {
    prop((plan) => checkMarkets(play(plan)), 120);
  });

  it('is not changed by what is refused (O6), and its levels are the sums of their orders (O8)', () => {
    prop(
      (plan) => {
        let before = '';
        play(plan, ({ events }, state) => {
          const after = JSON.stringify(JSON.parse(snapshot(state)).markets);
          if (events[0]?.type === 'command_rejected' && before !== '') expect(after).toBe(before);
          before = after;
          for (const { book } of state.markets.values()) {
            for (const side of [BUY, SELL] as const) {
              for (const { price, quantity, orders } of book.levels(side)) {
                const own = [...book.orders(side, price)];
                expect(own.length).toBe(orders);
                expect(own.reduce((sum, order) => sum + order.quantity, 0)).toBe(quantity);
                expect(orders).toBeGreaterThan(0);
              }
            }
          }
        });
      },
      25,
      250,
    );
  });

  it('cannot be told apart after a crash at any place: events replayed, the rest executed (O11)', () => {
    fc.assert(
      fc.property(plans(200), fc.nat(9999), (plan, cut) => {
        const entries = throughJson(play(plan));
        const at = cut % (entries.length + 1);
        const recovered = createState();
        for (const { command, events } of entries.slice(0, at)) apply(recovered, command, events);
        const fromSnapshot = restore(snapshot(recovered));
        const executing = restore(snapshot(recovered));
        for (const { command, events } of entries.slice(at)) {
          expect(JSON.stringify(step(recovered, command))).toBe(JSON.stringify(events));
          expect(JSON.stringify(step(executing, command))).toBe(JSON.stringify(events));
          apply(fromSnapshot, command, events);
        }
        expect(snapshot(fromSnapshot)).toBe(snapshot(recovered));
        expect(snapshot(executing)).toBe(snapshot(recovered));
        expect(nextDeadline(fromSnapshot)).toBe(nextDeadline(recovered));
      }),
      { numRuns: 120 },
    );
  });

  it('gives each market what it would have had alone', () => {
    prop((plan) => {
      const entries = play(plan);
      for (const id of ['m0', 'm1']) {
        const alone = createState();
        let seq = 0;
        for (const { command, events } of entries) {
          if (marketOf(command) !== id) continue;
          expect(step(alone, { ...command, seq: ++seq })).toEqual(events);
        }
      }
    }, 40);
  });

  it('moves in time as a whole: later by a day, everything else the same', () => {
    prop((plan) => {
      const state = createState();
      for (const { command, events } of play(plan)) {
        // The draw of a random end knows the scheduled end: a shifted call may end at another moment.
        if (command.type === 'draw_random_end') return;
        expect(step(state, shifted(command))).toEqual(shifted(events));
      }
    }, 60);
  });
});

function marketOf(command: MarketCommand): string {
  return command.type === 'list_instrument' ? command.terms.instrumentId : command.instrumentId;
}

function shifted<T>(value: T): T {
  const text = JSON.stringify(value, (key, inner: unknown) =>
    typeof inner === 'number' && /^(at|deadline|until|earliest|latest|\w+At)$/.test(key)
      ? inner + 86_400_000
      : inner,
  );
  return JSON.parse(text) as T;
}
