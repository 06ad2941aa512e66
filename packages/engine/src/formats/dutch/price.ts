/**
 * What a Dutch auction costs now, and when it costs less. All from public figures: a client's mirror
 * computes the same.
 */
import {
  type Instant,
  type Lots,
  type Ticks,
  instant,
  kilograms,
  lots,
  minor,
  notional,
  ticks,
} from '@seam/units';
import type { MinorText } from '../../auction/types.ts';
import type { DutchRoom, DutchTerms } from './types.ts';

/** The part of an auction these rules read; a client's mirror has it too. */
export type DutchView = {
  readonly terms: DutchTerms;
  readonly room: Readonly<DutchRoom>;
  readonly closesAt: Instant;
};

/** The price of step `step`, from 0: each lower by the decrement, the last one the floor. */
export function priceAtStep(terms: DutchTerms, step: number): Ticks {
  return ticks(Math.max(terms.floorPrice, terms.startingPrice - step * terms.priceDecrement));
}

/** Steps down to the floor and the floor itself, whether or not the auction is open that long. */
export function stepCount({ startingPrice, floorPrice, priceDecrement }: DutchTerms): number {
  return Math.ceil((startingPrice - floorPrice) / priceDecrement) + 1;
}

/** How long the auction runs if the floor is offered for a whole step, ms. */
export function dutchDurationMs(terms: DutchTerms): number {
  return stepCount(terms) * terms.stepMs;
}

/**
 * When the price falls next; null in the last step, and once all is sold. Counted back from the close,
 * so that whatever moves the close (a suspension, an outage) moves every step with it.
 */
export function stepEndsAt({ terms, room, closesAt }: DutchView): Instant | null {
  if (room.remaining === 0) return null;
  const afterwardsMs = terms.closesAt - terms.opensAt - (room.step + 1) * terms.stepMs;
  return afterwardsMs > 0 ? instant(closesAt - afterwardsMs) : null;
}

/** What accepting now buys, costs and risks. */
export type DutchOffer = {
  readonly step: number;
  readonly price: Ticks;
  /** Lots it would buy: as many as wanted, or as are left. */
  readonly allocated: Lots;
  /** Minor units at the current price; under `uniform_last` the most it can become. */
  readonly cost: MinorText;
  /** When the price falls, and to what; null while it will not. */
  readonly endsAt: Instant | null;
  readonly nextPrice: Ticks | null;
};

/** What accepting `quantity` lots now would come to, if nobody is faster. */
export function offerNow(view: DutchView, quantity: Lots): DutchOffer {
  const { terms, room } = view;
  const price = priceAtStep(terms, room.step);
  const allocated = lots(Math.min(quantity, room.remaining));
  const grid = { tickSize: minor(BigInt(terms.tickSize)), lotSize: kilograms(BigInt(terms.lotSize)) };
  const endsAt = stepEndsAt(view);
  return {
    step: room.step,
    price,
    allocated,
    cost: notional(grid, price, allocated).toString(),
    endsAt,
    nextPrice: endsAt === null ? null : priceAtStep(terms, room.step + 1),
  };
}
