import type { Actions } from '@sveltejs/kit';
import type { Ok, logisticsRoutes } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { deliveries } from '#lib/i18n/deliveries.ts';
import { forForm } from '../../money/_parts/problems.ts';
import { mayDispatch } from '../_parts/may.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
  // A registered gate needs nobody signed in: its guard's session may end, trucks still come.
  return {
    title: deliveries[locals.locale].gateTitle,
    may: mayDispatch(locals.session),
    token: url.searchParams.get('token') ?? '',
  };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const token = text(data, 'token');
    if (token === '') return refuseFields({ token: 'field.required' }, data);
    const result = await call<Ok<typeof logisticsRoutes.checkPass>>(fetch, 'POST', '/v1/gate/check', {
      body: { token },
      ...idempotency(data),
    });
    if (result.ok) return { good: result.data, token };
    return refuse(forForm(result.problem, { pass: 'token' }), data);
  },
};
