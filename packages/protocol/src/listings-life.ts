/** What happens to a lot between draft and market, and what it said before: review, change, suspension. */
import { Type, type Static } from 'typebox';
import { Exact, Id, IdParams, Instant, Nullable, Page, Text } from './common.ts';
import { CHANGE_PROBLEMS, ListingInput, ListingView, PUBLISH_PROBLEMS, PartyView } from './listings.ts';
import { type Route, route } from './route.ts';

const AREA = 'listings';

/** A term that changed, in words of the wire: decimals, days, codes. Empty: not stated. */
export const TermChange = Exact({ field: Type.String(), from: Type.String(), to: Type.String() });
export type TermChange = Static<typeof TermChange>;
export const ListingVersionView = Exact({
  version: Type.Integer(),
  madeAt: Instant,
  /** The person, told to the own company and the centre only. */
  madeBy: Nullable(Type.String()),
  /** Against the version before; empty for the first. */
  changes: Type.Array(TermChange),
});
export type ListingVersionView = Static<typeof ListingVersionView>;

export const REVIEW_STATES = ['pending', 'confirmed', 'declined', 'withdrawn'] as const;
export const ListingReviewView = Exact({
  id: Id,
  kind: Type.Enum(['offer', 'change']),
  state: Type.Enum(REVIEW_STATES),
  reasons: Type.Array(Exact({ code: Type.String(), values: Type.Record(Type.String(), Type.String()) })),
  /** Of a change: what it would change. */
  changes: Type.Array(TermChange),
  note: Type.String(),
  submittedAt: Instant,
  submittedBy: Type.String(),
  decidedAt: Nullable(Instant),
  seller: PartyView,
  listing: ListingView,
});
export type ListingReviewView = Static<typeof ListingReviewView>;

const Reason = Text(500, 3);

export const listingLifeRoutes = {
  submitListing: route({
    method: 'POST',
    url: '/v1/listings/:id/submit',
    summary: 'Put a draft on the market, by way of the centre where its rules ask for it',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: IdParams,
    ok: ListingView,
    problems: ['resource.not_found', 'listing.not_draft', 'listing.not_published', ...PUBLISH_PROBLEMS],
  }),
  changeListing: route({
    method: 'POST',
    url: '/v1/listings/:id/change',
    summary: 'Change price or specification: a new version, at once or when the centre confirms it',
    area: AREA,
    access: { roles: ['trader'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ version: Type.Integer(), terms: ListingInput }),
    ok: ListingView,
    problems: [
      'resource.not_found',
      'listing.changed',
      'listing.in_auction',
      'listing.not_published',
      'listing.nothing_changed',
      'listing.quantity_below_taken',
      'listing.channel_fixed',
      ...CHANGE_PROBLEMS,
    ],
  }),
  listListingVersions: route({
    method: 'GET',
    url: '/v1/listings/:id/versions',
    summary: 'What changed, when and by whom; newest first',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: Exact({ items: Type.Array(ListingVersionView) }),
    problems: ['resource.not_found'],
  }),
  listListingReviews: route({
    method: 'GET',
    url: '/v1/staff/listing-reviews',
    summary: 'Lots and changes that wait for the centre, or were decided',
    area: AREA,
    access: 'staff',
    query: Exact({
      state: Type.Optional(Type.Enum(REVIEW_STATES)),
      cursor: Type.Optional(Type.String({ maxLength: 64 })),
    }),
    ok: Page(ListingReviewView),
    problems: ['listing.cursor_invalid'],
  }),
  decideListingReview: route({
    method: 'POST',
    url: '/v1/staff/listing-reviews/:id/decide',
    summary: 'Confirm or decline; who is declined is told why',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Type.Union([
      Exact({ decision: Type.Literal('confirm') }),
      Exact({ decision: Type.Literal('decline'), reason: Reason }),
    ]),
    ok: ListingReviewView,
    problems: ['resource.not_found', 'listing.review_decided', 'listing.changed', ...CHANGE_PROBLEMS],
  }),
  suspendListing: route({
    method: 'POST',
    url: '/v1/staff/listings/:id/suspend',
    summary: 'Take a lot off the market until the centre lets it back',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ reason: Reason }),
    ok: ListingView,
    problems: ['resource.not_found', 'listing.in_auction', 'listing.not_published'],
  }),
  reinstateListing: route({
    method: 'POST',
    url: '/v1/staff/listings/:id/reinstate',
    summary: 'Let a suspended lot back on the market',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: ListingView,
    problems: ['resource.not_found', 'listing.not_suspended'],
  }),
} as const satisfies Record<string, Route>;
