/** Disputes as the two sides and the centre read them; of what the centre still discusses the sides see nothing. */
import type { DisputeSummary, DisputeView } from '@seam/protocol';
import { type Currency, formatMoney, minor } from '@seam/units';
import { asc, eq } from 'drizzle-orm';
import { bindingContract } from '../../contracts/public.ts';
import { type Connection, first, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { holdsOf } from '../ledger/ledger.ts';
import type { NamesOf } from '../trade/ports.ts';
import { type SettlementRow, settlement } from '../trade/tables.ts';
import { instanceOf, lastProposal, tookPart } from './decide.ts';
import { evidenceOf } from './evidence.ts';
import { holdKeyOf } from './fee.ts';
import { decidedIn } from './finish.ts';
import { takesEvidence } from './hearing.ts';
import { TIME_BOXES } from './lifecycle.ts';
import { sideOf } from './row.ts';
import { type Side, feeOf, losers, outcomeOf } from './rules.ts';
import { type DisputeRow, type ProposalRow, dispute, offer, step } from './tables.ts';

const LIST_MAX = 200;
const text = (amount: bigint): string => formatMoney(minor(amount));

type Reading = {
  readonly connection: Connection;
  readonly namesOf: NamesOf;
  readonly principal: Principal;
  readonly now: Date;
};

/** Open ones first, the nearest deadline on top; those that have ended after them, newest first. */
export async function listDisputes(
  reading: Reading,
  filter: { readonly contract?: string; readonly open?: boolean },
): Promise<DisputeSummary[]> {
  const { connection, principal } = reading;
  const mine = principal.organisationId;
  const rows = await connection<{ id: string }[]>`
    select d.id from settlement_dispute d join settlement s using (contract_id)
     where (${principal.staff} or ${mine} in (s.buyer_id, s.seller_id))
       and (${filter.contract ?? null}::text is null or d.contract_id = ${filter.contract ?? null}::text)
       and (${filter.open !== true} or d.ended_at is null)
     order by d.ended_at is not null, case when d.ended_at is null then d.due_at end, d.filed_at desc, d.id
     limit ${LIST_MAX}`;
  const items: DisputeSummary[] = [];
  for (const { id } of rows) {
    const found = await seen(reading, id);
    if (found) items.push(await summary(reading, found));
  }
  return items;
}

export async function disputeView(reading: Reading, id: string): Promise<DisputeView | undefined> {
  const found = await seen(reading, id);
  if (!found) return undefined;
  const { connection, principal, now } = reading;
  const { row } = found;
  const side = sideOf(found.settlement, principal);
  const { appealSide, appealText, appealFee, rejection } = row;
  const done = doneBy(row.buyerDoneAt, row.sellerDoneAt);
  return {
    ...(await summary(reading, found)),
    statement: row.statement,
    low: text(row.low),
    high: text(row.high),
    fee: { amount: text(row.fee), state: await feeState(connection, row, 'filing') },
    undisputedPaid: text(row.undisputedPaid),
    evidence: await evidenceOf(connection, row.id),
    evidenceUntil: row.evidenceUntil?.toISOString() ?? null,
    evidenceDone: done,
    mayAdd: side !== undefined && takesEvidence(row, now),
    offers: await offersOf(connection, row.id),
    decisions: await decisionsOf(connection, row),
    decisionAcceptedBy: doneBy(row.buyerAcceptedAt, row.sellerAcceptedAt),
    mayAppeal: mayAppeal(row, now),
    appeal:
      appealSide && appealFee
        ? {
            side: appealSide,
            text: appealText ?? '',
            amount: text(appealFee),
            state: await feeState(connection, row, 'appeal'),
          }
        : null,
    appealFee: text(feeOf(row, 'appeal')),
    rejection: rejection && { reason: rejection, text: row.rejectionText ?? '' },
    amount: row.amount === null ? null : text(row.amount),
    outcome: row.outcome,
    endedAt: row.endedAt?.toISOString() ?? null,
    steps: await stepsOf(connection, row.id),
    proposal: principal.staff ? await proposalOf(connection, row, principal) : null,
    excluded: principal.staff && (await tookPart(connection, row, principal.personId)),
  };
}

type Found = { readonly row: DisputeRow; readonly settlement: SettlementRow };

async function seen({ connection, principal }: Reading, id: string): Promise<Found | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const row = first(await orm(connection).select().from(dispute).where(eq(dispute.id, id)));
  const of =
    row &&
    first(await orm(connection).select().from(settlement).where(eq(settlement.contractId, row.contractId)));
  if (!row || !of || !(principal.staff || sideOf(of, principal))) return undefined;
  return { row, settlement: of };
}

