import { redirect, type Actions } from '@sveltejs/kit';
import {
  REVIEW_RULES,
  SALES_CHANNELS,
  type CertificationRow,
  type ListingRuleView,
  type QuotaView,
  type SpecialSessionView,
} from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { decimalText, idempotency, instant, refuse, refuseFields, text } from '#lib/form/server.ts';
import { lotsDesk } from '#lib/i18n/lots-desk.ts';
import { nameIn } from '#lib/lots/options.ts';
import { forForm } from '#lib/lots/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Flistings%2Fchannels');
  const list = async <T>(url: `/v1/${string}`): Promise<T[]> =>
    orFail(await call<{ items: T[] }>(fetch, 'GET', url)).items;
  const [sessions, quotas, rules, companies] = await Promise.all([
    list<SpecialSessionView>('/v1/special-sessions'),
    list<QuotaView>('/v1/staff/listing-quotas'),
    list<ListingRuleView>('/v1/listing-rules'),
    list<CertificationRow>('/v1/staff/certifications?state=active'),
  ]);
  return {
    title: lotsDesk[locals.locale].desk,
    sessions,
    quotas,
    rules,
    producers: companies.map((company) => ({ value: company.id, label: nameIn(locals.locale, company) })),
  };
};

const missing = (data: FormData, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.filter((name) => text(data, name) === '').map((name) => [name, 'field.required']));

export const actions: Actions = {
  session: async ({ request, fetch }) => {
    const data = await request.formData();
    const wrong = missing(data, 'name', 'opensAt', 'closesAt');
    if (Object.keys(wrong).length > 0) return refuseFields(wrong, data);
    const nameZh = text(data, 'nameZh');
    const body = {
      name: text(data, 'name'),
      ...(nameZh !== '' && { nameZh }),
      opensAt: instant(data, 'opensAt') ?? text(data, 'opensAt'),
      closesAt: instant(data, 'closesAt') ?? text(data, 'closesAt'),
    };
    const result = await call(fetch, 'POST', '/v1/staff/special-sessions', { body, ...idempotency(data) });
    return result.ok ? { done: 'announced' } : refuse(forForm(result.problem), data);
  },
  quota: async ({ request, fetch }) => {
    const data = await request.formData();
    const wrong = missing(data, 'organisationId', 'channel', 'period');
    if (Object.keys(wrong).length > 0) return refuseFields(wrong, data);
    const limit = decimalText(data, 'limit');
    const body = {
      organisationId: text(data, 'organisationId'),
      channel: text(data, 'channel'),
      period: text(data, 'period'),
      limit: limit === '' ? null : limit,
    };
    const result = await call(fetch, 'PUT', '/v1/staff/listing-quotas', { body, ...idempotency(data) });
    return result.ok ? { done: 'quotaSet' } : refuse(forForm(result.problem), data);
  },
  rule: async ({ request, fetch }) => {
    const data = await request.formData();
    const id = REVIEW_RULES.find((one) => one === text(data, 'rule'));
    if (!id) return refuseFields({ rule: 'field.required' }, data);
    const channels = SALES_CHANNELS.filter((channel) => data.getAll('channels').includes(channel));
    const body = { enabled: text(data, 'enabled') === 'on', channels };
    const result = await call(fetch, 'PUT', `/v1/staff/listing-rules/${id}`, { body, ...idempotency(data) });
    return result.ok ? { done: 'ruleSet' } : refuse(result.problem, data);
  },
};
