import { error, redirect, type Actions, type RequestEvent } from '@sveltejs/kit';
import type { RequestView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { idempotency, instant, text } from '#lib/form/server.ts';
import { requests } from '#lib/i18n/requests.ts';
import { countries, nameIn } from '#lib/lots/options.ts';
import { filled } from '#lib/lots/wire-form.ts';
import { plantChoices, readNeed, readPlace, refuseNeed, typedBefore } from '../_parts/need-form.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/requests/new')}`);
  const id = url.searchParams.get('draft');
  const draft = id === null ? null : await draftOf(fetch, id);
  const places = await plantChoices(fetch, locals.locale);
  // A place of the company's own making is no choice of the register.
  if (draft && !places.some(({ value }) => value === draft.plant.id))
    places.push({ value: draft.plant.id, label: nameIn(locals.locale, draft.plant) });
  return {
    title: requests[locals.locale].newTitle,
    countries: countries(locals.locale),
    places,
    draftId: draft?.id ?? null,
    before: draft ? typedBefore(draft) : {},
  };
};

async function draftOf(fetch: typeof globalThis.fetch, id: string): Promise<RequestView> {
  const found = await call<RequestView>(fetch, 'GET', `/v1/requests/${encodeURIComponent(id)}`);
  if (!found.ok) error(found.problem.status, { message: found.problem.title, code: found.problem.code });
  if (found.data.state !== 'draft') redirect(303, `/requests/${id}`);
  return found.data;
}

async function store({ request, fetch }: RequestEvent, draft: boolean) {
  const data = await request.formData();
  const { limits, body } = readNeed(data);
  const newPlant = readPlace(data, 'newPlant', 'plant');
  const validUntil = instant(data, 'validUntil');
  const draftId = text(data, 'draftId');
  const url = draftId === '' ? '/v1/requests' : (`/v1/requests/${encodeURIComponent(draftId)}/edit` as const);
  const result = await call<RequestView>(fetch, 'POST', url, {
    body: {
      ...body,
      ...filled({ plantPlaceId: text(data, 'plantPlaceId'), audience: text(data, 'audience') }),
      ...(newPlant && { newPlant }),
      ...(validUntil !== null && { validUntil }),
      ...(draft && { draft }),
    },
    ...idempotency(data),
  });
  if (!result.ok) return refuseNeed(result.problem, limits, data);
  redirect(303, `/requests/${result.data.id}`);
}

export const actions: Actions = {
  publish: async (event) => store(event, false),
  draft: async (event) => store(event, true),
};
