/**
 * The place of a lot in its catalogue. All lots of one are in one shard, for the market calls them one after
 * another: the id of a later lot is drawn until it falls there.
 */
import type { AuctionTerms, CatalogueTerms } from '@seam/engine';
import type { ScheduleAuctionBody } from '@seam/protocol';
import { parseTonnes } from '@seam/units';
import { shardIndex } from '../exchange/gateway.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { isRefusal } from '../platform/refusal.ts';

export type Placed = {
  readonly id: string;
  /** With an opening that follows from the lot before, when none was named. */
  readonly body: ScheduleAuctionBody;
  readonly place: { readonly catalogue?: CatalogueTerms };
};

export async function placeInCatalogue(
  tx: Tx,
  ownerId: string,
  body: ScheduleAuctionBody,
): Promise<Placed | Refusal> {
  const { catalogue: given } = body;
  if (given === undefined) return { id: newId(), body, place: {} };
  if ('firstAuctionId' in given) return placeAfter(tx, ownerId, body, given.firstAuctionId);
  const id = newId();
  const cap = capOf(given.cap, body.lotSize ?? '50');
  if (isRefusal(cap)) return cap;
  const catalogue = {
    catalogueId: id,
    position: 1,
    pauseMs: given.pauseSeconds * 1000,
    ...(cap && { cap }),
    ...(given.groupIds && { groupIds: given.groupIds }),
  };
  return { id, body, place: { catalogue } };
}

type GivenCap = Extract<NonNullable<ScheduleAuctionBody['catalogue']>, { pauseSeconds: number }>['cap'];

/** A cap in tonnes is a whole number of the catalogue's lot size, which is the same in all of it. */
function capOf(cap: GivenCap, lotSize: string): CatalogueTerms['cap'] | Refusal {
  if (cap === undefined || cap.unit === 'lots') return cap;
  const step = parseTonnes(lotSize) ?? 0n;
  const mass = parseTonnes(cap.maximum) ?? 0n;
  if (step <= 0n || mass <= 0n || mass % step !== 0n) {
    return refuse('auction.terms_invalid', { fields: { catalogue: 'off_grid' } });
  }
  return { unit: 'quantity', maximum: Number(mass / step) };
}

type Lot = { id: string; ownerId: string; terms: AuctionTerms; closesAt: Date };

async function placeAfter(
  tx: Tx,
  ownerId: string,
  body: ScheduleAuctionBody,
  firstId: string,
): Promise<Placed | Refusal> {
  // Its row is locked, so that two lots put up together get two places.
  const [first] = await tx<Lot[]>`select id, owner_id as "ownerId", terms, closes_at as "closesAt"
    from auction where id = ${firstId} and state <> 'refused' for update`;
  const known = first?.terms.catalogue;
  if (!first || known?.catalogueId !== firstId || first.ownerId !== ownerId) {
    return refuse('auction.terms_invalid', { fields: { catalogue: 'unknown' } });
  }
  const [last] = await tx<{ position: number; closesAt: Date }[]>`
    select (terms -> 'catalogue' ->> 'position')::int as position, closes_at as "closesAt" from auction
     where terms -> 'catalogue' ->> 'catalogueId' = ${firstId} order by 1 desc limit 1`;
  const [{ shards } = { shards: 1 }] = await tx<
    { shards: number }[]
  >`select count(*)::int as shards from shard`;
  let id = newId();
  while (shardIndex(id, shards) !== shardIndex(firstId, shards)) id = newId();
  const catalogue = { ...known, position: (last?.position ?? 1) + 1 };
  const opensAt = new Date((last ?? first).closesAt.getTime() + known.pauseMs).toISOString();
  return { id, body: body.opensAt === undefined ? { ...body, opensAt } : body, place: { catalogue } };
}
