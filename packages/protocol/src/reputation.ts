/** What a company's settled deliveries say of it, from facts and never typed; and what readers made of it in words. */
import { Type, type Static } from 'typebox';
import { Exact, Id, IdParams, Instant, Nullable, OneOf, Page, Tonnes } from './common.ts';
import { RatingView } from './ratings.ts';
import { type Route, route } from './route.ts';

const AREA = 'reputation';

export const COMPONENTS = ['lifting', 'weight', 'quality', 'payment', 'disputes', 'defaults'] as const;
export const ReputationComponent = OneOf(COMPONENTS);
export type ReputationComponent = (typeof COMPONENTS)[number];

/** 0.0000 to 1.0000, four digits. */
const Share = Type.String({ pattern: '^[01]\\.\\d{4}$' });
const Big = Type.String({ pattern: '^\\d{1,9}\\.\\d{4}$' });
const Party = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });

/** alpha / (alpha + beta); null while nothing has happened. */
const Scored = { score: Nullable(Share), alpha: Big, beta: Big, events: Type.Integer() };
export const ComponentScore = Exact({ component: ReputationComponent, ...Scored });

/** Tonnes delivered of tonnes contracted; what was delivered beyond a contract makes up for no other. */
export const FulfilmentView = Exact({
  period: OneOf(['month', 'quarter', 'year']),
  side: OneOf(['seller', 'buyer']),
  /** 2026-11, 2026-Q4, 2026. */
  label: Type.String(),
  contracted: Tonnes,
  delivered: Tonnes,
  share: Share,
  least: Share,
  below: Type.Boolean(),
});
export type FulfilmentView = Static<typeof FulfilmentView>;

export const ReputationBrief = Exact({
  companyId: Id,
  ...Scored,
  /** Contracts that were closed. */
  closed: Type.Integer(),
  /** Mean of the stars that are shown, and how many. */
  stars: Nullable(Type.String()),
  ratings: Type.Integer(),
  /** A month, a quarter or the year is below what it should be. */
  flagged: Type.Boolean(),
});
export type ReputationBrief = Static<typeof ReputationBrief>;

export const ReputationView = Exact({
  company: Party,
  ...ReputationBrief.properties,
  halfLifeDays: Type.Integer(),
  components: Type.Array(ComponentScore),
  fulfilment: Type.Array(FulfilmentView),
  ratingList: Type.Array(RatingView),
  asOf: Instant,
});
export type ReputationView = Static<typeof ReputationView>;

export const ReputationEventView = Exact({
  at: Instant,
  component: ReputationComponent,
  side: OneOf(['seller', 'buyer']),
  success: Share,
  /** By the value of the contract. */
  valueWeight: Type.String(),
  /** By value and age: what it adds to alpha and beta now. */
  weight: Big,
  /** What follows is null and empty for readers who were not part of it. */
  contractId: Nullable(Id),
  contractNumber: Nullable(Type.String()),
  deliveryOrderId: Nullable(Id),
  counterparty: Nullable(Party),
  facts: Type.Record(Type.String(), Type.String()),
});
export type ReputationEventView = Static<typeof ReputationEventView>;

export const reputationRoutes = {
  reputation: route({
    method: 'GET',
    url: '/v1/companies/:id/reputation',
    summary: 'What the settled deliveries of a company say of it',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: ReputationView,
    problems: ['resource.not_found'],
  }),
  reputationEvents: route({
    method: 'GET',
    url: '/v1/companies/:id/reputation/events',
    summary: 'The events a score is made of, newest first; those of others without names',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    query: Exact({
      component: Type.Optional(ReputationComponent),
      cursor: Type.Optional(Type.String({ pattern: '^\\d{1,6}$' })),
    }),
    ok: Page(ReputationEventView),
    problems: ['resource.not_found'],
  }),
  reputations: route({
    method: 'GET',
    url: '/v1/reputations',
    summary: 'Scores of some companies, as lists show them; a minute old at most',
    area: AREA,
    access: 'signed_in',
    query: Exact({
      companies: Type.String({ pattern: '^[0-9a-zA-Z_-]{1,64}(,[0-9a-zA-Z_-]{1,64}){0,49}$' }),
    }),
    ok: Exact({ items: Type.Array(ReputationBrief) }),
    problems: [],
  }),
} as const satisfies Record<string, Route>;
