import type { MarketPosition, Ok, marketRoutes } from '@seam/protocol';
import { type Actions, error } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { decimalText, idempotency, instant, refuse, refuseFields, text } from '#lib/form/server.ts';
import { readMarket } from '#lib/live/read-market.ts';
import { instrumentTitle } from '../_parts/instrument.ts';
import type { PageServerLoad } from './$types';

type Cancelled = Ok<typeof marketRoutes.cancelOrders>;
type Path = `/v1/instruments/${string}`;

export const load: PageServerLoad = async ({ params, fetch, locals, depends }) => {
  depends('seam:market');
  const market = await readMarket(fetch, params.id, locals.session?.organisation != null);
  // Asked again for the reason only.
  if (!market) orFail(await call(fetch, 'GET', pathOf(params.id)));
  if (!market) error(503, 'The exchange is not available');
  return { title: instrumentTitle(market.view, locals.locale), market };
};

/** All of it also works without scripts: an order is then an ordinary form. */
export const actions: Actions = {
  place: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const order = { price: decimalText(data, 'price'), quantity: decimalText(data, 'quantity') };
    const missing = Object.entries(order).filter(([, value]) => value === '');
    if (missing.length > 0)
      return refuseFields(Object.fromEntries(missing.map(([name]) => [name, 'field.required'])), data);
    const timeInForce = text(data, 'timeInForce');
    const expiresAt = instant(data, 'expiresAt');
    const least = decimalText(data, 'minimumQuantity');
    const result = await call<Ok<typeof marketRoutes.placeOrder>>(
      fetch,
      'POST',
      `${pathOf(params['id'])}/orders`,
      {
        body: {
          commandId: commandId(data),
          side: text(data, 'side'),
          ...order,
          timeInForce,
          ...(timeInForce === 'good_till_date' && expiresAt !== null && { expiresAt }),
          ...(text(data, 'postOnly') !== '' && { postOnly: true }),
          ...(least !== '' && { minimumQuantity: least }),
          ...(text(data, 'confirmed') === order.price && { confirm: true }),
        },
      },
    );
    return result.ok ? { part: 'order', seq: result.data.seq } : refuse(result.problem, data);
  },
  cancel: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const orderId = text(data, 'orderId');
    const path = `${pathOf(params['id'])}/orders/${encodeURIComponent(orderId)}/cancel` as const;
    const result = await call<Cancelled>(fetch, 'POST', path, { body: { commandId: commandId(data) } });
    return result.ok
      ? { part: 'orders', cancelled: result.data.outcome.cancelled }
      : refuse(result.problem, data);
  },
  cancelAll: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const path = `${pathOf(params['id'])}/cancel-orders` as const;
    const result = await call<Cancelled>(fetch, 'POST', path, { body: { commandId: commandId(data) } });
    return result.ok
      ? { part: 'orders', cancelled: result.data.outcome.cancelled }
      : refuse(result.problem, data);
  },
  hold: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const amount = decimalText(data, 'amount');
    if (amount === '') return refuseFields({ amount: 'field.required' }, data);
    const result = await call<MarketPosition>(fetch, 'POST', `${pathOf(params['id'])}/exposure`, {
      body: { amount },
      ...idempotency(data),
    });
    return result.ok ? { part: 'money', moved: 'held' as const } : refuse(result.problem, data);
  },
  release: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const amount = decimalText(data, 'amount');
    if (amount === '') return refuseFields({ amount: 'field.required' }, data);
    const result = await call<MarketPosition>(fetch, 'POST', `${pathOf(params['id'])}/exposure/release`, {
      body: { commandId: commandId(data), amount },
    });
    return result.ok ? { part: 'money', moved: 'released' as const } : refuse(result.problem, data);
  },
};

function pathOf(id: string | undefined): Path {
  return `/v1/instruments/${encodeURIComponent(id ?? '')}`;
}

/** The form's key is one per submission: as the command's id it makes a repeated one harmless. */
function commandId(data: FormData): string {
  return (idempotency(data).idempotencyKey ?? crypto.randomUUID()).slice(-64);
}
