import type { AuctionHead, BidReceipt, ListingView, MyAuctionPosition } from '@seam/protocol';
import { error, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { type Command, bodyOf, commandOf } from '#lib/live/command.ts';
import { ladderOf, slip } from '#lib/live/ladder.ts';
import { type RoomData, readRoom } from '#lib/live/read-room.ts';
import { shownRead } from '#lib/live/shown.ts';
import { toFacts } from './facts.server.ts';
import { supplyLots } from './lots.server.ts';
import type { PageServerLoad } from './$types';

type Demo = { demo: boolean; robots: { on: boolean; names: string[] } };

export const load: PageServerLoad = async ({ params, fetch, locals, depends }) => {
  depends('seam:auction');
  const member = locals.session?.organisation != null;
  const path = `/v1/auctions/${encodeURIComponent(params.id)}` as const;
  const room = await readRoom(fetch, params.id, member);
  // Asked again for the reason only.
  if (!room) orFail(await call(fetch, 'GET', path));
  if (!room) error(503, 'The exchange is not available');
  const { listingId, direction, owner } = room.auction;
  const supplies = member && direction === 'buy' && owner.id !== locals.session?.organisation?.id;
  const [listing, demo, heads, lots] = await Promise.all([
    listingId === null
      ? null
      : call<ListingView>(fetch, 'GET', `/v1/listings/${encodeURIComponent(listingId)}`),
    call<Demo>(fetch, 'GET', '/v1/demo'),
    call<{ items: AuctionHead[] }>(fetch, 'GET', `${path}/heads`),
    supplies ? supplyLots(fetch, locals.locale) : [],
  ]);
  return {
    title: room.auction.title,
    room,
    facts: listing?.ok ? toFacts(listing.data, locals.locale) : null,
    robots: demo.ok && demo.data.demo && demo.data.robots.on ? demo.data.robots.names.length : 0,
    heads: heads.ok ? heads.data.items : [],
    lots,
  };
};

export const actions: Actions = {
  /** Without scripts everything one can do is an ordinary form. */
  act: async ({ request, fetch, params, locals }) => {
    const data = await request.formData();
    const id = params['id'] ?? '';
    const read = commandOf(data);
    if ('fields' in read) return refuseFields(read.fields, data);
    const { command } = read;
    const room = await readRoom(fetch, id, locals.session?.organisation != null);
    if (room && text(data, 'confirmed') !== decimalText(data, 'price') && looksLikeSlip(command, room))
      return refuseFields({ price: 'bid.needs_confirmation' }, data);
    const { idempotencyKey } = idempotency(data);
    if (idempotencyKey === undefined) return refuseFields({ t: 'field.invalid' }, data);
    // The form's key is one per submission: as the command's id it makes a repeated one harmless.
    const body = bodyOf(idempotencyKey.slice(-64), command);
    const path = `/v1/auctions/${encodeURIComponent(id)}/bids` as const;
    const result = await call<BidReceipt>(fetch, 'POST', path, { body });
    return result.ok ? { acted: { t: command.t, seq: result.data.seq } } : refuse(result.problem, data);
  },
  security: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const amount = decimalText(data, 'amount');
    if (amount === '') return refuseFields({ amount: 'field.required' }, data);
    const listingId = text(data, 'listingId');
    const result = await call<MyAuctionPosition>(
      fetch,
      'POST',
      `/v1/auctions/${encodeURIComponent(params['id'] ?? '')}/security`,
      {
        body: {
          amount,
          ...(listingId === '' ? {} : { listingId }),
          ...(text(data, 'standing') !== '' && { from: 'standing_deposit' }),
        },
        ...idempotency(data),
      },
    );
    return result.ok ? { held: true } : refuse(result.problem, data);
  },
};

/** A price far above what is needed; of a hidden maximum that is the idea. */
function looksLikeSlip(command: Command, room: RoomData): boolean {
  const { auction } = room;
  const { formatTerms: terms } = auction;
  if (command.t !== 'place_bid' || terms.format !== 'english' || terms.proxy === 'threshold') return false;
  const ladder = ladderOf(shownRead(room), auction);
  return slip(command.price, ladder, auction) !== null;
}
