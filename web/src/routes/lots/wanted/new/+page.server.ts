import { redirect, type Actions } from '@sveltejs/kit';
import type { BuyListingView, PlaceView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, instant, refuse, refuseFields, text } from '#lib/form/server.ts';
import { shelf } from '#lib/i18n/shelf.ts';
import { RANKS, placeOptions } from '#lib/lots/options.ts';
import { filled, forForm } from '#lib/lots/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Flots%2Fwanted%2Fnew');
  const places = await call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places');
  return {
    title: shelf[locals.locale].postWanted,
    places: places.ok ? placeOptions(places.data.items, locals.locale) : [],
  };
};

const NEEDED = ['quantity', 'price', 'deliveryPlaceId', 'windowFrom', 'windowTo'] as const;

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const chosen = data.getAll('coalRanks').map(String);
    // Several values of one name come back as one text.
    data.set('ranks', chosen.join(' '));
    const missing = NEEDED.filter((name) => text(data, name) === '');
    if (missing.length > 0) {
      return refuseFields(Object.fromEntries(missing.map((name) => [name, 'field.required'])), data);
    }
    const number = (name: string): string => decimalText(data, name);
    const validUntil = instant(data, 'validUntil');
    const body = {
      coalRanks: RANKS.filter((rank) => chosen.includes(rank)),
      quality: filled({
        calorificMin: number('quality.calorificMin'),
        ashMax: number('quality.ashMax'),
        sulphurMax: number('quality.sulphurMax'),
        moistureMax: number('quality.moistureMax'),
      }),
      quantity: number('quantity'),
      currency: text(data, 'currency'),
      price: number('price'),
      deliveryTerm: text(data, 'deliveryTerm'),
      deliveryPlaceId: text(data, 'deliveryPlaceId'),
      windowFrom: text(data, 'windowFrom'),
      windowTo: text(data, 'windowTo'),
      ...filled({ minimumQuantity: number('minimumQuantity'), note: text(data, 'note') }),
      ...(validUntil !== null && { validUntil }),
    };
    const result = await call<BuyListingView>(fetch, 'POST', '/v1/buy-listings', {
      body,
      ...idempotency(data),
    });
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, `/lots/wanted/${result.data.id}?posted=yes`);
  },
};
