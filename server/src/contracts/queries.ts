/** Contracts as their parties and the centre read them. */
import { eq } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import { contract, sale } from './tables.ts';

/** Id of the contract made of the sale with this origin key. */
export async function contractOfOrigin(
  connection: Connection,
  originKey: string,
): Promise<string | undefined> {
  const rows = await orm(connection)
    .select({ id: contract.id })
    .from(contract)
    .innerJoin(sale, eq(contract.saleId, sale.id))
    .where(eq(sale.originKey, originKey));
  return first(rows)?.id;
}
