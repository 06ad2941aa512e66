import type { AuctionSummary, Ok, auctionComplaintRoutes } from '@seam/protocol';
import { redirect } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { auctionAwards } from '#lib/i18n/auctions-awards.ts';
import type { PageServerLoad } from './$types';

type List<T> = { items: T[] };
type Complaint = Ok<(typeof auctionComplaintRoutes)['openComplaints']>['items'][number];

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fauctions');
  const auctions = async (query: string): Promise<AuctionSummary[]> =>
    orFail(await call<List<AuctionSummary>>(fetch, 'GET', `/v1/auctions?limit=100&${query}`)).items;
  const [complaints, provisional, sealed] = await Promise.all([
    call<List<Complaint>>(fetch, 'GET', '/v1/staff/complaints'),
    auctions('state=standstill'),
    auctions('state=live&format=sealed_bid'),
  ]);
  return {
    title: auctionAwards[locals.locale].staffListTitle,
    complaints: orFail(complaints).items,
    provisional,
    sealed,
  };
};
