/** Money that arrives from or leaves for a bank: deposits, payouts, and what goes wrong with both. */
import { type Currency, type Minor, minor } from '@seam/units';
import { type AccountCode, partyAccount, platformAccount } from './accounts.ts';
import { type Posting, moves, posting } from './posting.ts';

/** A line of the bank: `ref` identifies it on every channel, so it takes effect once. */
export type BankEntry = { readonly ref: string; readonly currency: Currency; readonly amount: Minor };

/**
 * A credit for a known organisation. What it owes from a deposit its bank took back is paid first.
 * @param owed balance of its `receivable`, read under the account locks.
 */
export function depositReceived(entry: BankEntry & { orgId: string; owed: Minor }): Posting {
  const { currency, orgId } = entry;
  const repaid = entry.owed < entry.amount ? entry.owed : entry.amount;
  const bank = platformAccount(currency, 'bank_clearing');
  return posting({
    effectKey: `deposit.${entry.ref}`,
    reason: 'deposit',
    subject: `bank_entry:${entry.ref}`,
    legs: moves([
      { debit: bank, credit: partyAccount(orgId, currency, 'receivable'), amount: repaid },
      { debit: bank, credit: partyAccount(orgId, currency, 'free'), amount: minor(entry.amount - repaid) },
    ]),
  });
}

/** A credit nobody can be named for. Same effect key as a deposit: one line has one effect. */
export function depositUnmatched(entry: BankEntry): Posting {
  const { currency, amount } = entry;
  return posting({
    effectKey: `deposit.${entry.ref}`,
    reason: 'deposit_unmatched',
    subject: `bank_entry:${entry.ref}`,
    legs: moves([
      {
        debit: platformAccount(currency, 'bank_clearing'),
        credit: platformAccount(currency, 'suspense'),
        amount,
      },
    ]),
  });
}

/** Two people found the owner of a credit in suspense. */
export function depositIdentified(entry: BankEntry & { orgId: string }): Posting {
  const { currency, amount, orgId } = entry;
  return posting({
    effectKey: `deposit-identified.${entry.ref}`,
    reason: 'deposit_identified',
    subject: `bank_entry:${entry.ref}`,
    legs: moves([
      { debit: platformAccount(currency, 'suspense'), credit: partyAccount(orgId, currency, 'free'), amount },
    ]),
  });
}

/**
 * The bank took a deposit back. Free money covers it as far as it goes; the rest is owed, and the
 * organisation must top up.
 * @param available what `free` may still be debited, read under the account locks.
 */
export function depositReturned(entry: BankEntry & { orgId: string; available: Minor }): Posting {
  const { currency, orgId } = entry;
  const covered = entry.available < entry.amount ? entry.available : entry.amount;
  const bank = platformAccount(currency, 'bank_clearing');
  return posting({
    effectKey: `bank-debit.${entry.ref}`,
    reason: 'deposit_returned',
    subject: `bank_entry:${entry.ref}`,
    legs: moves([
      { debit: partyAccount(orgId, currency, 'free'), credit: bank, amount: covered },
      {
        debit: partyAccount(orgId, currency, 'receivable'),
        credit: bank,
        amount: minor(entry.amount - covered),
      },
    ]),
  });
}

/** The bank debited us and no payment of ours says why. */
export function debitUnmatched(entry: BankEntry): Posting {
  const { currency, amount } = entry;
  return posting({
    effectKey: `bank-debit.${entry.ref}`,
    reason: 'debit_unmatched',
    subject: `bank_entry:${entry.ref}`,
    legs: moves([
      {
        debit: platformAccount(currency, 'suspense'),
        credit: platformAccount(currency, 'bank_clearing'),
        amount,
      },
    ]),
  });
}

/**
 * `source`: earned money is paid out from `payable`; a member's own deposit goes home from `free`; a credit that is
 * nobody's goes back to where it came from out of `suspense`, and `orgId` is the exchange.
 */
export type Payout = {
  readonly paymentId: string;
  readonly orgId: string;
  readonly currency: Currency;
  readonly amount: Minor;
  readonly source: 'payable' | 'free' | 'suspense';
};

export function payoutAccounts(payout: Payout): { debit: AccountCode; credit: AccountCode } {
  return {
    debit:
      payout.source === 'suspense'
        ? platformAccount(payout.currency, 'suspense')
        : partyAccount(payout.orgId, payout.currency, payout.source),
    credit: platformAccount(payout.currency, 'bank_clearing'),
  };
}

export function payoutHoldKey(paymentId: string): string {
  return `payout.${paymentId}`;
}

/** Before the instruction may exist: the money is reserved, so that it cannot be spent twice. */
export function payoutReserved(payout: Payout): Posting {
  return posting({
    effectKey: payoutHoldKey(payout.paymentId),
    reason: 'payout_reserved',
    subject: `payment:${payout.paymentId}`,
    legs: [{ phase: 'pending', ...payoutAccounts(payout), amount: payout.amount }],
  });
}

/** The bank has paid. */
export function payoutSettled(payout: Payout): Posting {
  const holdKey = payoutHoldKey(payout.paymentId);
  return posting({
    effectKey: `payout-settled.${payout.paymentId}`,
    reason: 'payout_settled',
    subject: `payment:${payout.paymentId}`,
    legs: [{ phase: 'post_pending', holdKey, ...payoutAccounts(payout), amount: payout.amount }],
  });
}

/** The bank has definitely not paid and will not: the money is the organisation's again. */
export function payoutCancelled(payout: Payout): Posting {
  const holdKey = payoutHoldKey(payout.paymentId);
  return posting({
    effectKey: `payout-cancelled.${payout.paymentId}`,
    reason: 'payout_cancelled',
    subject: `payment:${payout.paymentId}`,
    legs: [{ phase: 'void_pending', holdKey, ...payoutAccounts(payout), amount: payout.amount }],
  });
}

/** Paid, and sent back by the receiving bank. The bank's line is the identity, not the payment. */
export function payoutReturned(payout: Payout, ref: string): Posting {
  const { debit, credit } = payoutAccounts(payout);
  return posting({
    effectKey: `deposit.${ref}`,
    reason: 'payout_returned',
    subject: `payment:${payout.paymentId}`,
    legs: moves([{ debit: credit, credit: debit, amount: payout.amount }]),
  });
}
