/** Cases for the centre: at most one waits per lot. Rows are changed under the lock of their lot. */
import type { TermChange } from '@seam/protocol';
import { and, eq } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import type { Actor } from './ports.ts';
import { type Proposal, type ReviewReason, type ReviewRow, listingReview } from './tables-more.ts';
import type { ListingRow } from './tables.ts';

export async function openReview(
  tx: Tx,
  row: Pick<ListingRow, 'id' | 'version'>,
  actor: Actor,
  reasons: readonly ReviewReason[],
  change: { readonly proposal: Proposal; readonly changes: readonly TermChange[] } | null = null,
): Promise<void> {
  await withdrawReview(tx, row.id);
  await orm(tx)
    .insert(listingReview)
    .values({
      id: newId(),
      listingId: row.id,
      kind: change ? 'change' : 'offer',
      reasons,
      baseVersion: row.version,
      proposal: change?.proposal ?? null,
      changes: change?.changes ?? [],
      state: 'pending',
      submittedBy: actor.personId,
    });
}

/** What waits is not asked for any more: the lot was taken back, changed anew, or is over. */
export async function withdrawReview(tx: Tx, listingId: string): Promise<void> {
  await orm(tx)
    .update(listingReview)
    .set({ state: 'withdrawn', decidedAt: new Date() })
    .where(and(eq(listingReview.listingId, listingId), eq(listingReview.state, 'pending')));
}

export async function pendingReview(
  connection: Connection,
  listingId: string,
): Promise<ReviewRow | undefined> {
  return first(
    await orm(connection)
      .select()
      .from(listingReview)
      .where(and(eq(listingReview.listingId, listingId), eq(listingReview.state, 'pending'))),
  );
}
