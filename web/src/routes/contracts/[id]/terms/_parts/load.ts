/** What every page about the terms of a contract begins with. */
import { redirect } from '@sveltejs/kit';
import type { ContractTermsView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole, type Session } from '#lib/api/session.ts';

type Event = {
  readonly fetch: typeof globalThis.fetch;
  readonly params: { readonly id: string };
  readonly url: URL;
  readonly locals: { readonly session: Session | null };
};

export const TEXTS = ['both', 'zh', 'en'] as const;
export type TextChoice = (typeof TEXTS)[number];

export async function loadTerms(event: Event, version?: string | null) {
  const { fetch, params, url, locals } = event;
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  const query = version && /^[1-9][0-9]?$/.test(version) ? `?version=${version}` : '';
  const terms = orFail(
    await call<ContractTermsView>(
      fetch,
      'GET',
      `/v1/contracts/${encodeURIComponent(params.id)}/terms${query}`,
    ),
  );
  const active = locals.session.organisation?.status === 'active';
  return {
    terms,
    /** May this person speak for its company here? */
    negotiates: terms.mine !== null && active && hasRole(locals.session, 'trader', 'signatory'),
  };
}

export function textChoice(url: URL): TextChoice {
  const asked = url.searchParams.get('text');
  return TEXTS.find((one) => one === asked) ?? 'both';
}
