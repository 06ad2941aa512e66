import { redirect, type Actions } from '@sveltejs/kit';
import type { IndexSeriesView, LongTermSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { longTerm } from '#lib/i18n/long-term.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Flong-term');
  const contracts = orFail(await call<{ items: LongTermSummary[] }>(fetch, 'GET', '/v1/long-term')).items;
  const indices = orFail(await call<{ items: IndexSeriesView[] }>(fetch, 'GET', '/v1/indices')).items;
  return { title: longTerm[locals.locale].behindTitle, contracts, indices };
};

const missing = (data: FormData, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.filter((name) => text(data, name) === '').map((name) => [name, 'field.required']));
const some = (fields: object): boolean => Object.keys(fields).length > 0;

export const actions: Actions = {
  create: async ({ request, fetch }) => {
    const data = await request.formData();
    const wrong = missing(data, 'id', 'title', 'unit', 'source');
    if (!/^[a-z0-9][a-z0-9_-]{1,39}$/.test(text(data, 'id'))) wrong['id'] = 'field.invalid';
    if (some(wrong)) return refuseFields(wrong, data);
    const body = {
      id: text(data, 'id'),
      title: text(data, 'title'),
      unit: text(data, 'unit'),
      source: text(data, 'source'),
    };
    const result = await call(fetch, 'POST', '/v1/staff/indices', { body, ...idempotency(data) });
    return result.ok ? { done: true } : refuse(result.problem, data);
  },
  enter: async ({ request, fetch }) => {
    const data = await request.formData();
    const wrong = missing(data, 'series', 'month', 'value', 'publishedOn', 'note');
    if (!/^\d{1,9}(\.\d{1,6})?$/.test(text(data, 'value'))) wrong['value'] = 'field.invalid';
    if (some(wrong)) return refuseFields(wrong, data);
    const corrects = Number(text(data, 'corrects'));
    const body = {
      month: text(data, 'month'),
      value: text(data, 'value'),
      publishedOn: text(data, 'publishedOn'),
      note: text(data, 'note'),
      corrects: Number.isInteger(corrects) && corrects > 0 ? corrects : null,
    };
    const url = `/v1/staff/indices/${encodeURIComponent(text(data, 'series'))}/values` as const;
    const result = await call(fetch, 'POST', url, { body, ...idempotency(data) });
    return result.ok ? { done: true } : refuse(result.problem, data);
  },
  import: async ({ request, fetch }) => {
    const data = await request.formData();
    const wrong = missing(data, 'series', 'csv', 'column', 'note');
    if (some(wrong)) return refuseFields(wrong, data);
    const body = {
      csv: text(data, 'csv'),
      column: text(data, 'column'),
      publishedDay: Number(text(data, 'publishedDay')) || 5,
      note: text(data, 'note'),
    };
    const url = `/v1/staff/indices/${encodeURIComponent(text(data, 'series'))}/import` as const;
    type Imported = { added: number; known: number; differing: string[] };
    const result = await call<Imported>(fetch, 'POST', url, { body, ...idempotency(data) });
    if (!result.ok) return refuse(result.problem, data);
    const { added, known, differing } = result.data;
    return { imported: { added, known, differing: differing.length } };
  },
};
