/** Notice of a shortfall, an objection to it, the centre's word, and the sum that is owed in the end. */
import { parseMoney } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { owe } from '../settlement/public.ts';
import { type Programme, sideOf } from './programme.ts';
import { type ShortfallRow, shortfall } from './tables.ts';

const DAY_MS = 24 * 3600_000;

/** Nobody objected in time. */
export async function settleShortfalls(
  tx: Tx,
  programme: Programme,
  { now }: { readonly now: Date },
): Promise<boolean> {
  const due = programme.shortfalls.filter((row) => row.state === 'noticed' && row.objectBy <= now);
  for (const row of due) await makeOwed(tx, programme, { row, amount: row.amount, now });
  return due.length > 0;
}

async function makeOwed(
  tx: Tx,
  { row: contract, terms }: Programme,
  of: { readonly row: ShortfallRow; readonly amount: bigint; readonly now: Date },
): Promise<void> {
  const { row, amount, now } = of;
  await orm(tx)
    .update(shortfall)
    .set({ state: amount === 0n ? 'waived' : 'owed' })
    .where(eq(shortfall.id, row.id));
  if (amount === 0n) return;
  const bySeller = row.side === 'seller';
  await owe(tx, {
    key: `shortfall:${row.id}`,
    contractId: contract.contractId,
    debtorId: bySeller ? contract.sellerId : contract.buyerId,
    creditorId: bySeller ? contract.buyerId : contract.sellerId,
    currency: terms.currency as 'CNY',
    amount,
    kind: 'shortfall',
    dueAt: new Date(now.getTime() + terms.payment.payoutWithinDays * DAY_MS),
    createdAt: now,
  });
}

export async function objectToShortfall(
  tx: Tx,
  programme: Programme,
  of: { readonly id: string; readonly reason: string; readonly principal: Principal; readonly now: Date },
): Promise<Refusal | undefined> {
  const row = programme.shortfalls.find(({ id }) => id === of.id)!;
  // Only whoever would have to pay.
  if (sideOf(programme.row, of.principal) !== row.side) return refuse('resource.not_found');
  if (row.state !== 'noticed') return refuse('shortfall.closed');
  await orm(tx)
    .update(shortfall)
    .set({
      state: 'objected',
      objection: of.reason,
      objectedBy: of.principal.personId,
      objectedAt: of.now,
    })
    .where(eq(shortfall.id, row.id));
  return undefined;
}

/** The centre decides what of the sum is owed: all, a part, nothing. */
export async function decideShortfall(
  tx: Tx,
  programme: Programme,
  of: {
    readonly id: string;
    readonly amount: string;
    readonly reason: string;
    readonly principal: Principal;
    readonly now: Date;
  },
): Promise<Refusal | undefined> {
  const row = programme.shortfalls.find(({ id }) => id === of.id)!;
  if (row.state !== 'objected') return refuse('shortfall.closed');
  const amount = parseMoney(of.amount);
  if (amount === undefined || amount > row.amount)
    return refuse('request.invalid', { fields: { amount: 'out_of_range' } });
  await orm(tx)
    .update(shortfall)
    .set({ decided: amount, decision: of.reason, decidedBy: of.principal.personId, decidedAt: of.now })
    .where(eq(shortfall.id, row.id));
  await makeOwed(tx, programme, { row, amount, now: of.now });
  await tx`insert into audit_entry (person_id, action, subject, detail) values
    (${of.principal.personId}, 'long_term.decide_shortfall', ${row.id}, ${tx.json({ amount: String(amount), reason: of.reason })})`;
  return undefined;
}
