/** Companies that carry coal for others, and own none of it. */
import { and, eq } from 'drizzle-orm';
import { type Connection, orm } from '../platform/db.ts';
import { organisation } from './tables.ts';

/** Whether the company is a carrier that may work. */
export async function isCarrier(connection: Connection, organisationId: string): Promise<boolean> {
  const rows = await orm(connection)
    .select({ id: organisation.id })
    .from(organisation)
    .where(
      and(
        eq(organisation.id, organisationId),
        eq(organisation.kind, 'carrier'),
        eq(organisation.status, 'active'),
      ),
    );
  return rows.length > 0;
}
