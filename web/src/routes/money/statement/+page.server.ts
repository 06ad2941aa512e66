import { redirect } from '@sveltejs/kit';
import type { AccountStatement, Balance } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { momentOf } from '#lib/form/moment.ts';
import { money } from '#lib/i18n/money.ts';
import type { PageServerLoad } from './$types';

type List<T> = { items: T[] };

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fmoney%2Fstatement');
  if (!locals.session.organisation) redirect(303, '/staff/ledger');
  const at = momentOf(url.searchParams);
  const [now, then] = await Promise.all([
    call<List<Balance>>(fetch, 'GET', '/v1/balances').then(orFail),
    at.instant
      ? call<List<Balance>>(fetch, 'GET', `/v1/balances?at=${encodeURIComponent(at.instant)}`).then(orFail)
      : null,
  ]);
  const asked = url.searchParams.get('account');
  const account = now.items.find((one) => keyOf(one) === asked) ?? now.items[0];
  const before = url.searchParams.get('before');
  const address = account && addressOf(account);
  const statement = account
    ? orFail(
        await call<AccountStatement>(
          fetch,
          'GET',
          `/v1/account-statement?${address}${before === null ? '' : `&before=${encodeURIComponent(before)}`}`,
        ),
      )
    : null;
  return {
    title: money[locals.locale].statement,
    accounts: now.items.map((one) => ({ ...one, key: keyOf(one) })),
    chosen: account ? keyOf(account) : '',
    statement,
    paged: before !== null,
    file: account ? `/money/statement/file.csv?${address}` : null,
    at,
    past: then?.items.map((one) => ({ ...one, key: keyOf(one) })) ?? null,
  };
};

function keyOf({ currency, kind, contractId }: Pick<Balance, 'currency' | 'kind' | 'contractId'>): string {
  return [currency, kind, contractId].filter(Boolean).join('/');
}

function addressOf({ currency, kind, contractId }: Balance): string {
  return new URLSearchParams({ currency, kind, ...(contractId !== null && { contractId }) }).toString();
}
