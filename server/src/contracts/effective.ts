/** What settlement and logistics work by: the terms of a contract that binds, read and checked. */
import { createHash } from 'node:crypto';
import { and, asc, eq } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { contractDelivery } from './deliveries.ts';
import { type ContractRow, contract } from './tables.ts';
import {
  type AmendmentTerms,
  type ContractTerms,
  applyAmendment,
  parseAmendment,
  parseTerms,
} from './terms.ts';

export type BindingContract = {
  /** Of the contract, or of one delivery under it. */
  readonly id: string;
  /** Of the contract: the same, unless it is called off delivery by delivery. */
  readonly contractId: string;
  readonly sellerId: string;
  readonly buyerId: string;
  /** With every amendment that binds applied. */
  readonly terms: ContractTerms;
};

/**
 * What is to be delivered and paid under this id: a contract that binds, or one delivery of a contract that is
 * called off, whose terms are those of the contract with the quantity, price and window of the delivery.
 *
 * @returns undefined for a contract that does not bind, and for an amendment, which is no contract of its own.
 * @throws an assertion when what is on record is not what was hashed and signed.
 */
export async function bindingContract(
  connection: Connection,
  id: string,
): Promise<BindingContract | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const row = first(await orm(connection).select().from(contract).where(eq(contract.id, id)));
  if (!row) return delivered(connection, id);
  if (row.state !== 'binding' || row.kind !== 'contract' || row.terms === null) return undefined;
  const terms = await effectiveTerms(connection, row);
  assert(terms.contractId === id, `contract ${id} holds the terms of another`);
  return { id, contractId: id, sellerId: row.sellerId, buyerId: row.buyerId, terms };
}

async function delivered(connection: Connection, id: string): Promise<BindingContract | undefined> {
  const delivery = first(
    await orm(connection).select().from(contractDelivery).where(eq(contractDelivery.id, id)),
  );
  const under = delivery && (await bindingContract(connection, delivery.contractId));
  if (!under) return undefined;
  const { n, quantityKg, pricePerTonne, windowFrom, windowTo } = delivery;
  const terms = {
    ...under.terms,
    number: `${under.terms.number}/${n}`,
    quantityKg: String(quantityKg),
    pricePerTonne: String(pricePerTonne),
    goods: { ...under.terms.goods, windowFrom, windowTo },
  };
  return { ...under, id, terms };
}

/** The terms as signed, with the amendments that bind applied in their order. */
export async function effectiveTerms(connection: Connection, row: ContractRow): Promise<ContractTerms> {
  assert(row.terms !== null, `contract ${row.id} has no terms yet`);
  let terms = agreedTerms(row.terms, row.termsSha256);
  const amendments = await orm(connection)
    .select({ number: contract.number, terms: contract.terms, termsSha256: contract.termsSha256 })
    .from(contract)
    .where(and(eq(contract.amendsContractId, row.id), eq(contract.state, 'binding')))
    .orderBy(asc(contract.amendmentNumber));
  for (const { number, terms: text, termsSha256 } of amendments) {
    assert(
      text !== null && terms.schema === 'seam.contract.2',
      `amendment ${number} of terms that take none`,
    );
    const next = applyAmendment(terms, agreedAmendment(text, termsSha256));
    assert(next, `amendment ${number} does not lead to the terms that were signed`);
    terms = next;
  }
  return terms;
}

/** Terms from their row: the hash must fit, and the parser must accept every word. */
export function agreedTerms(text: string, sha256: Uint8Array | null): ContractTerms {
  assertHash(text, sha256);
  const parsed = parseTerms(text);
  const why = parsed.ok ? '' : parsed.problems.map(({ path, code }) => `${path} ${code}`).join(', ');
  assert(parsed.ok, `terms that cannot be carried out: ${why}`);
  return parsed.terms;
}

export function agreedAmendment(text: string, sha256: Uint8Array | null): AmendmentTerms {
  assertHash(text, sha256);
  const amendment = parseAmendment(text);
  assert(amendment, 'an amendment on record that cannot be read');
  return amendment;
}

function assertHash(text: string, sha256: Uint8Array | null): void {
  const hash = createHash('sha256').update(text).digest();
  assert(sha256 !== null && hash.equals(sha256), 'the terms on record are not the ones that were hashed');
}
