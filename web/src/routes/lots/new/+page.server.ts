import { redirect, type Actions } from '@sveltejs/kit';
import type { ListingView, MineView, PlaceView, SpecialSessionView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, instant, refuse, text } from '#lib/form/server.ts';
import { listings } from '#lib/i18n/listings.ts';
import { countries, nameIn, placeOptions } from '#lib/lots/options.ts';
import { plain } from '#lib/lots/live-check.ts';
import { filled, forForm, readAssay } from '#lib/lots/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/lots/new')}`);
  const [mines, places, sessions] = await Promise.all([
    call<{ items: MineView[] }>(fetch, 'GET', '/v1/mines'),
    call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places'),
    call<{ items: SpecialSessionView[] }>(fetch, 'GET', '/v1/special-sessions'),
  ]);
  return {
    title: listings[locals.locale].newTitle,
    countries: countries(locals.locale),
    mines: mines.ok
      ? mines.data.items.map((mine) => ({
          value: mine.id,
          label: `${nameIn(locals.locale, mine)} (${[mine.region, mine.country].filter(Boolean).join(', ')})`,
        }))
      : [],
    sessions: sessions.ok
      ? sessions.data.items.map((session) => ({
          value: session.id,
          label: `${nameIn(locals.locale, session)} · ${session.opensAt.slice(0, 16).replace('T', ' ')} UTC`,
        }))
      : [],
    places: places.ok ? placeOptions(places.data.items, locals.locale) : [],
  };
};

/** Quality and places are shown by text fields that a person may leave out; the exchange names what it needs. */
function bodyOf(data: FormData): Record<string, unknown> {
  const plainText = (name: string): string => text(data, name);
  const number = (name: string): string => decimalText(data, name);
  const newMine = {
    ...filled({
      name: plainText('newMine.name'),
      nameZh: plainText('newMine.nameZh'),
      country: plainText('newMine.country'),
      region: plainText('newMine.region'),
      latitude: number('newMine.latitude'),
      longitude: number('newMine.longitude'),
    }),
  };
  const validUntil = instant(data, 'validUntil');
  const channel = plainText('channel') || 'spot';
  const monthSplit = plainText('monthSplit')
    .split(/[\n;；]/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [month = '', quantity = ''] = line.split(/[:：]/);
      return { month: month.trim(), quantity: plain(quantity) };
    });
  return {
    ...filled({
      mineId: plainText('mineId'),
      loadPlaceId: plainText('loadPlaceId'),
      deliveryPlaceId: plainText('deliveryPlaceId'),
      price: number('price'),
      startPrice: number('startPrice'),
      note: plainText('note'),
      windowFrom: plainText('windowFrom'),
      windowTo: plainText('windowTo'),
      coalRank: plainText('coalRank'),
      currency: plainText('currency'),
      saleMethod: plainText('saleMethod'),
      deliveryTerm: plainText('deliveryTerm'),
      transport: plainText('transport'),
      quantity: number('quantity'),
    }),
    ...(Object.keys(newMine).length > 0 && { newMine }),
    ...(validUntil !== null && { validUntil }),
    channel,
    ...(channel === 'spot' && filled({ tradingDay: plainText('tradingDay') })),
    ...(channel === 'special' && filled({ sessionId: plainText('sessionId') })),
    ...(channel === 'long_term' && monthSplit.length > 0 && { monthSplit }),
    ...(plainText('as') === 'draft' && { draft: true }),
    assay: readAssay((name) => (/\.(basis|unit|kind)$/.test(name) ? plainText(name) : number(name))),
  };
}

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const result = await call<ListingView>(fetch, 'POST', '/v1/listings', {
      body: bodyOf(data),
      ...idempotency(data),
    });
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, `/lots/${result.data.id}`);
  },
};
