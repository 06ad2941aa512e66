/** Coal by rail and ship: transport documents in versions, and the sums that follow from them. */
import { Type, type Static } from 'typebox';
import {
  Base64,
  Currency,
  Day,
  Exact,
  Id,
  IdParams,
  Instant,
  Money,
  Nullable,
  OneOf,
  Text,
  Tonnes,
} from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'logistics';

export const DELIVERY_DOCUMENT_KINDS = [
  'rail_receipt',
  'bill_of_lading',
  'draft_survey',
  'statement_of_facts',
] as const;
export type DeliveryDocumentKind = (typeof DELIVERY_DOCUMENT_KINDS)[number];
export const DELIVERY_DOCUMENT_BYTES_MAX = 5 * 1024 * 1024;
/** The longest train has some two hundred and ten. */
const WAGONS_MAX = 250;
const EXCEPTED_MAX = 40;

const Name = Text(80);
const WagonNumber = Type.String({ pattern: '^[0-9A-Za-z-]{4,16}$' });
/** Decimal metres, to the millimetre. */
const Metres = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3})?$' });
const SignedMetres = Type.String({ pattern: '^-?\\d{1,3}(\\.\\d{1,3})?$' });

export const RailReceipt = Exact({
  fromStation: Name,
  toStation: Name,
  wagons: Type.Array(Exact({ number: WagonNumber, gross: Tonnes, tare: Tonnes }), {
    minItems: 1,
    maxItems: WAGONS_MAX,
  }),
});
export type RailReceipt = Static<typeof RailReceipt>;

export const BillOfLading = Exact({
  vessel: Name,
  voyage: Text(40),
  loadPort: Name,
  dischargePort: Name,
  quantity: Tonnes,
});
export type BillOfLading = Static<typeof BillOfLading>;

const Sides = Exact({ port: Metres, starboard: Metres });
const TableLine = Exact({ draft: Metres, displacement: Tonnes });
/** One reading of the drafts, with the ship's own table around it and what is on board besides cargo. */
export const DraftReadingInput = Exact({
  forward: Sides,
  midships: Sides,
  aft: Sides,
  /** Tonnes in a cubic metre. */
  density: Type.String({ pattern: '^[01]\\.\\d{1,4}$' }),
  below: TableLine,
  above: TableLine,
  perCentimetre: Tonnes,
  /** Centre of flotation from midships, positive towards the stern. */
  flotation: SignedMetres,
  /** Tonne metres for a centimetre of trim, 50 cm deeper less 50 cm shallower. */
  momentDifference: Type.String({ pattern: '^-?\\d{1,3}(\\.\\d{1,3})?$' }),
  ballast: Tonnes,
  freshWater: Tonnes,
  fuel: Tonnes,
  stores: Tonnes,
});
export type DraftReadingInput = Static<typeof DraftReadingInput>;
export const DraftSurveyPaper = Exact({
  vessel: Name,
  voyage: Text(40),
  port: Name,
  surveyor: Name,
  /** Between perpendiculars. */
  length: Metres,
  initial: DraftReadingInput,
  final: DraftReadingInput,
});
export type DraftSurveyPaper = Static<typeof DraftSurveyPaper>;

/** When a ship or train was handled, and what of that time does not count. */
export const StatementOfFacts = Exact({
  /** The ship, or the train. */
  conveyance: Name,
  port: Name,
  quantity: Tonnes,
  /** Laytime begins and ends. */
  from: Instant,
  to: Instant,
  excepted: Type.Array(Exact({ from: Instant, to: Instant, reason: Name }), { maxItems: EXCEPTED_MAX }),
});
export type StatementOfFacts = Static<typeof StatementOfFacts>;

/** Exactly the one that the kind names. */
const Facts = {
  railReceipt: Type.Optional(RailReceipt),
  billOfLading: Type.Optional(BillOfLading),
  draftSurvey: Type.Optional(DraftSurveyPaper),
  statementOfFacts: Type.Optional(StatementOfFacts),
};
export const DeliveryDocumentInput = Exact({
  kind: OneOf(DELIVERY_DOCUMENT_KINDS),
  place: OneOf(['loading', 'discharge']),
  number: Text(60),
  issuedOn: Day,
  /** The document of loading whose coal arrived; of weights at discharge. */
  receives: Type.Optional(Id),
  /** The version that this one corrects. */
  supersedes: Type.Optional(Id),
  ...Facts,
  fileName: Text(200),
  file: Base64(DELIVERY_DOCUMENT_BYTES_MAX),
});
export type DeliveryDocumentInput = Static<typeof DeliveryDocumentInput>;

