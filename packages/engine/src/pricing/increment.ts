/** How much more a bid must offer, by bands of price. */
import type { Ticks } from '@seam/units';

/** From `from` on, up to the next band, a bid rises by `increment`. */
export type IncrementBand = { readonly from: Ticks; readonly increment: Ticks };

export type Increments = {
  /** Below the first band, and everywhere without bands. */
  readonly bidIncrement: Ticks;
  /** Rising by `from`. */
  readonly incrementBands: readonly IncrementBand[] | null;
};

/** The least raise from `price`. */
export function incrementAt({ bidIncrement, incrementBands }: Increments, price: number): Ticks {
  let increment = bidIncrement;
  for (const band of incrementBands ?? []) {
    if (band.from > price) break;
    increment = band.increment;
  }
  return increment;
}
