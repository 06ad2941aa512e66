import { redirect } from '@sveltejs/kit';
import type { NegotiationSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { negotiations } from '#lib/i18n/negotiations.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const result = await call<{ items: NegotiationSummary[] }>(fetch, 'GET', '/v1/negotiations');
  const items = result.ok ? result.data.items : [];
  return {
    title: negotiations[locals.locale].title,
    // What waits for this company comes first, the most urgent above.
    items: items.toSorted((one, other) => rank(one) - rank(other)),
    problem: result.ok ? null : result.problem,
  };
};

function rank({ offer, mine, state }: NegotiationSummary): number {
  if (state !== 'open') return Number.MAX_SAFE_INTEGER;
  const ours = offer?.state === 'proposed' && offer.side !== mine;
  return ours ? Date.parse(offer.expiresAt) : Number.MAX_SAFE_INTEGER - 1;
}
