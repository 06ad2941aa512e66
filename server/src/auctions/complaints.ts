/**
 * Complaints against a provisional award. One that is filed keeps the standstill open long enough to be
 * decided; the market is asked for that first, so that no complaint is taken against an award that is final.
 * One person of the centre dismisses, upholding is the word of two: the same rule as for starting a stopped
 * market again.
 */
import { instant } from '@seam/units';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { type Tx, orm } from '../platform/db.ts';
import { inTransaction } from '../platform/http.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { partOf } from './award-queries.ts';
import { auctionById } from './commands.ts';
import { shownAuction } from './visibility.ts';
import { STAFF_ACTOR, refusalOf } from './market.ts';
import type { AuctionDeps } from './routes.ts';
import { type AuctionRow, auctionComplaint } from './tables.ts';

/** Three days to look into a complaint, whenever it comes. */
export const DECISION_MS = 72 * 3_600_000;
/** The public reason of a standstill that was made longer for a complaint; pages have the sentence. */
const COMPLAINT = 'complaint';

type Deps = Pick<AuctionDeps, 'sql' | 'market' | 'caughtUp' | 'clock' | 'requests'>;
type Filing = { readonly auctionId: string; readonly principal: Principal; readonly reason: string };

/** @returns nothing when it is filed. */
export async function fileComplaint(deps: Deps, filing: Filing): Promise<Refusal | undefined> {
  const { auctionId, principal } = filing;
  const row = await shownAuction(deps.sql, deps, auctionId, principal);
  if (!row) return refuse('resource.not_found');
  const organisationId = principal.staff ? null : principal.organisationId;
  if (organisationId !== null && (await partOf(deps.sql, row, organisationId)) === 'none')
    return refuse('complaint.not_a_party');
  if (row.state !== 'standstill') {
    return refuse('auction.state_conflict', { accepted: { state: 'standstill' } });
  }
  if (await hasFiled(deps.sql, auctionId, organisationId)) return refuse('complaint.filed_already');
  const late = await keepOpen(deps, row);
  if (late) return late;
  const filed = await inTransaction(deps.sql, async (tx) => insert(tx, { ...filing, organisationId }));
  return isRefusal(filed) ? filed : undefined;
}

/** Asks even when the end is far enough by the view: the view may be late, the market is not. */
async function keepOpen(deps: Deps, row: AuctionRow): Promise<Refusal | undefined> {
  const until = instant(deps.clock.now().getTime() + DECISION_MS);
  const body = { type: 'extend_standstill', auctionId: row.id, until, reason: COMPLAINT } as const;
  const outcome = await deps.market.submit({ actor: STAFF_ACTOR, cmdId: `complaint.${newId()}`, body });
  if (outcome.status === 'accepted') {
    await deps.caughtUp(outcome);
    return undefined;
  }
  const refusal = refusalOf(outcome, row.terms);
  return refusal?.refused === 'standstill.not_longer' ? undefined : refusal;
}

async function hasFiled(sql: Sql, auctionId: string, organisationId: string | null): Promise<boolean> {
  if (organisationId === null) return false;
  const [found] = await sql`select 1 from auction_complaint
    where auction_id = ${auctionId} and organisation_id = ${organisationId}`;
  return found !== undefined;
}

type NewComplaint = Filing & { readonly organisationId: string | null };

