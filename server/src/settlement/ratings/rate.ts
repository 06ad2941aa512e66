/**
 * Ratings of a settled delivery. Each side rates once, within the time after the close, and reads the other's only when
 * both have rated or that time is over: nobody answers stars with stars. The rated side may answer once, in words.
 */
import { and, eq } from 'drizzle-orm';
import { type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../../platform/db.ts';
import type { RatingCriteria } from '@seam/protocol';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { lockSettlement } from '../trade/row.ts';
import { hasContactData } from './contact-data.ts';
import { isShown } from './seen.ts';
import { rating, ratingModeration, ratingReply } from './tables.ts';

const DAY_MS = 24 * 3600_000;
/** So long after the close each side may rate; then both ratings are shown. */
export const RATING_DAYS = 14;

export async function rate(
  tx: Tx,
  principal: Principal,
  input: { contractId: string; score: number; criteria: RatingCriteria; comment: string; now: Date },
): Promise<Refusal | undefined> {
  const { now, contractId, score, criteria, comment } = input;
  const row = await lockSettlement(tx, contractId);
  const mine = principal.organisationId;
  if (!row || (row.buyerId !== mine && row.sellerId !== mine)) return refuse('resource.not_found');
  if (row.state !== 'closed' || row.closedAt === null || row.qualityOpen) return refuse('rating.not_yet');
  const given = await orm(tx).select().from(rating).where(eq(rating.contractId, contractId));
  if (given.some(({ byOrganisation }) => byOrganisation === mine)) return refuse('rating.given');
  const shownAt = new Date(row.closedAt.getTime() + RATING_DAYS * DAY_MS);
  // A payout that came back closes a contract a second time: who could read the other's stars rates no more.
  if (now >= shownAt || given.some((other) => now >= other.shownAt)) return refuse('rating.window_over');
  if (hasContactData(comment))
    return refuse('rating.contact_data', { fields: { comment: 'rating.contact_data' } });
  await orm(tx)
    .insert(rating)
    .values({
      contractId,
      byOrganisation: mine,
      ofOrganisation: row.buyerId === mine ? row.sellerId : row.buyerId,
      score,
      criteria,
      comment: comment.trim(),
      personId: principal.personId,
      createdAt: now,
      shownAt,
    });
  return undefined;
}

export async function replyToRating(
  tx: Tx,
  principal: Principal,
  input: { contractId: string; text: string; now: Date },
): Promise<Refusal | undefined> {
  const { contractId, now } = input;
  const given = await orm(tx).select().from(rating).where(eq(rating.contractId, contractId));
  const mine = principal.organisationId;
  const ofMe = given.find(({ ofOrganisation }) => ofOrganisation === mine);
  if (!ofMe) return (await isSide(tx, contractId, mine)) ? refuse('rating.not_shown') : NOT_FOUND;
  if (!isShown(ofMe, given, now)) return refuse('rating.not_shown');
  if (hasContactData(input.text))
    return refuse('rating.contact_data', { fields: { text: 'rating.contact_data' } });
  try {
    await tx.savepoint(async (inner) =>
      orm(inner as Tx)
        .insert(ratingReply)
        .values({
          contractId,
          byOrganisation: ofMe.byOrganisation,
          text: input.text.trim(),
          personId: principal.personId,
          createdAt: now,
        }),
    );
    return undefined;
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('rating.replied');
    throw error;
  }
}

const NOT_FOUND = refuse('resource.not_found');

async function isSide(tx: Tx, contractId: string, organisationId: string): Promise<boolean> {
  const row = await lockSettlement(tx, contractId);
  return row?.buyerId === organisationId || row?.sellerId === organisationId;
}

/** Words that do not belong there are taken away; the stars stay, so that nobody loses a bad one by bad words. */
export async function moderateRating(
  tx: Tx,
  principal: Principal,
  input: {
    contractId: string;
    by: 'seller' | 'buyer';
    part: 'comment' | 'reply';
    hidden: boolean;
    reason: string;
    now: Date;
  },
): Promise<Refusal | undefined> {
  const { contractId, part, hidden, reason, now } = input;
  const row = await lockSettlement(tx, contractId);
  const byOrganisation = input.by === 'seller' ? row?.sellerId : row?.buyerId;
  if (!row || byOrganisation === undefined) return NOT_FOUND;
  const table = part === 'comment' ? rating : ratingReply;
  const of = and(eq(table.contractId, contractId), eq(table.byOrganisation, byOrganisation));
  if (!first(await orm(tx).select({ contractId: table.contractId }).from(table).where(of))) return NOT_FOUND;
  const [last] = await tx<{ hidden: boolean }[]>`select hidden from rating_moderation
    where contract_id = ${contractId} and by_organisation = ${byOrganisation} and part = ${part} order by id desc limit 1`;
  if ((last?.hidden ?? false) === hidden) return refuse('rating.moderated');
  const { personId } = principal;
  await orm(tx)
    .insert(ratingModeration)
    .values({ contractId, byOrganisation, part, hidden, reason, personId, at: now });
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, 'rating.moderate', ${contractId}, ${tx.json({ by: input.by, part, hidden, reason })})`;
  return undefined;
}
