/** The buyer takes lots at their own fixed prices for its request, a blend say: all of them or nothing. */
import type { TakeLotsInput } from '@seam/protocol';
import {
  type FieldErrors,
  type ListingRow,
  listingsById,
  readQuantity,
  refusalOf,
} from '../../listings/public.ts';
import type { Tx } from '../../platform/db.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import type { Actor } from '../ports.ts';
import { isMemberOf } from '../readers.ts';
import type { AwardRow, RequestRow } from '../tables.ts';
import { type Goods, type SellingDeps, mayBind, sellToRequest } from './sell.ts';
import { exceeded, lockOwn, notLive, outstandingKg, settleRequest } from './state.ts';

export async function takeLots(
  tx: Tx,
  deps: SellingDeps,
  actor: Actor,
  of: { readonly requestId: string; readonly input: TakeLotsInput },
): Promise<AwardRow[] | Refusal> {
  const now = deps.clock.now();
  const to = await lockOwn(tx, actor, of.requestId);
  if (isRefusal(to)) return to;
  const closed = notLive(to, now);
  if (closed) return closed;
  const goods = await readGoods(tx, to, of.input);
  if (isRefusal(goods)) return goods;
  const outstanding = outstandingKg(to);
  const total = goods.reduce((sum, { kg }) => sum + kg, 0n);
  if (total > outstanding) return exceeded(outstanding);
  const beyond = await mayBind(tx, deps, { actor, currency: to.currency, parts: goods });
  if (beyond) return beyond;
  const made: AwardRow[] = [];
  for (const one of goods.toSorted((a, b) => (a.listingId < b.listingId ? -1 : 1))) {
    const sold = await sellToRequest(tx, deps, { actor, to, goods: one, now });
    if (isRefusal(sold)) return sold;
    made.push(...sold);
  }
  await settleRequest(tx, to, { contractedKg: to.contractedKg + total });
  return made;
}

async function readGoods(tx: Tx, to: RequestRow, { lots }: TakeLotsInput): Promise<Goods[] | Refusal> {
  const rows = await listingsById(
    tx,
    lots.map(({ listingId }) => listingId),
  );
  const fields: FieldErrors = {};
  const goods: Goods[] = [];
  for (const [place, { listingId, version, quantity }] of lots.entries()) {
    const row = rows.get(listingId);
    const kg = readQuantity(quantity, `lots.${place}.quantity`, fields);
    if (!row || row.source !== 'member') return refuse('resource.not_found');
    if (await isMemberOf(tx, to.poolId, row.sellerId)) return refuse('listing.own');
    if (row.version !== version)
      return refuse('listing.changed', { accepted: { version: String(row.version) } });
    const pricePerTonne = priceFor(to, row);
    if (pricePerTonne === undefined)
      return refuse('listing.not_fixed_price', { detail: `not in ${to.currency}` });
    if (goods.some((one) => one.listingId === listingId))
      fields[`lots.${place}.listingId`] = 'purchase_request.lot_twice';
    goods.push({ listingId, sellerId: row.sellerId, responseId: null, kg, pricePerTonne });
  }
  return refusalOf(fields, {}, 'purchase_request.invalid') ?? goods;
}

/** In another currency nobody has named a price. */
function priceFor(to: RequestRow, row: ListingRow): bigint | undefined {
  const isFixed = row.saleMethod === 'fixed_price' && row.currency === to.currency;
  return isFixed ? (row.pricePerTonne ?? undefined) : undefined;
}
