import type { ListingView, MyAuctionPosition } from '@seam/protocol';
import { error, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { ladderOf, slip } from '#lib/live/ladder.ts';
import { readRoom } from '#lib/live/read-room.ts';
import { shownHttp } from '#lib/live/shown.ts';
import { toFacts } from './facts.server.ts';
import type { PageServerLoad } from './$types';

type Demo = { demo: boolean; robots: { on: boolean; names: string[] } };

export const load: PageServerLoad = async ({ params, fetch, locals, depends }) => {
  depends('seam:auction');
  const member = locals.session?.organisation != null;
  const room = await readRoom(fetch, params.id, member);
  // Asked again for the reason only.
  if (!room) orFail(await call(fetch, 'GET', `/v1/auctions/${encodeURIComponent(params.id)}`));
  if (!room) error(503, 'The exchange is not available');
  const { listingId } = room.auction;
  const [listing, demo] = await Promise.all([
    // A purchase has no lot yet: each supplier offers its own.
    listingId === null
      ? null
      : call<ListingView>(fetch, 'GET', `/v1/listings/${encodeURIComponent(listingId)}`),
    call<Demo>(fetch, 'GET', '/v1/demo'),
  ]);
  return {
    title: room.auction.title,
    room,
    facts: listing?.ok ? toFacts(listing.data, locals.locale) : null,
    robots: demo.ok && demo.data.demo && demo.data.robots.on ? demo.data.robots.names.length : 0,
  };
};

export const actions: Actions = {
  /** Without scripts a bid is an ordinary form. */
  bid: async ({ request, fetch, params, locals }) => {
    const data = await request.formData();
    const id = params['id'] ?? '';
    const bid = { price: decimalText(data, 'price'), quantity: decimalText(data, 'quantity') };
    const least = decimalText(data, 'minimumAcceptable');
    const missing = Object.entries(bid).filter(([, value]) => value === '');
    if (missing.length > 0)
      return refuseFields(Object.fromEntries(missing.map(([name]) => [name, 'field.required'])), data);
    const room = await readRoom(fetch, id, locals.session?.organisation != null);
    if (room && text(data, 'confirmed') !== bid.price) {
      const ladder = ladderOf(shownHttp(room.auction, room.tape, room.mine), room.auction);
      if (slip(bid.price, ladder, room.auction) !== null)
        return refuseFields({ price: 'bid.needs_confirmation' }, data);
    }
    const { idempotencyKey } = idempotency(data);
    if (idempotencyKey === undefined) return refuseFields({ price: 'field.invalid' }, data);
    const result = await call<{ seq: number }>(fetch, 'POST', `/v1/auctions/${encodeURIComponent(id)}/bids`, {
      // The form's key is one per submission: as the bid's id it makes a repeated one harmless.
      body: {
        commandId: idempotencyKey.slice(-64),
        ...bid,
        ...(least === '' ? {} : { minimumAcceptable: least }),
      },
    });
    return result.ok ? { bidSeq: result.data.seq } : refuse(result.problem, data);
  },
  security: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const amount = decimalText(data, 'amount');
    if (amount === '') return refuseFields({ amount: 'field.required' }, data);
    const result = await call<MyAuctionPosition>(
      fetch,
      'POST',
      `/v1/auctions/${encodeURIComponent(params['id'] ?? '')}/security`,
      { body: { amount }, ...idempotency(data) },
    );
    return result.ok ? { held: true } : refuse(result.problem, data);
  },
};
