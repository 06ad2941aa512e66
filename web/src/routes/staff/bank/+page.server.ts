import { redirect, type Actions } from '@sveltejs/kit';
import type { CertificationRow, Ok, bankRoutes } from '@seam/protocol';
import { CURRENCIES } from '@seam/units';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { bankDesk } from '#lib/i18n/bank-desk.ts';
import { forForm } from '../../money/_parts/problems.ts';
import { PARTS, type Part } from './_parts/parts.ts';
import type { PageServerLoad } from './$types';

type Answer<Name extends keyof typeof bankRoutes> = Ok<(typeof bankRoutes)[Name]>;

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  const part: Part = PARTS.find((one) => one === url.searchParams.get('part')) ?? 'payments';
  const show = url.searchParams.get('show') === 'all' ? ('all' as const) : ('open' as const);
  const get = async <Name extends keyof typeof bankRoutes>(
    path: string,
    wanted: Part,
  ): Promise<Answer<Name> | null> =>
    part === wanted ? orFail(await call<Answer<Name>>(fetch, 'GET', `/v1/staff/bank/${path}`)) : null;
  const cases = orFail(await call<Answer<'bankCases'>>(fetch, 'GET', '/v1/staff/bank/cases')).items;
  const currency = CURRENCIES.find((code) => code === url.searchParams.get('currency')) ?? 'CNY';
  const year = /^20\d\d$/.exec(url.searchParams.get('year') ?? '')?.[0] ?? thisYear();
  const [payments, suspense, statements, limits, calendar, companies] = await Promise.all([
    get<'bankPayments'>(`payments?show=${show}`, 'payments'),
    get<'bankSuspense'>('suspense', 'suspense'),
    get<'bankStatements'>('statements', 'statements'),
    get<'paymentLimits'>('limits', 'limits'),
    get<'bankCalendar'>(`calendar?currency=${currency}&year=${year}`, 'calendar'),
    part === 'suspense'
      ? call<{ items: CertificationRow[] }>(fetch, 'GET', '/v1/staff/certifications?state=active').then(
          orFail,
        )
      : null,
  ]);
  return {
    title: bankDesk[locals.locale].title,
    part,
    show,
    cases,
    payments: payments?.items ?? [],
    suspense: suspense?.items ?? [],
    statements,
    limits: limits?.items ?? [],
    calendar,
    companies: companies?.items.map(({ id, name, nameZh }) => ({ id, name, nameZh })) ?? [],
  };
};

const thisYear = (): string => String(new Date().getFullYear());

export const actions: Actions = {
  day: async ({ request, fetch }) => {
    const data = await request.formData();
    const names = ['currency', 'day', 'kind', 'name', 'source'] as const;
    const missing = names.filter((name) => text(data, name) === '');
    if (missing.length > 0)
      return refuseFields(Object.fromEntries(missing.map((name) => [name, 'field.required'])), data);
    const body = Object.fromEntries(names.map((name) => [name, text(data, name)]));
    const result = await call(fetch, 'POST', '/v1/staff/bank/calendar/days', { body, ...idempotency(data) });
    return result.ok ? { done: 'dayKept' as const } : refuse(forForm(result.problem), data);
  },
  approve: async ({ request, fetch }) => {
    const data = await request.formData();
    const id = encodeURIComponent(text(data, 'id'));
    const result = await call(fetch, 'POST', `/v1/staff/bank/payments/${id}/approval`, idempotency(data));
    return result.ok ? { done: 'approved' as const } : refuse(result.problem, data);
  },
  propose: async ({ request, fetch }) => {
    const data = await request.formData();
    const kind = text(data, 'kind');
    const missing: Record<string, string> = {};
    if (text(data, 'reason') === '') missing['reason'] = 'field.required';
    if (kind === 'identify_deposit' && text(data, 'companyId') === '')
      missing['companyId'] = 'field.required';
    if (kind === 'change_limit' && text(data, 'above') === '') missing['above'] = 'field.required';
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const body = {
      kind,
      subject: text(data, 'subject'),
      reason: text(data, 'reason'),
      ...(kind === 'identify_deposit' && { companyId: text(data, 'companyId') }),
      ...(kind === 'return_credit' &&
        text(data, 'bankCode') !== '' && { bankCode: text(data, 'bankCode').toUpperCase() }),
      ...(kind === 'change_limit' && {
        above: decimalText(data, 'above'),
        approvals: Number(text(data, 'approvals')),
      }),
    };
    const result = await call(fetch, 'POST', '/v1/staff/bank/proposals', { body, ...idempotency(data) });
    return result.ok ? { done: 'proposed' as const } : refuse(forForm(result.problem), data);
  },
  decide: async ({ request, fetch }) => {
    const data = await request.formData();
    const id = encodeURIComponent(text(data, 'id'));
    const confirm = text(data, 'confirm') === 'yes';
    const result = await call(fetch, 'POST', `/v1/staff/bank/proposals/${id}/decision`, {
      body: { confirm },
      ...idempotency(data),
    });
    return result.ok
      ? { done: confirm ? ('confirmed' as const) : ('wasRejected' as const) }
      : refuse(result.problem, data);
  },
};
