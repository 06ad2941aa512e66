import { FREIGHT_MODES, type FreightCost, type PlaceView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { freight } from '#lib/i18n/freight.ts';
import { placeOptions } from '#lib/lots/options.ts';
import type { PageServerLoad } from './$types';

const NAMES = ['from', 'to', 'mode', 'quantity', 'listingId', 'currency'] as const;

/** Everything is in the address: a figure can be sent to somebody else. */
export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  const places = await call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places');
  const asked = Object.fromEntries(NAMES.map((name) => [name, url.searchParams.get(name)?.trim() ?? '']));
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''));
  const isAsked = Boolean(asked['to'] && (asked['from'] || asked['listingId']));
  const found = isAsked ? await call<FreightCost>(fetch, 'GET', `/v1/freight/cost?${query}`) : null;
  return {
    title: freight[locals.locale].calculator,
    modes: FREIGHT_MODES,
    places: placeOptions(places.ok ? places.data.items : [], locals.locale),
    asked,
    cost: found?.ok ? found.data : null,
    problem: found && !found.ok ? found.problem : null,
  };
};
