import { redirect, type Actions } from '@sveltejs/kit';
import type { DisputeView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { centreActions } from '#lib/disputes/actions.ts';
import { disputes } from '#lib/i18n/disputes.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const id = encodeURIComponent(params.id);
  const dispute = orFail(await call<DisputeView>(fetch, 'GET', `/v1/disputes/${id}`));
  if (!locals.session.staff) redirect(303, `/money/contracts/${dispute.contractId}`);
  return { title: disputes[locals.locale].deskTitle, dispute };
};

export const actions: Actions = centreActions;
