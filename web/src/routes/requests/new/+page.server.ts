import { redirect, type Actions } from '@sveltejs/kit';
import type { PlaceView, RequestView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, instant, refuse, text } from '#lib/form/server.ts';
import { requests } from '#lib/i18n/requests.ts';
import { countries, placeOptions } from '#lib/lots/options.ts';
import { filled, forForm, readLimits } from '#lib/lots/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/requests/new')}`);
  const places = await call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places');
  const located = places.ok ? places.data.items.filter((place) => place.latitude !== null) : [];
  return {
    title: requests[locals.locale].newTitle,
    countries: countries(locals.locale),
    places: placeOptions(
      located.filter((place) => place.kind !== 'mine_mouth'),
      locals.locale,
    ),
  };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const number = (name: string): string => decimalText(data, name);
    const newPlant = filled({
      name: text(data, 'newPlant.name'),
      nameZh: text(data, 'newPlant.nameZh'),
      country: text(data, 'newPlant.country'),
      latitude: number('newPlant.latitude'),
      longitude: number('newPlant.longitude'),
    });
    const limits = readLimits((name) =>
      /\.(basis|unit|kind)$/.test(name) ? text(data, name) : number(name),
    );
    const validUntil = instant(data, 'validUntil');
    const result = await call<RequestView>(fetch, 'POST', '/v1/requests', {
      body: {
        coalRanks: data.getAll('coalRanks').filter((rank) => typeof rank === 'string'),
        limits,
        ...filled({
          quantity: number('quantity'),
          minimumQuantity: number('minimumQuantity'),
          plantPlaceId: text(data, 'plantPlaceId'),
          windowFrom: text(data, 'windowFrom'),
          windowTo: text(data, 'windowTo'),
          currency: text(data, 'currency'),
          priceCeiling: number('priceCeiling'),
          note: text(data, 'note'),
        }),
        ...(Object.keys(newPlant).length > 0 && { newPlant: { kind: 'plant', ...newPlant } }),
        ...(validUntil !== null && { validUntil }),
      },
      ...idempotency(data),
    });
    if (!result.ok) {
      const refused = refuse(forForm(result.problem, limits), data);
      // Several boxes share this name; `typed` keeps only the last.
      for (const rank of data.getAll('coalRanks'))
        refused.data.values = { ...refused.data.values, [`coalRanks.${String(rank)}`]: 'on' };
      return refused;
    }
    redirect(303, `/requests/${result.data.id}`);
  },
};
