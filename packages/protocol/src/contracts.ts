/** Contracts and their signing. */
import { Type, type Static } from 'typebox';
import {
  Base64,
  Currency,
  Exact,
  Id,
  IdParams,
  Instant,
  Money,
  Nullable,
  OneOf,
  Sha256,
  Text,
  Tonnes,
} from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'contracts';

export const CONTRACT_STATES = [
  'drafted',
  'issued',
  'seller_signed',
  'buyer_signed',
  'binding',
  'voided',
] as const;
export const ContractState = OneOf(CONTRACT_STATES);
export type ContractState = (typeof CONTRACT_STATES)[number];

const Party = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });

export const ContractSummary = Exact({
  id: Id,
  number: Type.String(),
  state: ContractState,
  seller: Party,
  buyer: Party,
  quantity: Tonnes,
  pricePerTonne: Money,
  currency: Currency,
  total: Money,
  /** Who must act now; null when nobody must sign. */
  waitsFor: Nullable(
    Type.Union([
      Type.Literal('seller'),
      Type.Literal('buyer'),
      Type.Literal('centre'),
      Type.Literal('exchange'),
    ]),
  ),
  signBy: Nullable(Instant),
  boundAt: Nullable(Instant),
  createdAt: Instant,
});
export type ContractSummary = Static<typeof ContractSummary>;

export const ContractView = Exact({
  ...ContractSummary.properties,
  saleId: Id,
  listingId: Id,
  origin: Exact({ kind: Type.String(), id: Type.String() }),
  /** The canonical terms, exactly as attached to the PDF; null until the document exists. */
  terms: Nullable(Type.String()),
  termsSha256: Nullable(Sha256),
  /** Why it is void: what the side that declined gave as its reason. */
  voidedReason: Nullable(Type.String()),
  revisions: Type.Array(
    Exact({
      n: Type.Integer(),
      kind: Type.String(),
      sha256: Sha256,
      signedAt: Nullable(Instant),
      signer: Nullable(Type.String()),
    }),
  ),
  mine: Nullable(Type.Union([Type.Literal('seller'), Type.Literal('buyer')])),
});
export type ContractView = Static<typeof ContractView>;

export const SigningSession = Exact({
  id: Id,
  contractId: Id,
  field: Type.Union([Type.Literal('sig_seller'), Type.Literal('sig_buyer')]),
  baseSha256: Sha256,
  certificateSerial: Type.String(),
  expiresAt: Instant,
});
export type SigningSession = Static<typeof SigningSession>;

export const contractRoutes = {
  contracts: route({
    method: 'GET',
    url: '/v1/contracts',
    summary: 'Contracts of my company; for staff, of everybody',
    area: AREA,
    access: 'signed_in',
    ok: Exact({ items: Type.Array(ContractSummary) }),
    problems: [],
  }),
  contract: route({
    method: 'GET',
    url: '/v1/contracts/:id',
    summary: 'One contract',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: ContractView,
    problems: ['resource.not_found'],
  }),
  contractDocument: route({
    method: 'GET',
    url: '/v1/contracts/:id/document',
    summary: 'The PDF, newest revision',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Type.Any(),
    produces: 'application/pdf',
    problems: ['resource.not_found', 'contract.not_ready'],
  }),
  openSigning: route({
    method: 'POST',
    url: '/v1/contracts/:id/signing-sessions',
    summary: 'Prepare my signature: the document with room for it',
    area: AREA,
    access: { roles: ['signatory'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ certificateSerial: Type.String({ pattern: '^[0-9a-f]{2,40}$' }) }),
    ok: SigningSession,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'contract.not_your_turn',
      'contract.already_signed',
      'contract.not_open',
      'contract.not_ready',
      'certificate.missing',
      'certificate.expired',
      'certificate.revoked',
    ],
  }),
  signingDocument: route({
    method: 'GET',
    url: '/v1/signing-sessions/:id/document',
    summary: 'The prepared document, for the signer to check byte by byte',
    area: AREA,
    access: { roles: ['signatory'] },
    params: IdParams,
    ok: Type.Any(),
    produces: 'application/pdf',
    problems: ['signing_session.unknown', 'signing_session.expired'],
  }),
  completeSigning: route({
    method: 'POST',
    url: '/v1/signing-sessions/:id/signature',
    summary: 'Hand in the signature made with my own key',
    area: AREA,
    access: { roles: ['signatory'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ signature: Base64(1024) }),
    ok: ContractView,
    problems: [
      'signing_session.unknown',
      'signing_session.used',
      'signing_session.expired',
      'signature.invalid',
      'contract.stale_revision',
      'contract.not_open',
      'certificate.expired',
      'certificate.revoked',
    ],
  }),
  declineSigning: route({
    method: 'POST',
    url: '/v1/contracts/:id/decline',
    summary: 'Decline to sign, with a reason the other side reads',
    area: AREA,
    access: { roles: ['signatory'] },
    params: IdParams,
    body: Exact({ reason: Text(500, 3) }),
    ok: ContractView,
    problems: ['resource.not_found', 'contract.not_open'],
  }),
} as const satisfies Record<string, Route>;
