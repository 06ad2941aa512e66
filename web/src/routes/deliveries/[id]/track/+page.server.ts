import { redirect, type Actions } from '@sveltejs/kit';
import type { Journeys, PlaceView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { tracking } from '#lib/i18n/tracking.ts';
import { forForm } from '../../../money/_parts/problems.ts';
import { mayDispatch } from '../../_parts/may.ts';
import type { PageServerLoad } from './$types';

type Params = Partial<Record<string, string>>;
const urlOf = (params: Params, rest = ''): `/v1/${string}` =>
  `/v1/delivery-orders/${encodeURIComponent(params['id'] ?? '')}/journeys${rest}`;

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const journeys = orFail(await call<Journeys>(fetch, 'GET', urlOf(params)));
  const may = journeys.may.start && mayDispatch(locals.session);
  const places = may ? await call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places') : undefined;
  return {
    title: tracking[locals.locale].title,
    journeys,
    may,
    places: places?.ok ? places.data.items.filter(({ latitude }) => latitude !== null) : [],
  };
};

const required = (data: FormData, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.filter((name) => text(data, name) === '').map((name) => [name, 'field.required']));

export const actions: Actions = {
  start: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const missing = required(data, 'deviceId', 'label', 'mode', 'toPlaceId');
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const body = Object.fromEntries(
      ['deviceId', 'label', 'mode', 'toPlaceId'].map((name) => [name, text(data, name)]),
    );
    const result = await call(fetch, 'POST', urlOf(params), { body, ...idempotency(data) });
    return result.ok ? { done: 'begun' as const } : refuse(forForm(result.problem), data);
  },
  end: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const url = urlOf(params, `/${encodeURIComponent(text(data, 'journey'))}/end`);
    const result = await call(fetch, 'POST', url, idempotency(data));
    return result.ok ? { done: 'finished' as const } : refuse(result.problem, data);
  },
  register: async ({ request, fetch }) => {
    const data = await request.formData();
    const missing = required(data, 'name', 'publicKey');
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const body = { kind: 'tracker', name: text(data, 'name'), publicKey: text(data, 'publicKey') };
    const result = await call(fetch, 'POST', '/v1/devices', { body, ...idempotency(data) });
    return result.ok ? { done: 'registered' as const } : refuse(forForm(result.problem), data);
  },
};
