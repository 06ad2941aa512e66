/** What the centre's staff decide of lots: to let them on the market, to take them off, to let them back. */
import type { ListingReviewView } from '@seam/protocol';
import { and, desc, eq, lt } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { applyChange, fits, termsOf } from './changes.ts';
import { changed, lockListing, move, update } from './commands.ts';
import { notOnMarket } from './lifecycle.ts';
import { REVIEW_PAGE } from './limits.ts';
import type { Actor, ListingDeps } from './ports.ts';
import { listingsById } from './queries.ts';
import { type ReviewRow, listingReview } from './tables-more.ts';
import type { ListingRow } from './tables.ts';
import { listingView, partyOf } from './view.ts';

export type Decision = { decision: 'confirm' } | { decision: 'decline'; reason: string };
type Staff = { readonly personId: string };

/** Decided once: the second of two is told so. Locks lot, then case. */
export async function decideReview(
  tx: Tx,
  deps: Pick<ListingDeps, 'clock' | 'organisations'>,
  staff: Staff,
  id: string,
  decision: Decision,
): Promise<ReviewRow | Refusal> {
  const found = await reviewById(tx, id);
  const row = found && (await lockListing(tx, found.listingId));
  // Read again: it may have been decided while the lock was waited for.
  const review = await reviewById(tx, id);
  if (!review || !row) return refuse('resource.not_found');
  if (review.state !== 'pending') {
    return refuse('listing.review_decided', { detail: `it is ${review.state}` });
  }
  const now = deps.clock.now();
  const refusal =
    decision.decision === 'confirm'
      ? await confirm(tx, row, review, now)
      : await decline(tx, row, review, decision.reason);
  if (refusal) return refusal;
  const [decided] = await orm(tx)
    .update(listingReview)
    .set({
      state: decision.decision === 'confirm' ? 'confirmed' : 'declined',
      note: decision.decision === 'decline' ? decision.reason : '',
      decidedBy: staff.personId,
      decidedAt: now,
    })
    .where(and(eq(listingReview.id, id), eq(listingReview.state, 'pending')))
    .returning();
  return decided ?? refuse('listing.review_decided');
}

async function confirm(tx: Tx, row: ListingRow, review: ReviewRow, now: Date): Promise<Refusal | undefined> {
  if (!review.proposal) {
    if (row.expiresAt <= now) return refuse('listing.valid_until_past');
    await move(tx, row, 'publish', { publishedAt: row.publishedAt ?? now, stateReason: '' });
    return undefined;
  }
  const closed = notOnMarket(row.state);
  if (closed) return closed;
  if (row.version !== review.baseVersion) return changed(row);
  const actor: Actor = { personId: review.submittedBy, organisationId: row.sellerId };
  const wanted = await termsOf(tx, actor, row, review.proposal, now);
  if (isRefusal(wanted)) return wanted;
  const refusal = await fits(tx, row, wanted, now);
  if (refusal) return refusal;
  await applyChange(tx, row, wanted.terms, actor);
  return undefined;
}

async function decline(
  tx: Tx,
  row: ListingRow,
  review: ReviewRow,
  reason: string,
): Promise<Refusal | undefined> {
  // A declined change leaves the lot as it is; a declined offer is a draft again, with the reason on it.
  if (review.proposal) return undefined;
  await move(tx, row, 'decline', { stateReason: reason });
  return undefined;
}

export async function suspendListing(tx: Tx, id: string, reason: string): Promise<ListingRow | Refusal> {
  const row = await lockListing(tx, id);
  if (!row || row.source !== 'member') return refuse('resource.not_found');
  const closed = notOnMarket(row.state);
  return closed ?? move(tx, row, 'suspend', { stateReason: reason });
}

export async function reinstateListing(tx: Tx, id: string): Promise<ListingRow | Refusal> {
  const row = await lockListing(tx, id);
  if (!row || row.source !== 'member') return refuse('resource.not_found');
  if (row.state !== 'suspended')
    return refuse('listing.not_suspended', { detail: `the lot is ${row.state}` });
  return update(tx, row, { state: 'published', stateReason: '' });
}

async function reviewById(connection: Connection, id: string): Promise<ReviewRow | undefined> {
  return first(await orm(connection).select().from(listingReview).where(eq(listingReview.id, id)));
}

type ReadDeps = Pick<ListingDeps, 'organisations' | 'personNames'>;

/** Waiting ones in the order they came are what staff work on; decided ones newest first. */
export async function listReviews(
  connection: Connection,
  deps: ReadDeps,
  of: { state: ReviewRow['state']; cursor: string | undefined },
): Promise<{ items: ListingReviewView[]; nextCursor: string | null }> {
  const rows = await orm(connection)
    .select()
    .from(listingReview)
    .where(and(eq(listingReview.state, of.state), of.cursor ? lt(listingReview.id, of.cursor) : undefined))
    .orderBy(desc(listingReview.id))
    .limit(REVIEW_PAGE + 1);
  const page = rows.slice(0, REVIEW_PAGE);
  return {
    items: await reviewViews(connection, deps, page),
    nextCursor: rows.length > REVIEW_PAGE ? (page.at(-1)?.id ?? null) : null,
  };
}

export async function reviewViews(
  connection: Connection,
  deps: ReadDeps,
  reviews: readonly ReviewRow[],
): Promise<ListingReviewView[]> {
  const rows = await listingsById(
    connection,
    reviews.map((review) => review.listingId),
  );
  const people = await deps.personNames(
    connection,
    reviews.map((review) => review.submittedBy),
  );
  const names = await deps.organisations(connection, [
    ...new Set([...rows.values()].map((row) => row.sellerId)),
  ]);
  return Promise.all(
    reviews.map(async (review): Promise<ListingReviewView> => {
      const row = rows.get(review.listingId);
      if (!row) throw new Error(`review ${review.id} has lost its lot`);
      return {
        id: review.id,
        kind: review.kind,
        state: review.state,
        reasons: review.reasons.map((reason) => ({ ...reason, values: { ...reason.values } })),
        changes: review.changes.map((change) => ({ ...change })),
        note: review.note,
        submittedAt: review.submittedAt.toISOString(),
        submittedBy: people.get(review.submittedBy) ?? review.submittedBy,
        decidedAt: review.decidedAt?.toISOString() ?? null,
        seller: partyOf(row.sellerId, names),
        listing: await listingView(connection, deps.organisations, row, { viewer: 'staff' }),
      };
    }),
  );
}
