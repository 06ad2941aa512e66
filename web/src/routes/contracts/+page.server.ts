import { redirect } from '@sveltejs/kit';
import type { ContractSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { contracts } from '#lib/i18n/contracts.ts';
import { SHOWN, waitsForUs, type Shown } from './_parts/shown.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  const { session } = locals;
  if (!session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  const result = await call<{ items: ContractSummary[] }>(fetch, 'GET', '/v1/contracts');
  const all = result.ok ? result.data.items : [];
  const us = session.organisation?.id ?? null;
  const ours = (contract: ContractSummary): boolean => waitsForUs(contract, us);
  const asked = url.searchParams.get('show');
  const shown: Shown = Object.keys(SHOWN).includes(asked ?? '') ? (asked as Shown) : 'all';
  const counts = Object.fromEntries(
    Object.entries(SHOWN).map(([name, belongs]) => [name, all.filter((one) => belongs(one, us)).length]),
  ) as Record<Shown, number>;
  return {
    title: contracts[locals.locale].title,
    shown,
    counts,
    items: all.filter((one) => SHOWN[shown](one, us)).sort((a, b) => Number(ours(b)) - Number(ours(a))),
    us,
    problem: result.ok ? null : result.problem,
  };
};
