import { error, redirect, type Actions } from '@sveltejs/kit';
import type { AuctionSummary, ListingVersionView, ListingView, PlaceView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { nameIn, placeOptions } from '#lib/lots/options.ts';
import { forForm } from '#lib/lots/wire-form.ts';
import { trackOf } from '#lib/reputation/track.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, params, url, locals }) => {
  const to = url.searchParams.get('to');
  const query = to ? `?${new URLSearchParams({ to })}` : '';
  const [lot, places, versions] = await Promise.all([
    call<ListingView>(fetch, 'GET', `/v1/listings/${encodeURIComponent(params.id)}${query}`),
    call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places'),
    call<{ items: ListingVersionView[] }>(
      fetch,
      'GET',
      `/v1/listings/${encodeURIComponent(params.id)}/versions`,
    ),
  ]);
  if (!lot.ok) error(lot.problem.status, { message: lot.problem.title, code: lot.problem.code });
  const track = await trackOf(fetch, locals.session !== null, [lot.data]);
  const located = places.ok ? places.data.items.filter((place) => place.latitude !== null) : [];
  return {
    title: nameIn(locals.locale, lot.data.mine),
    lot: lot.data,
    track,
    versions: versions.ok ? versions.data.items : [],
    auctionId: lot.data.state === 'in_auction' ? await auctionOf(fetch, lot.data.id) : null,
    to: to ?? '',
    changed: url.searchParams.get('changed'),
    certificateEntered: url.searchParams.has('certificate'),
    toName: located.find((place) => place.id === to) ?? null,
    places: placeOptions(
      located.filter((place) => place.kind === 'plant' || place.kind === 'port'),
      locals.locale,
    ),
  };
};

async function auctionOf(fetch: typeof globalThis.fetch, listingId: string): Promise<string | null> {
  const auctions = await call<{ items: AuctionSummary[] }>(fetch, 'GET', '/v1/auctions?state=live&limit=100');
  if (!auctions.ok) return null;
  return auctions.data.items.find((auction) => auction.listingId === listingId)?.id ?? null;
}

export const actions: Actions = {
  take: async ({ request, fetch, params }) => {
    const data = await request.formData();
    if (text(data, 'sure') === '') return refuseFields({ sure: 'field.required' }, data);
    const result = await call<{ saleId: string; contractId: string }>(
      fetch,
      'POST',
      `/v1/listings/${encodeURIComponent(params['id'] ?? '')}/take`,
      {
        body: { quantity: decimalText(data, 'quantity'), version: Number(text(data, 'version')) },
        ...idempotency(data),
      },
    );
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, `/contracts/${result.data.contractId}`);
  },
  reprice: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const result = await call(fetch, 'POST', `/v1/listings/${encodeURIComponent(params['id'] ?? '')}/price`, {
      body: { price: decimalText(data, 'price'), version: Number(text(data, 'version')) },
      ...idempotency(data),
    });
    return result.ok ? { done: 'repriced_done' } : refuse(forForm(result.problem), data);
  },
  submit: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const id = encodeURIComponent(params['id'] ?? '');
    const result = await call(fetch, 'POST', `/v1/listings/${id}/submit`, idempotency(data));
    return result.ok ? { done: 'submitted' } : refuse(forForm(result.problem), data);
  },
  document: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const file = data.get('file');
    if (!(file instanceof File) || file.size === 0) return refuseFields({ file: 'field.required' }, data);
    const id = encodeURIComponent(params['id'] ?? '');
    const body = {
      kind: text(data, 'kind'),
      visibility: text(data, 'visibility'),
      name: file.name.slice(0, 200) || 'document',
      file: Buffer.from(await file.arrayBuffer()).toString('base64'),
    };
    const result = await call(fetch, 'POST', `/v1/listings/${id}/documents`, { body, ...idempotency(data) });
    return result.ok ? { done: 'documentAdded' } : refuse(result.problem, data);
  },
  suspend: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    if (reason.length < 3) return refuseFields({ reason: 'field.required' }, data);
    const url = `/v1/staff/listings/${encodeURIComponent(params['id'] ?? '')}/suspend` as const;
    const result = await call(fetch, 'POST', url, { body: { reason }, ...idempotency(data) });
    return result.ok ? { done: 'suspended_done' } : refuse(forForm(result.problem), data);
  },
  reinstate: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const url = `/v1/staff/listings/${encodeURIComponent(params['id'] ?? '')}/reinstate` as const;
    const result = await call(fetch, 'POST', url, idempotency(data));
    return result.ok ? { done: 'reinstated_done' } : refuse(forForm(result.problem), data);
  },
  withdraw: async ({ request, fetch, params }) => {
    const data = await request.formData();
    if (text(data, 'sure') === '') return refuseFields({ sureWithdraw: 'field.required' }, data);
    const result = await call(
      fetch,
      'POST',
      `/v1/listings/${encodeURIComponent(params['id'] ?? '')}/withdraw`,
      {
        ...idempotency(data),
      },
    );
    return result.ok ? { done: 'withdrawn_done' } : refuse(forForm(result.problem), data);
  },
};
