import { redirect, type Actions } from '@sveltejs/kit';
import type { DeliveryOrderView, PickupPass } from '@seam/protocol';
import { formatTonnes, parseTonnes } from '@seam/units';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { decimalText, idempotency, instant, refuse, refuseFields, text } from '#lib/form/server.ts';
import { deliveries } from '#lib/i18n/deliveries.ts';
import { forForm } from '../../money/_parts/problems.ts';
import { mayDispatch } from '../_parts/may.ts';
import { isInside, isOutside } from '../_parts/pass-state.ts';
import type { PageServerLoad } from './$types';

type Params = Partial<Record<string, string>>;
const urlOf = (params: Params, rest = ''): `/v1/${string}` =>
  `/v1/delivery-orders/${encodeURIComponent(params['id'] ?? '')}${rest}`;

const staffUrl = (params: Params, rest: string): `/v1/${string}` =>
  `/v1/staff/delivery-orders/${encodeURIComponent(params['id'] ?? '')}/${rest}`;

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const order = orFail(await call<DeliveryOrderView>(fetch, 'GET', urlOf(params)));
  const now = Date.now();
  const kg = (tonnes: string): bigint => parseTonnes(tonnes) ?? 0n;
  const promised = order.passes
    .filter((pass) => isInside(pass.state) || (isOutside(pass.state) && Date.parse(pass.notAfter) > now))
    .reduce((sum, pass) => sum + kg(pass.maximum), 0n);
  const left = kg(order.remaining) - promised;
  return {
    title: deliveries[locals.locale].title,
    order,
    unpromised: formatTonnes(left > 0n ? left : 0n),
    net: formatTonnes(order.tickets.reduce((sum, ticket) => sum + kg(ticket.net), 0n)),
    may: mayDispatch(locals.session),
    /** Given by the gate check: the weighing form begins with it. */
    pass: url.searchParams.get('pass') ?? '',
  };
};

const required = (data: FormData, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.filter((name) => text(data, name) === '').map((name) => [name, 'field.required']));
const some = (fields: object): boolean => Object.keys(fields).length > 0;

export const actions: Actions = {
  issue: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const missing = required(data, 'plate', 'driver', 'maximum');
    if (some(missing)) return refuseFields(missing, data);
    const result = await call<PickupPass>(fetch, 'POST', urlOf(params, '/passes'), {
      body: {
        plate: text(data, 'plate').toUpperCase(),
        driver: text(data, 'driver'),
        ...(text(data, 'vehicle') !== '' && { vehicle: text(data, 'vehicle') }),
        maximum: decimalText(data, 'maximum'),
      },
      ...idempotency(data),
    });
    return result.ok ? { done: 'issued' as const } : refuse(forForm(result.problem), data);
  },
  weigh: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const weighedAt = instant(data, 'weighedAt');
    const missing = {
      ...required(data, 'pass', 'number', 'gross', 'tare'),
      ...(weighedAt === null && { weighedAt: 'field.required' }),
    };
    if (some(missing)) return refuseFields(missing, data);
    const result = await call<DeliveryOrderView>(fetch, 'POST', urlOf(params, '/tickets'), {
      body: {
        pass: text(data, 'pass'),
        number: text(data, 'number'),
        gross: decimalText(data, 'gross'),
        tare: decimalText(data, 'tare'),
        weighedAt,
        ...(text(data, 'vehicle') !== '' && { vehicle: text(data, 'vehicle') }),
      },
      ...idempotency(data),
    });
    if (!result.ok) return refuse(forForm(result.problem), data);
    return { done: 'recorded' as const, number: text(data, 'number') };
  },
  nominate: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const missing = required(data, 'fromDay', 'toDay', 'quantity');
    if (some(missing)) return refuseFields(missing, data);
    const result = await call(fetch, 'POST', urlOf(params, '/liftings'), {
      body: {
        fromDay: text(data, 'fromDay'),
        toDay: text(data, 'toDay'),
        quantity: decimalText(data, 'quantity'),
      },
      ...idempotency(data),
    });
    return result.ok ? { done: 'nominated' as const } : refuse(forForm(result.problem), data);
  },
  withdraw: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const url = urlOf(params, `/liftings/${encodeURIComponent(text(data, 'lifting'))}/withdrawal`);
    const result = await call(fetch, 'POST', url, idempotency(data));
    return result.ok ? { done: 'withdrawn' as const } : refuse(result.problem, data);
  },
  cancelPass: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const url = urlOf(params, `/passes/${encodeURIComponent(text(data, 'passId'))}/moves`);
    const result = await call(fetch, 'POST', url, { body: { move: 'cancel' }, ...idempotency(data) });
    return result.ok ? { done: 'passCancelled' as const } : refuse(result.problem, data);
  },
  suspend: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const missing = required(data, 'reason');
    if (some(missing)) return refuseFields(missing, data);
    const body = { reason: text(data, 'reason') };
    const result = await call(fetch, 'POST', staffUrl(params, 'suspension'), { body, ...idempotency(data) });
    return result.ok ? { done: 'suspended' as const } : refuse(forForm(result.problem), data);
  },
  resume: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const result = await call(fetch, 'POST', staffUrl(params, 'resumption'), idempotency(data));
    return result.ok ? { done: 'resumed' as const } : refuse(result.problem, data);
  },
  complete: async ({ request, fetch, params }) => {
    const data = await request.formData();
    if (text(data, 'sure') === '') return refuseFields({ sure: 'field.required' }, data);
    const result = await call(fetch, 'POST', urlOf(params, '/completion'), idempotency(data));
    return result.ok ? { done: 'completed' as const } : refuse(result.problem, data);
  },
  analyse: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const order = orFail(await call<DeliveryOrderView>(fetch, 'GET', urlOf(params)));
    const missing = required(
      data,
      'number',
      'laboratory',
      'sampledOn',
      ...order.required.map((rule) => rule.parameter),
    );
    if (some(missing)) return refuseFields(missing, data);
    const names = order.required.map((rule, n): [string, string] => [`values.${n}.value`, rule.parameter]);
    const result = await call(
      fetch,
      'POST',
      `/v1/staff/delivery-orders/${encodeURIComponent(params['id'] ?? '')}/certificate-of-analysis`,
      {
        body: {
          number: text(data, 'number'),
          laboratory: text(data, 'laboratory'),
          sampledOn: text(data, 'sampledOn'),
          values: order.required.map(({ parameter, unit, basis, kind }) => ({
            parameter,
            unit,
            ...(basis === null ? {} : { basis }),
            ...(kind === null ? {} : { kind }),
            value: decimalText(data, parameter),
          })),
        },
        ...idempotency(data),
      },
    );
    if (!result.ok) return refuse(forForm(result.problem, Object.fromEntries(names)), data);
    return { done: 'analysisSaved' as const };
  },
};
