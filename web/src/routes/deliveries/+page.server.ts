import { redirect } from '@sveltejs/kit';
import type { DeliveryOrderSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { deliveries } from '#lib/i18n/deliveries.ts';
import { mayDispatch } from './_parts/may.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fdeliveries');
  const orders = orFail(await call<{ items: DeliveryOrderSummary[] }>(fetch, 'GET', '/v1/delivery-orders'));
  return {
    title: deliveries[locals.locale].title,
    orders: orders.items,
    gate: mayDispatch(locals.session) && locals.session.organisation?.sells === true,
  };
};
