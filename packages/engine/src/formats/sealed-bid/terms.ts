/** What a sealed-bid auction asks of its own terms. In order: a rule may rely on those above it. */
import { type Rule, firstBroken, isInteger, priceLimit } from '../../auction/rules.ts';
import { BASIS_POINTS_MAX } from '../../limits.ts';
import { BUYING_RULES } from '../../scoring/terms.ts';
import { isDigest } from './commitment.ts';
import type { SealedBidTerms } from './types.ts';

/** A week: sealed bids of a yearly tender are opened and examined within it. */
const OPENING_MS_MAX = 604_800_000;

/** Public keys are a few hundred characters; 4096-bit RSA in base64 is 736. */
const PUBLIC_KEY_MAX = 2_048;

/** More bands than eight would tell the quantity after all. */
const BANDS_MAX = 8;

const SELLING_RULES: readonly Rule<SealedBidTerms>[] = [
  ['scoring', (t) => t.scoring.mode === 'price'],
  ['award', (t) => t.award.mode === 'quantity'],
  ['floor', (t) => t.floor === null],
  [
    'reservePrice',
    (t) => t.reservePrice === null || isInteger(t.reservePrice, t.startingPrice, priceLimit(t)),
  ],
];

const RULES: readonly Rule<SealedBidTerms>[] = [
  ['pricing', ({ pricing }) => pricing === 'pay_as_bid' || pricing === 'uniform'],
  // One price for all is a price: it has no meaning among coals of different heat.
  ['pricing', (t) => t.pricing === 'pay_as_bid' || t.scoring.mode === 'price'],
  // Nobody can answer a bid that nobody can read.
  ['softClose.mode', (t) => t.softClose.mode === 'none'],
  ['openingMs', (t) => isInteger(t.openingMs, 1, OPENING_MS_MAX)],
  ['openingMs', (t) => t.closesAt - t.openingMs > t.opensAt],
  ['quantityBands', (t) => isBands(t)],
  ['unopenedPenalty', (t) => isInteger(t.unopenedPenalty, 0, BASIS_POINTS_MAX)],
  ['secrecy', ({ secrecy }) => secrecy.mode === 'commit_reveal' || secrecy.mode === 'split_key'],
  ['secrecy.publicKey', ({ secrecy }) => secrecy.mode !== 'split_key' || isKey(secrecy.publicKey)],
  [
    'secrecy.ownerShareDigest',
    ({ secrecy }) => secrecy.mode !== 'split_key' || isDigest(secrecy.ownerShareDigest),
  ],
  [
    'secrecy.exchangeShareDigest',
    ({ secrecy }) =>
      secrecy.mode !== 'split_key' ||
      (isDigest(secrecy.exchangeShareDigest) && secrecy.exchangeShareDigest !== secrecy.ownerShareDigest),
  ],
];

export function validateSealedBid(terms: SealedBidTerms): string | null {
  const { direction } = terms;
  if (direction !== 'sell' && direction !== 'buy') return 'direction';
  const ofSide = direction === 'sell' ? SELLING_RULES : BUYING_RULES;
  return firstBroken(ofSide, terms) ?? firstBroken(RULES, terms);
}

function isKey(text: string): boolean {
  return typeof text === 'string' && text.length > 0 && text.length <= PUBLIC_KEY_MAX;
}

function isBands({ quantityBands: bands, quantity, minimumBidQuantity }: SealedBidTerms): boolean {
  if (!Array.isArray(bands) || bands.length > BANDS_MAX || bands.at(-1) !== quantity) return false;
  return bands.every((band, i) => {
    const before = bands[i - 1];
    return isInteger(band, before === undefined ? minimumBidQuantity : before + 1, quantity);
  });
}
