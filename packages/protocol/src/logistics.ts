/** Delivery orders, pickup passes, weighings and analyses. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Instant, Nullable, OneOf, Text, Tonnes } from './common.ts';
import { FINAL_WEIGHTS } from './delivery-documents.ts';
import { PassEvent } from './gate.ts';
import { PASS_STATES, PASS_TOKEN_MAX } from './pickup-pass.ts';
import { VEHICLES } from './vehicle.ts';
import { type Route, route } from './route.ts';

const AREA = 'logistics';

export const PickupPass = Exact({
  id: Id,
  code: Type.String(),
  plate: Type.String(),
  driver: Type.String(),
  /** Null where the buyer did not say: then only a weighbridge that counts axles judges its load. */
  vehicle: Nullable(OneOf(VEHICLES)),
  maximum: Tonnes,
  notBefore: Instant,
  notAfter: Instant,
  state: OneOf(PASS_STATES),
  /** Every step of the truck, oldest first. */
  events: Type.Array(PassEvent),
  /** What the QR code holds: signed by the exchange, readable without network. */
  token: Type.String(),
});
export type PickupPass = Static<typeof PickupPass>;

export const WeighbridgeTicket = Exact({
  id: Id,
  number: Type.String(),
  plate: Type.String(),
  gross: Tonnes,
  tare: Tonnes,
  net: Tonnes,
  weighedAt: Instant,
  /** The weighbridge that signed it; null for what a person wrote down. */
  device: Nullable(Type.String()),
  photoSha256: Nullable(Type.String()),
});

export const AnalysisValue = Exact({
  parameter: OneOf([
    'totalMoisture',
    'inherentMoisture',
    'ash',
    'volatileMatter',
    'sulphur',
    'calorificValue',
    'hardgroveIndex',
  ]),
  unit: OneOf(['%', 'J/g', 'MJ/kg', 'kcal/kg', 'HGI']),
  basis: Type.Optional(OneOf(['ar', 'ad', 'd', 'daf'])),
  kind: Type.Optional(OneOf(['gross', 'net'])),
  value: Type.String({ pattern: '^\\d{1,6}(\\.\\d{1,4})?$' }),
});
export type AnalysisValue = Static<typeof AnalysisValue>;

export const CertificateOfAnalysis = Exact({
  number: Type.String(),
  laboratory: Type.String(),
  sampledOn: Day,
  values: Type.Array(AnalysisValue),
});

const Party = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });

export const DeliveryOrderSummary = Exact({
  id: Id,
  /** Of the contract, or of one delivery under it. */
  contractId: Id,
  /** The contract that a delivery is called off from; null where the contract is delivered at once. */
  underContractId: Nullable(Id),
  contractNumber: Type.String(),
  seller: Party,
  buyer: Party,
  quantity: Tonnes,
  lifted: Tonnes,
  remaining: Tonnes,
  validFrom: Day,
  validTo: Day,
  state: OneOf(['active', 'suspended', 'completed']),
  /** How it ended: all was lifted, its days were over, the buyer wanted no more; null while it runs. */
  endedAs: Nullable(OneOf(['exhausted', 'expired', 'closed'])),
  suspendedReason: Nullable(Type.String()),
  hasCertificate: Type.Boolean(),
  mine: Nullable(OneOf(['seller', 'buyer'])),
});
export type DeliveryOrderSummary = Static<typeof DeliveryOrderSummary>;

/** Tonnes that the buyer nominated for these days. */
export const Lifting = Exact({
  id: Id,
  fromDay: Day,
  toDay: Day,
  quantity: Tonnes,
  lifted: Tonnes,
  /** What its days missed; null until they are over. */
  lapsed: Nullable(Tonnes),
  state: OneOf(['nominated', 'withdrawn', 'lapsed', 'lifted']),
});
export type Lifting = Static<typeof Lifting>;

export const DeliveryOrderView = Exact({
  ...DeliveryOrderSummary.properties,
  /** Where the contract lets weight be final: trucks hold passes only where it is the weighbridge. */
  weightFinal: OneOf(FINAL_WEIGHTS),
  liftings: Type.Array(Lifting),
  passes: Type.Array(PickupPass),
  tickets: Type.Array(WeighbridgeTicket),
  certificate: Nullable(CertificateOfAnalysis),
  /** What the contract's quality clause needs the certificate to say. */
  required: Type.Array(
    Exact({
      parameter: Type.String(),
      unit: Type.String(),
      basis: Nullable(Type.String()),
      kind: Nullable(Type.String()),
      reference: Type.String(),
    }),
  ),
});
export type DeliveryOrderView = Static<typeof DeliveryOrderView>;

export const PassCheck = Exact({
  passId: Id,
  deliveryOrderId: Id,
  plate: Type.String(),
  driver: Type.String(),
  maximum: Tonnes,
  remaining: Tonnes,
  /** What its QR code holds: a gate that was given the printed code goes on with it. */
  token: Type.String(),
});

const passProblems = [
  'pass.invalid',
  'pass.used',
  'pass.not_yet_valid',
  'pass.expired',
  'delivery_order.suspended',
  'resource.not_found',
] as const;

