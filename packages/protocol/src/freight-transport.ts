/** Room on lanes, requests for transport and what carriers quote. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Instant, Money, Nullable, Page, Sha256, Text, Tonnes } from './common.ts';
import { FreightMode, LaneView, SlotView, TypedText } from './freight.ts';
import { PartyView, PlaceView } from './listings.ts';
import { type Route, route } from './route.ts';

const AREA = 'freight';

export const ReservationView = Exact({
  id: Id,
  lane: LaneView,
  slot: SlotView,
  quantity: Tonnes,
  contractId: Nullable(Id),
  quoteId: Nullable(Id),
  state: Type.Enum(['held', 'released']),
  createdAt: Instant,
});
export type ReservationView = Static<typeof ReservationView>;

export const TRANSPORT_STATES = ['open', 'accepted', 'cancelled', 'expired'] as const;
export type TransportState = (typeof TRANSPORT_STATES)[number];
export const QUOTE_STATES = ['offered', 'accepted', 'declined', 'withdrawn', 'expired'] as const;
export type QuoteState = (typeof QUOTE_STATES)[number];

export const TransportInput = Exact({
  fromPlaceId: Id,
  toPlaceId: Id,
  mode: Type.Optional(FreightMode),
  quantity: TypedText,
  windowFrom: Text(20, 0),
  windowTo: Text(20, 0),
  currency: Text(10, 0),
  /** The contract whose coal is carried; who arranges transport follows from its delivery term. */
  contractId: Type.Optional(Id),
  note: Type.Optional(Text(1000, 0)),
  /** Left out: the end of the window, at most 30 days ahead. */
  validUntil: Type.Optional(Instant),
});
export type TransportInput = Static<typeof TransportInput>;
const SlotInput = Exact({ laneId: Id, day: Text(20, 0), quantity: TypedText });
export const QuoteInput = Exact({
  pricePerTonne: TypedText,
  hours: Type.Optional(TypedText),
  lossPermille: Type.Optional(TypedText),
  /** Room on lanes of one's own that acceptance takes; together at least the quantity, or none. */
  slots: Type.Optional(Type.Array(SlotInput, { maxItems: 24 })),
  validUntil: Instant,
  note: Type.Optional(Text(1000, 0)),
});
export type QuoteInput = Static<typeof QuoteInput>;
export const QuoteView = Exact({
  id: Id,
  carrier: PartyView,
  state: Type.Enum([...QUOTE_STATES]),
  version: Type.Integer(),
  pricePerTonne: Money,
  total: Money,
  lossPermille: Type.Integer(),
  hours: Type.Integer(),
  slots: Type.Array(Exact({ laneId: Id, begins: Day, quantity: Tonnes })),
  note: Type.String(),
  validUntil: Instant,
  madeAt: Instant,
  /** SHA-256 of the canonical text of this version: what an acceptance names. */
  hash: Sha256,
  own: Type.Boolean(),
});
export type QuoteView = Static<typeof QuoteView>;
export const TransportView = Exact({
  id: Id,
  shipper: PartyView,
  state: Type.Enum([...TRANSPORT_STATES]),
  from: PlaceView,
  to: PlaceView,
  mode: Nullable(FreightMode),
  quantity: Tonnes,
  windowFrom: Day,
  windowTo: Day,
  currency: Type.String(),
  contractId: Nullable(Id),
  note: Type.String(),
  expiresAt: Instant,
  createdAt: Instant,
  own: Type.Boolean(),
  /** Of the shipper: all, the cheapest first. Of a carrier: its own. */
  quotes: Type.Array(QuoteView),
});
export type TransportView = Static<typeof TransportView>;

const QuoteParams = Exact({ id: Id, quoteId: Id });
const CLOSED = ['resource.not_found', 'freight.not_open', 'freight.quote_closed'] as const;
const WORKERS = { roles: ['admin', 'trader', 'dispatcher'] } as const;

