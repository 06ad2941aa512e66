/**
 * What the ledger takes: a posting is one business effect, applied wholly or not at all and once.
 *
 * Every leg debits one account and credits another by the same amount, so no posting can create or
 * destroy money. A pending leg only reserves: it is resolved once, by posting (part of) it or by
 * voiding it; what is not posted returns.
 */
import type { Currency, Minor } from '@seam/units';
import { type AccountCode, parseAccountCode } from './accounts.ts';

/** Largest amount of one leg, minor units: 10 trillion in a two-digit currency, far inside int8. */
export const LEG_AMOUNT_MAX = 10n ** 15n;
/** One effect touches at most this many legs: a final settlement has six. */
export const LEGS_MAX = 64;

type Moves = {
  readonly debit: AccountCode;
  readonly credit: AccountCode;
  /** 1..LEG_AMOUNT_MAX. */
  readonly amount: Minor;
};
export type Leg =
  | (Moves & { readonly phase: 'posted' | 'pending' })
  /** `holdKey`: the effect key of the pending posting. Accounts are the hold's own. */
  | (Moves & { readonly phase: 'post_pending' | 'void_pending'; readonly holdKey: string });

export type Posting = {
  /** Unique for ever. The same key with other content is refused. */
  readonly effectKey: string;
  /** What happened, for statements: `deposit`, `bid_security_held`, … */
  readonly reason: PostingReason;
  /** What it is about: `auction:<id>`, `market:<instrument>`, `contract:<id>`, `payment:<id>`, `bank_entry:<ref>`. */
  readonly subject: string;
  readonly legs: readonly Leg[];
};

export const POSTING_REASONS = [
  'deposit',
  'deposit_unmatched',
  'deposit_identified',
  'deposit_returned',
  'receivable_settled',
  'debit_unmatched',
  'bid_security_held',
  'bid_security_released',
  'bid_security_retained',
  'bid_security_applied',
  'security_released',
  'security_forfeited',
  'security_restored',
  'bond_given',
  'exposure_held',
  'exposure_returned',
  'standing_deposit_given',
  'standing_deposit_taken',
  'provisional_payment',
  'provisional_refund',
  'release',
  'dispute_fee_held',
  'dispute_fee_returned',
  'dispute_fee_kept',
  'undisputed_part',
  'final_settlement',
  'correction',
  'obligation_paid',
  'payout_reserved',
  'payout_settled',
  'payout_cancelled',
  'payout_returned',
  'currency_converted',
  'reversal',
] as const;
export type PostingReason = (typeof POSTING_REASONS)[number];

/** Who pays whom, without what is zero: a leg of nothing is no leg. */
export function moves(list: readonly Moves[]): Leg[] {
  return list.filter((leg) => leg.amount !== 0n).map((leg) => ({ ...leg, phase: 'posted' }));
}

/**
 * Checks what the ledger's SQL checks too, so that a wrong rule fails in its own unit test.
 * @throws RangeError on no or too many legs, an amount out of range, a leg between two
 *   currencies, or several currencies without their conversion accounts.
 */
export function posting(value: Posting): Posting {
  if (value.legs.length === 0 || value.legs.length > LEGS_MAX) {
    throw new RangeError(`${value.effectKey}: ${value.legs.length} legs`);
  }
  for (const leg of value.legs) checkLeg(value.effectKey, leg);
  checkConversion(value);
  return value;
}

/** Each transfer has one currency; several in one effect meet only in the exchange's own accounts for that. */
function checkConversion({ effectKey, legs }: Posting): void {
  const currencies = new Set(legs.map((leg) => currencyOf(leg.debit)));
  if (currencies.size < 2) return;
  const converted = new Set(
    legs.flatMap((leg) => [leg.debit, leg.credit].filter(isConversion).map(currencyOf)),
  );
  for (const currency of currencies) {
    if (!converted.has(currency))
      throw new RangeError(`${effectKey}: ${currency} without its conversion account`);
  }
}

function isConversion(code: AccountCode): boolean {
  return parseAccountCode(code).kind === 'conversion';
}

function checkLeg(effectKey: string, leg: Leg): void {
  if (leg.amount < 1n || leg.amount > LEG_AMOUNT_MAX) {
    throw new RangeError(`${effectKey}: amount ${leg.amount} out of range`);
  }
  if (leg.debit === leg.credit) throw new RangeError(`${effectKey}: ${leg.debit} pays itself`);
  if (currencyOf(leg.debit) !== currencyOf(leg.credit)) {
    throw new RangeError(`${effectKey}: ${leg.debit} to ${leg.credit} crosses currencies`);
  }
}

export function currencyOf(code: AccountCode): Currency {
  return parseAccountCode(code).currency;
}

/** Net change (credits less debits) of every account once all holds of the posting are resolved as it says. */
export function netOf(value: Posting): Map<AccountCode, bigint> {
  const net = new Map<AccountCode, bigint>();
  for (const leg of value.legs) {
    if (leg.phase === 'pending' || leg.phase === 'void_pending') continue;
    net.set(leg.debit, (net.get(leg.debit) ?? 0n) - leg.amount);
    net.set(leg.credit, (net.get(leg.credit) ?? 0n) + leg.amount);
  }
  return net;
}