export const CALCULATION_STEPS = [
  'initial_mean_draft',
  'initial_trim',
  'initial_tabled',
  'initial_first',
  'initial_second',
  'initial_displaced',
  'initial_deducted',
  'initial_net',
  'final_mean_draft',
  'final_trim',
  'final_tabled',
  'final_first',
  'final_second',
  'final_displaced',
  'final_deducted',
  'final_net',
  'cargo',
  'time_total',
  'time_excepted',
  'time_used',
  'time_allowed',
  'time_excess',
  'tier_days',
  'tier_rate',
  'loaded',
  'received',
  'loss',
  'allowance',
  'claim',
  'price',
  'contracted',
  'shipped',
  'fulfilment',
  'threshold',
  'shortfall',
  'rate',
  'amount',
] as const;
export const CALCULATION_UNITS = [
  'm',
  't',
  'h',
  'min',
  'd',
  '%',
  'money',
  'money_per_t',
  'money_per_d',
] as const;
export const CalculationStep = Exact({
  name: OneOf(CALCULATION_STEPS),
  value: Type.String(),
  unit: OneOf(CALCULATION_UNITS),
});
export type CalculationStep = Static<typeof CalculationStep>;

export const DELIVERY_DOCUMENT_STATES = ['open', 'stands', 'objected', 'superseded', 'rejected'] as const;
export const DeliveryDocument = Exact({
  id: Id,
  kind: OneOf(DELIVERY_DOCUMENT_KINDS),
  place: OneOf(['loading', 'discharge']),
  number: Type.String(),
  issuedOn: Day,
  version: Type.Integer(),
  supersedes: Nullable(Id),
  /** Number of the document of loading that it receives. */
  receives: Nullable(Exact({ id: Id, number: Type.String() })),
  ...Facts,
  /** What its weight was computed by, step by step; empty where it stands in the document. */
  steps: Type.Array(CalculationStep),
  net: Nullable(Tonnes),
  /** Its weight is the final one of the contract. */
  counts: Type.Boolean(),
  file: Exact({ name: Type.String(), type: Type.String(), sha256: Type.String() }),
  enteredFor: OneOf(['seller', 'buyer', 'carrier', 'surveyor']),
  enteredAt: Instant,
  objectBy: Instant,
  state: OneOf(DELIVERY_DOCUMENT_STATES),
  /** Null for what stands because nobody objected. */
  reason: Nullable(Type.String()),
  decidedAt: Nullable(Instant),
  may: Exact({ answer: Type.Boolean(), correct: Type.Boolean(), decide: Type.Boolean() }),
});
export type DeliveryDocument = Static<typeof DeliveryDocument>;

export const CARRIAGE_CLAIM_STATES = ['noticed', 'objected', 'owed', 'waived', 'withdrawn'] as const;
export const CarriageClaim = Exact({
  id: Id,
  kind: OneOf(['transit_loss', 'demurrage', 'fulfilment']),
  documentNumber: Nullable(Type.String()),
  debtor: OneOf(['seller', 'buyer']),
  currency: Currency,
  amount: Money,
  steps: Type.Array(CalculationStep),
  noticedAt: Instant,
  objectBy: Instant,
  state: OneOf(CARRIAGE_CLAIM_STATES),
  objection: Nullable(Type.String()),
  /** What the centre found to be owed. */
  decided: Nullable(Money),
  decision: Nullable(Type.String()),
  may: Exact({ object: Type.Boolean(), decide: Type.Boolean() }),
});
export type CarriageClaim = Static<typeof CarriageClaim>;

