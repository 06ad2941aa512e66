import { error, redirect, type Actions } from '@sveltejs/kit';
import type { ListingView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { idempotency, refuse, text } from '#lib/form/server.ts';
import { lotForms } from '#lib/i18n/lot-forms.ts';
import { refuseMine, resolveMine } from '#lib/lots/resolve-mine.ts';
import { forForm } from '#lib/lots/wire-form.ts';
import { formChoices } from '../../_parts/load-form.ts';
import { lotBody, lotFields } from '../../_parts/lot-body.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, params, locals }) => {
  const id = encodeURIComponent(params.id);
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(`/lots/${id}/change`)}`);
  const lot = await call<ListingView>(fetch, 'GET', `/v1/listings/${id}`);
  if (!lot.ok) error(lot.problem.status, { message: lot.problem.title, code: lot.problem.code });
  // Nobody else changes it, and what has ended is not changed.
  const open = lot.data.mineToSell && ['draft', 'published'].includes(lot.data.state);
  if (!open) redirect(303, `/lots/${id}`);
  const choices = await formChoices(fetch, locals.locale, [lot.data.deliveryPlace, lot.data.loadPlace]);
  return {
    title: lotForms[locals.locale].change,
    lot: lot.data,
    before: lotFields(lot.data, locals.locale),
    ...choices,
  };
};

export const actions: Actions = {
  default: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const mine = await resolveMine(fetch, data);
    if ('several' in mine) return refuseMine(mine, data);
    const id = encodeURIComponent(params['id'] ?? '');
    const result = await call<ListingView>(fetch, 'POST', `/v1/listings/${id}/change`, {
      body: { version: Number(text(data, 'version')), terms: lotBody(data, mine.mineId) },
      ...idempotency(data),
    });
    if (!result.ok) return refuse(forForm(inTerms(result.problem)), data);
    redirect(
      303,
      `/lots/${id}?changed=${result.data.changePending ? 'waits' : result.data.version}#versions`,
    );
  },
};

/** The wire names fields of the body where the terms themselves are one of them. */
function inTerms<T extends { fields?: Readonly<Record<string, string>> }>(problem: T): T {
  if (!problem.fields) return problem;
  const fields = Object.entries(problem.fields).map(([name, code]) => [name.replace(/^terms\./, ''), code]);
  return { ...problem, fields: Object.fromEntries(fields) as Record<string, string> };
}
