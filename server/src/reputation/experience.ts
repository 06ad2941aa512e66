/** What settled deliveries of a mine were found to hold, against what its listings had said. */
import { type Assay, type CertifiedQuality, heatOn, roundHalfUp } from '@seam/coal';
import type { ListingExperience } from '@seam/protocol';
import type { Connection } from '../platform/db.ts';
import { assayOf } from '../quality/public.ts';
import { sampleOf } from './sample.ts';

type Lot = {
  readonly listingId: string;
  readonly sellerId: string;
  readonly mine: string;
  readonly listed: number | null;
};
type Found = {
  readonly sellerId: string;
  readonly buyerId: string;
  readonly mine: string;
  readonly listed: Assay;
  readonly quality: CertifiedQuality;
};
type Difference = { readonly buyerId: string; readonly isOwn: boolean; readonly joules: number };

/** The newest of each mine; older ones say little of what it digs now. */
const DELIVERIES_MAX = 40;
/** Others' deliveries are told when they are of so many buyers: a reader could tell one's from their mean. */
const BUYERS_LEAST = 2;

export async function experienceOf(
  connection: Connection,
  listingIds: readonly string[],
  organisationId: string,
): Promise<ListingExperience[]> {
  const lots = await connection<Lot[]>`
    select l.id as "listingId", l.seller_id as "sellerId", m.name as mine, l.search_net_ar_j_per_g as listed
      from listing l join mine m on m.id = l.mine_id
     where l.id = any(${[...listingIds]})`;
  const keys = new Map(lots.map((lot) => [keyOf(lot), lot]));
  const found = keys.size === 0 ? [] : await settledOf(connection, [...keys.values()]);
  const differences = new Map<string, Difference[]>();
  for (const one of found) {
    const joules = differenceOf(one);
    if (joules === undefined) continue;
    const isOwn = one.buyerId === organisationId || one.sellerId === organisationId;
    const list = differences.get(keyOf(one)) ?? [];
    differences.set(keyOf(one), [...list, { buyerId: one.buyerId, isOwn, joules }]);
  }
  return lots.map((lot) => experienceOfLot(lot, differences.get(keyOf(lot)) ?? []));
}

function experienceOfLot(lot: Lot, all: readonly Difference[]): ListingExperience {
  const own = sampleOf(all.filter(({ isOwn }) => isOwn).map(({ joules }) => joules)) ?? null;
  const others = all.filter(({ isOwn }) => !isOwn);
  const isHidden = new Set(others.map(({ buyerId }) => buyerId)).size < BUYERS_LEAST;
  const everybody = isHidden ? null : (sampleOf(all.map(({ joules }) => joules)) ?? null);
  const mean = (own ?? everybody)?.mean;
  return {
    listingId: lot.listingId,
    listed: lot.listed,
    own,
    all: everybody,
    expected: lot.listed === null || mean === undefined ? null : lot.listed + mean,
  };
}

const keyOf = ({ sellerId, mine }: { readonly sellerId: string; readonly mine: string }): string =>
  `${sellerId} ${mine}`;

async function settledOf(connection: Connection, lots: readonly Lot[]): Promise<Found[]> {
  return connection<Found[]>`
    select f.* from unnest(${lots.map(({ sellerId }) => sellerId)}::text[], ${lots.map(({ mine }) => mine)}::text[])
             as k(seller, mine)
      cross join lateral (
        select s.seller_id as "sellerId", s.buyer_id as "buyerId", k.mine, c.terms::jsonb #> '{goods,assay}' as listed,
               q.quality
          from settlement s
          left join contract_delivery x on x.id = s.contract_id::uuid
          join contract c on c.id = coalesce(x.contract_id, s.contract_id::uuid)
          join delivery_order o on o.contract_id = s.contract_id
          join delivery_quality q on q.delivery_order_id = o.id
         where s.seller_id = k.seller and s.state in ('paying_out', 'payout_failed', 'closed')
           and c.terms::jsonb #>> '{goods,mine,name}' = k.mine
         order by s.opened_at desc, s.contract_id limit ${DELIVERIES_MAX}) f`;
}

/** As certified where the laboratory said it, computed from what it said elsewhere. */
function netOf(assay: Assay) {
  const stated = [assay.calorificValue, ...(assay.also?.calorificValue ?? [])];
  const itself = stated.find(({ kind, basis }) => kind === 'net' && basis === 'ar');
  return heatOn(assay, 'net', 'ar', itself)?.joulesPerGram;
}

/** J/g, net as received: found less listed. */
function differenceOf({ listed, quality }: Found): number | undefined {
  const certified = assayOf(quality);
  const found = certified && netOf(certified);
  const promised = heatOn(listed, 'net', 'ar')?.joulesPerGram;
  return found && promised ? Number(roundHalfUp(found)) - Number(roundHalfUp(promised)) : undefined;
}
