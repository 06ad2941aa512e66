/**
 * Terms before there is a contract: what two companies negotiate is the very text that they will sign, with
 * the names of the contract and of the sale still open.
 */
import type { CalorificValue } from '@seam/coal';
import { canonicalJson } from '@seam/units';
import type { Connection } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import type { ContractPorts } from './ports.ts';
import type { ContractRow, SaleRow } from './tables.ts';
import {
  type ChosenTerms,
  type GoodsTerms,
  type LibraryTerms,
  type TermsProblem,
  checkTerms,
  composeTerms,
  termsSha256,
} from './terms.ts';

const OPEN = 'draft';

export type DraftOf = {
  readonly origin: { readonly kind: 'listing' | 'request'; readonly id: string };
  readonly sellerId: string;
  readonly buyerId: string;
  readonly listingId: string;
  /** What is agreed otherwise than the listing says. */
  readonly goods: Partial<
    Pick<GoodsTerms, 'deliveryTerm' | 'deliveryPlace' | 'windowFrom' | 'windowTo' | 'transport'>
  >;
  readonly promisedHeat?: CalorificValue;
  readonly quantityKg: bigint;
  /** Minor units; not read where a formula makes the price. */
  readonly pricePerTonne: bigint;
  readonly currency: string;
  readonly chosen: ChosenTerms;
  readonly at: Date;
};

export type DraftTerms = {
  readonly terms: LibraryTerms;
  readonly canonical: string;
  /** Of `canonical`, lower case hexadecimal. */
  readonly sha256: string;
  /** Why nobody may sign them; empty when they can be signed. */
  readonly problems: readonly TermsProblem[];
};

export async function draftTerms(
  connection: Connection,
  ports: Pick<ContractPorts, 'partyOf' | 'goodsOf' | 'feesOf'>,
  of: DraftOf,
): Promise<DraftTerms> {
  const listed = await ports.goodsOf(connection, of.listingId);
  const assay = of.promisedHeat ? { ...listed.assay, calorificValue: of.promisedHeat } : listed.assay;
  const goods = { ...listed, ...of.goods, assay };
  const sale = { sellerId: of.sellerId, buyerId: of.buyerId, market: of.origin.kind, originId: of.origin.id };
  const { coalRank, deliveryTerm } = goods;
  const { terms, problems } = composeTerms({
    contractId: OPEN,
    number: OPEN,
    issuedAt: of.at,
    origin: { ...of.origin, saleId: OPEN },
    seller: await ports.partyOf(connection, of.sellerId, of.currency),
    buyer: await ports.partyOf(connection, of.buyerId, of.currency),
    goods,
    quantityKg: of.quantityKg,
    pricePerTonne: of.pricePerTonne,
    currency: of.currency,
    fees: await ports.feesOf(connection, { ...sale, coalRank, deliveryTerm, currency: of.currency }, of.at),
    chosen: of.chosen,
  });
  return { terms, canonical: canonicalJson(terms), sha256: termsSha256(terms), problems };
}

/** The document of a sale whose terms were agreed on: word for word those, with the names that were open. */
export function agreedDocument(
  of: { readonly sale: SaleRow; readonly contract: ContractRow; readonly issuedAt: Date },
  parties: Pick<LibraryTerms, 'seller' | 'buyer'>,
): LibraryTerms {
  const { sale, contract, issuedAt } = of;
  assert(sale.agreedTerms, `sale ${sale.id} has no agreed terms`);
  const terms: LibraryTerms = {
    ...(JSON.parse(sale.agreedTerms) as LibraryTerms),
    ...parties,
    contractId: contract.id,
    number: contract.number,
    issuedAt: issuedAt.toISOString(),
    origin: { kind: sale.originKind, id: sale.originId, saleId: sale.id },
  };
  const problems = checkTerms(terms);
  const same =
    terms.quantityKg === String(sale.quantityKg) && terms.pricePerTonne === String(sale.pricePerTonne);
  assert(problems.length === 0 && same, `the agreed terms of sale ${sale.id} are not those of the sale`);
  return terms;
}
