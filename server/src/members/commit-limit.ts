/**
 * How much one person may bind its company to with one contract. The company sets it for whom it wants; whoever
 * has a limit in one currency binds the company in no other.
 */
import type { Connection } from '../platform/db.ts';
import { beyondLimit, type CommitLimits } from '../platform/commit-limit.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';

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
