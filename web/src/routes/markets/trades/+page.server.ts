import type { InstrumentSummary, ListingSummary, MarketTrade } from '@seam/protocol';
import { type Actions, redirect } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { marketsTrades } from '#lib/i18n/markets-trades.ts';
import { nameIn } from '#lib/lots/options.ts';
import { instrumentTitle } from '../_parts/instrument.ts';
import { fits } from './fits.ts';
import type { PageServerLoad } from './$types';

type List<T> = { items: T[] };

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/markets/trades')}`);
  const [trades, instruments, own] = await Promise.all([
    call<List<MarketTrade>>(fetch, 'GET', '/v1/market-trades'),
    call<List<InstrumentSummary>>(fetch, 'GET', '/v1/instruments'),
    call<List<ListingSummary>>(fetch, 'GET', '/v1/listings/mine'),
  ]);
  const byId = new Map(orFail(instruments).items.map((one) => [one.id, one]));
  const lots = own.ok ? own.data.items : [];
  return {
    title: marketsTrades[locals.locale].title,
    trades: orFail(trades).items.map((trade) => {
      const instrument = byId.get(trade.instrumentId);
      const waits = trade.side === 'sell' && trade.state === 'to_nominate' && instrument !== undefined;
      return {
        ...trade,
        title: instrument ? instrumentTitle(instrument, locals.locale) : trade.instrumentId,
        lots: waits
          ? lots
              .filter((lot) => fits(lot, trade, instrument))
              .map((lot) => ({
                id: lot.id,
                title: nameIn(locals.locale, lot.mine),
                remaining: lot.remaining,
              }))
          : [],
      };
    }),
  };
};

export const actions: Actions = {
  nominate: async ({ request, fetch }) => {
    const data = await request.formData();
    const listingId = text(data, 'listingId');
    if (listingId === '') return refuseFields({ listingId: 'field.required' }, data);
    const path = `/v1/market-trades/${encodeURIComponent(text(data, 'trade'))}/nominate` as const;
    const result = await call<MarketTrade>(fetch, 'POST', path, {
      body: { listingId },
      ...idempotency(data),
    });
    return result.ok ? { nominated: result.data.id } : refuse(result.problem, data);
  },
};
