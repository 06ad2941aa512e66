/** Who trades what by a contract: what other slices ask before they serve its parties. */
import { eq } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import { contract, sale } from './tables.ts';

export type ContractFacts = {
  readonly id: string;
  readonly state: string;
  readonly sellerId: string;
  readonly buyerId: string;
  readonly listingId: string;
  readonly quantityKg: bigint;
};

/** @returns undefined for what is no contract, and for an amendment, which is none of its own. */
export async function contractFacts(connection: Connection, id: string): Promise<ContractFacts | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const { state, sellerId, buyerId } = contract;
  const { listingId, quantityKg } = sale;
  const row = first(
    await orm(connection)
      .select({ id: contract.id, kind: contract.kind, state, sellerId, buyerId, listingId, quantityKg })
      .from(contract)
      .innerJoin(sale, eq(contract.saleId, sale.id))
      .where(eq(contract.id, id)),
  );
  if (row?.kind !== 'contract') return undefined;
  const { kind: _kind, ...facts } = row;
  return facts;
}
