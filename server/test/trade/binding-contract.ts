/** A contract that binds, for tests of what follows it: its rows as the signing leaves them, without the signing. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@seam/units';
import type { Sql } from 'postgres';
import {
  type ChosenTerms,
  type ContractTerms,
  type GoodsTerms,
  contractTerms,
} from '../../src/contracts/terms.ts';
import { newId } from '../../src/platform/id.ts';

/** 12 % moisture, 15 % ash, 0.60 % sulphur and 23,000 J/g net, all as received. */
const goods = (): GoodsTerms => ({
  listingId: 'listing',
  listingVersion: 1,
  coalRank: 'bituminous',
  mine: { name: 'Datong', nameZh: '大同', country: 'CN' },
  assay: {
    totalMoisture: { basisPoints: 1200, basis: 'ar' },
    ash: { basisPoints: 1500, basis: 'ar' },
    sulphur: { basisPoints: 60, basis: 'ar' },
    calorificValue: { joulesPerGram: 23_000, kind: 'net', basis: 'ar' },
  },
  deliveryTerm: 'ex_mine',
  deliveryPlace: { name: 'Datong', nameZh: '大同' },
  // Open whenever a test runs by the real clock.
  windowFrom: '2026-11-01',
  windowTo: '2046-12-31',
  transport: 'road',
});

const party = (organisationId: string) => ({
  organisationId,
  name: `Company of ${organisationId}`,
  nameZh: null,
  legalIdKind: 'uscc' as const,
  legalId: '91140100MA0KX7T2C2',
  address: '1 Coal Street',
  bankAccount: '6222 0000 0000 0001',
});

/** 100 t at 600.00 CNY unless told otherwise. */
export function termsBetween(
  sellerId: string,
  buyerId: string,
  more: {
    contractId?: string;
    saleId?: string;
    quantityKg?: bigint;
    pricePerTonne?: bigint;
    chosen?: ChosenTerms;
    goods?: Partial<GoodsTerms>;
    /** An older edition of the library. */
    edition?: number;
  } = {},
): ContractTerms {
  const contractId = more.contractId ?? newId();
  return contractTerms({
    contractId,
    number: `SC-${contractId}`,
    issuedAt: new Date('2026-11-23T12:00:00Z'),
    origin: { kind: 'auction', id: 'auction', saleId: more.saleId ?? newId() },
    seller: party(sellerId),
    buyer: party(buyerId),
    goods: { ...goods(), ...more.goods },
    quantityKg: more.quantityKg ?? 100_000n,
    pricePerTonne: more.pricePerTonne ?? 60_000n,
    currency: 'CNY',
    ...(more.chosen && { chosen: more.chosen }),
    ...(more.edition && { edition: more.edition }),
  });
}

/** @returns id of a binding contract of these terms. */
export async function bindContract(sql: Sql, terms: ContractTerms): Promise<string> {
  const { contractId: id, origin, number, quantityKg, pricePerTonne, currency } = terms;
  const [sellerId, buyerId] = [terms.seller.organisationId, terms.buyer.organisationId];
  const text = canonicalJson(terms);
  await sql`insert into sale (id, origin_key, origin_kind, origin_id, listing_id, seller_id, buyer_id, quantity_kg,
      price_per_tonne, currency)
    values (${origin.saleId}, ${`test:${origin.saleId}`}, 'auction', ${origin.id}, ${terms.goods.listingId},
      ${sellerId}, ${buyerId}, ${quantityKg}, ${pricePerTonne}, ${currency})`;
  await sql`insert into contract (id, sale_id, number, seller_id, buyer_id, state, terms, terms_sha256)
    values (${id}, ${origin.saleId}, ${number}, ${sellerId}, ${buyerId}, 'buyer_signed', ${text},
      ${createHash('sha256').update(text).digest()})`;
  await archive(sql, id);
  await sql`update contract set state = 'binding', bound_at = now() where id = ${id}`;
  return id;
}

/** What the database demands before a contract binds. */
async function archive(sql: Sql, id: string): Promise<void> {
  const file = Buffer.from('the signed document');
  const sha256 = createHash('sha256').update(file).digest();
  await sql`insert into contract_revision (contract_id, n, kind, sha256, prev_sha256, file)
    values (${id}, 5, 'document_timestamp', ${sha256}, ${sha256}, ${file})`;
  await sql`insert into contract_archive (contract_id, final_revision, final_sha256, level, report, document_token,
      archived_at)
    values (${id}, 5, ${sha256}, 'B-LTA', '{}', ${file}, now())`;
}
