/** Sales that nobody haggles over: taken, delivered or awarded at a price that stands, under the lot's lock. */
import { invoiceAmount } from '@seam/coal';
import { kilograms, minor, shareOut } from '@seam/units';
import type { Tx } from '../platform/db.ts';
import { type Refusal, isRefusal } from '../platform/refusal.ts';
import type { CreateSale, ListingDeps } from './ports.ts';
import type { ListingRow, MonthPart } from './tables.ts';

export type DirectSale = Omit<Parameters<CreateSale>[1], 'originKind' | 'agreedTerms' | 'listingId'> & {
  readonly originKind: 'request' | 'listing';
};

/** Refuses what no contract could be made of, before anybody is bound. The lot is lowered by the caller. */
export async function makeSale(
  tx: Tx,
  deps: Pick<ListingDeps, 'createSale' | 'contractBeforehand'>,
  lot: Pick<ListingRow, 'id' | 'monthSplit'>,
  of: DirectSale,
): Promise<{ saleId: string; contractId: string } | Refusal> {
  const { originKey, ...rest } = of;
  const sale = { ...rest, listingId: lot.id };
  const months = monthsOf(lot, of.quantityKg);
  const contract = await deps.contractBeforehand(tx, { ...sale, months });
  if (isRefusal(contract)) return contract;
  return deps.createSale(tx, { ...sale, originKey, ...contract });
}

/** What a contract of so much at this price comes to, in minor units. */
export function saleValue(pricePerTonne: bigint, quantityKg: bigint): bigint {
  return invoiceAmount(minor(pricePerTonne), kilograms(quantityKg));
}

/** A part of an annual lot is called off month by month in the proportions in which its seller split the whole. */
export function monthsOf(
  { monthSplit }: Pick<ListingRow, 'monthSplit'>,
  quantityKg: bigint,
): readonly MonthPart[] | null {
  if (!monthSplit) return null;
  const parts = shareOut(
    quantityKg,
    monthSplit.map(({ kg }) => BigInt(kg)),
  );
  return monthSplit.map(({ month }, at) => ({ month, kg: String(parts[at]) }));
}
