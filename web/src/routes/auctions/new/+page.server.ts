import type { AuctionView, ListingSummary, ListingView, RequestView } from '@seam/protocol';
import { LIVE_REQUEST_STATES } from '@seam/protocol';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { nameOf } from '#lib/api/market.server.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { auctions } from '#lib/i18n/auctions.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';
import { mayBuy, maySell } from '#lib/lots/may.ts';
import { type Format, formatsFor, isFormat } from '../_parts/formats.ts';
import { readBody } from './body.ts';
import { type Subject, defaultsFor, fieldOf } from './form.ts';
import { isUsage, usageDefaults } from './presets.ts';
import type { PageServerLoad } from './$types';

type Fetch = typeof globalThis.fetch;

export const load: PageServerLoad = async ({ url, fetch, locals }) => {
  const { locale, session } = locals;
  if (!session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  const title = auctions[locale].newTitle;
  const found = await subjectOf(fetch, url, locale);
  if (found === null) {
    const choice = await choices(fetch, { locale, sells: maySell(session), buys: mayBuy(session) });
    return { title, subject: null, mine: false, choices: choice, format: null, usage: null, defaults: {} };
  }
  const { subject, mine } = found;
  const offered = formatsFor(subject.kind === 'lot' ? 'sell' : 'buy');
  const asked = url.searchParams.get('format');
  const format = offered.find((one) => one === asked) ?? offered[0] ?? 'english';
  const usage = url.searchParams.get('usage');
  return {
    title,
    subject,
    mine,
    choices: [],
    format,
    usage: isUsage(usage) ? usage : null,
    defaults: { ...defaultsFor(format, subject), ...(isUsage(usage) ? usageDefaults(usage) : {}) },
  };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const word = text(data, 'format');
    const format: Format = isFormat(word) ? word : 'english';
    const { body, fields: faults } = readBody(data, format, Date.now());
    if (Object.keys(faults).length > 0) return refuseFields(faults, data);
    const result = await call<AuctionView>(fetch, 'POST', '/v1/auctions', { body, ...idempotency(data) });
    if (!result.ok) {
      const { fields = {} } = result.problem;
      const named = Object.entries(fields).map(([name, code]) => [fieldOf(name), code]);
      return refuse({ ...result.problem, fields: Object.fromEntries(named) }, data);
    }
    redirect(303, `/auctions/${result.data.id}`);
  },
};

async function subjectOf(
  fetch: Fetch,
  url: URL,
  locale: Locale,
): Promise<{ subject: Subject; mine: boolean } | null> {
  const listing = url.searchParams.get('listing');
  if (listing !== null) {
    const found = await call<ListingView>(fetch, 'GET', `/v1/listings/${encodeURIComponent(listing)}`);
    return found.ok ? { subject: ofListing(found.data, locale), mine: found.data.mineToSell } : null;
  }
  const request = url.searchParams.get('request');
  if (request === null) return null;
  const found = await call<RequestView>(fetch, 'GET', `/v1/requests/${encodeURIComponent(request)}`);
  return found.ok ? { subject: ofRequest(found.data, locale), mine: found.data.own } : null;
}

function ofListing(listing: ListingSummary, locale: Locale): Subject {
  return {
    kind: 'lot',
    id: listing.id,
    name: nameOf(listing.mine, locale),
    quantity: listing.remaining,
    currency: listing.currency ?? 'CNY',
    price: listing.startPrice ?? listing.price ?? '',
  };
}

function ofRequest(request: RequestView, locale: Locale): Subject {
  return {
    kind: 'request',
    id: request.id,
    name: nameOf(request.plant, locale),
    quantity: request.outstanding,
    currency: request.currency,
    price: request.priceCeiling ?? '',
  };
}

/** What the visitor's company could put to auction. */
async function choices(
  fetch: Fetch,
  { locale, sells, buys }: { locale: Locale; sells: boolean; buys: boolean },
): Promise<Subject[]> {
  const [lots, requests] = await Promise.all([
    sells ? call<{ items: ListingSummary[] }>(fetch, 'GET', '/v1/listings/mine') : null,
    buys ? call<{ items: RequestView[] }>(fetch, 'GET', '/v1/requests?scope=own') : null,
  ]);
  const free = lots?.ok ? lots.data.items.filter(({ state }) => state === 'published') : [];
  const needed = requests?.ok
    ? requests.data.items.filter(({ state }) => (LIVE_REQUEST_STATES as readonly string[]).includes(state))
    : [];
  return [
    ...free.map((listing) => ofListing(listing, locale)),
    ...needed.map((one) => ofRequest(one, locale)),
  ];
}
