import { redirect, type Actions } from '@sveltejs/kit';
import type {
  Balance,
  BankAccountView,
  CompanyView,
  ObligationView,
  Ok,
  SettlementSummary,
  StatementLine,
  settlementRoutes,
} from '@seam/protocol';
import { CURRENCIES } from '@seam/units';
import { call, type Result } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { money } from '#lib/i18n/money.ts';
import { forForm } from './_parts/problems.ts';
import { freeIn, totals } from './_parts/totals.ts';
import type { PageServerLoad } from './$types';

/** Shown at first. */
const MOVEMENTS = 15;

type List<T> = { items: T[] };
type Instruction = Ok<typeof settlementRoutes.depositInstruction>;

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fmoney');
  if (!locals.session.organisation) redirect(303, '/staff/ledger');
  const [balances, statement, settlements, company, obligations] = await Promise.all([
    call<List<Balance>>(fetch, 'GET', '/v1/balances').then(orFail),
    call<List<StatementLine>>(fetch, 'GET', '/v1/statement').then(orFail),
    call<List<SettlementSummary>>(fetch, 'GET', '/v1/settlements').then(orFail),
    call<CompanyView>(fetch, 'GET', '/v1/company').then(orFail),
    call<List<ObligationView>>(fetch, 'GET', '/v1/obligations').then(orFail),
  ]);
  const asked = url.searchParams.get('currency');
  const currency =
    CURRENCIES.find((code) => code === asked) ?? company.bankAccounts[0]?.currency ?? CURRENCIES[0];
  const instruction: Result<Instruction> = await call(fetch, 'GET', `/v1/deposit-instructions/${currency}`);
  return {
    title: money[locals.locale].title,
    totals: totals(balances.items),
    statement: url.searchParams.has('all') ? statement.items : statement.items.slice(0, MOVEMENTS),
    more: !url.searchParams.has('all') && statement.items.length > MOVEMENTS,
    settlements: settlements.items,
    obligations: obligations.items,
    now: new Date().toISOString(),
    currency,
    instruction: instruction.ok ? instruction.data : null,
    instructionProblem: instruction.ok ? null : instruction.problem,
    accounts: company.bankAccounts
      .filter((account) => account.status === 'confirmed')
      .map((account) => payableTo(account, freeIn(balances.items, account.currency))),
    mayWithdraw: hasRole(locals.session, 'finance'),
  };
};

function payableTo({ currency, accountNumber, bankName }: BankAccountView, free: string) {
  return { currency, accountNumber, bankName, free };
}

export const actions: Actions = {
  withdraw: async ({ request, fetch }) => {
    const data = await request.formData();
    const currency = text(data, 'currency');
    const amount = decimalText(data, 'amount');
    const missing = {
      ...(currency === '' && { currency: 'field.required' }),
      ...(amount === '' && { amount: 'field.required' }),
    };
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const result = await call<{ endToEndId: string }>(fetch, 'POST', '/v1/withdrawals', {
      body: { currency, amount },
      ...idempotency(data),
    });
    return result.ok ? { withdrawn: result.data.endToEndId } : refuse(forForm(result.problem), data);
  },
};
