/**
 * Undoing what was recorded: by an opposite effect made of what is stored, never by an edit. Which effects may
 * be undone so is said for every reason; the others have a way of their own, because rows beside the ledger or
 * the bank say the same.
 */
import { type Leg, type Posting, type PostingReason, posting } from './posting.ts';

/**
 * `reverse`: by two persons. Else who undoes it: `bank` a line of the bank, `settlement` a note, a new decision or
 * the next step of the contract, `market` the auction or order book that counts on it, `nobody` there is nothing
 * to undo.
 */
export const REVERSED_BY = {
  deposit: 'bank',
  deposit_unmatched: 'bank',
  deposit_identified: 'reverse',
  deposit_returned: 'bank',
  receivable_settled: 'reverse',
  debit_unmatched: 'bank',
  bid_security_held: 'market',
  bid_security_released: 'nobody',
  bid_security_retained: 'reverse',
  bid_security_applied: 'reverse',
  security_released: 'reverse',
  security_forfeited: 'settlement',
  security_restored: 'settlement',
  bond_given: 'reverse',
  exposure_held: 'market',
  exposure_returned: 'nobody',
  provisional_payment: 'settlement',
  provisional_refund: 'settlement',
  release: 'settlement',
  dispute_fee_held: 'settlement',
  dispute_fee_returned: 'nobody',
  dispute_fee_kept: 'settlement',
  undisputed_part: 'settlement',
  final_settlement: 'settlement',
  correction: 'reverse',
  obligation_paid: 'settlement',
  payout_reserved: 'bank',
  payout_settled: 'bank',
  payout_cancelled: 'nobody',
  payout_returned: 'bank',
  currency_converted: 'reverse',
  standing_deposit_given: 'reverse',
  standing_deposit_taken: 'reverse',
  reversal: 'nobody',
} as const satisfies Record<PostingReason, string>;

/** One effect is reversed once: this key is the ledger's own guard. */
export const reversalKey = (effectKey: string): string => `reversal.${effectKey}`;

/**
 * The opposite of an effect: what was moved moves back, a hold that still stands ends. History grows by exactly
 * these legs.
 * @throws RangeError for a hold that was given back: nothing moved, and it would have to be held anew.
 */
export function reversal(
  of: Posting,
  why: { readonly effectKey: string; readonly subject: string },
): Posting {
  const legs = of.legs.map((leg, index): Leg => {
    const { debit, credit, amount } = leg;
    if (leg.phase === 'void_pending') throw new RangeError(`${of.effectKey}: a hold given back stays so`);
    if (leg.phase !== 'pending') return { phase: 'posted', debit: credit, credit: debit, amount };
    // A transfer is named by its effect, from the second leg on with the leg's number.
    const holdKey = index === 0 ? of.effectKey : `${of.effectKey}#${index + 1}`;
    return { phase: 'void_pending', debit, credit, amount, holdKey };
  });
  return posting({ ...why, reason: 'reversal', legs: legs.toReversed() });
}
