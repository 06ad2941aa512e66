/** A standing instruction to stay ahead: own steps, up to a limit. */
import { type Ticks, ticks } from '@seam/units';

export type AutoBid = {
  readonly limit: Ticks;
  readonly step: Ticks;
};

export type Answer = {
  /** Must be passed, not just met: an equal bid does not displace. */
  readonly above: number;
  /** Lowest price the auction takes. */
  readonly atLeast: number;
};

/**
 * The price an instruction goes to from `price`: the fewest whole steps that are enough; the limit
 * itself when the steps pass it but the limit is enough; null when it is not, and the bidder is out.
 */
export function steppedPrice(price: number, { limit, step }: AutoBid, answer: Answer): Ticks | null {
  const enough = Math.max(answer.above + 1, answer.atLeast);
  const steps = Math.max(1, Math.ceil((enough - price) / step));
  const stepped = price + steps * step;
  if (stepped <= limit) return ticks(stepped);
  return limit >= enough && limit > price ? limit : null;
}
