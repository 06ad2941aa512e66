/**
 * One currency into another: two linked transfers, each in its own currency, through the exchange's
 * conversion accounts. What those hold of each currency is what the exchange has gained or owes by it.
 */
import type { Currency, Minor } from '@seam/units';
import { partyAccount, platformAccount } from './accounts.ts';
import { type Posting, moves, posting } from './posting.ts';

/**
 * @param of.paid what leaves `from`; @param of.received what arrives in `to`. The rate is the agreement behind
 *   `conversionId`; it is kept there, and here as these two amounts.
 * @throws RangeError when both currencies are the same or an amount is out of range.
 */
export function conversion(of: {
  readonly conversionId: string;
  readonly orgId: string;
  readonly from: Currency;
  readonly paid: Minor;
  readonly to: Currency;
  readonly received: Minor;
}): Posting {
  if (of.from === of.to) throw new RangeError(`${of.conversionId} converts ${of.from} into itself`);
  if (of.paid < 1n || of.received < 1n) throw new RangeError(`${of.conversionId} converts nothing`);
  return posting({
    effectKey: `conversion.${of.conversionId}`,
    reason: 'currency_converted',
    subject: `conversion:${of.conversionId}`,
    legs: moves([
      {
        debit: partyAccount(of.orgId, of.from, 'free'),
        credit: platformAccount(of.from, 'conversion'),
        amount: of.paid,
      },
      {
        debit: platformAccount(of.to, 'conversion'),
        credit: partyAccount(of.orgId, of.to, 'free'),
        amount: of.received,
      },
    ]),
  });
}
