/**
 * Ranking and checking offers a second time, for tests: formulas as the rule book has them, everything
 * searched from end to end. Imports nothing the engine decides with.
 */
import { lots, ticks } from '@seam/units';
import type { BuyingTerms, CommonTerms, Decrement, Merit, Offer, OfferLine, Rejection } from '../../types.ts';

type Terms = CommonTerms & BuyingTerms;
type Fraction = { readonly n: bigint; readonly d: bigint };
type Declared = Pick<Offer, 'price' | 'merit'>;
type Made = Pick<Offer, 'price' | 'quantity' | 'minimumAcceptable' | 'merit'>;

export function naiveScore(terms: Terms, { price, merit }: Declared): Fraction {
  const money = BigInt(price) * BigInt(terms.tickSize);
  if (merit === null) return { n: money, d: 1n };
  if (merit.mode === 'mixed') {
    const c = BigInt(merit.coefficient);
    return { n: money * 10_000n + BigInt(merit.addition) * c, d: c };
  }
  const reference = terms.scoring.mode === 'energy' ? BigInt(terms.scoring.calorificReference) : 0n;
  const cv = BigInt(merit.calorificValue);
  const delivered = money + BigInt(merit.freight);
  return { n: delivered * reference + BigInt(merit.expectedPenalties) * cv, d: cv };
}

const isLess = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;

/** Whether `after` is under `before` by the decrement at least. */
export function hasFallen(terms: Terms, step: Decrement, before: Fraction, after: Fraction): boolean {
  const bound =
    step.mode === 'absolute'
      ? { n: before.n - BigInt(step.amount) * BigInt(terms.tickSize) * before.d, d: before.d }
      : { n: before.n * BigInt(10_000 - step.basisPoints), d: before.d * 10_000n };
  return !isLess(bound, after);
}

/** Best again and again: less score, then more quantity where it counts, then older. */
export function naiveRank(terms: Terms, offers: readonly Offer[]): OfferLine[] {
  const { award } = terms;
  const pool = [...offers];
  const lines: OfferLine[] = [];
  let left: number = terms.quantity;
  while (pool.length > 0) {
    let best = pool[0]!;
    for (const offer of pool) if (goesBefore(terms, offer, best)) best = offer;
    pool.splice(pool.indexOf(best), 1);
    let allocated = 0;
    if (award.mode === 'shares')
      allocated = naiveShares(terms.quantity, award.basisPoints)[lines.length] ?? 0;
    else if (left > 0 && left >= Math.min(best.quantity, best.minimumAcceptable)) {
      allocated = left < best.quantity ? left : best.quantity;
    }
    left -= allocated;
    lines.push({ ...best, allocated: lots(allocated), rank: lines.length + 1 });
  }
  return lines;
}

function goesBefore(terms: Terms, a: Offer, b: Offer): boolean {
  const [one, other] = [naiveScore(terms, a), naiveScore(terms, b)];
  if (isLess(one, other)) return true;
  if (isLess(other, one)) return false;
  if (terms.award.mode === 'quantity' && a.quantity !== b.quantity) return a.quantity > b.quantity;
  return a.seq < b.seq;
}

/** Lot by lot to whoever is furthest below its share. */
function naiveShares(quantity: number, basisPoints: readonly number[]): number[] {
  const shares = basisPoints.map((points) => Math.floor((points * quantity) / 10_000));
  const taken = basisPoints.map(() => false);
  while (shares.reduce((sum, share) => sum + share, 0) < quantity) {
    let next = -1;
    basisPoints.forEach((points, i) => {
      const rest = (points * quantity) % 10_000;
      if (!taken[i] && (next < 0 || rest > (basisPoints[next]! * quantity) % 10_000)) next = i;
    });
    taken[next] = true;
    shares[next]! += 1;
  }
  return shares;
}

/** The worst score that wins once all is bought. */
export function naiveMargin(terms: Terms, lines: readonly OfferLine[]): Fraction | null {
  const winners = lines.filter((line) => line.allocated > 0);
  if (winners.reduce((sum, line) => sum + line.allocated, 0) < terms.quantity) return null;
  return winners.map((line) => naiveScore(terms, line)).reduce((a, b) => (isLess(a, b) ? b : a));
}

export function naiveDeclares(terms: Terms, merit: Merit): string | null {
  const { scoring } = terms;
  const whole = (text: string): boolean => /^[0-9]+$/.test(text) && String(BigInt(text)) === text;
  const within = (n: number, low: number, high: number) => Number.isInteger(n) && n >= low && n <= high;
  if ((merit === null ? 'price' : merit.mode) !== scoring.mode) return 'merit';
  if (merit?.mode === 'energy' && scoring.mode === 'energy') {
    if (!within(merit.calorificValue, scoring.calorificMinimum, 50_000)) return 'calorificValue';
    if (!whole(merit.freight)) return 'freight';
    return whole(merit.expectedPenalties) ? null : 'expectedPenalties';
  }
  if (merit?.mode === 'mixed' && scoring.mode === 'mixed') {
    if (!within(merit.coefficient, scoring.coefficientMinimum, scoring.coefficientMaximum)) {
      return 'coefficient';
    }
    return whole(merit.addition) ? null : 'addition';
  }
  return null;
}

export const naiveFloor = ({ floor }: Terms): number => (floor?.below === 'refuse' ? floor.price : 1);

export const naiveIsLow = ({ floor }: Terms, price: number): boolean => floor !== null && price < floor.price;

/** What is wrong with an offer whenever it is made. */
export function naiveRefusal(terms: Terms, own: Offer | undefined, made: Made): Rejection | undefined {
  const { price, quantity, minimumAcceptable: least } = made;
  const quantityMinimum = own ? own.quantity : terms.minimumBidQuantity;
  if (!Number.isInteger(quantity) || quantity < quantityMinimum || quantity > terms.quantity) {
    return { code: 'bid_quantity_out_of_range', quantityMinimum, quantityMaximum: terms.quantity };
  }
  const maximum = own && own.minimumAcceptable < quantity ? own.minimumAcceptable : quantity;
  if (!Number.isInteger(least) || least < 0 || least > maximum) {
    return { code: 'bid_minimum_acceptable_invalid', maximum };
  }
  const field = naiveDeclares(terms, made.merit);
  if (field !== null) return { code: 'offer_merit_invalid', field };
  if (price < naiveFloor(terms)) {
    return { code: 'offer_below_floor', priceMinimum: ticks(naiveFloor(terms)) };
  }
  if (Number.isInteger(price) && price <= terms.startingPrice) return undefined;
  return { code: 'offer_price_above_start', priceMaximum: terms.startingPrice };
}

/** The highest price that `takes`, from the ceiling down; null when none from the floor up does. */
export function naiveHighest(terms: Terms, takes: (price: number) => boolean, from?: number) {
  for (let price = from ?? terms.startingPrice; price >= naiveFloor(terms); price -= 1) {
    if (takes(price)) return ticks(price);
  }
  return null;
}

/** Who would be awarded what: without offers above the reserve. */
export function naiveAwards(terms: Terms, offers: readonly Offer[]) {
  const valid = offers.filter(({ price }) => terms.reservePrice === null || price <= terms.reservePrice);
  return naiveRank(terms, valid)
    .filter((line) => line.allocated > 0)
    .map(({ accountId, price, allocated, seq }) => ({ accountId, price, quantity: allocated, bidSeq: seq }));
}
