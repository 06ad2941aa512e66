import { redirect, type Actions } from '@sveltejs/kit';
import type { ReservationView, TransportView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { idempotency, refuse, text } from '#lib/form/server.ts';
import { freight } from '#lib/i18n/freight.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/freight/transport')}`);
  const cursor = url.searchParams.get('cursor');
  const found = await call<{ items: TransportView[]; nextCursor: string | null }>(
    fetch,
    'GET',
    `/v1/freight/requests${cursor === null ? '' : `?${new URLSearchParams({ cursor })}`}`,
  );
  const rooms = await call<{ items: ReservationView[] }>(fetch, 'GET', '/v1/freight/reservations');
  const next = found.ok ? found.data.nextCursor : null;
  return {
    title: freight[locals.locale].transport,
    requests: found.ok ? found.data.items : [],
    rooms: rooms.ok ? rooms.data.items : [],
    problem: found.ok ? null : found.problem,
    next: next === null ? null : `/freight/transport?${new URLSearchParams({ cursor: next })}`,
  };
};

export const actions: Actions = {
  release: async ({ request, fetch }) => {
    const data = await request.formData();
    const url = `/v1/freight/reservations/${encodeURIComponent(text(data, 'id'))}/release` as const;
    const made = await call(fetch, 'POST', url, idempotency(data));
    return made.ok ? { done: 'release' } : refuse(made.problem, data);
  },
};
