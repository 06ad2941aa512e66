/** The words of the ascending clock: the price rises round by round, bidders only keep or reduce. */
import type { Lots, Ticks } from '@seam/units';
import type { CommonTerms } from '../../auction/types.ts';

export type ClockTerms = CommonTerms & {
  readonly format: 'clock';
  /** All pay the same. */
  readonly pricing: 'uniform';
  /** What each round adds to the price of the one before; the last one repeats. */
  readonly priceIncrements: readonly Ticks[];
  readonly roundMs: number;
  /** The clock stops here even if demand still exceeds what is offered. */
  readonly roundsMax: number;
  /** May bidders see how much all wanted together in the round before? Never who, never now. */
  readonly demandVisible: boolean;
  /** Who gets what is left over: the earlier bid first, or each in proportion. */
  readonly marginRule: 'time' | 'pro_rata';
};

/**
 * States how much `accountId` takes at the price of round `round`; 0: nothing any more. The last
 * statement of a round counts. Who states nothing in a round has left: nobody buys at a price that
 * it did not confirm.
 */
export type ClockCommand = {
  readonly type: 'state_quantity';
  readonly auctionId: string;
  readonly accountId: string;
  readonly round: number;
  readonly quantity: Lots;
};

export type ClockRejection =
  /** Another round is on, at another price: `round` at `price` is the one that takes statements. */
  | { readonly code: 'bid_round_not_current'; readonly round: number; readonly price: Ticks }
  /** Only the first round takes new bidders, and who has left stays out. */
  | { readonly code: 'bid_entry_closed'; readonly round: number };

export type ClockEvent =
  | {
      readonly type: 'quantity_stated';
      readonly auctionId: string;
      readonly accountId: string;
      readonly round: number;
      readonly price: Ticks;
      readonly quantity: Lots;
    }
  | {
      readonly type: 'clock_round_ended';
      readonly auctionId: string;
      readonly round: number;
      /** Lots all wanted together, with no bound: public where the terms say so, or after the close. */
      readonly demand: number;
      /** The price of the next round; null: demand is met, the clock stops. */
      readonly nextPrice: Ticks | null;
    };

export type Statement = {
  readonly accountId: string;
  readonly quantity: Lots;
  readonly seq: number;
};

export type ClockRoom = {
  /** From 1; its price is `priceOfRound(terms, round)`. */
  round: number;
  /** This round's last statement of each account, in the order of their seq. */
  statements: readonly Statement[];
  /** What was stated for more than nothing in the round before: the most each may still want. */
  previous: readonly Statement[];
  /** Demand of the round before; null in the first. */
  demand: number | null;
  stopped: boolean;
};