async function summary(
  { connection, namesOf, principal, now }: Reading,
  { row, settlement: of }: Found,
): Promise<DisputeSummary> {
  const names = await namesOf(connection, [of.sellerId, of.buyerId]);
  const party = (id: string) => ({
    id,
    name: names.get(id)?.name ?? '',
    nameZh: names.get(id)?.nameZh ?? null,
  });
  const contract = await bindingContract(connection, row.contractId);
  return {
    id: row.id,
    contractId: row.contractId,
    contractNumber: contract?.terms.number ?? '',
    number: row.number,
    seller: party(of.sellerId),
    buyer: party(of.buyerId),
    mine: sideOf(of, principal) ?? null,
    filedBy: row.side,
    cause: row.cause,
    currency: of.currency as Currency,
    state: row.state,
    waitsFor: waitsFor(row, now),
    dueAt: row.dueAt?.toISOString() ?? null,
    byTime: TIME_BOXES[row.state]?.byTime ?? null,
    computed: row.computed === null ? null : text(row.computed),
    claimed: text(row.claimed),
    disputed: text(row.high - row.low),
    filedAt: row.filedAt.toISOString(),
  };
}

/** Whose step ends the waiting before time does. */
export function waitsFor(row: DisputeRow, now: Date): DisputeSummary['waitsFor'] {
  if (row.state === 'evidence')
    return [...(row.buyerDoneAt ? [] : ['buyer' as const]), ...(row.sellerDoneAt ? [] : ['seller' as const])];
  if (row.state === 'filed' || instanceOf(row)) return ['centre'];
  return mayAppeal(row, now);
}

function mayAppeal(row: DisputeRow, now: Date): Side[] {
  if (row.dueAt === null || row.dueAt <= now) return [];
  const accepted = doneBy(row.buyerAcceptedAt, row.sellerAcceptedAt);
  return losers(row.state, row.side).filter((side) => !accepted.includes(side));
}

const doneBy = (buyer: Date | null, seller: Date | null): Side[] => [
  ...(buyer ? ['buyer' as const] : []),
  ...(seller ? ['seller' as const] : []),
];

async function feeState(connection: Connection, row: DisputeRow, instance: 'filing' | 'appeal') {
  const holds = await holdsOf(connection, { subject: `contract:${row.contractId}` });
  const hold = holds.find(({ holdKey }) => holdKey.startsWith(holdKeyOf(row.id, instance)));
  return hold?.state === 'posted' ? 'kept' : hold?.state === 'voided' ? 'returned' : 'held';
}

async function offersOf(connection: Connection, id: string): Promise<DisputeView['offers']> {
  const rows = await orm(connection)
    .select()
    .from(offer)
    .where(eq(offer.disputeId, id))
    .orderBy(asc(offer.number));
  return rows.map(({ number, side, amount, at }) => ({
    number,
    side,
    amount: text(amount),
    at: at.toISOString(),
  }));
}

async function decisionsOf(connection: Connection, row: DisputeRow): Promise<DisputeView['decisions']> {
  const rows = (await decidedIn(connection, row.id)).toReversed();
  return rows.map((one) => ({ instance: one.instance, at: one.at.toISOString(), ...verdictOf(row, one) }));
}

const verdictOf = (row: DisputeRow, one: ProposalRow) => ({
  outcome: outcomeOf(row.side, row.claimed, row, one),
  amount: text(one.amount),
  compensation: one.owedBy ? { owedBy: one.owedBy, amount: text(one.compensation) } : null,
  reasons: one.reasons,
});

async function stepsOf(connection: Connection, id: string): Promise<DisputeView['steps']> {
  const rows = await orm(connection).select().from(step).where(eq(step.disputeId, id)).orderBy(asc(step.id));
  return rows.map(({ move, side, at }) => ({ move, by: side, at: at.toISOString() }));
}

async function proposalOf(
  connection: Connection,
  row: DisputeRow,
  { personId }: Principal,
): Promise<DisputeView['proposal']> {
  const instance = instanceOf(row);
  const last = await lastProposal(connection, row.id);
  if (!last || last.instance !== instance) return null;
  return {
    number: last.number,
    at: last.proposedAt.toISOString(),
    own: last.proposedBy === personId,
    ...verdictOf(row, last),
  };
}
