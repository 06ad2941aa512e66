/**
 * Contracts and their signing.
 *
 * Problem codes are the project's own; what the signing design calls them: NO_CERTIFICATE certificate.missing,
 * CERT_EXPIRED certificate.expired, CERT_REVOKED certificate.revoked, NOT_YOUR_TURN contract.not_your_turn,
 * ALREADY_SIGNED contract.already_signed, STALE_REVISION contract.stale_revision, SESSION_UNKNOWN, SESSION_USED
 * and SESSION_EXPIRED signing_session.unknown, .used and .expired, SIGNATURE_INVALID signature.invalid,
 * SIGNATURE_TOO_LARGE signature.too_large, TSA_UNAVAILABLE contract.timestamp_unavailable,
 * FONT_MISSING_GLYPH contract.font_missing_glyph.
 */
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
import { PasskeyAssertion, ProofKind } from './step-up.ts';

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

/** How long a contract can be proved by itself: once its signatures, once their time, once for decades. */
export const SIGNATURE_LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
export type SignatureLevel = (typeof SIGNATURE_LEVELS)[number];

/** Why a contract came to nothing, and who stood in its way; null where it fell from outside. */
const VoidCause = OneOf(['declined', 'lapsed', 'refused', 'withdrawn']);
const Side = Type.Union([Type.Literal('seller'), Type.Literal('buyer')]);

export const ContractView = Exact({
  ...ContractSummary.properties,
  saleId: Id,
  listingId: Id,
  origin: Exact({
    kind: Type.String(),
    id: Type.String(),
    /** The entry of the market's journal that found the price; known once the contract binds. */
    journal: Nullable(Exact({ shard: Type.Integer(), seq: Type.String(), hash: Sha256 })),
  }),
  /** The canonical terms, exactly as attached to the PDF; null until the document exists. */
  terms: Nullable(Type.String()),
  termsSha256: Nullable(Sha256),
  /** Why it is void, in words: what the side that declined gave as its reason. */
  voidedReason: Nullable(Type.String()),
  voided: Nullable(Exact({ cause: Nullable(VoidCause), by: Nullable(OneOf(['seller', 'buyer', 'centre'])) })),
  /** What the newest revision proves; null before the first signature. */
  level: Nullable(OneOf(SIGNATURE_LEVELS)),
  /** A signature is verified and kept; it counts as soon as the timestamp authority answers. */
  timestampPending: Nullable(Side),
  /** The centre may refuse its signature: proposed by one of its people, in force with a second. */
  refusal: Nullable(Exact({ reason: Type.String(), proposedAt: Instant, proposedBy: Type.String() })),
  revisions: Type.Array(
    Exact({
      n: Type.Integer(),
      kind: Type.String(),
      sha256: Sha256,
      signedAt: Nullable(Instant),
      signer: Nullable(Type.String()),
      /** Time of the timestamp, and how the signer proved to be there. */
      stampedAt: Nullable(Instant),
      proof: Nullable(ProofKind),
      certificateSerial: Nullable(Type.String()),
    }),
  ),
  /** Where the evidence package is, once the contract binds. */
  evidenceUrl: Nullable(Type.String()),
  mine: Nullable(Side),
});
export type ContractView = Static<typeof ContractView>;

export const SigningSession = Exact({
  id: Id,
  contractId: Id,
  field: Type.Union([Type.Literal('sig_seller'), Type.Literal('sig_buyer')]),
  baseSha256: Sha256,
  /** SHA-256 of what the signature will cover. The signer computes it too: never signed on the server's word. */
  digest: Sha256,
  certificateSerial: Type.String(),
  expiresAt: Instant,
  proof: ProofKind,
  /**
   * With `proof: passkey`: what to ask the authenticator. The challenge, in base64url, is
   * SHA-256(id as text ‖ digest, 32 bytes ‖ SHA-256 of the certificate, 32 bytes); the signer computes it too.
   */
  passkey: Nullable(
    Exact({
      challenge: Type.String(),
      rpId: Type.String(),
      credentialIds: Type.Array(Type.String()),
    }),
  ),
});
export type SigningSession = Static<typeof SigningSession>;