export const logisticsRoutes = {
  deliveryOrders: route({
    method: 'GET',
    url: '/v1/delivery-orders',
    summary: 'Delivery orders of my company; for staff, of everybody',
    area: AREA,
    access: 'signed_in',
    ok: Exact({ items: Type.Array(DeliveryOrderSummary) }),
    problems: [],
  }),
  deliveryOrder: route({
    method: 'GET',
    url: '/v1/delivery-orders/:id',
    summary: 'One delivery order with its passes, weighings and analysis',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: DeliveryOrderView,
    problems: ['resource.not_found'],
  }),
  issuePass: route({
    method: 'POST',
    url: '/v1/delivery-orders/:id/passes',
    summary: 'Issue a pickup pass for a truck of mine (buyer)',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({
      plate: Type.String({ minLength: 2, maxLength: 16, pattern: '^[\\p{L}\\p{N} ·.-]+$' }),
      driver: Text(80),
      vehicle: Type.Optional(OneOf(VEHICLES)),
      maximum: Tonnes,
    }),
    ok: PickupPass,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'delivery_order.completed',
      'delivery_order.suspended',
      'delivery_order.window_over',
      'lifting.none_open',
      'delivery_order.not_by_truck',
      'pass.quantity_exceeds_order',
      'pass.over_legal',
      'request.invalid',
    ],
  }),
  checkPass: route({
    method: 'POST',
    url: '/v1/gate/check',
    summary: 'Is this pass good? (gate of the seller)',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    body: Exact({ token: Text(PASS_TOKEN_MAX) }),
    ok: PassCheck,
    problems: passProblems,
  }),
  recordTicket: route({
    method: 'POST',
    url: '/v1/delivery-orders/:id/tickets',
    summary: 'Record a weighing out: gross and tare of the truck on this pass (seller)',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({
      /** The token of the QR code, or the short code printed under it. */
      pass: Text(PASS_TOKEN_MAX),
      number: Text(40),
      gross: Tonnes,
      tare: Tonnes,
      weighedAt: Instant,
      /** As it stands on the scales; that of the pass where it is left out. */
      vehicle: Type.Optional(OneOf(VEHICLES)),
    }),
    ok: DeliveryOrderView,
    okStatus: 201,
    problems: [
      ...passProblems,
      'pass.other_order',
      'delivery_order.completed',
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
  nominateLifting: route({
    method: 'POST',
    url: '/v1/delivery-orders/:id/liftings',
    summary: 'Nominate tonnes for days of the delivery (buyer)',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ fromDay: Day, toDay: Day, quantity: Tonnes }),
    ok: DeliveryOrderView,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'delivery_order.completed',
      'delivery_order.suspended',
      'lifting.outside_window',
      'lifting.overlaps',
      'lifting.exceeds_order',
      'lifting.too_many',
      'request.invalid',
    ],
  }),
  withdrawLifting: route({
    method: 'POST',
    url: '/v1/delivery-orders/:id/liftings/:liftingId/withdrawal',
    summary: 'Take a window out of the schedule for which no truck holds a pass (buyer)',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    params: Exact({ id: Id, liftingId: Id }),
    ok: DeliveryOrderView,
    problems: ['resource.not_found', 'lifting.not_open', 'lifting.has_passes'],
  }),
  suspendDelivery: route({
    method: 'POST',
    url: '/v1/staff/delivery-orders/:id/suspension',
    summary: 'Stop a delivery for a reason that both sides read',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ reason: Text(300) }),
    ok: DeliveryOrderView,
    problems: ['resource.not_found', 'delivery_order.completed', 'delivery_order.suspended'],
  }),
  resumeDelivery: route({
    method: 'POST',
    url: '/v1/staff/delivery-orders/:id/resumption',
    summary: 'Let a suspended delivery go on',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: DeliveryOrderView,
    problems: ['resource.not_found', 'delivery_order.not_suspended'],
  }),
  completeDelivery: route({
    method: 'POST',
    url: '/v1/delivery-orders/:id/completion',
    summary: 'No more trucks will come: what was not lifted lapses (buyer)',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    params: IdParams,
    ok: DeliveryOrderView,
    problems: [
      'resource.not_found',
      'delivery_order.completed',
      'delivery_order.suspended',
      'delivery_order.not_delivered',
      'delivery_order.truck_inside',
      'delivery_order.papers_open',
    ],
  }),
  recordAnalysis: route({
    method: 'POST',
    url: '/v1/staff/delivery-orders/:id/certificate-of-analysis',
    summary: 'Record the certificate of the independent laboratory',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({
      number: Text(60),
      laboratory: Text(120),
      sampledOn: Day,
      values: Type.Array(AnalysisValue, { minItems: 1, maxItems: 24 }),
    }),
    ok: DeliveryOrderView,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'certificate_of_analysis.exists',
      'certificate_of_analysis.duplicate_number',
      'certificate_of_analysis.value_invalid',
      'certificate_of_analysis.incomplete',
    ],
  }),
} as const satisfies Record<string, Route>;
