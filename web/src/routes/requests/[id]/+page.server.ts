import { error, type Actions } from '@sveltejs/kit';
import type { InvitationView, ListingSummary, MatchView, RequestView, ResponseView } from '@seam/protocol';
import { LIVE_REQUEST_STATES, type RequestState } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { trackOf } from '#lib/reputation/track.ts';
import { requests } from '#lib/i18n/requests.ts';
import { maySell } from '#lib/lots/may.ts';
import { nameIn } from '#lib/lots/options.ts';
import * as buyer from './buyer-actions.server.ts';
import * as producer from './producer-actions.server.ts';
import type { PageServerLoad } from './$types';

type List<T> = { items: T[] };

export const load: PageServerLoad = async ({ fetch, params, locals, url }) => {
  const base = `/v1/requests/${encodeURIComponent(params.id)}` as const;
  const found = await call<RequestView>(fetch, 'GET', base);
  if (!found.ok) error(found.problem.status, { message: found.problem.title, code: found.problem.code });
  const request = found.data;
  const open = (LIVE_REQUEST_STATES as readonly RequestState[]).includes(request.state);
  const buys = request.own || request.member || locals.session?.staff === true;
  const answers = maySell(locals.session) && !buys && open;
  const [suggestions, responses, invitations, lots] = await Promise.all([
    locals.session && open ? call<MatchView>(fetch, 'GET', `${base}/suggestions`) : null,
    locals.session ? call<List<ResponseView>>(fetch, 'GET', `${base}/responses`) : null,
    buys && open ? call<List<InvitationView>>(fetch, 'GET', `${base}/invitations`) : null,
    answers ? call<List<ListingSummary>>(fetch, 'GET', '/v1/listings/mine') : null,
  ]);
  const given = responses?.ok ? responses.data.items : [];
  return {
    title: requests[locals.locale].title,
    request,
    open,
    buys,
    matches: suggestions?.ok ? suggestions.data : null,
    track: await trackOf(
      fetch,
      locals.session !== null,
      suggestions?.ok ? suggestions.data.items.map(({ listing }) => listing) : [],
    ),
    responses: given,
    invitations: invitations?.ok ? invitations.data.items : [],
    /** The own answer that is to be changed. */
    revised: given.find(({ id, own }) => own && id === url.searchParams.get('revise')) ?? null,
    /** The own lots one can answer with; null when the visitor cannot answer. */
    lots: lots?.ok
      ? lots.data.items
          .filter((lot) => lot.state === 'published')
          .map((lot) => ({
            value: lot.id,
            label: `${nameIn(locals.locale, lot.mine)}, ${Number(lot.remaining)} t`,
          }))
      : null,
  };
};

export const actions: Actions = {
  answer: producer.answer,
  withdraw: producer.withdraw,
  declineInvitation: producer.declineInvitation,
  invite: buyer.invite,
  shortlist: buyer.shortlist,
  decline: buyer.decline,
  negotiate: buyer.negotiate,
  award: buyer.award,
  publish: buyer.publish,
  close: buyer.close,
};
