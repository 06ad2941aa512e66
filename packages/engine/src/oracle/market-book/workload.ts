/**
 * Seeded histories of two markets. An intent is a handful of small numbers that fast-check draws and shrinks; here it
 * becomes a command aimed at what the market holds at that moment: prices around the best, orders that rest or
 * have gone, times beside a deadline, values at their limits.
 */
import { type Instant, instant } from '@seam/units';
import * as fc from 'fast-check';
import { nextTurn } from '../../market/session.ts';
import { type Market, phaseOf } from '../../market/state.ts';
import { BUY, SELL } from '../../book/types.ts';
import type { MarketCommand, MarketTold, OrderRequest, StampedMarketCommand } from '../../market/types.ts';
import { type EngineState, createState } from '../../state.ts';
import { step } from '../../step.ts';
import { dueTimers, nextDeadline } from '../../timers.ts';
import { REFERENCE, SEED, day, instrument } from './terms.ts';

export type Entry = { readonly command: StampedMarketCommand; readonly events: readonly MarketTold[] };
/** `punctual`: due timers are applied before each command, as the host does. */
export type Plan = { readonly intents: readonly Intent[]; readonly punctual: boolean };
export type Intent = {
  readonly kind: number;
  readonly market: number;
  readonly account: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly wait: number;
};

const START = 1_000_000_000;
const ACCOUNTS = 6;

const intent: fc.Arbitrary<Intent> = fc.record({
  kind: fc.nat(999),
  market: fc.nat(1),
  account: fc.nat(ACCOUNTS - 1),
  x: fc.nat(999),
  y: fc.nat(999),
  z: fc.nat(999),
  wait: fc.nat(99),
});

export function plans(length: number): fc.Arbitrary<Plan> {
  const intents = fc.array(intent, { minLength: 1, maxLength: length, size: 'max' });
  return fc.record({ intents, punctual: fc.nat(7).map((n) => n > 0) });
}

/** Plays a plan after the opening of both markets. `onEntry` sees each entry as it is made. */
export function play(
  { intents, punctual }: Plan,
  onEntry?: (entry: Entry, state: EngineState) => void,
): Entry[] {
  const state = createState();
  const entries: Entry[] = [];
  const run = (body: MarketCommand, at: Instant): void => {
    const command = { ...body, seq: state.seq + 1, at };
    const entry = { command, events: step(state, command) as readonly MarketTold[] };
    entries.push(entry);
    onEntry?.(entry, state);
  };
  const turn = (at: Instant): void => {
    for (let [timer] = dueTimers(state, at); timer?.type === 'turn_market'; [timer] = dueTimers(state, at)) {
      run(timer, instant(Math.max(state.lastAt, timer.deadline)));
    }
  };
  for (const body of opening()) run(body, instant(START));
  for (const wanted of intents) {
    const at = arrival(state, wanted);
    if (punctual || wanted.z % 3 === 0) turn(at);
    run(bodyOf(state, wanted, at), at);
  }
  return entries;
}

const accountId = (number: number): string => `account-${number}`;

/** Accounts 0 and 1 belong together; 2 to 5 settle on credit as far as lines go. */
function* opening(): Generator<MarketCommand> {
  for (const number of [0, 1]) {
    const instrumentId = `m${number}`;
    yield { type: 'list_instrument', terms: instrument({ instrumentId, session: day(START + 5, number) }) };
    for (let account = 0; account < ACCOUNTS; account++) {
      const settlementClass = account < 2 ? 'escrow' : 'credit';
      const ownerGroup = `owner-${Math.max(1, account)}`;
      yield {
        type: 'admit_account',
        instrumentId,
        accountId: accountId(account),
        ownerGroup,
        settlementClass,
      };
      yield {
        type: 'allocate_exposure',
        instrumentId,
        accountId: accountId(account),
        amount: `${9_000 + account * 3_000}`,
      };
    }
    for (const [from, to, amount] of [
      [2, 3, 'open'],
      [3, 2, 'open'],
      [3, 4, '4000'],
      [4, 3, '6000'],
    ] as const) {
      yield { type: 'set_credit_line', instrumentId, from: accountId(from), to: accountId(to), amount };
    }
  }
}

/** Mostly in the same millisecond or the next few, sometimes beside a deadline, seldom long after. */
function arrival(state: EngineState, { wait, z }: Intent): Instant {
  const now = state.lastAt;
  const deadline = nextDeadline(state);
  if (wait < 70) return now;
  if (wait < 97) return instant(now + (z % 3));
  if (wait < 98 || deadline === null) return instant(now + (z % 60));
  return instant(Math.max(now, deadline + (z % 3) - 1));
}

