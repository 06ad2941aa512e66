/** Locks, and where a request rests after a change: every command that changes one goes through here. */
import { and, eq, inArray } from 'drizzle-orm';
import { formatTonnes } from '@seam/units';
import { type Tx, first, orm } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { isLive, restingState } from '../lifecycle.ts';
import type { Actor } from '../ports.ts';
import { type RequestRow, type ResponseRow, request, response } from '../tables.ts';

/** Answers that may still be taken. */
export const STANDING = ['offered', 'shortlisted'] as const;
/** … or are talked about. */
export const UNDECIDED = [...STANDING, 'negotiating'] as const;

/** What nobody has sold yet, and no auction is buying. */
export function outstandingKg(row: RequestRow): bigint {
  return row.quantityKg - row.contractedKg - row.auctionedKg;
}

export async function lockRequest(tx: Tx, id: string): Promise<RequestRow | undefined> {
  return first(await orm(tx).select().from(request).where(eq(request.id, id)).for('update'));
}

/** The buyer's own request, locked. For everyone else it does not exist. */
export async function lockOwn(tx: Tx, actor: Actor, id: string): Promise<RequestRow | Refusal> {
  const row = await lockRequest(tx, id);
  return row && row.buyerId === actor.organisationId ? row : refuse('resource.not_found');
}

/** Answers to a locked request, in the order of their ids. */
export async function lockResponses(tx: Tx, to: RequestRow, ids: readonly string[]): Promise<ResponseRow[]> {
  return orm(tx)
    .select()
    .from(response)
    .where(and(inArray(response.id, [...ids]), eq(response.requestId, to.id)))
    .orderBy(response.id)
    .for('update');
}

/** @returns why nothing more can happen to it, if so. */
export function notLive(row: RequestRow, now: Date): Refusal | undefined {
  if (isLive(row.state) && row.expiresAt > now) return undefined;
  return refuse('purchase_request.not_open', { detail: `it is ${row.state}` });
}

type Changes = Partial<
  Pick<RequestRow, 'contractedKg' | 'auctionedKg' | 'negotiations' | 'matchedLots' | 'matchedAt'>
>;

/** Changes a locked live request; its state follows from what it then has. Whole, it is contracted. */
export async function settleRequest(tx: Tx, row: RequestRow, changes: Changes = {}): Promise<RequestRow> {
  const next = { ...row, ...changes };
  if (next.contractedKg === next.quantityKg) {
    await closeAnswers(tx, row.id, 'declined');
    return setRequest(tx, row, { ...changes, state: 'contracted' });
  }
  const [has] = await tx<{ answers: number; shortlisted: number }[]>`
    select count(*)::int as answers, count(*) filter (where state = 'shortlisted')::int as shortlisted
      from response where request_id = ${row.id} and state = any(${[...UNDECIDED, 'taken'] as string[]})`;
  return setRequest(tx, row, { ...changes, state: restingState({ ...next, ...has! }) });
}

export async function setRequest(
  tx: Tx,
  row: RequestRow,
  values: Changes & { readonly state?: RequestRow['state'] },
): Promise<RequestRow> {
  await orm(tx).update(request).set(values).where(eq(request.id, row.id));
  return { ...row, ...values };
}

export async function closeAnswers(tx: Tx, requestId: string, state: 'declined' | 'expired'): Promise<void> {
  await orm(tx)
    .update(response)
    .set({ state })
    .where(and(eq(response.requestId, requestId), inArray(response.state, [...UNDECIDED])));
}

export function exceeded(outstanding: bigint): Refusal {
  const code = 'purchase_request.quantity_exceeded';
  return refuse(code, {
    fields: { quantity: code },
    accepted: { quantity: `≤ ${formatTonnes(outstanding)}` },
  });
}
