/**
 * Transfers as a settling exchange makes them: a third are deposits out of the bank's account, a third fees,
 * a third between two of the companies. Two in three touch an account that everybody touches.
 */
import { randomUUID } from 'node:crypto';
import { type Posting, partyAccount, platformAccount } from '@seam/ledger';
import { minor } from '@seam/units';

export const CLIENTS = 50;
const COMPANIES = 200;

export type Transfer = { key: string; debit: string; credit: string; amount: bigint };

const BANK = platformAccount('CNY', 'bank_clearing');
const FEES = platformAccount('CNY', 'fees');

export class Transfers {
  readonly companies = Array.from({ length: COMPANIES }, () => partyAccount(randomUUID(), 'CNY', 'free'));
  readonly accounts = [BANK, FEES, ...this.companies];
  #made = 0;

  next(): Transfer {
    this.#made += 1;
    const n = this.#made;
    const one = this.companies[(n * 7) % COMPANIES]!;
    const other = this.companies[(n * 13 + 1) % COMPANIES]!;
    const [debit, credit] = [
      [BANK, one],
      [one, FEES],
      [one, one === other ? FEES : other],
    ][n % 3] as [string, string];
    return { key: randomUUID(), debit, credit, amount: BigInt(1 + (n % 900)) };
  }

  /** Money to begin with, for every company. */
  funding(): Posting[] {
    return this.companies.map((company) =>
      postingOf({ key: `fund.${company}`, debit: BANK, credit: company, amount: 10n ** 12n }),
    );
  }
}

export function postingOf({ key, debit, credit, amount }: Transfer): Posting {
  return {
    effectKey: key,
    reason: 'correction',
    subject: 'bench:ledger',
    legs: [{ phase: 'posted', debit, credit, amount: minor(amount) }],
  };
}
