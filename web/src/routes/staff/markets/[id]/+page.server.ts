import type {
  CertificationRow,
  InstrumentView,
  KillScope,
  MarketSupervision,
  Ok,
  marketRoutes,
} from '@seam/protocol';
import { type Actions, redirect } from '@sveltejs/kit';
import { type Result, call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { nameIn } from '#lib/lots/options.ts';
import { instrumentTitle } from '../../../markets/_parts/instrument.ts';
import { formFields, readSession } from '../_parts/read-session.ts';
import { readScope } from './scope.ts';
import type { PageServerLoad } from './$types';

type Supervised = Ok<typeof marketRoutes.superviseMarket>;

export const load: PageServerLoad = async ({ params, fetch, locals, depends }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(`/staff/markets/${params.id}`)}`);
  depends('seam:supervision');
  const id = encodeURIComponent(params.id);
  const [supervision, instrument, companies] = await Promise.all([
    call<MarketSupervision>(fetch, 'GET', `/v1/staff/instruments/${id}/supervision`),
    call<InstrumentView>(fetch, 'GET', `/v1/instruments/${id}`),
    call<{ items: CertificationRow[] }>(fetch, 'GET', '/v1/staff/certifications?state=active'),
  ]);
  const view = orFail(instrument);
  return {
    title: instrumentTitle(view, locals.locale),
    supervision: orFail(supervision),
    view,
    companies: companies.ok
      ? companies.data.items.map((row) => ({ value: row.id, label: nameIn(locals.locale, row) }))
      : [],
  };
};

export const actions: Actions = {
  halt: async ({ request, fetch, params }) =>
    supervise(await request.formData(), (reason) =>
      call(fetch, 'POST', pathOf(params['id'], 'supervise'), { body: { action: 'halt', reason } }),
    ),
  cancelOnly: async ({ request, fetch, params }) =>
    supervise(await request.formData(), (reason) =>
      call(fetch, 'POST', pathOf(params['id'], 'supervise'), { body: { action: 'cancel_only', reason } }),
    ),
  resume: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const path = pathOf(params['id'], 'supervise');
    return started(await call<Supervised>(fetch, 'POST', path, { body: { action: 'resume' } }), data);
  },
  kill: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const scope = readScope(text(data, 'scope'), text(data, 'company'));
    if (scope === null) return refuseFields({ company: 'field.required' }, data);
    return supervise(data, (reason) =>
      call(fetch, 'POST', pathOf(params['id'], 'kill-switch'), { body: { action: 'set', scope, reason } }),
    );
  },
  lift: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const scope: KillScope | null = readScope(text(data, 'scope'), text(data, 'company'));
    const path = pathOf(params['id'], 'kill-switch');
    return started(await call<Supervised>(fetch, 'POST', path, { body: { action: 'lift', scope } }), data);
  },
  schedule: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const { session, lines } = readSession(data);
    const result = await call(fetch, 'POST', pathOf(params['id'], 'session'), { body: { session } });
    if (result.ok) return { scheduled: true };
    const { fields, ...problem } = result.problem;
    return refuse({ ...problem, fields: formFields(fields, lines) }, data);
  },
  credit: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const amount = decimalText(data, 'amount');
    const body = {
      from: text(data, 'from'),
      to: text(data, 'to'),
      amount: amount === '' ? null : amount,
    };
    const path = pathOf(params['id'], 'credit-lines');
    const result = await call(fetch, 'POST', path, { body, ...idempotency(data) });
    return result.ok ? { creditSet: true } : refuse(result.problem, data);
  },
};

async function supervise(data: FormData, send: (reason: string) => Promise<Result<unknown>>) {
  const reason = text(data, 'reason');
  if (reason === '') return refuseFields({ reason: 'field.required' }, data);
  const result = await send(reason);
  return result.ok ? { stopped: true } : refuse(result.problem, data);
}

function started(result: Result<Supervised>, data: FormData) {
  if (!result.ok) return refuse(result.problem, data);
  return { agreed: result.data.awaitsSecondPerson ? ('first' as const) : ('second' as const) };
}

function pathOf(id: string | undefined, what: string): `/v1/staff/instruments/${string}` {
  return `/v1/staff/instruments/${encodeURIComponent(id ?? '')}/${what}`;
}
