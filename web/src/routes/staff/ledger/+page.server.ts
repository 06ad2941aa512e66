import { redirect } from '@sveltejs/kit';
import type { ObligationView, Ok, settlementRoutes } from '@seam/protocol';
import { formatMoney } from '@seam/units';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { desk } from '#lib/i18n/desk.ts';
import { amountOf } from '../../money/_parts/totals.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fledger');
  const { rows, violations } = orFail(
    await call<Ok<typeof settlementRoutes.trialBalance>>(fetch, 'GET', '/v1/staff/trial-balance'),
  );
  const obligations = orFail(await call<{ items: ObligationView[] }>(fetch, 'GET', '/v1/obligations')).items;
  const currencies = [...new Set(rows.map((row) => row.currency))];
  return {
    title: desk[locals.locale].ledgerTitle,
    violations,
    obligations,
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
        rows: own.map((row) => ({
          kind: row.kind,
          debits: row.debits,
          credits: row.credits,
          ...sideOf(amountOf(row.credits) - amountOf(row.debits)),
        })),
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
