import { redirect, type Actions } from '@sveltejs/kit';
import {
  RATING_CRITERIA,
  type Balance,
  type DisputeSummary,
  type DisputeView,
  type SettlementView,
} from '@seam/protocol';
import { formatMoney } from '@seam/units';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { fileDispute, partyActions } from '#lib/disputes/actions.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { money } from '#lib/i18n/money.ts';
import { forForm } from '../../_parts/problems.ts';
import { amountOf, freeIn } from '../../_parts/totals.ts';
import { payables } from './payable.ts';
import type { PageServerLoad } from './$types';

const urlOf = (params: Partial<Record<string, string>>, rest = ''): `/v1/${string}` =>
  `/v1/settlements/${encodeURIComponent(params['id'] ?? '')}${rest}`;

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const settlement = orFail(await call<SettlementView>(fetch, 'GET', urlOf(params)));
  const balances = locals.session.organisation
    ? await call<{ items: Balance[] }>(fetch, 'GET', '/v1/balances')
    : null;
  const free = balances?.ok ? freeIn(balances.data.items, settlement.currency) : '0.00';
  const lacking = amountOf(settlement.provisionalAmount) - amountOf(free);
  const final = settlement.finalAmount === null ? null : amountOf(settlement.finalAmount);
  // Before the settlement: what was paid in against the invoice. Afterwards the escrow is empty and says nothing.
  const open = settlement.state === 'result_due' || settlement.state === 'disputed';
  const paidIn = amountOf(settlement.escrow) + amountOf(settlement.released);
  const rest = open && final !== null ? final - paidIn : 0n;
  return {
    title: money[locals.locale].settlement,
    settlement,
    dispute: await disputeOf(fetch, settlement.contractId),
    free,
    /** What the buyer's free money lacks for the provisional invoice. */
    lacking: lacking > 0n ? formatMoney(lacking) : null,
    balanceDue: rest > 0n ? formatMoney(rest) : null,
    refund: rest < 0n ? formatMoney(-rest) : null,
    payable: await payables(fetch, settlement),
    staff: locals.session.staff,
    may: {
      pay: hasRole(locals.session, 'finance'),
      accept: hasRole(locals.session, 'finance', 'trader', 'quality_officer'),
      rate: hasRole(locals.session, 'finance', 'trader', 'admin'),
    },
  };
};

/** The one that is open, else the last one. */
async function disputeOf(fetch: typeof globalThis.fetch, contractId: string): Promise<DisputeView | null> {
  const list = `/v1/disputes?contract=${encodeURIComponent(contractId)}` as const;
  const [first] = orFail(await call<{ items: DisputeSummary[] }>(fetch, 'GET', list)).items;
  return first ? orFail(await call<DisputeView>(fetch, 'GET', `/v1/disputes/${first.id}`)) : null;
}

export const actions: Actions = {
  pay: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const result = await call(fetch, 'POST', urlOf(params, '/provisional-payment'), idempotency(data));
    return result.ok ? { done: 'paid' as const } : refuse(result.problem, data);
  },
  accept: async ({ request, fetch, params }) => {
    const data = await request.formData();
    if (text(data, 'sure') === '') return refuseFields({ sure: 'field.required' }, data);
    const result = await call(fetch, 'POST', urlOf(params, '/acceptance'), idempotency(data));
    return result.ok ? { done: 'accepted' as const } : refuse(result.problem, data);
  },
  file: async ({ request, fetch, params }) => fileDispute({ request, fetch }, params['id'] ?? ''),
  ...partyActions,
  decide: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const agreedPrice = decimalText(data, 'agreedPrice');
    const result = await call(
      fetch,
      'POST',
      `/v1/staff${urlOf(params, '/decision').slice(3)}` as `/v1/${string}`,
      {
        body: { reason: text(data, 'reason'), ...(agreedPrice === '' ? {} : { agreedPrice }) },
        ...idempotency(data),
      },
    );
    return result.ok ? { done: 'decided' as const } : refuse(forForm(result.problem), data);
  },
  payout: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const url = `/v1/staff${urlOf(params, '/payout').slice(3)}` as `/v1/${string}`;
    const result = await call(fetch, 'POST', url, idempotency(data));
    return result.ok ? { done: 'paidAgain' as const } : refuse(result.problem, data);
  },
  rate: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const score = Number(text(data, 'score'));
    if (!Number.isInteger(score) || score < 1 || score > 5)
      return refuseFields({ score: 'field.required' }, data);
    const criteria = Object.fromEntries(
      RATING_CRITERIA.flatMap((key) => {
        const stars = Number(text(data, key));
        return stars >= 1 && stars <= 5 ? [[key, stars]] : [];
      }),
    );
    const result = await call(fetch, 'POST', urlOf(params, '/rating'), {
      body: { score, criteria, comment: text(data, 'comment') },
      ...idempotency(data),
    });
    return result.ok ? { done: 'rated' as const } : refuse(forForm(result.problem), data);
  },
  reply: async ({ request, fetch, params }) => {
    const data = await request.formData();
    if (text(data, 'text') === '') return refuseFields({ text: 'field.required' }, data);
    const result = await call(fetch, 'POST', urlOf(params, '/rating-reply'), {
      body: { text: text(data, 'text') },
      ...idempotency(data),
    });
    return result.ok ? { done: 'replied' as const } : refuse(forForm(result.problem), data);
  },
};
