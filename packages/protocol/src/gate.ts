/** Gates and weighbridges: the devices of a seller, what they send, and what a gate must know to work alone. */
import { Type, type Static } from 'typebox';
import { Exact, Id, IdParams, Instant, Nullable, OneOf, Sha256, Text } from './common.ts';
import { DEVICE_KINDS, DeviceMessage, DevicePublicKey } from './device-message.ts';
import { PASS_MOVES, PASS_STATES, PASS_TOKEN_MAX } from './pickup-pass.ts';
import { NullableCaseNote } from './case-notes.ts';
import { type Route, route } from './route.ts';

const AREA = 'logistics';
const deviceProblems = [
  'device.unknown',
  'device.revoked',
  'device.signature_invalid',
  'device.clock',
  'device.sequence_conflict',
  'device.payload_invalid',
] as const;

/** Whole kilograms. */
const Kilograms = Type.Integer({ minimum: 1, maximum: 1_000_000 });

export const Device = Exact({
  id: Id,
  kind: OneOf(DEVICE_KINDS),
  name: Type.String(),
  /** Where the coal is lifted, as contracts name it; null for all places of the company. */
  place: Nullable(Type.String()),
  /** Legal gross by axles; empty where the usual limits hold. */
  grossLimits: Type.Array(Exact({ axles: Type.Integer(), kg: Kilograms })),
  registeredAt: Instant,
  revokedAt: Nullable(Instant),
  lastSeenAt: Nullable(Instant),
});
export type Device = Static<typeof Device>;

export const PassKeys = Exact({
  keys: Type.Array(Exact({ keyId: Type.String(), publicKey: DevicePublicKey })),
});

/** Passes that may not be let in any more although their time is not over. */
const ClosedPass = Exact({ passId: Id, why: OneOf(['revoked', 'used']) });

/** What a guard did, signed by the gate. The payload of a `gate_event`. */
export const GateEvent = Exact({
  decision: OneOf(['arrived', 'admitted', 'refused']),
  token: Text(PASS_TOKEN_MAX),
  at: Instant,
  /** Why a truck was sent away. */
  reason: Nullable(OneOf(['plate_differs', 'driver_differs', 'vehicle_unsafe', 'overloaded', 'other'])),
});
export type GateEvent = Static<typeof GateEvent>;

/** The payload of a `gate_sync`. */
export const GateSync = Exact({ events: Type.Array(DeviceMessage, { maxItems: 50 }) });
export type GateSync = Static<typeof GateSync>;

export const GateSyncAnswer = Exact({
  now: Instant,
  sellerId: Id,
  name: Type.String(),
  place: Nullable(Type.String()),
  keys: PassKeys.properties.keys,
  closed: Type.Array(ClosedPass),
  outcomes: Type.Array(
    Exact({
      sequence: Type.Integer(),
      /** `case`: kept, and a person at the centre looks at it. `invalid`: not signed by this gate, or unreadable. */
      outcome: OneOf(['recorded', 'known', 'case', 'invalid']),
      detail: Nullable(Type.String()),
    }),
  ),
});
export type GateSyncAnswer = Static<typeof GateSyncAnswer>;

const Reading = { kg: Kilograms, at: Instant, photoSha256: Sha256 };
/** What a weighbridge weighed. The payload of a `weighing`. */
export const Weighing = Exact({
  /** The token of the QR code, or the code printed under it. */
  pass: Text(PASS_TOKEN_MAX),
  /** As the camera or the operator read it. */
  plate: Text(16, 2),
  tare: Type.Optional(Exact(Reading)),
  gross: Type.Optional(
    Exact({ ...Reading, number: Text(40), axles: Type.Integer({ minimum: 2, maximum: 12 }) }),
  ),
});
export type Weighing = Static<typeof Weighing>;

export const WeighingAnswer = Exact({
  passId: Id,
  deliveryOrderId: Id,
  state: OneOf(PASS_STATES),
  tareKg: Nullable(Type.Integer()),
  grossKg: Nullable(Type.Integer()),
  netKg: Nullable(Type.Integer()),
  /** What may still be loaded on this truck: within its pass and within the order. */
  maximumNetKg: Type.Integer(),
  ticket: Nullable(Type.String()),
});
export type WeighingAnswer = Static<typeof WeighingAnswer>;

export const PassEvent = Exact({
  move: OneOf([...PASS_MOVES, 'stopped', 'admitted_again']),
  state: OneOf(PASS_STATES),
  at: Instant,
  by: OneOf(['buyer', 'seller', 'device', 'exchange']),
  device: Nullable(Type.String()),
  detail: Nullable(Type.String()),
});
export type PassEvent = Static<typeof PassEvent>;

