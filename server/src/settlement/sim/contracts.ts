/**
 * Contracts that bind, many at a time: the rows that signing leaves behind, without the signing. The database's own
 * demands (an archive before it binds) hold for them as for others.
 */
import { createHash } from 'node:crypto';
import { type Posting, applyBidSecurity, partyAccount, posting } from '@seam/ledger';
import { canonicalJson, minor } from '@seam/units';
import type { Sql } from 'postgres';
import { termsBetween } from '../../../test/trade/binding-contract.ts';
import type { ContractTerms } from '../../contracts/public.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { LedgerPoster } from '../ledger/poster.ts';
import type { PlannedTrade } from './plan.ts';

export type BoundTrade = PlannedTrade & { readonly id: string; readonly terms: ContractTerms };

const WINDOW_DAYS = 60;
/** What the buyer won the contract with, in minor units. */
export const SECURITY = minor(100_000n);

export function bound(trade: PlannedTrade, startMs: number): BoundTrade {
  const standard = termsBetween(trade.seller, trade.buyer, {
    quantityKg: trade.quantityKg,
    pricePerTonne: trade.pricePerTonne,
  });
  const windowTo = new Date(startMs + WINDOW_DAYS * 86_400_000).toISOString().slice(0, 10);
  const terms: ContractTerms = {
    ...standard,
    currency: trade.currency,
    goods: { ...standard.goods, windowTo },
    payment: { ...standard.payment, releaseBasisPoints: trade.releaseBasisPoints },
  };
  return { ...trade, id: terms.contractId, terms };
}

const FILE = Buffer.from('the signed document');
const FILE_SHA = createHash('sha256').update(FILE).digest();

/** Writes the contracts and asks for their settlements to be opened: one transaction. */
export async function bindAll(sql: Sql, trades: readonly BoundTrade[]): Promise<void> {
  const texts = trades.map(({ terms }) => canonicalJson(terms));
  const of = <T>(pick: (trade: BoundTrade) => T): T[] => trades.map(pick);
  await sql.begin(async (tx) => {
    await tx`insert into sale (id, origin_key, origin_kind, origin_id, listing_id, seller_id, buyer_id, quantity_kg,
        price_per_tonne, currency)
      select id::uuid, 'sim:' || id, 'auction', 'auction', 'listing', seller, buyer, kg::bigint, price::bigint, currency
        from unnest(${of(({ terms }) => terms.origin.saleId)}::text[], ${of(({ seller }) => seller)}::text[],
          ${of(({ buyer }) => buyer)}::text[], ${of(({ quantityKg }) => String(quantityKg))}::text[],
          ${of(({ pricePerTonne }) => String(pricePerTonne))}::text[], ${of(({ currency }) => currency)}::text[])
          as u(id, seller, buyer, kg, price, currency)`;
    const ids = of(({ id }) => id);
    await tx`insert into contract (id, sale_id, number, seller_id, buyer_id, state, terms, terms_sha256)
      select id::uuid, sale::uuid, number, seller, buyer, 'buyer_signed', terms::text, sha256(convert_to(terms, 'UTF8'))
        from unnest(${ids}::text[], ${of(({ terms }) => terms.origin.saleId)}::text[],
          ${of(({ terms }) => terms.number)}::text[], ${of(({ seller }) => seller)}::text[],
          ${of(({ buyer }) => buyer)}::text[], ${texts}::text[]) as u(id, sale, number, seller, buyer, terms)`;
    await tx`insert into contract_revision (contract_id, n, kind, sha256, prev_sha256, file)
      select id::uuid, 5, 'document_timestamp', ${FILE_SHA}, ${FILE_SHA}, ${FILE} from unnest(${ids}::text[]) id`;
    await tx`insert into contract_archive (contract_id, final_revision, final_sha256, level, report, document_token,
        archived_at)
      select id::uuid, 5, ${FILE_SHA}, 'B-LTA', '{}', ${FILE}, now() from unnest(${ids}::text[]) id`;
    await tx`update contract set state = 'binding', bound_at = now() where id = any(${ids}::uuid[])`;
    for (const contractId of ids) {
      await enqueue(tx, {
        effectKey: `settlement:${contractId}:open`,
        topic: 'settlement.open',
        payload: { contractId },
      });
    }
  });
}

/** What the buyers won with stands behind their contracts. */
export async function secureAll(poster: LedgerPoster, trades: readonly BoundTrade[]): Promise<void> {
  await Promise.all(
    trades.map(async ({ id, buyer, currency }) => {
      const won: Posting = posting({
        effectKey: `won.${id}`,
        reason: 'correction',
        subject: `contract:${id}`,
        legs: [
          {
            phase: 'posted',
            debit: partyAccount(buyer, currency, 'free'),
            credit: partyAccount(buyer, currency, 'bid_security'),
            amount: SECURITY,
          },
        ],
      });
      const applied = applyBidSecurity({ contractId: id, orgId: buyer, currency, amount: SECURITY });
      const { ok } = await poster.post([won, applied]);
      if (!ok) throw new Error(`the security of ${id} could not be posted`);
    }),
  );
}