export const transportRoutes = {
  listReservations: route({
    method: 'GET',
    url: '/v1/freight/reservations',
    summary: 'Room that my company has taken',
    area: AREA,
    access: 'member',
    ok: Exact({ items: Type.Array(ReservationView) }),
    problems: [],
  }),
  reserveRoom: route({
    method: 'POST',
    url: '/v1/freight/reservations',
    summary: 'Take room on a lane for the coal of a contract',
    area: AREA,
    access: WORKERS,
    activeOnly: true,
    body: Exact({ laneId: Id, day: Text(20, 0), quantity: TypedText, contractId: Id }),
    ok: ReservationView,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'freight.contract_unknown',
      'freight.other_side_ships',
      'freight.no_capacity',
      'freight.capacity_exceeded',
      'freight.quantity_invalid',
      'freight.day_invalid',
      'freight.slot_past',
    ],
  }),
  releaseRoom: route({
    method: 'POST',
    url: '/v1/freight/reservations/:id/release',
    summary: 'Give room on a lane back',
    area: AREA,
    access: WORKERS,
    params: IdParams,
    ok: ReservationView,
    problems: ['resource.not_found', 'freight.released'],
  }),
  listTransport: route({
    method: 'GET',
    url: '/v1/freight/requests',
    summary: 'Requests for transport: my own, or as a carrier those that are open and those I answered',
    area: AREA,
    access: 'member',
    query: Exact({ cursor: Type.Optional(Id) }),
    ok: Page(TransportView),
    problems: [],
  }),
  getTransport: route({
    method: 'GET',
    url: '/v1/freight/requests/:id',
    summary: 'One request for transport with the quotes that I may see',
    area: AREA,
    access: 'member',
    params: IdParams,
    ok: TransportView,
    problems: ['resource.not_found'],
  }),
  createTransport: route({
    method: 'POST',
    url: '/v1/freight/requests',
    summary: 'Ask carriers to bring coal from one place to another',
    area: AREA,
    access: WORKERS,
    activeOnly: true,
    body: TransportInput,
    ok: TransportView,
    okStatus: 201,
    problems: [
      'freight.invalid',
      'freight.shippers_only',
      'freight.place_unknown',
      'freight.same_place',
      'freight.quantity_invalid',
      'freight.currency_unknown',
      'freight.day_invalid',
      'freight.validity_reversed',
      'freight.window_past',
      'freight.deadline_invalid',
      'freight.contract_unknown',
      'freight.other_side_ships',
    ],
  }),
  cancelTransport: route({
    method: 'POST',
    url: '/v1/freight/requests/:id/cancel',
    summary: 'Close a request for transport; room taken by its accepted quote is given back',
    area: AREA,
    access: WORKERS,
    params: IdParams,
    ok: TransportView,
    problems: ['resource.not_found', 'freight.not_open'],
  }),
  quoteTransport: route({
    method: 'POST',
    url: '/v1/freight/requests/:id/quotes',
    summary: 'As a carrier quote for a request, or put another version in the place of the last',
    area: AREA,
    access: WORKERS,
    activeOnly: true,
    params: IdParams,
    body: QuoteInput,
    ok: TransportView,
    okStatus: 201,
    problems: [
      ...CLOSED,
      'freight.invalid',
      'freight.not_a_carrier',
      'freight.amount_malformed',
      'freight.amount_negative',
      'freight.amount_absurd',
      'freight.hours_out_of_range',
      'freight.loss_out_of_range',
      'freight.deadline_invalid',
      'freight.quantity_invalid',
      'freight.day_invalid',
      'freight.slot_past',
      'freight.slot_foreign',
      'freight.slots_short',
      'freight.no_capacity',
      'freight.capacity_exceeded',
    ],
  }),
  withdrawQuote: route({
    method: 'POST',
    url: '/v1/freight/requests/:id/quotes/:quoteId/withdraw',
    summary: 'As a carrier take a quote back',
    area: AREA,
    access: WORKERS,
    params: QuoteParams,
    ok: TransportView,
    problems: [...CLOSED],
  }),
  acceptQuote: route({
    method: 'POST',
    url: '/v1/freight/requests/:id/quotes/:quoteId/accept',
    summary: 'Accept exactly the version of a quote that this hash names',
    area: AREA,
    access: WORKERS,
    activeOnly: true,
    params: QuoteParams,
    body: Exact({ hash: Sha256 }),
    ok: TransportView,
    problems: [...CLOSED, 'freight.quote_changed', 'freight.capacity_exceeded', 'freight.no_capacity'],
  }),
} as const satisfies Record<string, Route>;