async function insert(tx: Tx, { auctionId, organisationId, principal, reason }: NewComplaint) {
  // Numbers are given one after another.
  await tx`select 1 from auction where id = ${auctionId} for update`;
  const { personId } = principal;
  const rows = await tx<{ number: number }[]>`
    insert into auction_complaint (auction_id, number, organisation_id, person_id, reason)
    select ${auctionId}, coalesce(max(number), 0) + 1, ${organisationId}, ${personId}, ${reason}
      from auction_complaint where auction_id = ${auctionId}
    on conflict (auction_id, organisation_id) where organisation_id is not null do nothing
    returning number`;
  const number = rows[0]?.number;
  if (number === undefined) return refuse('complaint.filed_already');
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, 'complaint_filed', ${auctionId}, ${tx.json({ number })})`;
  return { number };
}

export type Decision = {
  readonly auctionId: string;
  readonly number: number;
  readonly principal: Principal;
  readonly decision: 'dismiss' | 'void' | 'hold_again';
  readonly reason: string;
};

/** @returns nothing when it is decided, or a second person is awaited. */
export async function decideComplaint(deps: Deps, asked: Decision): Promise<Refusal | undefined> {
  const row = await auctionById(deps.sql, asked.auctionId);
  if (!row) return refuse('resource.not_found');
  const step = await inTransaction(deps.sql, async (tx) => {
    const [one] = await orm(tx).select().from(auctionComplaint).where(its(asked)).for('update');
    if (!one) return refuse('complaint.unknown');
    if (one.decision !== null) return refuse('complaint.decided_already');
    if (asked.decision === 'dismiss') return dismiss(tx, row, asked);
    if (one.proposed !== asked.decision) return propose(tx, row, asked);
    if (one.proposedBy === asked.principal.personId) return refuse('complaint.second_person_needed');
    return { uphold: one.proposedReason ?? asked.reason };
  });
  if (isRefusal(step)) return step;
  return 'uphold' in step ? uphold(deps, row, { ...asked, reason: step.uphold }) : undefined;
}

async function dismiss(tx: Tx, row: AuctionRow, asked: Decision): Promise<Refusal | { dismissed: true }> {
  if (row.state !== 'standstill') return notNow();
  await orm(tx).update(auctionComplaint).set(decided(asked)).where(its(asked));
  await note(tx, 'complaint_dismissed', asked);
  return { dismissed: true };
}

/** Also in place of what the other would rather have: it takes two for one and the same. */
async function propose(tx: Tx, row: AuctionRow, asked: Decision): Promise<Refusal | { proposed: true }> {
  const { decision, reason, principal } = asked;
  if (row.state !== 'standstill') return notNow();
  if (decision === 'dismiss') return { proposed: true };
  await orm(tx)
    .update(auctionComplaint)
    .set({ proposed: decision, proposedReason: reason, proposedBy: principal.personId })
    .where(its(asked));
  await note(tx, 'complaint_upholding_proposed', asked);
  return { proposed: true };
}

/**
 * The market first: it decides whether the standstill still runs. Asked again, after a crash in between, it
 * gives the same answer to the same command.
 */
async function uphold(deps: Deps, row: AuctionRow, asked: Decision): Promise<Refusal | undefined> {
  const { auctionId, number, decision, reason } = asked;
  if (decision === 'dismiss') return undefined;
  const body = { type: 'uphold_complaint', auctionId, remedy: decision, reason } as const;
  const cmdId = `uphold_complaint.${auctionId}.${number}`;
  const outcome = await deps.market.submit({ actor: STAFF_ACTOR, cmdId, body });
  const refusal = refusalOf(outcome, row.terms);
  if (refusal || outcome.status !== 'accepted') return refusal ?? refuse('internal.error');
  await deps.sql.begin(async (tx) => {
    await orm(tx)
      .update(auctionComplaint)
      .set(decided(asked))
      .where(and(its(asked), isNull(auctionComplaint.decision)));
    await note(tx, 'complaint_upheld', asked);
  });
  await deps.caughtUp(outcome);
  return undefined;
}

const its = ({ auctionId, number }: Decision) =>
  and(eq(auctionComplaint.auctionId, auctionId), eq(auctionComplaint.number, number));

const decided = ({ decision, reason, principal }: Decision) => ({
  decision,
  decisionReason: reason,
  decidedBy: principal.personId,
  decidedAt: sql`now()`,
});

const notNow = (): Refusal => refuse('auction.state_conflict', { accepted: { state: 'standstill' } });

async function note(tx: Tx, action: string, { principal, auctionId, number, decision }: Decision) {
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${principal.personId}, ${action}, ${auctionId}, ${tx.json({ number, decision })})`;
}
