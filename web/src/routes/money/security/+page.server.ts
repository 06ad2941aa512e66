import type { Actions } from '@sveltejs/kit';
import type { Balance, ForfeitureView, ReleaseTime, SecurityView, StandingDepositView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { security } from '#lib/i18n/security.ts';
import type { PageServerLoad } from './$types';

type List<T> = { items: T[] };

/** The upper part is for everybody; what is below it is the company's own. */
export const load: PageServerLoad = async ({ fetch, locals }) => {
  const release = orFail(await call<ReleaseTime>(fetch, 'GET', '/v1/security/release-time'));
  const member = locals.session?.organisation;
  const [securities, notices, standing, balances] = member
    ? await Promise.all([
        call<List<SecurityView>>(fetch, 'GET', '/v1/securities').then(orFail),
        call<List<ForfeitureView>>(fetch, 'GET', '/v1/forfeitures').then(orFail),
        call<List<StandingDepositView>>(fetch, 'GET', '/v1/standing-deposits').then(orFail),
        call<List<Balance>>(fetch, 'GET', '/v1/balances').then(orFail),
      ])
    : [null, null, null, null];
  return {
    title: security[locals.locale].title,
    release,
    securities: securities?.items ?? null,
    notices: notices?.items ?? null,
    standing: standing?.items ?? null,
    free: (balances?.items ?? [])
      .filter(({ kind }) => kind === 'free')
      .map(({ currency, available }) => ({ currency, available })),
    mayGive: locals.session ? hasRole(locals.session, 'finance') : false,
  };
};

export const actions: Actions = {
  bond: async ({ request, fetch }) => {
    const data = await request.formData();
    const amount = decimalText(data, 'amount');
    const contract = text(data, 'contract');
    const missing = {
      ...(amount === '' && { amount: 'field.required' }),
      ...(contract === '' && { contract: 'field.required' }),
    };
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const url = `/v1/settlements/${encodeURIComponent(contract)}/bond` as const;
    const result = await call(fetch, 'POST', url, { body: { amount }, ...idempotency(data) });
    return result.ok ? { given: true } : refuse(result.problem, data);
  },
  standing: async ({ request, fetch }) => {
    const data = await request.formData();
    const amount = decimalText(data, 'standingAmount');
    if (amount === '') return refuseFields({ standingAmount: 'field.required' }, data);
    const direction = text(data, 'direction') === 'out' ? 'out' : 'in';
    const { idempotencyKey = crypto.randomUUID() } = idempotency(data);
    const result = await call(fetch, 'POST', '/v1/standing-deposits', {
      body: {
        commandId: idempotencyKey.replaceAll('.', '-').slice(0, 64),
        currency: text(data, 'currency'),
        amount,
        direction,
      },
    });
    if (result.ok) return { moved: direction };
    const { fields, ...problem } = result.problem;
    const wrong = fields?.['amount'];
    return refuse({ ...problem, ...(wrong && { fields: { standingAmount: wrong } }) }, data);
  },
  acknowledge: async ({ request, fetch }) => {
    const data = await request.formData();
    const url = `/v1/forfeitures/${encodeURIComponent(text(data, 'id'))}/acknowledgement` as const;
    const result = await call(fetch, 'POST', url, idempotency(data));
    return result.ok ? { read: true } : refuse(result.problem, data);
  },
};
