/**
 * How much one person may bind its company to with one contract. The company sets it for whom it wants; whoever
 * has a limit in one currency binds the company in no other.
 */
import { type Currency, formatMoney } from '@seam/units';
import type { Connection } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';

export type CommitLimits = Readonly<Record<string, string>>;

/** @param value minor units of the whole contract. @returns undefined when the person may. */
export async function mayCommit(
  connection: Connection,
  of: { readonly personId: string; readonly value: bigint; readonly currency: string },
): Promise<Refusal | undefined> {
  const [row] = await connection<{ limits: CommitLimits }[]>`
    select commit_limits as limits from person where id = ${of.personId}`;
  // Whoever is not in the register binds nobody.
  return row ? beyondLimit(row.limits, of) : refuse('member.limit_exceeded');
}

/** The rule by itself: the limit is the greatest value that is still allowed. */
export function beyondLimit(
  limits: CommitLimits,
  { value, currency }: { readonly value: bigint; readonly currency: string },
): Refusal | undefined {
  const named = Object.entries(limits);
  const limit = BigInt(limits[currency] ?? 0);
  if (named.length === 0 || value <= limit) return undefined;
  const accepted = { limit: formatMoney(limit), currency: currency as Currency, value: formatMoney(value) };
  return refuse('member.limit_exceeded', { accepted });
}
