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
  auction_lot_waiting: 'auction.lot_waiting',
  standstill_over: 'standstill.over',
  standstill_not_longer: 'standstill.not_longer',
  reserve_nothing_below: 'reserve.nothing_below',
  award_unknown: 'award.unknown',
  award_state_conflict: 'award.state_conflict',
  award_not_due: 'award.not_due',
  waiting_unknown: 'waiting.unknown',
  waiting_withdrawal_early: 'waiting.withdrawal_early',
  bid_cap_exceeded: 'bid.cap_exceeded',
  bid_own_lot: 'bid.own_lot',
  bid_conflict_of_interest: 'bid.conflict_of_interest',
  bid_wrong_format: 'bid.wrong_format',
  bid_price_below_start: 'bid.price_below_start',
  bid_below_increment: 'bid.below_increment',
  bid_above_maximum_increment: 'bid.above_maximum_increment',
  bid_quantity_out_of_range: 'bid.quantity_out_of_range',
  bid_minimum_acceptable_invalid: 'bid.minimum_acceptable_invalid',
  bid_not_improving: 'bid.not_improving',
  offer_merit_invalid: 'offer.merit_invalid',
  offer_price_above_start: 'offer.price_above_start',
  offer_below_floor: 'offer.below_floor',
  offer_below_decrement: 'offer.below_decrement',
  offer_not_improving: 'offer.not_improving',
  auction_full: 'auction.full',
  offer_without_entry: 'offer.without_entry',
  offer_out_of_turn: 'offer.out_of_turn',
  offer_nothing_to_withdraw: 'offer.nothing_to_withdraw',
  sealed_phase_conflict: 'sealed_bid.phase_conflict',
  sealed_secrecy_conflict: 'sealed_bid.secrecy_conflict',
  sealed_digest_invalid: 'sealed_bid.digest_invalid',
  sealed_digest_taken: 'sealed_bid.digest_taken',
  sealed_ciphertext_invalid: 'sealed_bid.ciphertext_invalid',
  sealed_band_invalid: 'sealed_bid.band_invalid',
  sealed_bid_unknown: 'sealed_bid.unknown',
  sealed_bid_open_already: 'sealed_bid.open_already',
  sealed_reveal_mismatch: 'sealed_bid.reveal_mismatch',
  sealed_share_invalid: 'sealed_bid.share_invalid',
  sealed_share_given_already: 'sealed_bid.share_given_already',
  sealed_share_missing: 'sealed_bid.share_missing',
  bid_step_not_current: 'bid.step_not_current',
  bid_remaining_insufficient: 'bid.remaining_insufficient',
  bid_round_not_current: 'bid.round_not_current',
  bid_entry_closed: 'bid.entry_closed',
  bid_phase_not_current: 'bid.phase_not_current',
  bid_phase_of_others: 'bid.phase_of_others',
  bid_none_to_cancel: 'bid.none_to_cancel',
  auto_bid_unavailable: 'auto_bid.unavailable',
  auto_bid_limit_out_of_range: 'auto_bid.limit_out_of_range',
  auto_bid_step_too_small: 'auto_bid.step_too_small',
  bid_security_insufficient: 'bid_security.insufficient',
  bid_security_invalid: 'bid_security.invalid',
  ...MARKET_REJECTION_CODES,
} as const satisfies Record<Rejection['code'], ProblemCode>;

type PublicRejection = {
  readonly code: ProblemCode;
  /** What would have been accepted, in the units of the wire. */
  readonly accepted: Readonly<Record<string, string>>;
};

type Unit = 'plain' | 'price' | 'mass' | 'money' | 'instant';
type FactOf<R> = R extends unknown ? Exclude<keyof R, 'code'> : never;

/** Total: a new fact does not compile until it has a unit, and so cannot get lost on its way out. */
const UNIT = {
  price: 'price',
  priceMinimum: 'price',
  priceMaximum: 'price',
  stepMinimum: 'price',
  quantityMinimum: 'mass',
  quantityMaximum: 'mass',
  maximum: 'mass',
  required: 'money',
  allocated: 'money',
  opensAt: 'instant',
  closedAt: 'instant',
  endedAt: 'instant',
  endsAt: 'instant',
  dueAt: 'instant',
  allowedAt: 'instant',
  after: 'plain',
  unit: 'plain',
  closedSeq: 'plain',
  state: 'plain',
  format: 'plain',
  field: 'plain',
  secrecy: 'plain',
  lengthMaximum: 'plain',
  biddersMaximum: 'plain',
  digest: 'plain',
  holder: 'plain',
  step: 'plain',
  round: 'plain',
  reason: 'plain',
  ...MARKET_UNITS,
} as const satisfies Record<FactOf<Rejection>, Unit>;

/** @param terms of the auction or instrument it is about; without them only the code and plain facts are told. */
export function publicRejection(rejection: Rejection, terms: GridTerms | undefined): PublicRejection {
  const accepted: Record<string, string> = {};
  const { code, ...facts } = rejection;
  for (const [name, value] of Object.entries(facts)) {
    if (value === null) continue;
    const unit = UNIT[name as keyof typeof UNIT];
    // Null: there is nothing that would be accepted.
    const text = value === null ? undefined : textOf(unit, value as string | number, terms);
    if (text !== undefined) accepted[name === 'maximum' ? 'minimumAcceptableMaximum' : name] = text;
  }
  return { code: REJECTION_CODES[code], accepted };
}

function textOf(unit: Unit, value: string | number, terms: GridTerms | undefined): string | undefined {
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
