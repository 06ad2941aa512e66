/** Offers aimed at reverse auctions: mostly at the highest price that would do, or a tick beside it. */
import { lots, ticks } from '@seam/units';
import { highestPrice } from '../../formats/reverse-open/price.ts';
import type { Auction } from '../../state.ts';
import type { AuctionTerms, Merit, ScoringRule } from '../../types.ts';
import { type Aim, accountOf } from '../moving/workload.ts';
import type { Intent } from '../workload.ts';

const RULES: readonly ScoringRule[] = [
  { mode: 'price' },
  { mode: 'energy', calorificReference: 5_500, unit: 'kcal_per_kg', basis: 'nar', calorificMinimum: 4_000 },
  { mode: 'mixed', coefficientMinimum: 9_000, coefficientMaximum: 11_000 },
];

/** The terms of a buyer: a rule, a way to award, now and then a floor or a reserve. */
export function buyingOf(startingPrice: number, quantity: number, { account, x, y, z }: Intent) {
  const isShared = x % 3 === 0;
  return {
    scoring: RULES[z % 3],
    award: isShared
      ? { mode: 'shares', basisPoints: [[10_000], [6_000, 4_000], [5_000, 2_500, 2_500]][y % 3] }
      : { mode: 'quantity' },
    ...(isShared ? { minimumBidQuantity: quantity } : {}),
    floor: account % 3 === 0 ? { price: startingPrice - 20, below: y % 2 === 0 ? 'refuse' : 'flag' } : null,
    reservePrice: account % 4 === 1 ? startingPrice - (x % 15) : null,
  };
}

export function decrementOf({ x, y }: Intent) {
  return x % 2 === 0
    ? { mode: 'absolute', amount: (y % 25) + (y % 31 === 0 ? 0 : 1) }
    : { mode: 'basis_points', basisPoints: 1 + (y % 300) };
}

/** What an offer declares: mostly as the rule asks. */
export function meritOf(rule: ScoringRule | undefined, { x, y, z }: Intent): Merit {
  const mode = z % 23 === 0 ? RULES[x % 3]?.mode : rule?.mode;
  const odd = y % 19 === 0;
  if (mode === 'energy') {
    const calorificValue = odd ? 3_999 : 4_700 + (x % 4) * 300;
    const freight = y % 37 === 0 ? '-1' : String((y % 3) * 100);
    return { mode, calorificValue, freight, expectedPenalties: x % 29 === 0 ? '' : String((x % 3) * 50) };
  }
  if (mode === 'mixed') {
    const addition = y % 37 === 0 ? '01' : String((y % 3) * 100);
    return { mode, coefficient: odd ? 11_001 : 9_500 + (x % 4) * 400, addition };
  }
  return null;
}

export function quantityOf(terms: AuctionTerms | undefined, own: number | undefined, { x }: Intent): number {
  const size = terms?.quantity ?? 5;
  const least = terms?.minimumBidQuantity ?? 1;
  if (x % 9 === 0) return size;
  return x % 13 === 0 ? x % (size + 2) : Math.max(own ?? 0, least, 1 + (x % size));
}

export const reverseOpenAim: Aim = {
  terms(common, wanted) {
    const { x, y, z } = wanted;
    const closesAt = common.opensAt + 60 + (z % 5) * 40;
    const softClose =
      y % 4 === 0
        ? { mode: 'none' }
        : {
            mode: 'window',
            windowMs: (x % 4) * 50,
            extensionMs: 30 + (x % 4) * 30,
            hardEndAt: closesAt + (y % 4) * 90,
            extensionsMax: z % 6,
          };
    const buying = buyingOf(common.startingPrice, common.quantity, wanted);
    const terms = { ...common, ...buying, format: 'reverse_open', decrement: decrementOf(wanted) };
    return { ...terms, closesAt, softClose } as unknown as AuctionTerms;
  },
  bid(auction, auctionId, wanted) {
    const { y, z } = wanted;
    const accountId = accountOf(wanted);
    const known = auction as Auction<'reverse_open'> | undefined;
    const own = known?.room.lines.find((line) => line.accountId === accountId);
    const merit = meritOf(known?.terms?.scoring, wanted);
    const view = known && { terms: known.terms, lines: known.room.lines };
    const isFitting = (merit?.mode ?? 'price') === known?.terms.scoring.mode;
    const best = (view && isFitting && isSane(merit) ? highestPrice(view, accountId, merit) : null) ?? 90;
    const price = [best, best, best + 1, best - (y % 5), best, 79 + (y % 4), best + (y % 30), best][z % 8];
    const quantity = quantityOf(known?.terms, own?.quantity, wanted);
    const accepts = Math.min(quantity, own?.minimumAcceptable ?? quantity);
    const minimumAcceptable =
      [0, 0, z % (accepts + 1), accepts, accepts + (z % 11 === 0 ? 1 : 0)][y % 5] ?? 0;
    const counts = { quantity: lots(quantity), minimumAcceptable: lots(minimumAcceptable) };
    return {
      type: 'place_offer',
      auctionId,
      accountId,
      price: ticks(Math.max(0, price ?? best)),
      ...counts,
      merit,
    };
  },
};

/** Whether a price can be reckoned from it at all. */
export function isSane(merit: Merit): boolean {
  return !Object.values(merit ?? {}).some((value) => value === '-1' || value === '' || value === '01');
}
