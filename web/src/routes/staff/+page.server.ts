import { redirect } from '@sveltejs/kit';
import type {
  CertificateRequestView,
  CertificationRow,
  DeliveryOrderSummary,
  Ok,
  SettlementSummary,
  settlementRoutes,
} from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { desk } from '#lib/i18n/desk.ts';
import type { PageServerLoad } from './$types';

type List<T> = { items: T[] };

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff');
  const list = async <T>(url: `/v1/${string}`): Promise<T[]> =>
    orFail(await call<List<T>>(fetch, 'GET', url)).items;
  const [submitted, reviewed, certificates, orders, settlements, work] = await Promise.all([
    list<CertificationRow>('/v1/staff/certifications?state=submitted'),
    list<CertificationRow>('/v1/staff/certifications?state=under_review'),
    list<CertificateRequestView>('/v1/staff/certificate-requests'),
    list<DeliveryOrderSummary>('/v1/delivery-orders'),
    list<SettlementSummary>('/v1/settlements'),
    list<Ok<typeof settlementRoutes.openWork>['items'][number]>('/v1/staff/open-work'),
  ]);
  return {
    title: desk[locals.locale].title,
    certifications: [...submitted, ...reviewed],
    certificates,
    // The laboratory samples while the coal leaves: an order waits from its first truck on.
    analyses: orders.filter((order) => !order.hasCertificate && /[1-9]/.test(order.lifted)),
    disputes: settlements.filter((one) => one.waitsFor === 'centre'),
    work: work.filter((one) => !one.kind.startsWith('settlement.') && !one.kind.startsWith('dispute.')),
  };
};