function bodyOf(state: EngineState, wanted: Intent, at: Instant): MarketCommand {
  const { kind, x, y } = wanted;
  const instrumentId = `m${wanted.market}`;
  const market = state.markets.get(instrumentId);
  if (market === undefined || kind >= 995) return listing(wanted, at);
  const from = { market, instrumentId, accountId: accountId(wanted.account) };
  if (market.session.upcoming.length === 0 && x % 3 === 0) return sessionOf(from, wanted, at);
  if (market.mode !== 'online' && kind < 300) {
    return { type: 'resume_market', instrumentId, approvals: ['ann', y % 5 === 0 ? 'ann' : 'bob'] };
  }
  const [block] = market.blocks.values();
  if (block && kind >= 300 && kind < 420) {
    return {
      type: 'lift_kill_switch',
      instrumentId,
      scope: block.scope,
      approvals: ['ann', y % 5 === 0 ? '' : 'bob'],
    };
  }
  return kind < 760 ? orderOf(from, wanted, at) : rareOf(from, wanted, at);
}

type From = { readonly market: Market; readonly instrumentId: string; readonly accountId: string };

function orderOf(from: From, wanted: Intent, at: Instant): MarketCommand {
  const { kind, x, y, z } = wanted;
  const { market, instrumentId } = from;
  const stranger = z % 97 === 0 ? { ...from, accountId: 'stranger' } : from;
  const own = [...(market.accounts.get(from.accountId)?.orders ?? [])];
  const any = [...market.orders.keys()];
  const orderId =
    (y % 11 === 0 ? any[x % Math.max(1, any.length)] : own[x % Math.max(1, own.length)]) ?? x % 40;
  if (kind < 440) {
    return {
      type: 'place_order',
      instrumentId,
      accountId: stranger.accountId,
      ...requestOf(market, wanted, at),
    };
  }
  if (kind < 500) {
    const count = x % 23 === 0 ? (x % 2) * 51 : 1 + (x % 4);
    const orders = Array.from({ length: count }, (_, line) =>
      requestOf(market, { ...wanted, x: (x * 7 + line * 131) % 1000, y: (y * 3 + line * 17) % 1000 }, at),
    );
    return { type: 'place_orders', instrumentId, accountId: stranger.accountId, orders };
  }
  if (kind < 600) {
    const order = market.orders.get(orderId);
    const change = [0, 0, 1, -1, 2, -2, 9][x % 7] ?? 0;
    const quantity = (order?.quantity ?? 3) + ([0, -1, 1, -2, 4, -50][y % 6] ?? 0);
    return {
      type: 'amend_order',
      instrumentId,
      accountId: stranger.accountId,
      orderId,
      price: ((order?.price ?? REFERENCE) + change) as OrderRequest['price'],
      quantity: (z % 53 === 0 ? 1_000_000_001 : quantity) as OrderRequest['quantity'],
      ...(z % 2 === 0 && { confirm: true }),
    };
  }
  if (kind < 700) return { type: 'cancel_order', instrumentId, accountId: stranger.accountId, orderId };
  const side = (['buy', 'sell', 'neither'] as const)[x % 7];
  const some = side !== undefined && { side: side as 'buy' };
  if (kind < 712) return { type: 'cancel_orders', instrumentId, accountId: stranger.accountId, ...some };
  if (kind < 740) {
    const cancelAt = instant(at + ([0, 1, 3_600_001, 20, 30, 40][y % 6] ?? 5));
    return { type: 'arm_cancel_on_disconnect', instrumentId, accountId: stranger.accountId, cancelAt };
  }
  return { type: 'disarm_cancel_on_disconnect', instrumentId, accountId: stranger.accountId };
}

/** An order near the market. Now and then with a value at or past its limit. */
function requestOf(market: Market, { x, y, z }: Pick<Intent, 'x' | 'y' | 'z'>, at: Instant): OrderRequest {
  const side = x % 2 === 0 ? 'buy' : 'sell';
  const sign = side === 'buy' ? 1 : -1;
  const { low, high } = market.book.band;
  const other = market.book.best(side === 'buy' ? SELL : BUY) || market.referencePrice;
  const mine = market.book.best(side === 'buy' ? BUY : SELL) || market.referencePrice - sign;
  const edges = [low - 1, low, high, high + 1, 0, 600_000_000];
  const near = [
    other,
    other,
    other + sign,
    mine,
    mine + sign,
    mine - sign,
    mine - 2 * sign,
    market.referencePrice,
  ];
  const price = z % 29 === 0 ? edges[y % 6] : near[(x >> 1) % 8];
  const odd = [0, 1_000_000_001, 60][z % 3];
  const timesInForce = [
    'day',
    'good_till_cancel',
    'good_till_date',
    'immediate_or_cancel',
    'fill_or_kill',
  ] as const;
  const collects = phaseOf(market) !== 'continuous' && z % 7 !== 0;
  const timeInForce = timesInForce[collects ? y % 3 : z % 3 === 0 ? y % 5 : y % 2];
  const dated = (timeInForce === 'good_till_date') !== (z % 61 === 0);
  const request = {
    side: x % 211 === 5 ? 'neither' : side,
    price,
    quantity: y % 37 === 0 ? odd : 1 + ((y >> 2) % 9),
    timeInForce: x % 223 === 5 ? 'for_ever' : timeInForce,
    ...(dated && { expiresAt: at + ([0, 1, 366 * 86_400_000 + 1][z % 13] ?? 3 + (z % 60)) }),
    ...(!collects && z % 5 === 1 && { postOnly: true }),
    ...(!collects && z % 6 === 2 && { minimumQuantity: y % 5 }),
    ...(x % 3 !== 0 && { confirm: true }),
  };
  // Plain numbers on purpose: some of them no brand would let through.
  return request as unknown as OrderRequest;
}