const Reason = Text(500, 3);
const contract = { area: AREA, params: IdParams, ok: ContractView } as const;

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
    ...contract,
    method: 'GET',
    url: '/v1/contracts/:id',
    summary: 'One contract',
    access: 'signed_in',
    problems: ['resource.not_found'],
  }),
  contractDocument: route({
    method: 'GET',
    url: '/v1/contracts/:id/document',
    summary: 'The PDF: the newest revision, or the one asked for',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    query: Exact({ revision: Type.Optional(Type.String({ pattern: '^[0-9]{1,2}$' })) }),
    ok: Type.Any(),
    produces: 'application/pdf',
    problems: ['resource.not_found', 'contract.not_ready'],
  }),
  contractEvidence: route({
    method: 'GET',
    url: '/v1/contracts/:id/evidence.zip',
    summary: 'Everything an outsider needs to check the contract, with the commands that do it',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Type.Any(),
    produces: 'application/zip',
    problems: ['resource.not_found', 'contract.not_binding', 'contract.press_busy'],
  }),
  openSigning: route({
    method: 'POST',
    url: '/v1/contracts/:id/signing-sessions',
    summary:
      'Prepare my signature: the document with room for it. The person is proved again: by the password of the last five minutes, or by a passkey when the signature is handed in',
    area: AREA,
    access: { roles: ['signatory'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({
      certificateSerial: Type.String({ pattern: '^[0-9a-f]{2,40}$' }),
      /** Without it, the password. */
      proof: Type.Optional(ProofKind),
    }),
    ok: SigningSession,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'contract.not_your_turn',
      'contract.already_signed',
      'contract.not_open',
      'contract.not_ready',
      'contract.font_missing_glyph',
      'member.limit_exceeded',
      'contract.press_busy',
      'certificate.missing',
      'certificate.expired',
      'certificate.evidence_missing',
      'certificate.revoked',
      'step_up.required',
      'passkey.not_offered',
      'passkey.unknown',
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
    ...contract,
    method: 'POST',
    url: '/v1/signing-sessions/:id/signature',
    summary:
      'Hand in the signature made with my own key. When the timestamp authority is away (503) it is kept and completed later, by itself or by the same call again',
    access: { roles: ['signatory'] },
    activeOnly: true,
    body: Exact({
      signature: Base64(1024),
      /** Demanded by a session opened with `proof: passkey`. */
      passkey: Type.Optional(PasskeyAssertion),
      /** SHA-256 of the signing code that the page ran, kept with the signature. */
      clientBundleSha256: Type.Optional(Sha256),
    }),
    problems: [
      'signing_session.unknown',
      'signing_session.used',
      'signing_session.expired',
      'signature.invalid',
      'signature.proof_missing',
      'signature.too_large',
      'contract.stale_revision',
      'contract.not_open',
      'contract.timestamp_unavailable',
      'contract.press_busy',
      'member.limit_exceeded',
      'certificate.expired',
      'certificate.revoked',
      'passkey.unknown',
      'passkey.refused',
    ],
  }),
  declineSigning: route({
    ...contract,
    method: 'POST',
    url: '/v1/contracts/:id/decline',
    summary: 'Decline to sign, with a reason the other side reads',
    access: { roles: ['signatory'] },
    body: Exact({ reason: Reason }),
    problems: ['resource.not_found', 'contract.not_open', 'contract.not_ready'],
  }),
  proposeRefusal: route({
    ...contract,
    method: 'POST',
    url: '/v1/staff/contracts/:id/refusal',
    summary: 'Propose that the centre does not sign; its signature waits until this is decided',
    access: 'staff',
    body: Exact({ reason: Reason }),
    problems: ['resource.not_found', 'contract.not_open', 'contract.refusal_open'],
  }),
  decideRefusal: route({
    ...contract,
    method: 'POST',
    url: '/v1/staff/contracts/:id/refusal/decision',
    summary: 'Confirm the refusal as a second person, or withdraw it',
    access: 'staff',
    body: Exact({ decision: OneOf(['confirm', 'withdraw']) }),
    problems: [
      'resource.not_found',
      'contract.not_open',
      'contract.refusal_none',
      'contract.refusal_second_person',
    ],
  }),
} as const satisfies Record<string, Route>;
