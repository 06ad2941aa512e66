/** Where coal is on its way: journeys of trucks, trains and ships, told by trackers with keys of their own. */
import { Type, type Static } from 'typebox';
import { Exact, Id, IdParams, Instant, Nullable, OneOf, Text } from './common.ts';
import { DeviceMessage } from './device-message.ts';
import { type Route, route } from './route.ts';

const AREA = 'logistics';
export const JOURNEY_MODES = ['road', 'rail', 'river', 'sea'] as const;
export type JourneyMode = (typeof JOURNEY_MODES)[number];
/** Points of the track that are shown. */
const TRACK_MAX = 400;

const Point = {
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
};
/** What a tracker tells, oldest first. The payload of a `position`. */
export const PositionReport = Exact({
  points: Type.Array(Exact({ at: Instant, ...Point }), { minItems: 1, maxItems: 100 }),
});
export type PositionReport = Static<typeof PositionReport>;

export const PositionAnswer = Exact({
  journeyId: Id,
  taken: Type.Integer(),
  /** Not later than the last, from the future, or older than a day. */
  left: Type.Integer(),
  /** Taken, but farther than anything of its kind travels in that time. */
  flagged: Type.Integer(),
});
export type PositionAnswer = Static<typeof PositionAnswer>;

export const Journey = Exact({
  id: Id,
  /** Plate, train or ship. */
  label: Type.String(),
  mode: OneOf(JOURNEY_MODES),
  device: Type.String(),
  to: Exact({ name: Type.String(), nameZh: Nullable(Type.String()), ...Point }),
  startedAt: Instant,
  endedAt: Nullable(Instant),
  last: Nullable(Exact({ at: Instant, ...Point })),
  /** Minutes without a position, while the journey runs. */
  silentMinutes: Nullable(Type.Integer()),
  flagged: Type.Integer(),
  track: Type.Array(Exact({ at: Instant, ...Point }), { maxItems: TRACK_MAX }),
  /** Along the way, by the detour that is usual for its mode. */
  remainingKm: Nullable(Type.Integer()),
  /** Between these by the recent speed; `to` is null while it hardly moves, all of it where nothing can be said. */
  arrival: Nullable(Exact({ from: Instant, to: Nullable(Instant), kilometresPerHour: Type.Integer() })),
  may: Exact({ end: Type.Boolean() }),
});
export type Journey = Static<typeof Journey>;

export const Journeys = Exact({
  deliveryOrderId: Id,
  items: Type.Array(Journey),
  /** My trackers that are on no journey. */
  trackers: Type.Array(Exact({ id: Id, name: Type.String() })),
  may: Exact({ start: Type.Boolean() }),
});
export type Journeys = Static<typeof Journeys>;

export const trackingRoutes = {
  tellPositions: route({
    method: 'POST',
    url: '/v1/tracker/positions',
    summary: 'A tracker tells where it was',
    area: AREA,
    access: 'device',
    body: DeviceMessage,
    ok: PositionAnswer,
    problems: [
      'device.unknown',
      'device.revoked',
      'device.signature_invalid',
      'device.clock',
      'device.sequence_conflict',
      'device.payload_invalid',
      'journey.none',
    ],
  }),
  journeys: route({
    method: 'GET',
    url: '/v1/delivery-orders/:id/journeys',
    summary: 'Where the coal of this delivery is: for its two sides, its carrier and staff',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Journeys,
    problems: ['resource.not_found'],
  }),
  startJourney: route({
    method: 'POST',
    url: '/v1/delivery-orders/:id/journeys',
    summary: 'Put a tracker of my company on its way',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ deviceId: Id, label: Text(40), mode: OneOf(JOURNEY_MODES), toPlaceId: Id }),
    ok: Journeys,
    okStatus: 201,
    problems: ['resource.not_found', 'device.unknown', 'journey.tracker_busy', 'request.invalid'],
  }),
  endJourney: route({
    method: 'POST',
    url: '/v1/delivery-orders/:id/journeys/:journeyId/end',
    summary: 'The journey of my tracker is over',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    params: Exact({ id: Id, journeyId: Id }),
    ok: Journeys,
    problems: ['resource.not_found', 'journey.none'],
  }),
} as const satisfies Record<string, Route>;
