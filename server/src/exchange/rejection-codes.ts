/** What the engine refused, in the words of the public API. Total: a new rejection does not compile without. */
import type { Rejection } from '@seam/engine';
import type { ProblemCode } from '@seam/protocol';
import { formatMoney } from '@seam/units';
import { type GridTerms, massText, priceText } from './grid.ts';
import { MARKET_REJECTION_CODES, MARKET_UNITS } from './market-rejection-codes.ts';

export const REJECTION_CODES = {
  auction_unknown: 'auction.unknown',
  auction_duplicate: 'auction.duplicate',
  auction_terms_invalid: 'auction.terms_invalid',
  auction_not_open: 'auction.not_open',
  auction_closed: 'auction.closed',
  auction_suspended: 'auction.suspended',
  auction_turn_due: 'auction.turn_due',
  auction_state_conflict: 'auction.state_conflict',
  auction_outage_without_effect: 'auction.outage_without_effect',
  bid_own_lot: 'bid.own_lot',
  bid_wrong_format: 'bid.wrong_format',
  bid_price_below_start: 'bid.price_below_start',
  bid_below_increment: 'bid.below_increment',
  bid_above_maximum_increment: 'bid.above_maximum_increment',
  bid_quantity_out_of_range: 'bid.quantity_out_of_range',
  bid_minimum_acceptable_invalid: 'bid.minimum_acceptable_invalid',
  bid_not_improving: 'bid.not_improving',
  bid_security_insufficient: 'bid_security.insufficient',
  bid_security_invalid: 'bid_security.invalid',
  ...MARKET_REJECTION_CODES,
} as const satisfies Record<Rejection['code'], ProblemCode>;

type PublicRejection = {
  readonly code: ProblemCode;
  /** What would have been accepted, in the units of the wire. */
  readonly accepted: Readonly<Record<string, string>>;
};

const UNIT = {
  priceMinimum: 'price',
  priceMaximum: 'price',
  quantityMinimum: 'mass',
  quantityMaximum: 'mass',
  maximum: 'mass',
  required: 'money',
  allocated: 'money',
  opensAt: 'instant',
  closedAt: 'instant',
  endedAt: 'instant',
  closedSeq: 'plain',
  state: 'plain',
  format: 'plain',
  field: 'plain',
  reason: 'plain',
  ...MARKET_UNITS,
} as const;

/** @param terms of the auction or instrument it is about; without them only the code and plain facts are told. */
export function publicRejection(rejection: Rejection, terms: GridTerms | undefined): PublicRejection {
  const accepted: Record<string, string> = {};
  const { code, ...facts } = rejection;
  for (const [name, value] of Object.entries(facts)) {
    const unit = UNIT[name as keyof typeof UNIT];
    // Null: there is nothing that would be accepted.
    const text = value === null ? undefined : textOf(unit, value as string | number, terms);
    if (text !== undefined) accepted[name === 'maximum' ? 'minimumAcceptableMaximum' : name] = text;
  }
  return { code: REJECTION_CODES[code], accepted };
}

function textOf(
  unit: (typeof UNIT)[keyof typeof UNIT],
  value: string | number,
  terms: GridTerms | undefined,
): string | undefined {
  switch (unit) {
    case 'plain':
      return String(value);
    case 'instant':
      return new Date(value).toISOString();
    case 'money':
      return formatMoney(BigInt(value));
    case 'price':
      return terms && priceText(terms, value as number);
    case 'mass':
      return terms && massText(terms, value as number);
  }
}
