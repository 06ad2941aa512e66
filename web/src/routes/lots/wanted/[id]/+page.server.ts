import { error, redirect, type Actions } from '@sveltejs/kit';
import type { BuyListingView, ListingItem } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { shelf } from '#lib/i18n/shelf.ts';
import { maySell } from '#lib/lots/may.ts';
import { forForm } from '#lib/lots/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, params, url, locals }) => {
  const id = encodeURIComponent(params.id);
  const found = await call<BuyListingView>(fetch, 'GET', `/v1/buy-listings/${id}`);
  if (!found.ok) error(found.problem.status, { message: found.problem.title, code: found.problem.code });
  const posting = found.data;
  const sells = maySell(locals.session) && !posting.own && posting.state === 'published';
  const mine = sells ? await ownLots(fetch) : [];
  const here = mine.filter(
    (lot) => lot.deliveryTerm === posting.deliveryTerm && lot.deliveryPlace?.id === posting.deliveryPlace?.id,
  );
  return {
    title: shelf[locals.locale].wanted,
    posting,
    sells,
    lots: here,
    elsewhere: mine.length - here.length,
    posted: url.searchParams.has('posted'),
  };
};

/** Pages of the own lots that are looked through for those on the market. */
const PAGES_MAX = 5;

async function ownLots(fetch: typeof globalThis.fetch): Promise<ListingItem[]> {
  const lots: ListingItem[] = [];
  let cursor: string | null = '';
  for (let page = 0; page < PAGES_MAX && cursor !== null; page += 1) {
    const query: string = cursor === '' ? '' : `?${new URLSearchParams({ cursor })}`;
    type Page = { items: ListingItem[]; nextCursor: string | null };
    const answer = await call<Page>(fetch, 'GET', `/v1/listings/mine${query}`);
    if (!answer.ok) break;
    lots.push(...answer.data.items.filter(({ state }) => state === 'published'));
    cursor = answer.data.nextCursor;
  }
  return lots;
}

export const actions: Actions = {
  deliver: async ({ request, fetch, params }) => {
    const data = await request.formData();
    if (text(data, 'listingId') === '') return refuseFields({ listingId: 'field.required' }, data);
    if (text(data, 'sure') === '') return refuseFields({ sure: 'field.required' }, data);
    const url = `/v1/buy-listings/${encodeURIComponent(params['id'] ?? '')}/deliver` as const;
    const result = await call<{ contractId: string }>(fetch, 'POST', url, {
      body: {
        listingId: text(data, 'listingId'),
        quantity: decimalText(data, 'quantity'),
        version: Number(text(data, 'version')),
      },
      ...idempotency(data),
    });
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, `/contracts/${result.data.contractId}`);
  },
  withdraw: async ({ request, fetch, params }) => {
    const data = await request.formData();
    if (text(data, 'sure') === '') return refuseFields({ sureWithdraw: 'field.required' }, data);
    const url = `/v1/buy-listings/${encodeURIComponent(params['id'] ?? '')}/withdraw` as const;
    const result = await call(fetch, 'POST', url, idempotency(data));
    return result.ok ? { done: true } : refuse(forForm(result.problem), data);
  },
};
