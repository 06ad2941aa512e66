import { redirect, type Actions } from '@sveltejs/kit';
import type { LedgerAudit, ObligationView, ReversalView, TrialBalance } from '@seam/protocol';
import { formatMoney } from '@seam/units';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { momentOf } from '#lib/form/moment.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { decideReversal } from './_parts/decide-reversal.ts';
import { desk } from '#lib/i18n/desk.ts';
import { amountOf } from '../../money/_parts/totals.ts';
import { forForm } from '../../money/_parts/problems.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fledger');
  const at = momentOf(url.searchParams);
  const query = at.instant === null ? '' : `?at=${encodeURIComponent(at.instant)}`;
  const [{ rows }, audit, obligations, reversals] = await Promise.all([
    call<TrialBalance>(fetch, 'GET', `/v1/staff/trial-balance${query}`).then(orFail),
    call<LedgerAudit>(fetch, 'GET', '/v1/staff/ledger-audit').then(orFail),
    call<{ items: ObligationView[] }>(fetch, 'GET', '/v1/obligations').then(orFail),
    call<{ items: ReversalView[] }>(fetch, 'GET', '/v1/staff/ledger/reversals').then(orFail),
  ]);
  const currencies = [...new Set(rows.map((row) => row.currency))];
  return {
    title: desk[locals.locale].ledgerTitle,
    at,
    audit,
    obligations: obligations.items,
    reversals: reversals.items,
    now: new Date().toISOString(),
    currencies: currencies.map((currency) => {
      const own = rows.filter((row) => row.currency === currency);
      const debits = own.reduce((sum, row) => sum + amountOf(row.debits), 0n);
      const credits = own.reduce((sum, row) => sum + amountOf(row.credits), 0n);
      return {
        currency,
        debits: formatMoney(debits),
        credits: formatMoney(credits),
        difference: debits === credits ? null : formatMoney(debits - credits),
        rows: own.map((row) => ({ ...row, ...sideOf(amountOf(row.credits) - amountOf(row.debits)) })),
      };
    }),
  };
};

/** A balance is an amount and the side it stands on; a minus would say nothing to a bookkeeper. */
function sideOf(balance: bigint): { balance: string; side: 'debit' | 'credit' | null } {
  if (balance === 0n) return { balance: formatMoney(0n), side: null };
  return balance > 0n
    ? { balance: formatMoney(balance), side: 'credit' }
    : { balance: formatMoney(-balance), side: 'debit' };
}

export const actions: Actions = {
  propose: async ({ request, fetch }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    if (reason === '') return refuseFields({ reason: 'field.required' }, data);
    const result = await call(fetch, 'POST', '/v1/staff/ledger-audit/resumption', {
      body: { reason },
      ...idempotency(data),
    });
    return result.ok ? { done: 'proposed' as const } : refuse(forForm(result.problem), data);
  },
  confirm: async ({ request, fetch }) => {
    const data = await request.formData();
    const result = await call(
      fetch,
      'POST',
      '/v1/staff/ledger-audit/resumption/confirmation',
      idempotency(data),
    );
    return result.ok ? { done: 'resumed' as const } : refuse(result.problem, data);
  },
  decide: decideReversal,
};
