import type { Actions } from '@sveltejs/kit';
import type { FeeRuleView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { fees } from '#lib/i18n/fees.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  const { items } = orFail(await call<{ items: FeeRuleView[] }>(fetch, 'GET', '/v1/fees'));
  const of = (...states: FeeRuleView['state'][]): FeeRuleView[] =>
    items.filter(({ state }) => states.includes(state));
  return {
    title: fees[locals.locale].title,
    inForce: of('in_force'),
    coming: of('proposed', 'announced'),
    past: of('replaced', 'ended'),
  };
};

export const actions: Actions = {
  comment: async ({ request, fetch }) => {
    const data = await request.formData();
    const said = text(data, 'text');
    if (said.length < 5) {
      return refuseFields({ text: said === '' ? 'field.required' : 'field.too_short' }, data);
    }
    const url = `/v1/fees/${encodeURIComponent(text(data, 'id'))}/comments` as const;
    const result = await call(fetch, 'POST', url, { body: { text: said }, ...idempotency(data) });
    return result.ok ? { sent: true } : refuse(result.problem, data);
  },
};
