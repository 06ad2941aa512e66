import type { CompanyView } from '@seam/protocol';
import { CURRENCIES } from '@seam/units';
import { error, redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { decimalText, idempotency, refuse, refuseFields } from '#lib/form/server.ts';
import { members } from '#lib/i18n/members.ts';
import { forForm, rolesOf } from '#lib/members/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, params }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(`/company/people/${params.id}`)}`);
  if (!hasRole(locals.session, 'admin')) redirect(303, '/company/people');
  const { people } = orFail(await call<CompanyView>(fetch, 'GET', '/v1/company'));
  const person = people.find(({ id }) => id === params.id);
  if (!person) error(404, 'Not found', { code: 'resource.not_found' });
  return { title: members[locals.locale].peopleTitle, person, currencies: CURRENCIES };
};

export const actions: Actions = {
  default: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const roles = rolesOf(data, 'roles.');
    if (roles.length === 0) return refuseFields({ roles: 'field.required' }, data);
    const limits = CURRENCIES.flatMap((currency) => {
      const amount = decimalText(data, `limit.${currency}`);
      return amount === '' ? [] : [{ currency, amount }];
    });
    const malformed = limits.filter(({ amount }) => !/^\d{1,16}(\.\d{1,2})?$/.test(amount));
    if (malformed.length > 0)
      return refuseFields(
        Object.fromEntries(malformed.map(({ currency }) => [`limit.${currency}`, 'member.limit_invalid'])),
        data,
      );
    const body = { roles, enabled: data.get('enabled') === 'on', limits };
    const url = `/v1/company/people/${encodeURIComponent(params['id'] ?? '')}` as const;
    const result = await call(fetch, 'PUT', url, { body, ...idempotency(data) });
    const rename = (name: string) => {
      const place = /^limits\.(\d+)\./.exec(name)?.[1];
      return place === undefined ? name : `limit.${limits[Number(place)]?.currency}`;
    };
    if (!result.ok) return refuse(forForm(result.problem, rename), data);
    redirect(303, '/company/people?done=changed');
  },
};
