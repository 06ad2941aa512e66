import { error, type Actions } from '@sveltejs/kit';
import type { CompanyView, DemoBankAccount, Ok, demoRoutes, settlementRoutes } from '@seam/protocol';
import { CURRENCIES } from '@seam/units';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { demoBank } from '#lib/i18n/demo-bank.ts';
import { forForm } from '../../money/_parts/problems.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url, parent }) => {
  const { demo } = await parent();
  if (!demo) error(404, 'There is no such page', { code: 'resource.not_found' });
  const company = locals.session?.organisation ? await call<CompanyView>(fetch, 'GET', '/v1/company') : null;
  const own = company?.ok ? company.data : null;
  const asked = url.searchParams.get('currency');
  const currency =
    CURRENCIES.find((code) => code === asked) ?? own?.bankAccounts[0]?.currency ?? CURRENCIES[0];
  const account = own?.bankAccounts.find((one) => one.currency === currency) ?? null;
  const [instruction, atBank] = await Promise.all([
    own
      ? call<Ok<typeof settlementRoutes.depositInstruction>>(
          fetch,
          'GET',
          `/v1/deposit-instructions/${currency}`,
        )
      : null,
    account ? call<DemoBankAccount>(fetch, 'GET', `/v1/demo/bank/accounts/${account.accountNumber}`) : null,
  ]);
  return {
    title: demoBank[locals.locale].title,
    currency,
    holderName: account?.holderName ?? own?.name ?? '',
    legalId: own?.legalId ?? '',
    accountNumber: account?.accountNumber ?? '',
    bankCode: account?.bankCode ?? '',
    reference: instruction?.ok ? instruction.data.reference : '',
    atBank: atBank?.ok ? atBank.data : null,
  };
};

const needed = (data: FormData, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.filter((name) => text(data, name) === '').map((name) => [name, 'field.required']));

export const actions: Actions = {
  open: async ({ request, fetch }) => {
    const data = await request.formData();
    const names = ['holderName', 'legalId', 'currency', 'accountNumber', 'bankCode'] as const;
    const missing = needed(data, ...names);
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const body = Object.fromEntries(names.map((name) => [name, text(data, name)]));
    const result = await call<DemoBankAccount>(fetch, 'POST', '/v1/demo/bank/accounts', {
      body,
      ...idempotency(data),
    });
    return result.ok ? { opened: result.data } : refuse(forForm(result.problem), data);
  },
  pay: async ({ request, fetch }) => {
    const data = await request.formData();
    const missing = needed(data, 'fromAccount', 'amount', 'reference', 'toCurrency');
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const result = await call<Ok<typeof demoRoutes.payFromDemoBank>>(
      fetch,
      'POST',
      '/v1/demo/bank/transfers',
      {
        body: {
          fromAccount: text(data, 'fromAccount'),
          amount: decimalText(data, 'amount'),
          reference: text(data, 'reference'),
          toCurrency: text(data, 'toCurrency'),
        },
        ...idempotency(data),
      },
    );
    return result.ok ? { paid: result.data } : refuse(forForm(result.problem), data);
  },
  look: async ({ request, fetch }) => {
    const data = await request.formData();
    const missing = needed(data, 'number');
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const number = encodeURIComponent(text(data, 'number'));
    const result = await call<DemoBankAccount>(fetch, 'GET', `/v1/demo/bank/accounts/${number}`);
    if (result.ok) return { found: result.data };
    const { code } = result.problem;
    return refuse(
      { ...result.problem, fields: { number: code === 'request.invalid' ? 'field.invalid' : code } },
      data,
    );
  },
  day: async ({ request, fetch }) => {
    const data = await request.formData();
    const result = await call(fetch, 'POST', '/v1/demo/bank/end-of-day', idempotency(data));
    return result.ok ? { dayClosed: true } : refuse(result.problem, data);
  },
};
