import { redirect, type Actions } from '@sveltejs/kit';
import type { PoolView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { idempotency, instant, refuseFields, text } from '#lib/form/server.ts';
import { pools } from '#lib/i18n/request-pools.ts';
import { countries } from '#lib/lots/options.ts';
import { filled } from '#lib/lots/wire-form.ts';
import { plantChoices, readNeed, readPlace, refuseNeed } from '../../_parts/need-form.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/requests/pools/new')}`);
  return {
    title: pools[locals.locale].newTitle,
    countries: countries(locals.locale),
    places: await plantChoices(fetch, locals.locale),
  };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const { limits, body } = readNeed(data);
    const newPlace = readPlace(data, 'newPlace', 'plant');
    const deadline = instant(data, 'deadline');
    if (deadline === null) return refuseFields({ deadline: 'field.required' }, data);
    const result = await call<PoolView>(fetch, 'POST', '/v1/request-pools', {
      body: {
        ...body,
        name: text(data, 'name'),
        placeOf: text(data, 'placeOf'),
        ...filled({ placeId: text(data, 'placeId') }),
        ...(newPlace && { newPlace }),
        deadline,
      },
      ...idempotency(data),
    });
    if (!result.ok) return refuseNeed(result.problem, limits, data);
    redirect(303, `/requests/pools/${result.data.id}`);
  },
};
