/** A market for tests by example: says what happens in one line, keeps seq and time itself. */
import { type Instant, instant, lots, ticks } from '@seam/units';
import { type Market, phaseOf } from '../../market/state.ts';
import type { ScheduledPhase } from '../../market/terms-types.ts';
import type {
  MarketCommand,
  MarketRejection,
  MarketTold,
  OrderRequest,
  SettlementClass,
} from '../../market/types.ts';
import { createState } from '../../state.ts';
import { step } from '../../step.ts';
import { dueTimers } from '../../timers.ts';
import { type InstrumentChange, instrument } from './terms.ts';

const ORIGIN = 1_700_000_000_000;

/** Venue time in ms; everything in these tests counts from it. */
export const at = (ms: number): Instant => instant(ORIGIN + ms);

/** From 0 continuous until 100,000; closed before and after. */
const OPEN: readonly ScheduledPhase[] = [
  { phase: 'continuous', startsAt: at(0) },
  { phase: 'closed', startsAt: at(100_000) },
];

type OrderChange = { readonly [Field in keyof OrderRequest]?: OrderRequest[Field] | undefined };

export class Venue {
  readonly state = createState();
  now = -1;

  /** One market `m` at 1 minor unit a tick-lot, hard collar ±50 %, wide limits, open at 0. */
  static open(change: InstrumentChange = {}): Venue {
    const venue = new Venue();
    const terms = instrument({
      tickSize: '1',
      lotSize: '1000',
      referencePrice: ticks(1000),
      collar: { hardBasisPoints: 5_000, softBasisPoints: 5_000 },
      maximumOrderNotional: '1000000000',
      volatility: { basisPoints: 10_000, windowMs: 300_000, callMs: 5_000 },
      reopeningCallMs: 3_000,
      session: OPEN,
      ...change,
    });
    venue.send({ type: 'list_instrument', terms });
    return venue;
  }

  get market(): Market {
    const market = this.state.markets.get('m');
    if (market === undefined) throw new Error('not listed');
    return market;
  }

  get phase(): string {
    return phaseOf(this.market);
  }

  /** What the command brings at the present moment. */
  send(body: MarketCommand): readonly MarketTold[] {
    const stamp = instant(Math.max(this.state.lastAt, at(this.now)));
    return step(this.state, { ...body, seq: this.state.seq + 1, at: stamp }) as readonly MarketTold[];
  }

  /** Lets the clock run to `ms`; what it brings on the way. */
  to(ms: number): MarketTold[] {
    const told: MarketTold[] = [];
    for (let [timer] = dueTimers(this.state, at(ms)); timer; [timer] = dueTimers(this.state, at(ms))) {
      this.now = Math.max(this.now, timer.deadline - ORIGIN);
      if (timer.type === 'turn_market') told.push(...this.send(timer));
    }
    this.now = ms;
    return told;
  }

  admit(...accounts: readonly string[]): this {
    for (const accountId of accounts) this.admitAs(accountId, { ownerGroup: `of ${accountId}` });
    return this;
  }

  admitAs(
    accountId: string,
    {
      ownerGroup = `of ${accountId}`,
      settlementClass = 'escrow' as SettlementClass,
      limit = '1000000000000',
    },
  ): this {
    this.send({ type: 'admit_account', instrumentId: 'm', accountId, ownerGroup, settlementClass });
    if (limit !== '0') this.send({ type: 'allocate_exposure', instrumentId: 'm', accountId, amount: limit });
    return this;
  }

  /** `buy 25@8060`: side, lots, ticks. A day order unless said otherwise. */
  order(text: string, change: OrderChange = {}): OrderRequest {
    const [, side, quantity, price] = /^(buy|sell) (\d+)@(\d+)$/.exec(text) ?? [];
    const request = {
      side: side as 'buy' | 'sell',
      price: ticks(Number(price)),
      quantity: lots(Number(quantity)),
      timeInForce: 'day' as const,
      ...change,
    };
    // An absent field is absent, as it comes from the wire.
    return JSON.parse(JSON.stringify(request)) as OrderRequest;
  }

  place(accountId: string, text: string, change: OrderChange = {}): readonly MarketTold[] {
    return this.send({ type: 'place_order', instrumentId: 'm', accountId, ...this.order(text, change) });
  }

  amend(accountId: string, orderId: number, text: string): readonly MarketTold[] {
    const { price, quantity } = this.order(text);
    return this.send({ type: 'amend_order', instrumentId: 'm', accountId, orderId, price, quantity });
  }

  cancel(accountId: string, orderId: number): readonly MarketTold[] {
    return this.send({ type: 'cancel_order', instrumentId: 'm', accountId, orderId });
  }

  /** Resting orders as "account quantity@price", in priority order, buys first. */
  book(): string[] {
    const lines: string[] = [];
    for (const side of [0, 1] as const) {
      for (const { id, price, quantity } of this.market.book.orders(side)) {
        lines.push(`${this.market.orders.get(id)?.account.accountId} ${quantity}@${price}`);
      }
    }
    return lines;
  }
}

/** Trades as "taker maker quantity@price", by order ids; those of a call as "buy sell quantity". */
export function tradesOf(told: readonly MarketTold[]): string[] {
  return told.flatMap((event) => {
    if (event.type === 'trade_executed') {
      return [`${event.takerOrderId} ${event.makerOrderId} ${event.quantity}@${event.price}`];
    }
    if (event.type !== 'uncrossed') return [];
    return event.trades.map(
      ({ buyOrderId, sellOrderId, quantity }) => `${buyOrderId} ${sellOrderId} ${quantity}`,
    );
  });
}

/** The refusal, or undefined when the command was taken. */
export function refusalOf([event]: readonly MarketTold[]): MarketRejection | undefined {
  return event?.type === 'command_rejected' ? event.rejection : undefined;
}

export const typesOf = (told: readonly MarketTold[]): string[] => told.map(({ type }) => type);
