import { call } from '#lib/api/call.ts';
import type { AuctionSummary } from '@seam/protocol';
import { toLotCard } from '#lib/api/market.server.ts';
import type { ListingSummary } from '@seam/protocol';
import type { PageServerLoad } from './$types';

type Page<T> = { items: T[] };

/** The start page stands even when a part of the exchange does not answer: each list is on its own. */
export const load: PageServerLoad = async ({ fetch, locals }) => {
  const [open, scheduled, listings] = await Promise.all([
    call<Page<AuctionSummary>>(fetch, 'GET', '/v1/auctions?state=open&limit=6'),
    call<Page<AuctionSummary>>(fetch, 'GET', '/v1/auctions?state=scheduled&limit=8'),
    call<Page<ListingSummary>>(fetch, 'GET', '/v1/listings?limit=8&source=offers'),
  ]);
  return {
    open: open.ok ? open.data.items : [],
    scheduled: scheduled.ok ? scheduled.data.items : [],
    lots: listings.ok ? listings.data.items.map((listing) => toLotCard(listing, locals.locale)) : [],
  };
};
