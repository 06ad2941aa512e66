/** Quality of one delivery: plan, samples and their custody, certificates, challenge, umpire, rejection. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Instant, Money, Nullable, OneOf, Text, Tonnes } from './common.ts';
import { AnalysisValue } from './logistics.ts';
import { type Route, route } from './route.ts';

const AREA = 'quality';

export const INSPECTION_STATES = [
  'planned',
  'sampled',
  'prepared',
  'analysed',
  'certified',
  'accepted',
  'challenged',
  'reserve_test',
  'umpire',
  'final',
  'rejected',
  'returned',
  'renegotiated',
  'salvaged',
] as const;
export type InspectionState = (typeof INSPECTION_STATES)[number];

const Flag = Exact({
  /** 1..9 of the consistency audit. */
  check: Type.Integer(),
  code: Type.String(),
  values: Type.Record(Type.String(), Type.String()),
});

const Certificate = Exact({
  role: OneOf(['first', 'reserve', 'umpire']),
  number: Type.String(),
  laboratory: Type.String(),
  sampledOn: Day,
  values: Type.Array(AnalysisValue),
});

export const InspectionView = Exact({
  deliveryOrderId: Id,
  contractId: Id,
  contractNumber: Type.String(),
  state: OneOf(INSPECTION_STATES),
  mine: Nullable(OneOf(['seller', 'buyer'])),
  plan: Exact({
    /** What is sampled together: all trucks of a unit are one lot. */
    unit: OneOf(['delivery']),
    lots: Type.Integer(),
    lot: Tonnes,
    increments: Type.Integer(),
    source: Type.String(),
  }),
  samples: Type.Array(
    Exact({
      id: Id,
      kind: OneOf(['laboratory', 'reserve']),
      seal: Type.String(),
      grams: Type.Integer(),
      takenAt: Instant,
      takenBy: Type.String(),
      custody: Type.Array(
        Exact({
          at: Instant,
          handedBy: Type.String(),
          receivedBy: Type.String(),
          sealIntact: Type.Boolean(),
          note: Type.String(),
        }),
      ),
    }),
  ),
  certificates: Type.Array(Certificate),
  flags: Type.Array(Flag),
  challengeDueAt: Nullable(Instant),
  challengedBy: Nullable(OneOf(['seller', 'buyer'])),
  decisions: Type.Array(
    Exact({
      parameter: Type.String(),
      basis: Nullable(Type.String()),
      kind: Nullable(Type.String()),
      unit: Type.String(),
      first: Type.String(),
      reserve: Type.String(),
      umpire: Nullable(Type.String()),
      within: Type.String(),
      outcome: OneOf(['seller_stands', 'umpire_needed', 'mean_of_closest', 'umpire']),
      value: Nullable(Type.String()),
      pays: Nullable(OneOf(['seller', 'buyer', 'both'])),
    }),
  ),
  proposals: Type.Array(
    Exact({
      id: Id,
      outcome: OneOf(['return', 'renegotiate', 'salvage']),
      pricePerTonne: Money,
      by: OneOf(['seller', 'buyer']),
      at: Instant,
    }),
  ),
  events: Type.Array(
    Exact({
      move: Type.String(),
      state: OneOf(INSPECTION_STATES),
      by: OneOf(['seller', 'buyer', 'centre', 'time']),
      detail: Type.String(),
      at: Instant,
    }),
  ),
  may: Exact({ challenge: Type.Boolean(), propose: Type.Boolean() }),
  currency: Type.String(),
});
export type InspectionView = Static<typeof InspectionView>;

const certificateBody = {
  number: Text(60),
  laboratory: Text(120),
  sampledOn: Day,
  values: Type.Array(AnalysisValue, { minItems: 1, maxItems: 24 }),
};
const NOT_NOW = ['resource.not_found', 'inspection.not_due'] as const;
const base = '/v1/delivery-orders/:id/inspection';
const staff = '/v1/staff/delivery-orders/:id/inspection';

export const inspectionRoutes = {
  inspection: route({
    method: 'GET',
    url: base,
    summary: 'Sampling, custody, certificates, challenge and decision of one delivery',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: InspectionView,
    problems: ['resource.not_found'],
  }),
  recordSamples: route({
    method: 'POST',
    url: `${staff}/samples`,
    summary: 'Record the laboratory and the reserve sample with their seals',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({
      takenAt: Instant,
      takenBy: Text(120),
      laboratorySeal: Text(60),
      laboratoryGrams: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      reserveSeal: Text(60),
      reserveGrams: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    }),
    ok: InspectionView,
    okStatus: 201,
    problems: [...NOT_NOW, 'inspection.seal_known', 'inspection.time_invalid'],
  }),
  recordCustody: route({
    method: 'POST',
    url: `${staff}/custody`,
    summary: 'Record that a sample changed hands, and whether its seal was whole',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({
      sampleId: Id,
      at: Instant,
      handedBy: Text(120),
      receivedBy: Text(120),
      sealIntact: Type.Boolean(),
      note: Type.String({ maxLength: 300 }),
    }),
    ok: InspectionView,
    okStatus: 201,
    problems: ['resource.not_found', 'inspection.time_invalid'],
  }),
  recordLaboratoryStep: route({
    method: 'POST',
    url: `${staff}/steps`,
    summary: 'The laboratory has prepared or analysed the sample, or got the reserve sample',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ move: OneOf(['prepare', 'analyse', 'send_reserve']), laboratory: Text(120) }),
    ok: InspectionView,
    problems: [...NOT_NOW, 'inspection.same_laboratory'],
  }),
  recordReferee: route({
    method: 'POST',
    url: `${staff}/referee-certificate`,
    summary: 'Record what the second laboratory, or the umpire, found in the reserve sample',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({
      ...certificateBody,
      /** What the umpire's test cost: whoever challenged has advanced it, whoever was further off bears it. */
      cost: Type.Optional(Money),
    }),
    ok: InspectionView,
    okStatus: 201,
    problems: [
      ...NOT_NOW,
      'inspection.same_laboratory',
      'certificate_of_analysis.duplicate_number',
      'certificate_of_analysis.value_invalid',
      'certificate_of_analysis.incomplete',
    ],
  }),
  challenge: route({
    method: 'POST',
    url: `${base}/challenge`,
    summary: 'Contest the certificate in time: a second laboratory tests the reserve sample',
    area: AREA,
    access: { roles: ['trader', 'finance'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ reason: Text(500, 5) }),
    ok: InspectionView,
    problems: [...NOT_NOW, 'inspection.challenge_over'],
  }),
  proposeOutcome: route({
    method: 'POST',
    url: `${base}/proposals`,
    summary: 'Propose what becomes of coal beyond a refusal limit',
    area: AREA,
    access: { roles: ['trader', 'finance'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({
      outcome: OneOf(['return', 'renegotiate', 'salvage']),
      /** Needed unless the coal goes back. */
      pricePerTonne: Type.Optional(Money),
    }),
    ok: InspectionView,
    okStatus: 201,
    problems: [...NOT_NOW, 'request.invalid'],
  }),
  acceptOutcome: route({
    method: 'POST',
    url: `${base}/proposals/:proposal/acceptance`,
    summary: 'Agree to the last proposal of the other side: the delivery is settled by it',
    area: AREA,
    access: { roles: ['trader', 'finance'] },
    activeOnly: true,
    params: Exact({ id: Id, proposal: Id }),
    ok: InspectionView,
    problems: [...NOT_NOW, 'inspection.proposal_superseded'],
  }),
} as const satisfies Record<string, Route>;
