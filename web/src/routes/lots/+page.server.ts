import { redirect } from '@sveltejs/kit';
import { SALES_CHANNELS, type ListingItem, type SpecialSessionView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { lots as texts } from '#lib/i18n/lots.ts';
import type { PageServerLoad } from './$types';

/** Lots were once browsed here; what was asked in an old address is asked of the search. */
const KEPT = ['text', 'q', 'country', 'rank', 'transport', 'currency', 'source', 'to', 'sort'] as const;

export const load: PageServerLoad = async ({ url, fetch, locals }) => {
  const asked = (name: string): string => url.searchParams.get(name)?.trim() ?? '';
  const channel = SALES_CHANNELS.find((one) => one === asked('channel'));
  if (!channel) {
    const address = new URLSearchParams();
    for (const name of KEPT) {
      const value = url.searchParams.get(name);
      if (value) address.set(name === 'q' ? 'text' : name, value);
    }
    redirect(308, `/find${address.size > 0 ? `?${address}` : ''}`);
  }
  const chosen = {
    month: channel === 'long_term' ? asked('month') : '',
    day: channel === 'spot' ? asked('day') : '',
    session: channel === 'special' ? asked('session') : '',
  };
  const filters = {
    channel,
    ...(/^\d{4}-\d{2}$/.test(chosen.month) && { month: chosen.month }),
    ...(/^\d{4}-\d{2}-\d{2}$/.test(chosen.day) && { tradingDay: chosen.day }),
    ...(chosen.session !== '' && { sessionId: chosen.session }),
  };
  const cursor = asked('cursor');
  const query = new URLSearchParams({ ...filters, source: 'offers', ...(cursor !== '' && { cursor }) });
  const [page, sessions] = await Promise.all([
    call<{ items: ListingItem[]; nextCursor: string | null }>(fetch, 'GET', `/v1/listings?${query}`),
    channel === 'special'
      ? call<{ items: SpecialSessionView[] }>(fetch, 'GET', '/v1/special-sessions')
      : undefined,
  ]);
  const next = page.ok ? page.data.nextCursor : null;
  const address = new URLSearchParams({
    channel,
    ...Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== '')),
  });
  return {
    title: texts[locals.locale][channel],
    channel,
    chosen,
    lots: page.ok ? page.data.items : [],
    problem: page.ok ? null : page.problem,
    sessions: sessions?.ok ? sessions.data.items : [],
    next: next === null ? null : `/lots?${address}&${new URLSearchParams({ cursor: next })}`,
  };
};
