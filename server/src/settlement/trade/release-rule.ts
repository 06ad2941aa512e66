/** What the house releases at the gate: each rule holds from its day on, for settlements opened then. */
import { desc, lte } from 'drizzle-orm';
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { type Connection, first, orm } from '../../platform/db.ts';

const settlementRule = pgTable('settlement_rule', {
  validFrom: timestamp('valid_from', { withTimezone: true, mode: 'date' }).primaryKey(),
  releaseBasisPoints: integer('release_basis_points').notNull(),
  source: text('source').notNull(),
});

/** The part of the provisional value that the house releases at the gate, in hundredths of a percent. */
export async function releaseRule(connection: Connection, at: Date): Promise<number> {
  const rows = await orm(connection)
    .select()
    .from(settlementRule)
    .where(lte(settlementRule.validFrom, at))
    .orderBy(desc(settlementRule.validFrom))
    .limit(1);
  return first(rows)?.releaseBasisPoints ?? 0;
}
