import type { AuctionAwards, AuctionComplaints, AuctionView } from '@seam/protocol';
import type { Actions, RequestEvent } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, instant, refuse, refuseFields, text } from '#lib/form/server.ts';
import { auctionAwards } from '#lib/i18n/auctions-awards.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, fetch, locals, depends }) => {
  depends('seam:awards');
  const path = `/v1/auctions/${encodeURIComponent(params.id)}` as const;
  const [auction, awards, complaints] = await Promise.all([
    call<AuctionView>(fetch, 'GET', path),
    call<AuctionAwards>(fetch, 'GET', `${path}/awards`),
    call<AuctionComplaints>(fetch, 'GET', `${path}/complaints`),
  ]);
  const view = orFail(auction);
  return {
    title: `${auctionAwards[locals.locale].title} · ${view.title}`,
    auction: view,
    awards: orFail(awards),
    complaints: orFail(complaints),
  };
};

type Read = (data: FormData) => {
  /** After `/v1/auctions/:id` or, for the centre, `/v1/staff/auctions/:id`. */
  rest: string;
  staff?: boolean;
  body?: unknown;
  missing?: Readonly<Record<string, string>>;
};

/** One form each: `act` says which, so that its own card answers. */
function action(done: string, read: Read) {
  return async ({ request, fetch, params }: RequestEvent) => {
    const data = await request.formData();
    const { rest, staff = false, body, missing = {} } = read(data);
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const id = encodeURIComponent(params['id'] ?? '');
    const url = `/v1/${staff ? 'staff/' : ''}auctions/${id}/${rest}` as const;
    const options = { ...idempotency(data), ...(body === undefined ? {} : { body }) };
    const result = await call(fetch, 'POST', url, options);
    return result.ok ? { done, act: text(data, 'act') } : refuse(result.problem, data);
  };
}

const required = (data: FormData, ...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.filter((name) => text(data, name) === '').map((name) => [name, 'field.required']));
const awardUrl = (data: FormData, verb: string): string =>
  `awards/${encodeURIComponent(text(data, 'number'))}/${verb}`;

export const actions: Actions = {
  confirm: action('confirm', (data) => ({ rest: awardUrl(data, 'confirm') })),
  decline: action('decline', (data) => ({
    rest: awardUrl(data, 'decline'),
    missing: required(data, 'sure'),
  })),
  withdraw: action('withdraw', (data) => ({ rest: 'waiting/withdraw', missing: required(data, 'sure') })),
  waive: action('waive', (data) => ({ rest: 'waive-reserve', missing: required(data, 'sure') })),
  complain: action('complain', (data) => ({
    rest: 'complaints',
    staff: text(data, 'staff') !== '',
    body: { reason: text(data, 'reason') },
    missing: required(data, 'reason'),
  })),
  decide: action('decide', (data) => ({
    rest: `complaints/${encodeURIComponent(text(data, 'number'))}/decision`,
    staff: true,
    body: { decision: text(data, 'decision'), reason: text(data, 'reason') },
    missing: required(data, 'decision', 'reason', ...(text(data, 'agrees') === '' ? [] : ['sure'])),
  })),
  extend: action('extend', (data) => {
    const until = instant(data, 'until');
    return {
      rest: 'standstill',
      staff: true,
      body: { until, reason: text(data, 'reason') },
      missing: { ...required(data, 'reason'), ...(until === null && { until: 'field.required' }) },
    };
  }),
  release: action('release', (data) => ({
    rest: awardUrl(data, 'release'),
    staff: true,
    body: { reason: text(data, 'reason') },
    missing: required(data, 'number', 'reason'),
  })),
};
