import { redirect, type Actions } from '@sveltejs/kit';
import type { AnalysisValue, DeliveryOrderView, InspectionView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { decimalText, idempotency, instant, refuse, refuseFields, text } from '#lib/form/server.ts';
import { inspection } from '#lib/i18n/inspection.ts';
import { forForm } from '../../../money/_parts/problems.ts';
import type { PageServerLoad } from './$types';

type Params = Partial<Record<string, string>>;
const order = (params: Params): string => `delivery-orders/${encodeURIComponent(params['id'] ?? '')}`;
const urlOf = (params: Params, rest = ''): `/v1/${string}` => `/v1/${order(params)}/inspection${rest}`;
const staffUrl = (params: Params, rest: string): `/v1/${string}` =>
  `/v1/staff/${order(params)}/inspection/${rest}`;

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const view = orFail(await call<InspectionView>(fetch, 'GET', urlOf(params)));
  const delivery = orFail(await call<DeliveryOrderView>(fetch, 'GET', `/v1/${order(params)}`));
  return {
    title: inspection[locals.locale].toQuality,
    inspection: view,
    required: delivery.required,
    staff: locals.session.staff,
    may: hasRole(locals.session, 'trader', 'finance'),
  };
};

const required = (data: FormData, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.filter((name) => text(data, name) === '').map((name) => [name, 'field.required']));
const some = (fields: object): boolean => Object.keys(fields).length > 0;
const grams = (data: FormData, name: string): number => Number(text(data, name));

export const actions: Actions = {
  challenge: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    if (reason.length < 5) {
      return refuseFields({ reason: reason === '' ? 'field.required' : 'field.too_short' }, data);
    }
    const result = await call(fetch, 'POST', urlOf(params, '/challenge'), {
      body: { reason },
      ...idempotency(data),
    });
    return result.ok ? { done: 'challenged' as const } : refuse(forForm(result.problem), data);
  },
  propose: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const outcome = text(data, 'outcome');
    const pricePerTonne = decimalText(data, 'pricePerTonne');
    const missing = required(data, 'outcome', ...(outcome === 'return' ? [] : ['pricePerTonne']));
    if (some(missing)) return refuseFields(missing, data);
    const result = await call(fetch, 'POST', urlOf(params, '/proposals'), {
      body: { outcome, ...(outcome === 'return' ? {} : { pricePerTonne }) },
      ...idempotency(data),
    });
    return result.ok ? { done: 'proposed' as const } : refuse(forForm(result.problem), data);
  },
  agree: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const url = urlOf(params, `/proposals/${encodeURIComponent(text(data, 'proposal'))}/acceptance`);
    const result = await call(fetch, 'POST', url, idempotency(data));
    return result.ok ? { done: 'agreed' as const } : refuse(result.problem, data);
  },
  samples: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const takenAt = instant(data, 'takenAt');
    const missing = required(
      data,
      'takenBy',
      'laboratorySeal',
      'laboratoryGrams',
      'reserveSeal',
      'reserveGrams',
    );
    if (takenAt === null) missing['takenAt'] = 'field.required';
    if (some(missing)) return refuseFields(missing, data);
    const result = await call(fetch, 'POST', staffUrl(params, 'samples'), {
      body: {
        takenAt,
        takenBy: text(data, 'takenBy'),
        laboratorySeal: text(data, 'laboratorySeal'),
        laboratoryGrams: grams(data, 'laboratoryGrams'),
        reserveSeal: text(data, 'reserveSeal'),
        reserveGrams: grams(data, 'reserveGrams'),
      },
      ...idempotency(data),
    });
    return result.ok ? { done: 'samplesRecorded' as const } : refuse(forForm(result.problem), data);
  },
  custody: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const at = instant(data, 'at');
    const missing = required(data, 'sampleId', 'handedBy', 'receivedBy', 'seal');
    if (at === null) missing['at'] = 'field.required';
    if (some(missing)) return refuseFields(missing, data);
    const result = await call(fetch, 'POST', staffUrl(params, 'custody'), {
      body: {
        sampleId: text(data, 'sampleId'),
        at,
        handedBy: text(data, 'handedBy'),
        receivedBy: text(data, 'receivedBy'),
        sealIntact: text(data, 'seal') === 'whole',
        note: text(data, 'note'),
      },
      ...idempotency(data),
    });
    return result.ok ? { done: 'custodyRecorded' as const } : refuse(forForm(result.problem), data);
  },
  step: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const missing = required(data, 'laboratory');
    if (some(missing)) return refuseFields(missing, data);
    const result = await call(fetch, 'POST', staffUrl(params, 'steps'), {
      body: { move: text(data, 'move'), laboratory: text(data, 'laboratory') },
      ...idempotency(data),
    });
    return result.ok ? { done: 'stepDone' as const } : refuse(forForm(result.problem), data);
  },
  referee: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const delivery = orFail(await call<DeliveryOrderView>(fetch, 'GET', `/v1/${order(params)}`));
    const missing = required(
      data,
      'number',
      'laboratory',
      'sampledOn',
      ...delivery.required.map(({ parameter }) => parameter),
    );
    if (some(missing)) return refuseFields(missing, data);
    const values = delivery.required.map((rule) => ({
      parameter: rule.parameter,
      unit: rule.unit,
      ...(rule.basis === null ? {} : { basis: rule.basis }),
      ...(rule.kind === null ? {} : { kind: rule.kind }),
      value: decimalText(data, rule.parameter),
    })) as AnalysisValue[];
    const result = await call(fetch, 'POST', staffUrl(params, 'referee-certificate'), {
      body: {
        number: text(data, 'number'),
        laboratory: text(data, 'laboratory'),
        sampledOn: text(data, 'sampledOn'),
        values,
        ...(decimalText(data, 'cost') === '' ? {} : { cost: decimalText(data, 'cost') }),
      },
      ...idempotency(data),
    });
    return result.ok ? { done: 'refereeRecorded' as const } : refuse(forForm(result.problem), data);
  },
};
