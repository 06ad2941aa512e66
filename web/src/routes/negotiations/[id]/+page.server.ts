import { redirect, type Actions } from '@sveltejs/kit';
import type { NegotiationView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { negotiations } from '#lib/i18n/negotiations.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, params, url, locals }) => {
  const { session } = locals;
  if (!session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const id = encodeURIComponent(params.id);
  const view = orFail(await call<NegotiationView>(fetch, 'GET', `/v1/negotiations/${id}`));
  return {
    title: negotiations[locals.locale].title,
    view,
    speaks: hasRole(session, 'trader', 'signatory'),
    shown: url.searchParams.get('show') === 'talk' ? ('talk' as const) : ('offers' as const),
    sent: url.searchParams.has('sent'),
  };
};

type Event = { request: Request; fetch: typeof globalThis.fetch; params: Partial<Record<string, string>> };

async function post(event: Event, path: string, body: (data: FormData) => object | undefined) {
  const data = await event.request.formData();
  const sent = body(data);
  const result = await call<unknown>(
    event.fetch,
    'POST',
    `/v1/negotiations/${encodeURIComponent(event.params['id'] ?? '')}/${path}`,
    { ...(sent && { body: sent }), ...idempotency(data) },
  );
  return result.ok ? { done: path } : refuse(result.problem, data);
}

const hashOf = (data: FormData) => ({ sha256: text(data, 'sha256') });

export const actions: Actions = {
  say: async (event) => post(event, 'messages', (data) => ({ text: text(data, 'text') })),
  reject: async (event) =>
    post(event, 'rejection', (data) => ({ ...hashOf(data), reason: text(data, 'reason') })),
  withdraw: async (event) => post(event, 'withdrawal', hashOf),
  end: async (event) => post(event, 'end', () => undefined),
  async accept(event) {
    const data = await event.request.clone().formData();
    if (text(data, 'sure') === '') return refuseFields({ sure: 'field.required' }, data);
    return post(event, 'acceptance', hashOf);
  },
  async attach(event) {
    const data = await event.request.formData();
    const file = data.get('file');
    if (!(file instanceof File) || file.name === '') return refuseFields({ file: 'field.required' }, data);
    const content = Buffer.from(await file.arrayBuffer()).toString('base64');
    const result = await call<unknown>(
      event.fetch,
      'POST',
      `/v1/negotiations/${encodeURIComponent(event.params['id'] ?? '')}/attachments`,
      { body: { name: file.name, mediaType: typeOf(file), content }, ...idempotency(data) },
    );
    return result.ok ? { done: 'attachments' } : refuse(result.problem, data);
  },
};

/** What the browser does not know by itself: some systems have no name for tables of text. */
function typeOf({ name, type }: File): string {
  if (/\.csv$/i.test(name)) return 'text/csv';
  return type === '' && /\.txt$/i.test(name) ? 'text/plain' : type;
}
