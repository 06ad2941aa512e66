import { redirect, type Actions } from '@sveltejs/kit';
import type { IndexSeriesView, NegotiationView, OfferPreview, OfferView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, instant, refuse, refuseFields, text, typed } from '#lib/form/server.ts';
import { negotiations } from '#lib/i18n/negotiations.ts';
import { malformed, termsTyped } from '../../_parts/wire.ts';
import type { PageServerLoad } from './$types';

type Event = { request: Request; fetch: typeof globalThis.fetch; params: Partial<Record<string, string>> };
const urlOf = ({ params }: Pick<Event, 'params'>) =>
  `/v1/negotiations/${encodeURIComponent(params['id'] ?? '')}` as const;

const DAY_MS = 24 * 3600_000;

export const load: PageServerLoad = async ({ fetch, params, url, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const view = orFail(await call<NegotiationView>(fetch, 'GET', urlOf({ params })));
  const last = view.offers.at(-1);
  const ownStands = last?.state === 'proposed' && last.side === view.mine;
  if (view.state !== 'open' || ownStands) redirect(303, `/negotiations/${view.id}`);
  const { items } = orFail(await call<{ items: IndexSeriesView[] }>(fetch, 'GET', '/v1/indices'));
  return {
    title: negotiations[locals.locale].offerTitle,
    // Written as formulas write them.
    indices: items.flatMap(({ id, latest }) =>
      latest && /^[a-z]/.test(id) ? [{ name: id.replaceAll('-', '_'), ...latest }] : [],
    ),
    view,
    terms: view.startingTerms,
    last: last ?? null,
    validUntil: new Date(Date.parse(view.serverTime) + DAY_MS).toISOString(),
  };
};

/** The form and what it started from. */
async function read(event: Event) {
  const data = await event.request.formData();
  const view = orFail(await call<NegotiationView>(event.fetch, 'GET', urlOf(event)));
  const terms = termsTyped(data, view.startingTerms);
  const fields = malformed(terms);
  return { data, terms, wrong: Object.keys(fields).length > 0 ? refuseFields(fields, data) : undefined };
}

export const actions: Actions = {
  async preview(event) {
    const { data, terms, wrong } = await read(event);
    if (wrong) return wrong;
    const result = await call<OfferPreview>(event.fetch, 'POST', `${urlOf(event)}/offer-preview`, {
      body: { terms },
    });
    return result.ok ? { preview: result.data, values: typed(data) } : refuse(result.problem, data);
  },
  async send(event) {
    const { data, terms, wrong } = await read(event);
    if (wrong) return wrong;
    const validUntil = instant(data, 'validUntil');
    if (validUntil === null) return refuseFields({ validUntil: 'field.required' }, data);
    const answers = text(data, 'answers');
    const result = await call<OfferView>(event.fetch, 'POST', `${urlOf(event)}/offers`, {
      body: { terms, validUntil, answers: answers === '' ? null : answers },
      ...idempotency(data),
    });
    if (!result.ok) return refuse(result.problem, data);
    redirect(303, `/negotiations/${encodeURIComponent(event.params['id'] ?? '')}?sent`);
  },
};
