/** What the English auction asks of its own terms. In order: a rule may rely on those above it. */
import { INCREMENT_BANDS_MAX, PRICE_TICKS_MAX } from '../../limits.ts';
import { type Rule, firstBroken, isInteger, priceLimit } from '../../auction/rules.ts';
import type { EnglishTerms } from './types.ts';

/** What an auction has that asks for nothing special: served in time, bids as they are said. */
export const PLAIN_ENGLISH = {
  margin: 'time',
  proxy: 'none',
  proxyLead: 'least',
  incrementBands: null,
  quantityPerBidderMaximum: null,
} as const satisfies Partial<EnglishTerms>;

const PRICINGS: readonly string[] = ['pay_as_bid', 'uniform', 'uniform_highest_rejected'];
const PROXIES: readonly string[] = ['none', 'threshold', 'stepped'];

const RULES: readonly Rule<EnglishTerms>[] = [
  ['pricing', (t) => PRICINGS.includes(t.pricing)],
  ['margin', (t) => t.margin === 'time' || t.margin === 'pro_rata'],
  ['proxy', (t) => PROXIES.includes(t.proxy)],
  // A hidden maximum has its own price, and equal maxima are told apart by time.
  ['pricing', (t) => t.proxy !== 'threshold' || t.pricing === 'pay_as_bid'],
  // An instruction goes to the price that wins all it wants; at a shared price there is none such.
  ['margin', (t) => t.proxy === 'none' || t.margin === 'time'],
  ['proxyLead', (t) => t.proxyLead === 'least' || (t.proxyLead === 'increment' && t.proxy === 'threshold')],
  [
    'reservePrice',
    (t) => t.reservePrice === null || isInteger(t.reservePrice, t.startingPrice, priceLimit(t)),
  ],
  ['bidIncrement', (t) => isInteger(t.bidIncrement, 1, PRICE_TICKS_MAX)],
  ['incrementBands', (t) => t.incrementBands === null || areBands(t)],
  [
    'maximumIncrement',
    (t) => t.maximumIncrement === null || isInteger(t.maximumIncrement, largestIncrement(t), PRICE_TICKS_MAX),
  ],
  [
    'quantityPerBidderMaximum',
    (t) =>
      t.quantityPerBidderMaximum === null ||
      isInteger(t.quantityPerBidderMaximum, t.minimumBidQuantity, t.quantity),
  ],
];

export const validateEnglish = (terms: EnglishTerms): string | null => firstBroken(RULES, terms);

/** Rising prices and rising increments: a dearer lot is not raised by less. */
function areBands({ bidIncrement, incrementBands }: EnglishTerms): boolean {
  if (!Array.isArray(incrementBands) || incrementBands.length > INCREMENT_BANDS_MAX) return false;
  let above = { from: 0, increment: bidIncrement as number };
  for (const band of incrementBands) {
    if (!isInteger(band.from, above.from + 1, PRICE_TICKS_MAX)) return false;
    if (!isInteger(band.increment, above.increment, PRICE_TICKS_MAX)) return false;
    above = band;
  }
  return true;
}

/** The guard must leave room for the largest raise it may have to let through. */
function largestIncrement({ bidIncrement, incrementBands }: EnglishTerms): number {
  return incrementBands?.at(-1)?.increment ?? bidIncrement;
}
