/**
 * What one company owes another under a contract besides the price of a delivery: a shortfall, the difference an
 * index made. Written down once under its key, paid once from free money: by its debtor, or by itself when due.
 */
import { obligationPayment } from '@seam/ledger';
import { type Currency, minor } from '@seam/units';
import { and, desc, eq, or } from 'drizzle-orm';
import { bigint, char, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { post } from '../ledger/ledger.ts';
import { insufficient } from './row.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** `final_balance`: what a buyer lacked for a final amount that others decided. */
type ObligationKind =
  | 'shortfall'
  | 'true_up'
  | 'over_release'
  | 'transit_loss'
  | 'demurrage'
  | 'fulfilment'
  | 'umpire_cost'
  | 'compensation'
  | 'final_balance';

export const obligation = pgTable('obligation', {
  id: uuid('id').primaryKey(),
  key: text('key').notNull(),
  contractId: uuid('contract_id').notNull(),
  debtorId: text('debtor_id').notNull(),
  creditorId: text('creditor_id').notNull(),
  currency: char('currency', { length: 3 }).$type<Currency>().notNull(),
  amount: bigint('amount', { mode: 'bigint' }).notNull(),
  kind: text('kind').$type<ObligationKind>().notNull(),
  dueAt: at('due_at').notNull(),
  createdAt: at('created_at').notNull(),
  paidAt: at('paid_at'),
});
export type ObligationRow = typeof obligation.$inferSelect;

/**
 * Written once for its key; a second attempt changes nothing. Tried when it is due.
 * @returns its id when it was written now.
 */
export async function owe(tx: Tx, of: Omit<ObligationRow, 'id' | 'paidAt'>): Promise<string | undefined> {
  const [made] = await orm(tx)
    .insert(obligation)
    .values({ ...of, id: newId() })
    .onConflictDoNothing({ target: obligation.key })
    .returning({ id: obligation.id });
  if (!made) return undefined;
  await enqueue(tx, {
    effectKey: `obligation:${made.id}:due`,
    topic: 'settlement.obligation_due',
    payload: { obligationId: made.id },
    notBefore: of.dueAt,
  });
  return made.id;
}

/** Pays from the free money of the debtor; paid before, it stays as it is. */
async function settle(tx: Tx, id: string, now: Date): Promise<Refusal | undefined> {
  const row = first(await orm(tx).select().from(obligation).where(eq(obligation.id, id)).for('update'));
  if (!row || row.paidAt !== null) return refuse('settlement.not_due');
  const { contractId, debtorId, creditorId, currency } = row;
  const paid = await post(
    tx,
    obligationPayment({
      obligationId: id,
      contractId,
      debtorId,
      creditorId,
      currency,
      amount: minor(row.amount),
    }),
  );
  if (!paid.ok) return insufficient(paid);
  await orm(tx).update(obligation).set({ paidAt: now }).where(eq(obligation.id, id));
  return undefined;
}

/** Due: taken from free money where there is enough. Where not it stays owed, and staff sees it. */
export async function settleWhenDue(tx: Tx, id: string, now: Date): Promise<void> {
  await settle(tx, id, now);
}

export async function payObligation(
  tx: Tx,
  principal: Principal,
  id: string,
  now: Date,
): Promise<Refusal | undefined> {
  const row = /^[0-9a-f-]{36}$/.test(id)
    ? first(await orm(tx).select().from(obligation).where(eq(obligation.id, id)))
    : undefined;
  if (row?.debtorId !== principal.organisationId) return refuse('resource.not_found');
  return settle(tx, id, now);
}

const LIST_MAX = 200;

/** Newest first. Parties see their own, staff all; of one contract when it is named. */
export async function obligationsSeen(
  connection: Connection,
  principal: Principal,
  contractId?: string,
): Promise<ObligationRow[]> {
  const mine = or(
    eq(obligation.debtorId, principal.organisationId),
    eq(obligation.creditorId, principal.organisationId),
  );
  return orm(connection)
    .select()
    .from(obligation)
    .where(
      and(
        principal.staff ? undefined : mine,
        contractId === undefined ? undefined : eq(obligation.contractId, contractId),
      ),
    )
    .orderBy(desc(obligation.createdAt), desc(obligation.id))
    .limit(LIST_MAX);
}
