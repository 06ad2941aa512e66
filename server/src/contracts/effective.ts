/** What settlement and logistics work by: the terms of a contract that binds, read and checked. */
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { contract } from './tables.ts';
import { type ContractTerms, parseTerms } from './terms.ts';

export type BindingContract = {
  readonly id: string;
  readonly sellerId: string;
  readonly buyerId: string;
  readonly terms: ContractTerms;
};

/**
 * @returns undefined for a contract that does not bind.
 * @throws an assertion when the terms on record are not the ones that were hashed and signed.
 */
export async function bindingContract(
  connection: Connection,
  id: string,
): Promise<BindingContract | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const row = first(await orm(connection).select().from(contract).where(eq(contract.id, id)));
  if (row?.state !== 'binding' || row.terms === null) return undefined;
  const terms = agreedTerms(row.terms, row.termsSha256);
  assert(terms.contractId === id, `contract ${id} holds the terms of another`);
  return { id, sellerId: row.sellerId, buyerId: row.buyerId, terms };
}

/** Terms from their row: the hash must fit, and the parser must accept every word. */
export function agreedTerms(text: string, sha256: Uint8Array | null): ContractTerms {
  const hash = createHash('sha256').update(text).digest();
  assert(sha256 !== null && hash.equals(sha256), 'the terms on record are not the ones that were hashed');
  const parsed = parseTerms(text);
  const why = parsed.ok ? '' : parsed.problems.map(({ path, code }) => `${path} ${code}`).join(', ');
  assert(parsed.ok, `terms that cannot be carried out: ${why}`);
  return parsed.terms;
}
