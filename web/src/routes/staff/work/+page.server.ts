import { redirect, type Actions } from '@sveltejs/kit';
import { OBLIGATION_AREAS, OBLIGATION_WAITS, type HouseObligations } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, text } from '#lib/form/server.ts';
import { houseWork } from '#lib/i18n/house-work.ts';
import type { PageServerLoad } from './$types';

const SUBJECT_MAX = 100;

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fwork');
  const area = OBLIGATION_AREAS.find((one) => one === url.searchParams.get('area')) ?? null;
  const waitsFor = OBLIGATION_WAITS.find((one) => one === url.searchParams.get('waitsFor')) ?? null;
  const subject = (url.searchParams.get('subject') ?? '').trim().slice(0, SUBJECT_MAX);
  const cursor = url.searchParams.get('cursor');
  const chosen = {
    ...(area && { area }),
    ...(waitsFor && { waitsFor }),
    ...(subject && { subject }),
  };
  const query = new URLSearchParams({ ...chosen, ...(cursor && { cursor }) });
  const list = orFail(await call<HouseObligations>(fetch, 'GET', `/v1/staff/obligations?${query}`));
  const next = list.nextCursor && new URLSearchParams({ ...chosen, cursor: list.nextCursor });
  return {
    title: houseWork[locals.locale].title,
    items: list.items,
    counts: list.counts,
    area,
    waitsFor: waitsFor ?? '',
    subject,
    now: new Date().toISOString(),
    next: next && `/staff/work?${next}`,
  };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const id = encodeURIComponent(text(data, 'id'));
    const reason = text(data, 'reason').trim();
    const body = { action: text(data, 'action'), ...(reason && { reason }) };
    const result = await call(fetch, 'POST', `/v1/staff/obligations/work/${id}/actions`, {
      ...idempotency(data),
      body,
    });
    return result.ok ? { done: true } : refuse(result.problem, data);
  },
};
