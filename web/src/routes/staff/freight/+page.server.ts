import { error, redirect, type Actions } from '@sveltejs/kit';
import type { LaneImport, PlaceView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { refuse, text } from '#lib/form/server.ts';
import { freight } from '#lib/i18n/freight.ts';
import { placeOptions } from '#lib/lots/options.ts';
import { openLane } from '../../freight/_parts/open-lane.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/staff/freight')}`);
  if (!locals.session.staff) error(403, 'auth.forbidden');
  const places = await call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places');
  return {
    title: freight[locals.locale].staffTitle,
    places: placeOptions(places.ok ? places.data.items : [], locals.locale),
  };
};

export const actions: Actions = {
  lane: openLane,
  import: async ({ request, fetch }) => {
    const data = await request.formData();
    const file = data.get('file');
    const csv = file instanceof File && file.size > 0 ? await file.text() : text(data, 'csv');
    const dryRun = text(data, 'what') !== 'load';
    const made = await call<LaneImport>(fetch, 'POST', '/v1/staff/freight/lanes/import', {
      body: { csv, dryRun },
    });
    // What was read goes back into the page, so that it can be loaded as it was previewed.
    return made.ok ? { imported: made.data, csv } : refuse(made.problem, data);
  },
};
