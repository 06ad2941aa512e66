import { redirect } from '@sveltejs/kit';
import type { ClauseRedlineView, VersionView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { contractTerms } from '#lib/i18n/contract-terms.ts';
import { loadTerms } from '../_parts/load.ts';
import type { PageServerLoad } from './$types';

type Redline = { from: VersionView; to: VersionView; clauses: ClauseRedlineView[] };

export const load: PageServerLoad = async (event) => {
  const { fetch, url, locals } = event;
  const { terms } = await loadTerms(event);
  const asked = (name: string, otherwise: number): number => Number(url.searchParams.get(name)) || otherwise;
  if (terms.kind === 'amendment') redirect(303, `/contracts/${terms.contractId}/terms`);
  const [from, to] = [asked('from', Math.max(1, terms.version - 1)), asked('to', terms.version)];
  const redline = orFail(
    await call<Redline>(fetch, 'GET', `/v1/contracts/${terms.contractId}/redline?from=${from}&to=${to}`),
  );
  return { terms, redline, title: contractTerms[locals.locale].redline };
};