function rareOf(from: From, wanted: Intent, at: Instant): MarketCommand {
  const { kind, x, y, z } = wanted;
  const { market, instrumentId } = from;
  const id = z % 41 === 0 ? 'stranger' : from.accountId;
  const staff = { staffId: z % 19 === 0 ? '' : 'ann', reason: z % 23 === 0 ? '' : 'why' };
  if (kind < 800) {
    const amount =
      ['1', '500', '3000', '0', '1000000000000001', '1000000000000000'][x % (y % 5 === 0 ? 6 : 3)] ?? '1';
    return {
      type: y % 2 === 0 ? 'allocate_exposure' : 'release_exposure',
      instrumentId,
      accountId: id,
      amount,
    };
  }
  if (kind < 850) {
    const amount = (['open', '0', '1', '900', '5000', '12000', '-1'] as const)[x % 7] ?? 'open';
    return { type: 'set_credit_line', instrumentId, from: id, to: accountId(y % ACCOUNTS), amount };
  }
  if (kind < 905) {
    const open = [...market.unsettled.keys()];
    return {
      type: 'settle_trade',
      instrumentId,
      tradeNumber: z % 9 === 0 ? x : (open[x % Math.max(1, open.length)] ?? x),
    };
  }
  if (kind < 915) {
    const price = [0, 500_000_001, REFERENCE, REFERENCE - 3, REFERENCE + 3][x % 5] ?? REFERENCE;
    return { type: 'set_reference_price', instrumentId, price: price as OrderRequest['price'] };
  }
  if (kind < 922) return { type: 'halt_market', instrumentId, ...staff };
  if (kind < 929) return { type: 'set_cancel_only', instrumentId, ...staff };
  if (kind < 933) return { type: 'resume_market', instrumentId, approvals: ['ann', 'bob'] };
  const scope = (
    [
      { of: 'account', accountId: id },
      { of: 'owner_group', ownerGroup: `owner-${y % 4}` },
      { of: 'market' },
      { of: 'exchange' },
    ] as const
  )[x % 7 < 4 ? x % 7 : y % 2] ?? { of: 'market' };
  if (kind < 943)
    return {
      type: 'set_kill_switch',
      instrumentId,
      scope: z % 47 === 0 ? { of: 'account', accountId: '' } : scope,
      ...staff,
    };
  if (kind < 947) return { type: 'lift_kill_switch', instrumentId, scope, approvals: ['ann', 'bob'] };
  if (kind < 957) {
    const settlementClass = (['credit', 'escrow', 'trust'] as const)[x % 3] as 'credit';
    const [accountId, ownerGroup] = [z % 13 === 0 ? '' : id, y % 13 === 0 ? '' : `owner-${1 + (y % 5)}`];
    return { type: 'admit_account', instrumentId, accountId, ownerGroup, settlementClass };
  }
  if (kind < 962) return sessionOf(from, wanted, at);
  if (kind < 982) return { type: 'draw_random_end', instrumentId, seed: x % 6 === 0 ? 'a guess' : SEED };
  const deadline = instant((nextTurn(market)?.at ?? at) + (x % 2));
  return { type: 'turn_market', instrumentId, deadline };
}

function sessionOf({ market, instrumentId }: From, { x, y }: Intent, at: Instant): MarketCommand {
  const last = market.session.upcoming.at(-1)?.startsAt ?? at;
  const session = day(Math.max(last, at) + (y % 9 === 0 ? 0 : 1 + (y % 20)), x);
  return { type: 'schedule_session', instrumentId, session: x % 17 === 0 ? session.slice(0, -1) : session };
}

function listing({ x, y, z }: Intent, at: Instant): MarketCommand {
  const instrumentId = ['m0', 'm1', `x${y % 3}`][x % 3] ?? 'm0';
  if (z % 2 === 0) return { type: 'halt_market', instrumentId: `x${x % 3}`, staffId: 'ann', reason: 'why' };
  const broken = y % 2 === 0 ? { currency: 'XXX' } : {};
  return { type: 'list_instrument', terms: instrument({ instrumentId, session: day(at + 1, x), ...broken }) };
}
