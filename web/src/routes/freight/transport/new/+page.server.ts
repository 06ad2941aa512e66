import { redirect, type Actions } from '@sveltejs/kit';
import { FREIGHT_MODES, type PlaceView, type TransportView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, instant, refuse, text } from '#lib/form/server.ts';
import { freight } from '#lib/i18n/freight.ts';
import { placeOptions } from '#lib/lots/options.ts';
import { filled } from '#lib/lots/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/freight/transport/new')}`);
  const places = await call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places');
  return {
    title: freight[locals.locale].ask,
    modes: FREIGHT_MODES,
    places: placeOptions(places.ok ? places.data.items : [], locals.locale),
    contractId: url.searchParams.get('contractId') ?? '',
  };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const validUntil = instant(data, 'validUntil');
    const made = await call<TransportView>(fetch, 'POST', '/v1/freight/requests', {
      body: {
        fromPlaceId: text(data, 'fromPlaceId') || '-',
        toPlaceId: text(data, 'toPlaceId') || '-',
        quantity: decimalText(data, 'quantity'),
        windowFrom: text(data, 'windowFrom'),
        windowTo: text(data, 'windowTo'),
        currency: text(data, 'currency'),
        ...filled({
          mode: text(data, 'mode'),
          contractId: text(data, 'contractId'),
          note: text(data, 'note'),
        }),
        ...(validUntil !== null && { validUntil }),
      },
      ...idempotency(data),
    });
    if (!made.ok) return refuse(made.problem, data);
    redirect(303, `/freight/transport/${made.data.id}`);
  },
};