/** Where the contract lets weight be final. */
export const FINAL_WEIGHTS = ['weighbridge', 'rail_receipt', 'draft_survey', 'discharge'] as const;
export const DeliveryPapers = Exact({
  deliveryOrderId: Id,
  contractNumber: Type.String(),
  transport: Type.String(),
  state: OneOf(['active', 'suspended', 'completed']),
  mine: Nullable(OneOf(['seller', 'buyer'])),
  weightFinal: OneOf(FINAL_WEIGHTS),
  /** Null in contracts older than the clause: nothing is owed for loss and time. */
  lossPercent: Nullable(Type.String()),
  ordered: Tonnes,
  counted: Tonnes,
  remaining: Tonnes,
  documents: Type.Array(DeliveryDocument),
  claims: Type.Array(CarriageClaim),
  may: Exact({ enter: Type.Array(OneOf(['loading', 'discharge'])) }),
});
export type DeliveryPapers = Static<typeof DeliveryPapers>;

const DocumentParams = Exact({ id: Id, documentId: Id });
const entering = [
  'resource.not_found',
  'delivery_order.completed',
  'delivery_order.suspended',
  'document.not_of_contract',
  'document.facts_missing',
  'document.value_invalid',
  'document.duplicate',
  'document.over_lift',
  'document.receives_unknown',
  'document.received',
  'document.not_correctable',
  'document.claim_settled',
  'document.file_type',
  'document.too_many',
] as const;

export const deliveryDocumentRoutes = {
  deliveryPapers: route({
    method: 'GET',
    url: '/v1/delivery-orders/:id/documents',
    summary: 'Transport documents of a delivery, and what they make one side owe the other',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: DeliveryPapers,
    problems: ['resource.not_found'],
  }),
  enterDeliveryDocument: route({
    method: 'POST',
    url: '/v1/delivery-orders/:id/documents',
    summary: 'Enter a transport document of my place: loading by the seller, discharge by the buyer',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    activeOnly: true,
    params: IdParams,
    body: DeliveryDocumentInput,
    ok: DeliveryPapers,
    okStatus: 201,
    problems: entering,
  }),
  enterDocumentForCarrier: route({
    method: 'POST',
    url: '/v1/staff/delivery-orders/:id/documents',
    summary: 'Enter the document of a carrier or surveyor for it',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ ...DeliveryDocumentInput.properties, enteredFor: OneOf(['carrier', 'surveyor']) }),
    ok: DeliveryPapers,
    okStatus: 201,
    problems: entering,
  }),
  readDeliveryDocument: route({
    method: 'GET',
    url: '/v1/delivery-orders/:id/documents/:documentId/file',
    summary: 'The file of a transport document',
    area: AREA,
    access: 'signed_in',
    params: DocumentParams,
    ok: Type.Any(),
    produces: 'application/octet-stream',
    problems: ['resource.not_found'],
  }),
  answerDeliveryDocument: route({
    method: 'POST',
    url: '/v1/delivery-orders/:id/documents/:documentId/answer',
    summary: 'Confirm a document of the other side, or object to it in time',
    area: AREA,
    access: { roles: ['dispatcher', 'trader'] },
    activeOnly: true,
    params: DocumentParams,
    body: Exact({ answer: OneOf(['confirm', 'object']), reason: Type.Optional(Text(500, 5)) }),
    ok: DeliveryPapers,
    problems: ['resource.not_found', 'document.closed', 'request.invalid'],
  }),
  decideDeliveryDocument: route({
    method: 'POST',
    url: '/v1/staff/delivery-orders/:id/documents/:documentId/decision',
    summary: 'Decide whether a contested document stands',
    area: AREA,
    access: 'staff',
    params: DocumentParams,
    body: Exact({ outcome: OneOf(['stands', 'rejected']), reason: Text(500, 5) }),
    ok: DeliveryPapers,
    problems: ['resource.not_found', 'document.closed'],
  }),
  objectToCarriageClaim: route({
    method: 'POST',
    url: '/v1/carriage-claims/:id/objection',
    summary: 'Object in time to a sum of loss, demurrage or shortfall',
    area: AREA,
    access: { roles: ['trader', 'finance'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ reason: Text(500, 5) }),
    ok: DeliveryPapers,
    problems: ['resource.not_found', 'carriage_claim.closed'],
  }),
  decideCarriageClaim: route({
    method: 'POST',
    url: '/v1/staff/carriage-claims/:id/decision',
    summary: 'Decide what of a contested sum is owed',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ amount: Money, reason: Text(500, 5) }),
    ok: DeliveryPapers,
    problems: ['resource.not_found', 'carriage_claim.closed', 'request.invalid'],
  }),
} as const satisfies Record<string, Route>;
