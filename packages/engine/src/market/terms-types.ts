/**
 * What a market trades and when: the terms of an instrument and its trading sessions. Plain JSON;
 * prices are ticks, quantities lots, money text of minor units, times milliseconds since the epoch.
 */
import type { Instant, Ticks } from '@seam/units';
import type { MinorText } from '../auction/types.ts';

/**
 * What the market does. `pre_open` and `pre_close` collect orders without matching, `call` collects them
 * towards one price and ends with an uncross, `closed` takes cancels only.
 */
export type Phase = 'closed' | 'pre_open' | 'call' | 'continuous' | 'pre_close';

/**
 * The end of a call is drawn from its last `windowMs`. `commitment` is the SHA-256 (lower-case hex) of a seed's
 * text that was chosen before the first order; see `draw_random_end`.
 */
export type RandomEnd = { readonly windowMs: number; readonly commitment: string };

/** A phase lasts until the next one of the schedule begins (or, for a call, until its drawn end). */
export type ScheduledPhase =
  | {
      readonly phase: 'call';
      readonly startsAt: Instant;
      /** In the last so many ms before the scheduled end nothing may be cancelled or amended. */
      readonly noCancelMs: number;
      readonly randomEnd: RandomEnd | null;
    }
  | { readonly phase: Exclude<Phase, 'call'>; readonly startsAt: Instant };

/** How far from the reference price an order may be, basis points. */
export type Collar = {
  /** Outside it nothing is accepted. */
  readonly hardBasisPoints: number;
  /** Outside it an order must say `confirm`. At most the hard one. */
  readonly softBasisPoints: number;
};

/** A move of `basisPoints` within `windowMs` pauses trading, which re-opens by a call of `callMs`. */
export type VolatilityRule = {
  readonly basisPoints: number;
  readonly windowMs: number;
  readonly callMs: number;
};

export type InstrumentTerms = {
  readonly instrumentId: string;
  /** Reference texts of the grade and its specification (rules: RSS code), by id. Only shown. */
  readonly gradeId: string;
  readonly specificationId: string;
  /** Only shown. */
  readonly deliveryTerm: string;
  readonly deliveryPlace: string;
  readonly deliveryPeriod: string;
  readonly currency: string;
  /** Minor units per tonne. */
  readonly tickSize: MinorText;
  /** Kilograms in a lot, as text. A tick on a lot is worth at least one minor unit. */
  readonly lotSize: string;
  /** The collar is around it until an uncross or the staff gives another. */
  readonly referencePrice: Ticks;
  readonly collar: Collar;
  readonly maximumOrderNotional: MinorText;
  readonly volatility: VolatilityRule;
  /** How long the call lasts by which trading re-opens after a halt. */
  readonly reopeningCallMs: number;
  /** In order of time; the last one is `closed`. Later sessions are added by `schedule_session`. */
  readonly session: readonly ScheduledPhase[];
  readonly rulesVersion: number;
};