export const DeliveryCase = Exact({
  id: Id,
  kind: Type.String(),
  deliveryOrderId: Nullable(Id),
  contractNumber: Nullable(Type.String()),
  passCode: Nullable(Type.String()),
  plate: Nullable(Type.String()),
  /** In plain words, for those without `said`. */
  detail: Type.String(),
  said: NullableCaseNote,
  openedAt: Instant,
  closedAt: Nullable(Instant),
  note: Nullable(Type.String()),
});
export type DeliveryCase = Static<typeof DeliveryCase>;

export const gateRoutes = {
  passKeys: route({
    method: 'GET',
    url: '/v1/gate/keys',
    summary: 'The keys that pickup passes are signed with',
    area: AREA,
    access: 'public',
    ok: PassKeys,
    problems: [],
  }),
  passRevocations: route({
    method: 'GET',
    url: '/v1/gate/revocations',
    summary: 'Passes that were cancelled although their time is not over',
    area: AREA,
    access: 'public',
    ok: Exact({ asOf: Instant, passIds: Type.Array(Id) }),
    problems: [],
  }),
  gateSync: route({
    method: 'POST',
    url: '/v1/gate/sync',
    summary: 'A gate tells what it did and learns what it must know to go on without network',
    area: AREA,
    access: 'device',
    body: DeviceMessage,
    ok: GateSyncAnswer,
    problems: [...deviceProblems],
  }),
  weigh: route({
    method: 'POST',
    url: '/v1/weighbridge/weighings',
    summary: 'A weighbridge tells what it weighed: empty, loaded, or both',
    area: AREA,
    access: 'device',
    body: DeviceMessage,
    ok: WeighingAnswer,
    problems: [
      ...deviceProblems,
      'pass.invalid',
      'pass.used',
      'pass.not_yet_valid',
      'pass.expired',
      'pass.move_not_possible',
      'delivery_order.completed',
      'delivery_order.suspended',
      'weighing.plate_differs',
      'weighing.tare_missing',
      'weighing.tare_too_old',
      'weighing.overloaded',
      'weighing.vehicle_differs',
      'weighing.tare_not_below_gross',
      'weighing.implausible',
      'weighing.over_pass',
      'weighing.over_lift',
      'weighing.duplicate_ticket',
      'weighing.time_invalid',
    ],
  }),
  devices: route({
    method: 'GET',
    url: '/v1/devices',
    summary: 'Gates and weighbridges of my company',
    area: AREA,
    access: 'member',
    ok: Exact({ items: Type.Array(Device) }),
    problems: [],
  }),
  registerDevice: route({
    method: 'POST',
    url: '/v1/devices',
    summary: 'Register the key of a gate or a weighbridge; a weighbridge by an administrator',
    area: AREA,
    access: { roles: ['admin', 'dispatcher'] },
    activeOnly: true,
    body: Exact({
      kind: OneOf(DEVICE_KINDS),
      name: Text(60),
      place: Type.Optional(Text(120)),
      publicKey: DevicePublicKey,
      grossLimits: Type.Optional(
        Type.Array(Exact({ axles: Type.Integer({ minimum: 2, maximum: 12 }), kg: Kilograms }), {
          maxItems: 11,
        }),
      ),
    }),
    ok: Device,
    okStatus: 201,
    problems: ['device.key_known', 'device.admin_only', 'request.invalid'],
  }),
  revokeDevice: route({
    method: 'POST',
    url: '/v1/devices/:id/revocation',
    summary: 'From now on this device is not believed',
    area: AREA,
    access: { roles: ['admin', 'dispatcher'] },
    params: IdParams,
    ok: Device,
    problems: ['resource.not_found', 'device.revoked', 'device.admin_only'],
  }),
  movePass: route({
    method: 'POST',
    url: '/v1/delivery-orders/:id/passes/:passId/moves',
    summary:
      'A step of a truck: the buyer sends or cancels a pass, the seller sees it arrive, lets it in, loads it',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    params: Exact({ id: Id, passId: Id }),
    body: Exact({
      move: OneOf(['send', 'cancel', 'arrive', 'admit', 'load', 'refuse']),
      reason: Type.Optional(Text(200)),
    }),
    ok: Exact({ passId: Id, state: OneOf(PASS_STATES) }),
    problems: [
      'resource.not_found',
      'delivery_order.completed',
      'delivery_order.suspended',
      'pass.move_not_possible',
      'pass.not_yet_valid',
      'pass.expired',
    ],
  }),
  deliveryCases: route({
    method: 'GET',
    url: '/v1/staff/delivery-cases',
    summary: 'What gates and weighbridges told that a person must look at, open ones first',
    area: AREA,
    access: 'staff',
    ok: Exact({ items: Type.Array(DeliveryCase) }),
    problems: [],
  }),
  closeDeliveryCase: route({
    method: 'POST',
    url: '/v1/staff/delivery-cases/:id/closing',
    summary: 'A person has looked, and says what was found',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ note: Text(500) }),
    ok: DeliveryCase,
    problems: ['resource.not_found', 'case.not_open'],
  }),
} as const satisfies Record<string, Route>;
