/** Money of one contract: provisional payment into escrow, final settlement out of it, corrections. */
import { type Currency, type Minor, minor } from '@seam/units';
import { contractAccount, partyAccount, platformAccount } from './accounts.ts';
import { type Posting, moves, posting } from './posting.ts';
import { type FeeRule, type FeeSplit, splitFee } from './rounding.ts';

export type ContractParties = {
  readonly contractId: string;
  readonly buyerId: string;
  readonly sellerId: string;
  readonly currency: Currency;
};

/** The buyer pays a provisional invoice: its free money goes into the contract's escrow. */
export function provisionalPayment(
  contract: ContractParties & { readonly invoiceId: string; readonly amount: Minor },
): Posting {
  const { buyerId, currency, contractId, amount } = contract;
  return posting({
    effectKey: `provisional-payment.${contract.invoiceId}`,
    reason: 'provisional_payment',
    subject: `contract:${contractId}`,
    legs: moves([
      {
        debit: partyAccount(buyerId, currency, 'free'),
        credit: contractAccount(buyerId, currency, 'escrow', contractId),
        amount,
      },
    ]),
  });
}

/** The contract ends before anything was delivered: the escrow goes back. */
export function provisionalRefund(contract: ContractParties & { readonly escrowed: Minor }): Posting {
  const { buyerId, currency, contractId } = contract;
  return posting({
    effectKey: `provisional-refund.${contractId}`,
    reason: 'provisional_refund',
    subject: `contract:${contractId}`,
    legs: moves([
      {
        debit: contractAccount(buyerId, currency, 'escrow', contractId),
        credit: partyAccount(buyerId, currency, 'free'),
        amount: contract.escrowed,
      },
    ]),
  });
}

/** A truck has left the gate: its part of the provisional value is the seller's. */
export function releaseToSeller(
  release: ContractParties & { readonly releaseId: string; readonly amount: Minor },
): Posting {
  const { buyerId, sellerId, currency, contractId } = release;
  return posting({
    effectKey: `release.${release.releaseId}`,
    reason: 'release',
    subject: `contract:${contractId}`,
    legs: moves([
      {
        debit: contractAccount(buyerId, currency, 'escrow', contractId),
        credit: partyAccount(sellerId, currency, 'payable'),
        amount: release.amount,
      },
    ]),
  });
}

export type FinalSettlement = ContractParties & {
  readonly invoiceId: string;
  /** All that the escrow holds; it is empty afterwards. */
  readonly escrowed: Minor;
  /** What left the escrow for the seller before, truck by truck. */
  readonly released: Minor;
  /** The final invoice: what the coal is worth by weight and quality. */
  readonly gross: Minor;
  /** The exchange's fee, out of the gross or, where the rule says so, from the buyer beside it. */
  readonly fee: FeeRule;
  /** The final weight, kilograms; read where the fee is charged by the tonne. */
  readonly mass?: bigint;
  /** What the buyer cannot pay now and owes the seller besides; at most what the seller still has to get. */
  readonly owedByBuyer?: Minor;
};

/**
 * Empties the escrow by the final invoice: the seller earns the gross less fee, tax on the fee, and what was
 * released to it before; what was paid too much returns to the buyer; what is missing comes from the buyer's
 * free money first, so that without it nothing moves.
 * @returns `owed`: what was released beyond the seller's earnings. The seller owes it to the buyer, who gets here
 *   all else that is due to it.
 */
export function finalSettlement(final: FinalSettlement): {
  posting: Posting;
  split: FeeSplit;
  toSeller: Minor;
  owed: Minor;
} {
  const { buyerId, sellerId, currency, contractId, gross, escrowed, released } = final;
  const split = splitFee(gross, final.fee, final.mass);
  const rest = split.net - released;
  const due = rest > 0n ? rest : 0n;
  const later = final.owedByBuyer ?? 0n;
  if (later < 0n || later > due) throw new RangeError(`${later} of ${due} for the seller later`);
  const toSeller = minor(due - later);
  const escrow = contractAccount(buyerId, currency, 'escrow', contractId);
  const free = partyAccount(buyerId, currency, 'free');
  const difference = toSeller + split.fee + split.tax - escrowed;
  const value = posting({
    effectKey: `final-settlement.${final.invoiceId}`,
    reason: 'final_settlement',
    subject: `contract:${contractId}`,
    legs: moves([
      { debit: free, credit: escrow, amount: minor(difference > 0n ? difference : 0n) },
      { debit: escrow, credit: partyAccount(sellerId, currency, 'payable'), amount: toSeller },
      { debit: escrow, credit: platformAccount(currency, 'fees'), amount: split.fee },
      { debit: escrow, credit: platformAccount(currency, 'tax'), amount: split.tax },
      { debit: escrow, credit: free, amount: minor(difference < 0n ? -difference : 0n) },
    ]),
  });
  return { posting: value, split, toSeller, owed: minor(rest < 0n ? -rest : 0n) };
}

/**
 * A credit or debit note after the final settlement: never an edit. A debit note has the buyer pay
 * the seller, a credit note the seller the buyer.
 */
export function correction(
  note: ContractParties & {
    readonly noteId: string;
    readonly kind: 'credit_note' | 'debit_note';
    readonly amount: Minor;
  },
): Posting {
  const buyer = partyAccount(note.buyerId, note.currency, 'free');
  const seller = partyAccount(note.sellerId, note.currency, 'payable');
  return posting({
    effectKey: `correction.${note.noteId}`,
    reason: 'correction',
    subject: `contract:${note.contractId}`,
    legs: moves([
      note.kind === 'debit_note'
        ? { debit: buyer, credit: seller, amount: note.amount }
        : { debit: seller, credit: buyer, amount: note.amount },
    ]),
  });
}

/** What one party owes the other besides the price of a delivery: from free money to free money. */
export function obligationPayment(of: {
  readonly obligationId: string;
  readonly contractId: string;
  readonly debtorId: string;
  readonly creditorId: string;
  readonly currency: Currency;
  readonly amount: Minor;
}): Posting {
  return posting({
    effectKey: `obligation.${of.obligationId}`,
    reason: 'obligation_paid',
    subject: `contract:${of.contractId}`,
    legs: moves([
      {
        debit: partyAccount(of.debtorId, of.currency, 'free'),
        credit: partyAccount(of.creditorId, of.currency, 'free'),
        amount: of.amount,
      },
    ]),
  });
}
