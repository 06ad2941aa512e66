import { redirect, type Actions } from '@sveltejs/kit';
import type { PlaceView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { freight } from '#lib/i18n/freight.ts';
import { placeOptions } from '#lib/lots/options.ts';
import { openLane } from '../_parts/open-lane.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/freight/new')}`);
  if (locals.session.staff) redirect(303, '/staff/freight');
  const places = await call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places');
  return {
    title: freight[locals.locale].newLane,
    places: placeOptions(places.ok ? places.data.items : [], locals.locale),
  };
};

export const actions: Actions = { lane: openLane };
