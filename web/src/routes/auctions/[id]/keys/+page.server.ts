import type { AuctionState } from '@seam/client';
import type { AuctionView } from '@seam/protocol';
import { error, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { auctionKeys } from '#lib/i18n/auctions-keys.ts';
import { shareFrom } from '#lib/live/split.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, fetch, locals, depends }) => {
  depends('seam:keys');
  const path = `/v1/auctions/${encodeURIComponent(params.id)}` as const;
  const [found, room] = await Promise.all([
    call<AuctionView>(fetch, 'GET', path),
    call<AuctionState>(fetch, 'GET', `${path}/room`),
  ]);
  const auction = orFail(found);
  const { formatTerms: terms } = auction;
  if (terms.format !== 'sealed_bid' || terms.secrecy.mode !== 'split_key') error(404, 'No split key');
  const live = room.ok && room.data.room?.format === 'sealed_bid' ? room.data.room : null;
  return { title: `${auctionKeys[locals.locale].title} · ${auction.title}`, auction, terms, live };
};

export const actions: Actions = {
  /** The part comes from a file or as text; which of the two the exchange judges by its digest. */
  give: async ({ request, fetch, params, locals }) => {
    const data = await request.formData();
    const file = data.get('file');
    const given = file instanceof File && file.size > 0 ? await file.text() : text(data, 'part');
    const share = shareFrom(given);
    if (share === '') return refuseFields({ part: given === '' ? 'field.required' : 'field.invalid' }, data);
    const staff = locals.session?.staff ? 'staff/' : '';
    const url = `/v1/${staff}auctions/${encodeURIComponent(params['id'] ?? '')}/opening-shares` as const;
    const result = await call(fetch, 'POST', url, { body: { share }, ...idempotency(data) });
    // The part itself never goes back into the page.
    data.delete('part');
    return result.ok ? { given: true } : refuse(result.problem, data);
  },
};
