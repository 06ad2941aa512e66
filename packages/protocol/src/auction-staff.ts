/** The centre's hand on an auction, and the opening of sealed bids by those who hold a part of the key. */
import { Type } from 'typebox';
import { DecryptedBid } from './auction-commands.ts';
import { AuctionView } from './auction-views.ts';
import { Exact, Id, IdParams, Money, Nullable, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'auctions';

const OpeningShare = Type.String({ minLength: 1, maxLength: 8_192 });
const openingProblems = [
  'resource.not_found',
  'auction.not_open',
  'auction.closed',
  'auction.suspended',
  'auction.turn_due',
  'bid.wrong_format',
  'sealed_bid.phase_conflict',
  'sealed_bid.secrecy_conflict',
  'sealed_bid.share_invalid',
  'sealed_bid.share_given_already',
  'sealed_bid.share_missing',
  'sealed_bid.unknown',
  'service.overloaded',
] as const;
const Bidder = {
  /** The company. */
  organisationId: Id,
  reason: Text(300, 3),
};

export const auctionStaffRoutes = {
  giveOpeningShare: route({
    method: 'POST',
    url: '/v1/auctions/:id/opening-shares',
    summary: 'Give the owner’s part of the opening key',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ share: OpeningShare }),
    ok: AuctionView,
    problems: openingProblems,
  }),
  suspendAuction: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/suspend',
    summary: 'Freeze the clock, with a public reason',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ reason: Text(300, 3) }),
    ok: AuctionView,
    problems: ['resource.not_found', 'auction.state_conflict'],
  }),
  resumeAuction: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/resume',
    summary: 'Let the clock run again',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: AuctionView,
    problems: ['resource.not_found', 'auction.state_conflict'],
  }),
  voidAuction: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/void',
    summary: 'End without a result, with a public reason; all security is released',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ reason: Text(300, 3) }),
    ok: AuctionView,
    problems: ['resource.not_found', 'auction.state_conflict'],
  }),
  excludeBidder: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/exclusions',
    summary: 'Bar a company of the owner’s group; what it has bid stays binding',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact(Bidder),
    ok: AuctionView,
    problems: ['resource.not_found', 'auction.state_conflict', 'auction.closed', 'bid.conflict_of_interest'],
  }),
  auctionBidders: route({
    method: 'GET',
    url: '/v1/staff/auctions/:id/bidders',
    summary: 'Who has set money aside or whose bids are open, with the names of the room',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: Exact({
      items: Type.Array(
        Exact({
          organisation: Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) }),
          /** Null: no bid of it may be seen yet. */
          bidder: Nullable(Type.String()),
          securityAllocated: Money,
          excluded: Type.Boolean(),
        }),
      ),
    }),
    problems: ['resource.not_found'],
  }),
  sealedBids: route({
    method: 'GET',
    url: '/v1/staff/auctions/:id/sealed-bids',
    summary: 'What the opening has to decrypt; nothing before submission has ended',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: Exact({
      items: Type.Array(
        Exact({
          bidSeq: Type.Integer(),
          ciphertext: Nullable(Type.String()),
          digest: Type.String(),
          opened: Type.Boolean(),
        }),
      ),
      /** Both, once both were given. */
      shares: Nullable(Exact({ owner: Type.String(), exchange: Type.String() })),
    }),
    problems: ['resource.not_found', 'bid.wrong_format', 'sealed_bid.phase_conflict'],
  }),
  giveExchangeShare: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/opening-shares',
    summary: 'Give the exchange’s part of the opening key',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ share: OpeningShare }),
    ok: AuctionView,
    problems: openingProblems,
  }),
  openSealedBids: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/openings',
    summary: 'Tell what the two parts of the key decrypted; each bid is held against its digest',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ bids: Type.Array(DecryptedBid, { maxItems: 500 }) }),
    ok: AuctionView,
    problems: [...openingProblems, 'bid.price_off_grid', 'bid.quantity_off_grid'],
  }),
  disqualifyBid: route({
    method: 'POST',
    url: '/v1/staff/auctions/:id/disqualifications',
    summary: 'After the opening: the bid of a company does not count, with a public reason',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact(Bidder),
    ok: AuctionView,
    problems: openingProblems,
  }),
} as const satisfies Record<string, Route>;
