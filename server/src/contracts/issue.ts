/** Turns a sale into a document to sign: the terms are frozen, rendered once, and hashed. */
import { createHash } from 'node:crypto';
import type { CalorificValue } from '@seam/coal';
import { and, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Clock } from '../platform/clock.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { agreedDocument } from './draft.ts';
import type { ContractPorts } from './ports.ts';
import type { Press } from './press/press.ts';
import { enqueueDeadline } from './signing/end.ts';
import { contractVersion } from './negotiation/tables.ts';
import { contract, contractRevision, sale } from './tables.ts';
import { type GoodsTerms, contractTerms } from './terms.ts';

/** Both signatures within this time, or the contract lapses. */
const SIGN_WITHIN_DAYS = 3;
const DAY_MS = 24 * 3600_000;

export type IssueDeps = {
  readonly sql: Sql;
  readonly ports: ContractPorts;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly press: Press;
};

/** What won by its heat is sold by that heat: the rest is as the listing says. */
export function promised(goods: GoodsTerms, heat: CalorificValue | null): GoodsTerms {
  return heat === null ? goods : { ...goods, assay: { ...goods.assay, calorificValue: heat } };
}

/** @returns what to write; repeating it for a contract that has its document writes nothing. */
export async function issueContract(deps: IssueDeps, contractId: string): Promise<(tx: Tx) => Promise<void>> {
  const { sql, ports } = deps;
  const rows = await orm(sql)
    .select()
    .from(contract)
    .innerJoin(sale, eq(contract.saleId, sale.id))
    .where(eq(contract.id, contractId));
  const row = first(rows);
  assert(row, `contract ${contractId} without a row`);
  if (row.contract.state !== 'drafted') return async () => {};
  const issuedAt = deps.clock.now();
  const parties = {
    seller: await ports.partyOf(sql, row.sale.sellerId, row.sale.currency),
    buyer: await ports.partyOf(sql, row.sale.buyerId, row.sale.currency),
  };
  const { sellerId, buyerId, originKind: market, originId, currency } = row.sale;
  const goods = promised(
    await ports.goodsOf(sql, row.sale.listingId, row.sale.listingVersion),
    row.sale.promisedHeat,
  );
  const { coalRank, deliveryTerm } = goods;
  const sold = { sellerId, buyerId, market, originId, coalRank, deliveryTerm, currency };
  const terms =
    row.sale.agreedTerms === null
      ? contractTerms({
          contractId,
          number: row.contract.number,
          issuedAt,
          origin: { kind: row.sale.originKind, id: row.sale.originId, saleId: row.sale.id },
          ...parties,
          goods,
          quantityKg: row.sale.quantityKg,
          pricePerTonne: row.sale.pricePerTonne,
          currency,
          fees: await ports.feesOf(sql, sold, issuedAt),
        })
      : agreedDocument({ ...row, issuedAt }, parties);
  const { termsJson, bytes } = await deps.press.run('render', [terms, deps.publicUrl]);
  const signBy = new Date(issuedAt.getTime() + SIGN_WITHIN_DAYS * DAY_MS);
  return async (tx) => {
    const moved = await orm(tx)
      .update(contract)
      .set({
        state: 'issued',
        terms: termsJson,
        termsSha256: createHash('sha256').update(termsJson).digest(),
        signBy,
      })
      .where(and(eq(contract.id, contractId), eq(contract.state, 'drafted')))
      .returning({ id: contract.id });
    if (moved.length === 0) return;
    await orm(tx)
      .insert(contractRevision)
      .values({
        contractId,
        n: 0,
        kind: 'issued',
        sha256: createHash('sha256').update(bytes).digest(),
        file: bytes,
      });
    await orm(tx)
      .insert(contractVersion)
      .values({
        contractId,
        version: terms.version,
        firstRevision: 0,
        terms: termsJson,
        termsSha256: createHash('sha256').update(termsJson).digest(),
        issuedAt,
      });
    await enqueueDeadline(tx, contractId, signBy);
  };
}
