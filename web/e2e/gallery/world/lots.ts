/** Lots of the seller's, like those it has on the market already. */
import { listingRoutes, type ListingInput } from '@seam/protocol';
import type { Party } from '../../../../server/test/trade/party.ts';
import { day } from './people.ts';

/** @returns what a further lot of this seller would say, for auction from 600.00. */
export async function lotLike(seller: Party, quantity: string): Promise<ListingInput> {
  const { items } = await seller.must(listingRoutes.listOwnListings, { query: {} });
  const own = items.find((lot) => lot.currency === 'CNY' && lot.state === 'published');
  if (!own) throw new Error('the seller has no lot on the market');
  const like = await seller.must(listingRoutes.getListing, { params: { id: own.id } });
  return {
    mineId: like.mine.id,
    coalRank: like.coalRank,
    assay: like.assay,
    quantity,
    currency: 'CNY',
    saleMethod: 'auction',
    startPrice: '600.00',
    deliveryTerm: like.deliveryTerm ?? 'ex_mine',
    ...(like.deliveryPlace ? { deliveryPlaceId: like.deliveryPlace.id } : {}),
    ...(like.loadPlace ? { loadPlaceId: like.loadPlace.id } : {}),
    windowFrom: day(0),
    windowTo: day(35),
    transport: like.transport,
  };
}

export async function auctionLot(seller: Party, quantity = '1000'): Promise<string> {
  const body = await lotLike(seller, quantity);
  return (await seller.must(listingRoutes.createListing, { body })).id;
}

/** For the gate of the mine, by road: what trucks can carry. */
export async function fixedLot(seller: Party, price = '600.00'): Promise<{ id: string; version: number }> {
  const { startPrice: _, deliveryPlaceId: __, loadPlaceId: ___, ...like } = await lotLike(seller, '100');
  const body = {
    ...like,
    saleMethod: 'fixed_price',
    price,
    deliveryTerm: 'ex_mine',
    transport: 'road',
  } as const;
  return seller.must(listingRoutes.createListing, { body });
}
