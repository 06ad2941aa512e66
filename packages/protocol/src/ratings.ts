/** What each side says of the other after a delivery is settled: opinions, beside the facts of reputation.ts. */
import { Type, type Static } from 'typebox';
import { Empty, Exact, Id, IdParams, Instant, Nullable, OneOf, Page, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'reputation';
const Stars = Type.Integer({ minimum: 1, maximum: 5 });

/** What a rating looks at besides the whole. */
export const RATING_CRITERIA = ['asAgreed', 'punctual', 'responsive'] as const;
export const RatingCriteria = Exact({
  asAgreed: Type.Optional(Stars),
  punctual: Type.Optional(Stars),
  responsive: Type.Optional(Stars),
});
export type RatingCriteria = Static<typeof RatingCriteria>;

export const RatingSide = OneOf(['seller', 'buyer']);
export const RatingPart = OneOf(['comment', 'reply']);

export const RatingView = Exact({
  /** Of the contract, or of one delivery under it; null for readers who are not part of it. */
  contractId: Nullable(Id),
  by: RatingSide,
  score: Stars,
  criteria: RatingCriteria,
  /** Null when staff took it away: the stars stay. */
  comment: Nullable(Type.String()),
  commentHiddenFor: Nullable(Type.String()),
  reply: Nullable(Exact({ text: Nullable(Type.String()), hiddenFor: Nullable(Type.String()), at: Instant })),
  at: Instant,
  /** False: only who wrote it reads it, until the other side has rated or its time is over. */
  shown: Type.Boolean(),
  /** When it is shown whatever the other side does. */
  shownAt: Instant,
  /** The reader's company was rated here and has not answered. */
  mayReply: Type.Boolean(),
});
export type RatingView = Static<typeof RatingView>;

const Sided = Exact({ id: Id, by: RatingSide });

export const ratingRoutes = {
  rate: route({
    method: 'POST',
    url: '/v1/settlements/:id/rating',
    summary: 'Rate the other side of a closed contract, once',
    area: AREA,
    access: { roles: ['trader', 'finance', 'admin'] },
    params: IdParams,
    body: Exact({
      score: Stars,
      criteria: Type.Optional(RatingCriteria),
      comment: Type.String({ maxLength: 500 }),
    }),
    ok: RatingView,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'rating.not_yet',
      'rating.given',
      'rating.window_over',
      'rating.contact_data',
    ],
  }),
  replyToRating: route({
    method: 'POST',
    url: '/v1/settlements/:id/rating-reply',
    summary: 'Answer what the other side wrote, once',
    area: AREA,
    access: { roles: ['trader', 'finance', 'admin'] },
    params: IdParams,
    body: Exact({ text: Text(500) }),
    ok: RatingView,
    okStatus: 201,
    problems: ['resource.not_found', 'rating.not_shown', 'rating.replied', 'rating.contact_data'],
  }),
  ratingsWritten: route({
    method: 'GET',
    url: '/v1/staff/ratings',
    summary: 'What was written in ratings and replies, newest first',
    area: AREA,
    access: 'staff',
    query: Exact({ cursor: Type.Optional(Type.String({ maxLength: 80 })) }),
    ok: Page(RatingView),
    problems: ['request.invalid'],
  }),
  moderateRating: route({
    method: 'POST',
    url: '/v1/staff/settlements/:id/ratings/:by/moderation',
    summary: 'Take words away that do not belong there, or show them again; stars stay',
    area: AREA,
    access: 'staff',
    params: Sided,
    body: Exact({ part: RatingPart, hidden: Type.Boolean(), reason: Text(300, 5) }),
    ok: Empty,
    problems: ['resource.not_found', 'rating.moderated'],
  }),
} as const satisfies Record<string, Route>;
