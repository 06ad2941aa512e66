import type { AuctionSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { auctions } from '#lib/i18n/auctions.ts';
import { isFormat } from './_parts/formats.ts';
import type { PageServerLoad } from './$types';

type List = { items: AuctionSummary[] };
export type Show = 'all' | 'live' | 'upcoming' | 'ended';
const SHOWS: readonly Show[] = ['all', 'live', 'upcoming', 'ended'];
/** Without asking for them, only the latest of the past. */
const ENDED_SHOWN = 10;

export const load: PageServerLoad = async ({ fetch, url, locals, depends }) => {
  depends('seam:auctions');
  const show = SHOWS.find((word) => word === url.searchParams.get('show')) ?? 'all';
  const endedLimit = show === 'ended' ? 100 : ENDED_SHOWN;
  const asked = url.searchParams.get('format');
  const format = isFormat(asked) ? asked : null;
  const only = format === null ? '' : `&format=${format}`;
  const [now, past] = await Promise.all([
    call<List>(fetch, 'GET', `/v1/auctions?state=live&limit=100${only}`),
    call<List>(fetch, 'GET', `/v1/auctions?state=ended&limit=${endedLimit}${only}`),
  ]);
  const { items } = orFail(now);
  return {
    title: auctions[locals.locale].title,
    show,
    format,
    open: items.filter(({ state }) => state !== 'scheduled'),
    upcoming: items
      .filter(({ state }) => state === 'scheduled')
      .sort((a, b) => Date.parse(a.opensAt) - Date.parse(b.opensAt)),
    ended: past.ok ? past.data.items : [],
  };
};
