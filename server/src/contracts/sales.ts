/** A price was found: whoever found it calls `createSale`, and the contract follows by itself. */
import type { CalorificValue } from '@seam/coal';
import { and, eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import { contract, sale, type SaleRow } from './tables.ts';

export type NewSale = {
  /** Unique for ever, for example `auction:<id>:<account>`: a second try finds the first sale. */
  readonly originKey: string;
  readonly originKind: 'auction' | 'request' | 'listing' | 'order_book';
  readonly originId: string;
  readonly listingId: string;
  readonly sellerId: string;
  readonly buyerId: string;
  readonly quantityKg: bigint;
  /** Minor units. */
  readonly pricePerTonne: bigint;
  readonly currency: string;
  /** The heat the price was found for, where it is not the listing's. */
  readonly promisedHeat?: CalorificValue | null;
  /** Terms of the contract as both agreed on them beforehand: `DraftTerms.canonical`. */
  readonly agreedTerms?: string | null;
};

/** @returns the id of the sale and of its contract, whether they were made now or before. */
export async function createSale(tx: Tx, input: NewSale): Promise<{ saleId: string; contractId: string }> {
  const [made] = await orm(tx)
    .insert(sale)
    .values({ id: newId(), ...input })
    .onConflictDoNothing({ target: sale.originKey })
    .returning({ id: sale.id });
  if (!made) {
    const known = first(
      await orm(tx).select({ id: sale.id }).from(sale).where(eq(sale.originKey, input.originKey)),
    );
    const theirs = first(
      await orm(tx)
        .select({ id: contract.id })
        .from(contract)
        .where(and(eq(contract.saleId, known!.id), eq(contract.kind, 'contract'))),
    );
    return { saleId: known!.id, contractId: theirs!.id };
  }
  const contractId = newId();
  await orm(tx)
    .insert(contract)
    .values({
      id: contractId,
      saleId: made.id,
      number: contractNumber(contractId, new Date()),
      sellerId: input.sellerId,
      buyerId: input.buyerId,
      state: 'drafted',
    });
  await enqueue(tx, {
    effectKey: `contract:${contractId}:issue`,
    topic: 'contracts.issue',
    payload: { contractId },
  });
  return { saleId: made.id, contractId };
}

export async function saleById(tx: Tx, id: string): Promise<SaleRow | undefined> {
  return first(await orm(tx).select().from(sale).where(eq(sale.id, id)));
}

/** "SC-20261123-4F7A9C21": readable on the telephone, with no counter to guess the turnover from. */
function contractNumber(id: string, at: Date): string {
  return `SC-${at.toISOString().slice(0, 10).replaceAll('-', '')}-${id.slice(-8).toUpperCase()}`;
}
