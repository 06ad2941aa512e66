/**
 * Money of a dispute: the fee that is held until it ends, and what nobody disputes, which goes on at once.
 */
import { type Currency, type Minor, minor } from '@seam/units';
import { contractAccount, partyAccount, platformAccount } from './accounts.ts';
import type { ContractParties } from './contract.ts';
import { type Posting, moves, posting } from './posting.ts';
import { type FeeRule, splitFee } from './rounding.ts';

export type DisputeFee = {
  /** Identity of the hold: one for the filing, one for the appeal. */
  readonly holdKey: string;
  readonly contractId: string;
  readonly orgId: string;
  readonly currency: Currency;
  readonly amount: Minor;
};

/** Reserved from free money; it is nobody else's until the dispute ends. */
export function holdDisputeFee(fee: DisputeFee): Posting {
  return posting({
    effectKey: fee.holdKey,
    reason: 'dispute_fee_held',
    subject: `contract:${fee.contractId}`,
    legs: [{ phase: 'pending', ...accounts(fee), amount: fee.amount }],
  });
}

/** Ends the hold: back to whoever paid it, or to the fees of the exchange. Both have one key: only one can happen. */
export function resolveDisputeFee(fee: DisputeFee, to: 'payer' | 'exchange'): Posting {
  const { holdKey, amount } = fee;
  return posting({
    effectKey: `dispute-fee-resolved.${holdKey}`,
    reason: to === 'payer' ? 'dispute_fee_returned' : 'dispute_fee_kept',
    subject: `contract:${fee.contractId}`,
    legs: [{ phase: to === 'payer' ? 'void_pending' : 'post_pending', holdKey, ...accounts(fee), amount }],
  });
}

function accounts({ orgId, currency }: DisputeFee) {
  return { debit: partyAccount(orgId, currency, 'free'), credit: platformAccount(currency, 'fees') };
}

export type Undisputed = {
  /** The final amount is at least `low` and at most `high`, whoever is right. */
  readonly low: Minor;
  readonly high: Minor;
  readonly escrowed: Minor;
  /** What left the escrow for the seller before. */
  readonly released: Minor;
  readonly fee: FeeRule;
  /** The final weight, kilograms. */
  readonly mass: bigint;
};

/**
 * What need not wait for the decision: to the seller what it has earned at the least, to the buyer what it need not
 * pay at the most. The rest of the escrow covers every outcome between the two, as far as it did before.
 */
export function undisputedParts(of: Undisputed): { toSeller: Minor; toBuyer: Minor } {
  const earned = splitFee(of.low, of.fee, of.mass).net - of.released;
  // The last unit stays: the final settlement has to have something to move.
  const toSeller = least(earned > 0n ? earned : 0n, of.escrowed > 0n ? of.escrowed - 1n : 0n);
  const rest = of.escrowed - toSeller;
  const most = splitFee(of.high, of.fee, of.mass);
  const open = most.net - of.released - toSeller;
  const needed = (open > 0n ? open : 0n) + most.fee + most.tax || 1n;
  return { toSeller: minor(toSeller), toBuyer: minor(rest > needed ? rest - needed : 0n) };
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** @returns undefined where nothing can go on. */
export function undisputedPosting(
  of: ContractParties & { readonly disputeId: string; readonly toSeller: Minor; readonly toBuyer: Minor },
): Posting | undefined {
  const { buyerId, sellerId, currency, contractId, toSeller, toBuyer } = of;
  const escrow = contractAccount(buyerId, currency, 'escrow', contractId);
  const legs = moves([
    { debit: escrow, credit: partyAccount(sellerId, currency, 'payable'), amount: toSeller },
    { debit: escrow, credit: partyAccount(buyerId, currency, 'free'), amount: toBuyer },
  ]);
  if (legs.length === 0) return undefined;
  return posting({
    effectKey: `dispute-undisputed.${of.disputeId}`,
    reason: 'undisputed_part',
    subject: `contract:${contractId}`,
    legs,
  });
}
