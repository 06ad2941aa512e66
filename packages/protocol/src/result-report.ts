/** What a delivery came to, composed from its weighings, analyses and invoice: one sheet that both sides read. */
import { Type, type Static } from 'typebox';
import {
  Currency,
  Day,
  Exact,
  Id,
  IdParams,
  Instant,
  Money,
  Nullable,
  OneOf,
  Sha256,
  SignedMoney,
  Tonnes,
} from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'settlement';
const Party = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });
/** Major units per tonne, five digits: what no invoice rounds before its end. */
const Exactly = Type.String({ pattern: '^-?\\d{1,16}\\.\\d{5}$' });

export const ResultReport = Exact({
  contractId: Id,
  contractNumber: Type.String(),
  seller: Party,
  buyer: Party,
  currency: Currency,
  mine: Party.properties.name,
  deliveryTerm: Type.String(),
  state: OneOf(['waits', 'disputed', 'accepted']),
  dueAt: Nullable(Instant),
  acceptedAt: Nullable(Instant),
  acceptedBy: Nullable(OneOf(['buyer', 'time', 'centre'])),
  weights: Type.Array(
    Exact({
      kind: OneOf(['truck', 'rail_receipt', 'bill_of_lading', 'draft_survey']),
      number: Type.String(),
      /** Plate, vessel, train. */
      mark: Type.String(),
      gross: Nullable(Tonnes),
      tare: Nullable(Tonnes),
      net: Tonnes,
      on: Day,
      /** The final weight is made of it. */
      counts: Type.Boolean(),
    }),
  ),
  contracted: Tonnes,
  delivered: Tonnes,
  /** What is paid for: after excess moisture. */
  payable: Tonnes,
  certificates: Type.Array(
    Exact({
      role: OneOf(['first', 'reserve', 'umpire']),
      number: Type.String(),
      laboratory: Type.String(),
      sampledOn: Day,
    }),
  ),
  values: Type.Array(
    Exact({
      parameter: Type.String(),
      unit: Type.String(),
      basis: Nullable(Type.String()),
      kind: Nullable(Type.String()),
      certified: Type.String(),
      /** What the contract promises; null where it says nothing of it. */
      reference: Nullable(Type.String()),
      rejectBelow: Nullable(Type.String()),
      rejectAbove: Nullable(Type.String()),
      /** Per tonne. */
      amount: Nullable(Type.String()),
    }),
  ),
  contractPrice: Money,
  /** From the contract's price to the final one. */
  steps: Type.Array(Exact({ id: Type.String(), amount: Exactly, price: Exactly })),
  unitPrice: Money,
  amount: Money,
  notes: Type.Array(Exact({ kind: OneOf(['credit_note', 'debit_note']), amount: SignedMoney, at: Instant })),
  documents: Type.Array(
    Exact({
      kind: OneOf([
        'contract',
        'terms',
        'certificate',
        'photo',
        'transport_document',
        'provisional_invoice',
        'final_invoice',
        'fee_invoice',
        'credit_note',
        'debit_note',
      ]),
      number: Type.String(),
      sha256: Sha256,
    }),
  ),
  issuedAt: Instant,
});
export type ResultReport = Static<typeof ResultReport>;

export const resultReportRoutes = {
  resultReport: route({
    method: 'GET',
    url: '/v1/settlements/:id/result-report',
    summary: 'What a delivery came to: weights, analyses, price step by step, documents',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: ResultReport,
    problems: ['resource.not_found', 'settlement.not_due'],
  }),
  resultReportPaper: route({
    method: 'GET',
    url: '/v1/settlements/:id/result-report.pdf',
    summary: 'The same as a paper, with its data attached',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Type.Any(),
    produces: 'application/pdf',
    problems: ['resource.not_found', 'settlement.not_due'],
  }),
} as const satisfies Record<string, Route>;
