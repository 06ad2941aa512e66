/** Everything the house owes or waits for, in one list, and what staff may do about it. */
import { Type, type Static } from 'typebox';
import { Currency, Empty, Exact, IdParams, Instant, Money, Nullable, OneOf, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'settlement';

export const OBLIGATION_AREAS = [
  'work',
  'settlement',
  'payment',
  'obligation',
  'hold',
  'suspense',
  'case',
  'message',
  'statement',
] as const;
export type ObligationArea = (typeof OBLIGATION_AREAS)[number];

/** Who or what moves it next. `second_person`: one has acted, another must. */
export const OBLIGATION_WAITS = [
  'centre',
  'second_person',
  'buyer',
  'seller',
  'bank',
  'market',
  'machine',
  'time',
] as const;
export type ObligationWaits = (typeof OBLIGATION_WAITS)[number];

export const WORK_ACTIONS = ['retry', 'wake', 'take', 'give_back', 'resolve'] as const;

export const HouseObligation = Exact({
  area: OneOf(OBLIGATION_AREAS),
  id: Type.String(),
  /** Topic of work, state of a settlement or payment, kind of a case. */
  state: Type.String(),
  /** What it is about: a contract, a payment, a line of the bank. */
  subject: Type.String(),
  waitsFor: OneOf(OBLIGATION_WAITS),
  since: Instant,
  dueAt: Nullable(Instant),
  currency: Nullable(Currency),
  amount: Nullable(Money),
  detail: Type.String(),
  owner: Nullable(Exact({ name: Type.String(), isMe: Type.Boolean() })),
  actions: Type.Array(OneOf(WORK_ACTIONS)),
});
export type HouseObligation = Static<typeof HouseObligation>;

export const HouseObligations = Exact({
  items: Type.Array(HouseObligation),
  nextCursor: Nullable(Type.String()),
  /** Of the whole list before its filters. */
  counts: Type.Array(
    Exact({ area: OneOf(OBLIGATION_AREAS), count: Type.Integer(), waitsForCentre: Type.Integer() }),
  ),
});
export type HouseObligations = Static<typeof HouseObligations>;

export const workRoutes = {
  houseObligations: route({
    method: 'GET',
    url: '/v1/staff/obligations',
    summary: 'Every obligation of the house: what it waits for, since when, and what staff may do',
    area: AREA,
    access: 'staff',
    query: Exact({
      area: Type.Optional(OneOf(OBLIGATION_AREAS)),
      waitsFor: Type.Optional(OneOf(OBLIGATION_WAITS)),
      subject: Type.Optional(Text(100)),
      cursor: Type.Optional(Text(300)),
    }),
    ok: HouseObligations,
    problems: [],
  }),
  actOnWork: route({
    method: 'POST',
    url: '/v1/staff/obligations/work/:id/actions',
    summary: 'Try parked work again, wake what waits, take it, give it back, or end it with a reason',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ action: OneOf(WORK_ACTIONS), reason: Type.Optional(Text(500)) }),
    ok: Empty,
    problems: ['resource.not_found', 'work.not_possible', 'work.taken', 'request.invalid'],
  }),
} as const satisfies Record<string, Route>;
