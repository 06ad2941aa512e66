/** What the two sides do in a dispute: evidence, offers, withdrawal. Each step is refused once its time is over. */
import { createHash } from 'node:crypto';
import { DISPUTE_EVIDENCE_MAX } from '@seam/protocol';
import { desc, eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import type { BankStep } from '../bank/deps.ts';
import type { TradePorts } from '../trade/ports.ts';
import { type Claim, amountOf } from './claim.ts';
import { endFees } from './fee.ts';
import { isOver, moveDispute } from './lifecycle.ts';
import { conclude, resume } from './money.ts';
import { advance, change, lockAsParty, note } from './row.ts';
import { type DisputeRow, offer } from './tables.ts';

export type EvidenceFile = { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array };

/** In its state and before its deadline, whichever ends first. */
export function takesEvidence(row: DisputeRow, now: Date): boolean {
  if (row.state !== 'evidence' && row.state !== 'appealed') return false;
  return row.evidenceUntil !== null && now < row.evidenceUntil;
}

export async function addEvidence(
  tx: Tx,
  principal: Principal,
  of: { readonly id: string; readonly text: string; readonly file?: EvidenceFile; readonly now: Date },
): Promise<Refusal | undefined> {
  const locked = await lockAsParty(tx, principal, of.id);
  if (!locked) return refuse('resource.not_found');
  const { row, side } = locked;
  if (!takesEvidence(row, of.now)) return closed(row);
  const [count] = await tx<{ all: number; mine: number }[]>`
    select count(*)::int as all, (count(*) filter (where side = ${side}))::int as mine
      from dispute_evidence where dispute_id = ${row.id}`;
  if (count!.mine >= DISPUTE_EVIDENCE_MAX)
    return refuse('dispute.evidence_full', { accepted: { most: String(DISPUTE_EVIDENCE_MAX) } });
  const { file } = of;
  const sha256 = file ? createHash('sha256').update(file.bytes).digest() : null;
  const known = await tx`select 1 from dispute_evidence
    where dispute_id = ${row.id} and side = ${side} and sha256 = ${sha256}`;
  if (known.length > 0)
    return refuse('dispute.evidence_known', { fields: { file: 'dispute.evidence_known' } });
  await tx`insert into dispute_evidence (id, dispute_id, number, side, person_id, text, file_name, media_type, file, sha256, at)
    values (${newId()}, ${row.id}, ${count!.all + 1}, ${side}, ${principal.personId}, ${of.text},
      ${file?.name ?? null}, ${file?.mediaType ?? null}, ${file?.bytes ?? null}, ${sha256}, ${of.now})`;
  return undefined;
}

const closed = (row: DisputeRow): Refusal =>
  refuse(
    'dispute.evidence_closed',
    row.evidenceUntil ? { accepted: { until: row.evidenceUntil.toISOString() } } : {},
  );

/** My side has no more to say. When both have not, nobody waits for the deadline. */
export async function endEvidence(
  tx: Tx,
  principal: Principal,
  id: string,
  now: Date,
): Promise<Refusal | undefined> {
  const locked = await lockAsParty(tx, principal, id);
  if (!locked) return refuse('resource.not_found');
  const { row, side } = locked;
  if (row.state !== 'evidence' || !takesEvidence(row, now)) return closed(row);
  const done = side === 'buyer' ? row.buyerDoneAt : row.sellerDoneAt;
  if (done) return undefined;
  const by = { side, personId: principal.personId };
  await change(tx, id, side === 'buyer' ? { buyerDoneAt: now } : { sellerDoneAt: now });
  await note(tx, id, 'evidence_done', by, now);
  const other = side === 'buyer' ? row.sellerDoneAt : row.buyerDoneAt;
  if (other)
    await advance(tx, row, 'close_evidence', { by, now, as: 'close_evidence', set: { evidenceUntil: now } });
  return undefined;
}

/** So many offers can be made in one dispute. */
const OFFERS_MAX = 40;

export async function makeOffer(
  tx: Tx,
  principal: Principal,
  of: Claim & { readonly id: string; readonly now: Date },
): Promise<Refusal | undefined> {
  const locked = await lockAsParty(tx, principal, of.id);
  if (!locked) return refuse('resource.not_found');
  const { row, settlement, side } = locked;
  if (isOver(row.state)) return refuse('dispute.over');
  const named = await amountOf(tx, settlement, of);
  if (isRefusal(named)) return named;
  const last = await lastOffer(tx, row.id);
  const number = (last?.number ?? 0) + 1;
  if (number > OFFERS_MAX) return refuse('dispute.offers_full');
  const { personId } = principal;
  await orm(tx)
    .insert(offer)
    .values({ disputeId: row.id, number, side, personId, amount: named.amount, at: of.now });
  return undefined;
}

async function lastOffer(tx: Tx, id: string) {
  return first(
    await orm(tx).select().from(offer).where(eq(offer.disputeId, id)).orderBy(desc(offer.number)).limit(1),
  );
}

/** What one offered and the other accepts ends the dispute, whatever was decided before it is final. */
export async function agree(
  step: BankStep,
  ports: TradePorts,
  principal: Principal,
  of: { readonly id: string; readonly offer: number },
): Promise<Refusal | undefined> {
  const { tx, now } = step;
  const locked = await lockAsParty(tx, principal, of.id);
  if (!locked) return refuse('resource.not_found');
  const { row, settlement, side } = locked;
  if (!moveDispute(row.state, 'agree')) return refuse('dispute.over');
  const last = await lastOffer(tx, row.id);
  if (last?.number !== of.offer || last.side === side) return refuse('dispute.offer_superseded');
  const by = { side, personId: principal.personId };
  await advance(tx, row, 'agree', { by, now, as: 'agree', set: { amount: last.amount } });
  return conclude(step, ports, {
    row: settlement,
    dispute: row,
    verdict: { amount: last.amount, compensation: 0n, owedBy: null },
    fees: { filing: 'payer', appeal: 'payer' },
  });
}

/** Before it is decided: the result stands, and the fee comes back. */
export async function withdraw(
  tx: Tx,
  principal: Principal,
  id: string,
  now: Date,
): Promise<Refusal | undefined> {
  const locked = await lockAsParty(tx, principal, id);
  if (!locked || locked.side !== locked.row.side) return refuse('resource.not_found');
  const { row, settlement, side } = locked;
  if (!moveDispute(row.state, 'withdraw')) return refuse('dispute.decided');
  await endFees(tx, settlement, row, { filing: 'payer', appeal: 'payer' });
  await advance(tx, row, 'withdraw', { by: { side, personId: principal.personId }, now, as: 'withdraw' });
  await resume(tx, settlement, row.id, now);
  return undefined;
}
