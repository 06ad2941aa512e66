/** The inspection of a delivery as a row: opened by its plan, locked for each move, every move kept. */
import { type Kilograms, kilograms } from '@seam/units';
import { desc, eq, sql as expression } from 'drizzle-orm';
import { bigint, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { type DeliveryOrderRow, lockOrder } from '../logistics/public.ts';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import type { Principal } from '../platform/principal.ts';
import { type InspectionMove, moveInspection } from './lifecycle.ts';
import { type InspectionRow, type SamplingPlan, inspection, qualityEvent } from './tables.ts';

const samplingRule = pgTable('sampling_rule', {
  validFrom: timestamp('valid_from', { withTimezone: true, mode: 'date' }).notNull(),
  upToKg: bigint('up_to_kg', { mode: 'bigint' }).notNull(),
  increments: integer('increments').notNull(),
  source: text('source').notNull(),
});

type SamplingRule = Pick<typeof samplingRule.$inferSelect, 'upToKg' | 'increments' | 'source'>;

/** The delivery is cut into equal lots no larger than the largest unit of the rules; the unit's increments each. */
export function planFor(mass: Kilograms, rules: readonly SamplingRule[]): SamplingPlan {
  const units = rules.toSorted((a, b) => (a.upToKg < b.upToKg ? -1 : 1));
  const largest = units.at(-1);
  assert(largest, 'no rule for sampling');
  const lots = (mass + largest.upToKg - 1n) / largest.upToKg;
  const lotKg = (mass + lots - 1n) / lots;
  const { increments, source } = units.find(({ upToKg }) => lotKg <= upToKg) ?? largest;
  return { unit: 'delivery', lots: Number(lots), lotKg: String(lotKg), increments, source };
}

async function planOf(connection: Connection, order: DeliveryOrderRow, now: Date): Promise<SamplingPlan> {
  // The rules in force; before the first ones there were, those.
  const newest = expression`(select coalesce(max(valid_from) filter (where valid_from <= ${now.toISOString()}::timestamptz),
    min(valid_from)) from sampling_rule)`;
  const rules = await orm(connection)
    .select()
    .from(samplingRule)
    .where(eq(samplingRule.validFrom, newest))
    .orderBy(desc(samplingRule.upToKg));
  return planFor(kilograms(order.quantityKg), rules);
}

/** The row as it is, or as it would be opened now. */
export async function inspectionOf(
  connection: Connection,
  order: DeliveryOrderRow,
  now: Date,
): Promise<InspectionRow> {
  const found = first(
    await orm(connection).select().from(inspection).where(eq(inspection.deliveryOrderId, order.id)),
  );
  return (
    found ?? {
      deliveryOrderId: order.id,
      contractId: order.contractId,
      state: 'planned',
      plan: await planOf(connection, order, now),
      flags: [],
      challengeDueAt: null,
      challengedBy: null,
      finalQuality: null,
      decisions: [],
    }
  );
}

/** Locks the delivery, and opens its inspection where there is none yet. */
export async function lockInspection(
  tx: Tx,
  deliveryOrderId: string,
  now: Date,
): Promise<{ order: DeliveryOrderRow; row: InspectionRow } | undefined> {
  const order = await lockOrder(tx, deliveryOrderId);
  if (!order) return undefined;
  const row = await inspectionOf(tx, order, now);
  await orm(tx).insert(inspection).values(row).onConflictDoNothing();
  return { order, row };
}

export type MovedBy = {
  readonly personId: string;
  readonly organisationId: string | null;
  readonly at: Date;
};
export const byPerson = ({ personId, organisationId }: Principal, at: Date): MovedBy => ({
  personId,
  organisationId: organisationId === '' ? null : organisationId,
  at,
});
export const byTime = (at: Date): MovedBy => ({ personId: 'system', organisationId: null, at });

/** @returns the row after the move; undefined when it is not possible now. The caller holds the lock. */
export async function moveRow(
  tx: Tx,
  row: InspectionRow,
  move: InspectionMove,
  by: MovedBy & { readonly detail?: string; readonly set?: Partial<InspectionRow> },
): Promise<InspectionRow | undefined> {
  const state = moveInspection(row.state, move);
  if (!state) return undefined;
  const next = { ...row, ...by.set, state };
  const where = eq(inspection.deliveryOrderId, row.deliveryOrderId);
  await orm(tx)
    .update(inspection)
    .set({ ...by.set, state })
    .where(where);
  const last = first(
    await orm(tx)
      .select({ n: qualityEvent.n })
      .from(qualityEvent)
      .where(eq(qualityEvent.deliveryOrderId, row.deliveryOrderId))
      .orderBy(desc(qualityEvent.n))
      .limit(1),
  );
  await orm(tx)
    .insert(qualityEvent)
    .values({
      deliveryOrderId: row.deliveryOrderId,
      n: (last?.n ?? 0) + 1,
      move,
      state,
      personId: by.personId,
      organisationId: by.organisationId,
      detail: by.detail ?? '',
      at: by.at,
    });
  return next;
}
