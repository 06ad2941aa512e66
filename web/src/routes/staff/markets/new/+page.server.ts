import type { InstrumentView } from '@seam/protocol';
import { type Actions, redirect } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { decimalText, refuse, text } from '#lib/form/server.ts';
import { marketsStaff } from '#lib/i18n/markets-staff.ts';
import { formFields, readSession } from '../_parts/read-session.ts';
import { suggestedDay } from '../_parts/session-rows.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fmarkets%2Fnew');
  return { title: marketsStaff[locals.locale].newTitle, rows: suggestedDay(Date.now()) };
};

const TEXTS = ['id', 'grade', 'specification', 'deliveryTerm', 'deliveryPlace', 'deliveryPeriod', 'currency'];
const DECIMALS = [
  'tickSize',
  'lotSize',
  'referencePrice',
  'hardCollarPercent',
  'softCollarPercent',
  'maximumOrderValue',
  'volatilityPercent',
];
const SECONDS = ['volatilityWindowSeconds', 'volatilityCallSeconds', 'reopeningCallSeconds'];

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const { session, lines } = readSession(data);
    const body = {
      ...Object.fromEntries(TEXTS.map((name) => [name, text(data, name)])),
      ...Object.fromEntries(DECIMALS.map((name) => [name, decimalText(data, name)])),
      ...Object.fromEntries(SECONDS.map((name) => [name, Number(decimalText(data, name))])),
      session,
    };
    const result = await call<InstrumentView>(fetch, 'POST', '/v1/staff/instruments', { body });
    if (!result.ok) {
      const { fields, ...problem } = result.problem;
      return refuse({ ...problem, fields: formFields(fields, lines) }, data);
    }
    redirect(303, `/staff/markets/${encodeURIComponent(result.data.id)}`);
  },
};
