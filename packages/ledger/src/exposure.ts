/**
 * Money behind orders: held from `free` while an order book may count it, given back in part or whole once
 * the book has let it go. The accounts are those of bid security; nothing is ever posted from these holds.
 */
import type { Currency, Minor } from '@seam/units';
import { minor } from '@seam/units';
import { partyAccount } from './accounts.ts';
import { LEGS_MAX, type Leg, type Posting, posting } from './posting.ts';

export type ExposureHold = {
  /** Identity of the hold; the command that tells the engine carries it too. */
  readonly holdKey: string;
  readonly amount: Minor;
};
type Whose = { readonly orgId: string; readonly currency: Currency; readonly instrumentId: string };

export function holdExposure(of: Whose & ExposureHold): Posting {
  return posting({
    effectKey: of.holdKey,
    reason: 'exposure_held',
    subject: `market:${of.instrumentId}`,
    legs: [{ phase: 'pending', ...accounts(of), amount: of.amount }],
  });
}

/**
 * Ends `holds`, and holds `rest` of them anew under a key of its own, because a hold is resolved once.
 * Apply all postings together: between them the money is free.
 * @throws RangeError when `rest` is not less than the holds together.
 */
export function returnExposure(
  of: Whose & {
    /** Names what the book has let go, for ever. */
    readonly returnKey: string;
    readonly holds: readonly ExposureHold[];
    readonly rest: ExposureHold | null;
  },
): Posting[] {
  const held = of.holds.reduce((sum, hold) => sum + hold.amount, 0n);
  if (held <= (of.rest?.amount ?? 0n)) throw new RangeError(`${of.rest?.amount} stays of ${held} held`);
  const legs = of.holds.map(({ holdKey, amount }): Leg => ({
    phase: 'void_pending',
    holdKey,
    ...accounts(of),
    amount: minor(amount),
  }));
  const postings: Posting[] = [];
  for (let from = 0; from < legs.length; from += LEGS_MAX) {
    postings.push(
      posting({
        effectKey: from === 0 ? of.returnKey : `${of.returnKey}.${from}`,
        reason: 'exposure_returned',
        subject: `market:${of.instrumentId}`,
        legs: legs.slice(from, from + LEGS_MAX),
      }),
    );
  }
  if (of.rest) postings.push(holdExposure({ ...of, ...of.rest }));
  return postings;
}

function accounts({ orgId, currency }: Whose): Pick<Leg, 'debit' | 'credit'> {
  return {
    debit: partyAccount(orgId, currency, 'free'),
    credit: partyAccount(orgId, currency, 'bid_security'),
  };
}
