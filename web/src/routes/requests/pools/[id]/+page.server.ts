import { error, redirect, type Actions, type RequestEvent } from '@sveltejs/kit';
import type { PoolView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, refuse, text } from '#lib/form/server.ts';
import { countries } from '#lib/lots/options.ts';
import { filled, forForm } from '#lib/lots/wire-form.ts';
import { plantChoices, readPlace } from '../../_parts/need-form.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, params, locals, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const found = await call<PoolView>(fetch, 'GET', `/v1/request-pools/${encodeURIComponent(params.id)}`);
  if (!found.ok) error(found.problem.status, { message: found.problem.title, code: found.problem.code });
  const pool = found.data;
  return {
    title: pool.name,
    pool,
    countries: countries(locals.locale),
    places: pool.place ? [] : await plantChoices(fetch, locals.locale),
  };
};

async function act(event: RequestEvent, move: string, read?: (data: FormData) => Record<string, unknown>) {
  const { request, fetch, params } = event;
  const data = await request.formData();
  const result = await call(
    fetch,
    'POST',
    `/v1/request-pools/${encodeURIComponent(params['id'] ?? '')}/${move}`,
    {
      ...(read && { body: read(data) }),
      ...idempotency(data),
    },
  );
  return { data, result };
}

export const actions: Actions = {
  join: async (event) => {
    const { data, result } = await act(event, 'join', (typed) => {
      const newPlace = readPlace(typed, 'newPlace', 'plant');
      return {
        quantity: decimalText(typed, 'quantity'),
        ...filled({ placeId: text(typed, 'placeId') }),
        ...(newPlace && { newPlace }),
      };
    });
    return result.ok ? { done: 'joined' } : refuse(forForm(result.problem), data);
  },
  leave: async (event) => {
    const { data, result } = await act(event, 'leave');
    return result.ok ? { done: 'left' } : refuse(result.problem, data);
  },
  close: async (event) => {
    const { data, result } = await act(event, 'close');
    return result.ok ? { done: 'closed' } : refuse(result.problem, data);
  },
  cancel: async (event) => {
    const { data, result } = await act(event, 'cancel', (typed) => ({ reason: text(typed, 'reason') }));
    return result.ok ? { done: 'cancelled' } : refuse(forForm(result.problem), data);
  },
};
