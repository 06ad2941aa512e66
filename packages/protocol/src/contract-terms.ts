/** The terms of a contract clause by clause, proposals to change them, versions, redlines and amendments. */
import { Type, type Static } from 'typebox';
import { ContractState } from './contracts.ts';
import { Exact, Id, IdParams, Instant, Nullable, OneOf, Sha256, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'contracts';
const Bilingual = Exact({ zh: Type.String(), en: Type.String() });
/** JSON as it stands in the terms. */
const TermsValue = Type.Unknown();
/** No parameter is a fraction, a truth or nothing. */
const WantedValue = Type.Union([
  Type.Integer(),
  Type.String({ maxLength: 500 }),
  Type.Array(Type.Unknown(), { maxItems: 100 }),
  Type.Object({}, { additionalProperties: true }),
]);

export const TERMS_FORMS = [
  'text',
  'integer',
  'days',
  'basis_points',
  'mass',
  'money',
  'day',
  'choice',
  'decimal',
  'month',
] as const;
export type TermsForm = (typeof TERMS_FORMS)[number];

/** One input of a form: a value of the terms that this caller may propose to change now. */
export const TermsField = Exact({
  /** Path in the terms, to be sent back with the new value. */
  path: Type.String(),
  label: Bilingual,
  form: OneOf(TERMS_FORMS),
  /** Integers stay numbers; kilograms, minor units and decimals are text, as in the terms. */
  value: TermsValue,
  unit: Nullable(Type.String()),
  minimum: Nullable(Type.Integer()),
  maximum: Nullable(Type.Integer()),
  maxLength: Nullable(Type.Integer()),
  options: Type.Array(Exact({ value: Type.String(), zh: Type.String(), en: Type.String() })),
});
export type TermsField = Static<typeof TermsField>;

export const ClauseView = Exact({
  id: Type.String(),
  version: Type.Integer(),
  title: Bilingual,
  paragraphs: Type.Array(Bilingual),
  /** Who carries it out; null for contracts from before the library. */
  executedBy: Nullable(OneOf(['exchange', 'parties'])),
  sha256: Nullable(Sha256),
  fields: Type.Array(TermsField),
});
export type ClauseView = Static<typeof ClauseView>;

const Part = Exact({ kind: OneOf(['same', 'added', 'removed']), text: Type.String() });
export const ClauseRedlineView = Exact({
  id: Type.String(),
  title: Bilingual,
  change: OneOf(['added', 'removed', 'changed']),
  parameters: Type.Array(
    Exact({
      path: Type.String(),
      label: Bilingual,
      from: TermsValue,
      to: TermsValue,
      fromText: Nullable(Bilingual),
      toText: Nullable(Bilingual),
    }),
  ),
  /** The whole clause in words; paragraphs end with a line break. */
  zh: Type.Array(Part),
  en: Type.Array(Part),
});
export type ClauseRedlineView = Static<typeof ClauseRedlineView>;

const Side = OneOf(['seller', 'buyer']);
export const PROPOSAL_STATES = [
  'open',
  'accepted',
  'rejected',
  'countered',
  'withdrawn',
  'expired',
  'overtaken',
] as const;

export const ProposalView = Exact({
  id: Id,
  /** What an acceptance names: over contract, base version, changes, reason and expiry. */
  sha256: Sha256,
  side: Side,
  person: Type.String(),
  reason: Type.String(),
  state: OneOf(PROPOSAL_STATES),
  baseVersion: Type.Integer(),
  counters: Nullable(Id),
  createdAt: Instant,
  expiresAt: Instant,
  decidedAt: Nullable(Instant),
  answer: Nullable(Type.String()),
  /** What the changes do to the terms they start from. */
  redline: Type.Array(ClauseRedlineView),
});
export type ProposalView = Static<typeof ProposalView>;

export const VersionView = Exact({
  version: Type.Integer(),
  issuedAt: Instant,
  termsSha256: Sha256,
  fileSha256: Sha256,
  /** Signatures were begun on the version before and start again. */
  sellerHadSigned: Type.Boolean(),
  supersededAt: Nullable(Instant),
});
export type VersionView = Static<typeof VersionView>;

export const AmendmentView = Exact({
  id: Id,
  number: Type.String(),
  state: ContractState,
  reason: Type.String(),
  issuedAt: Instant,
  boundAt: Nullable(Instant),
  voidedReason: Nullable(Type.String()),
  redline: Type.Array(ClauseRedlineView),
});
export type AmendmentView = Static<typeof AmendmentView>;

export const ContractTermsView = Exact({
  contractId: Id,
  number: Type.String(),
  kind: OneOf(['contract', 'amendment']),
  state: ContractState,
  /** Of an amendment: the contract it amends. */
  amends: Nullable(Exact({ id: Id, number: Type.String() })),
  mine: Nullable(Side),
  seller: Exact({ name: Type.String(), nameZh: Nullable(Type.String()) }),
  buyer: Exact({ name: Type.String(), nameZh: Nullable(Type.String()) }),
  currency: Type.String(),
  version: Type.Integer(),
  versions: Type.Array(VersionView),
  template: Nullable(
    Exact({
      id: Type.String(),
      version: Type.Integer(),
      title: Bilingual,
      librarySha256: Sha256,
    }),
  ),
  /** Of the version asked for, or the newest; of a contract that binds, with its amendments applied. */
  shownVersion: Type.Integer(),
  clauses: Type.Array(ClauseView),
  /** What a proposal would lead to now; null when none can be made. */
  negotiation: Nullable(OneOf(['new_version', 'amendment'])),
  /** Why not, or why not by this caller. */
  closedBecause: Nullable(Type.String()),
  proposals: Type.Array(ProposalView),
  amendments: Type.Array(AmendmentView),
});
export type ContractTermsView = Static<typeof ContractTermsView>;

const Version = Type.String({ pattern: '^[1-9][0-9]?$' });
const NEGOTIATORS = { roles: ['trader', 'signatory'] } as const;

export const PROPOSAL_HOURS_MAX = 14 * 24;

export const NewProposal = Exact({
  changes: Type.Array(Exact({ path: Type.String({ pattern: '^[A-Za-z0-9.]{1,100}$' }), to: WantedValue }), {
    minItems: 1,
    maxItems: 40,
  }),
  reason: Text(500, 3),
  validHours: Type.Integer({ minimum: 1, maximum: PROPOSAL_HOURS_MAX }),
  /** The version it starts from: another since then refuses it. */
  baseVersion: Type.Integer({ minimum: 1, maximum: 99 }),
  /** The other party's open proposal that this one answers. */
  counters: Type.Optional(Id),
});
export type NewProposal = Static<typeof NewProposal>;

const ANSWER_PROBLEMS = [
  'resource.not_found',
  'contract.proposal_own',
  'contract.proposal_closed',
  'contract.proposal_expired',
] as const;

export const contractTermsRoutes = {
  contractTerms: route({
    method: 'GET',
    url: '/v1/contracts/:id/terms',
    summary: 'The clauses in both languages, versions, proposals and amendments',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    query: Exact({ version: Type.Optional(Version) }),
    ok: ContractTermsView,
    problems: ['resource.not_found', 'contract.not_ready'],
  }),
  contractRedline: route({
    method: 'GET',
    url: '/v1/contracts/:id/redline',
    summary: 'What changed between two versions, in values and in words',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    query: Exact({ from: Version, to: Version }),
    ok: Exact({
      contractId: Id,
      number: Type.String(),
      from: VersionView,
      to: VersionView,
      clauses: Type.Array(ClauseRedlineView),
    }),
    problems: ['resource.not_found'],
  }),
  contractVersionDocument: route({
    method: 'GET',
    url: '/v1/contracts/:id/versions/:version/document',
    summary: 'The PDF of one version as it stood last, superseded or not',
    area: AREA,
    access: 'signed_in',
    params: Exact({ id: Id, version: Version }),
    ok: Type.Any(),
    produces: 'application/pdf',
    problems: ['resource.not_found'],
  }),
  proposeTerms: route({
    method: 'POST',
    url: '/v1/contracts/:id/proposals',
    summary: 'Propose other terms: a new version before signing, an amendment of a contract that binds',
    area: AREA,
    access: NEGOTIATORS,
    activeOnly: true,
    params: IdParams,
    body: NewProposal,
    ok: ContractTermsView,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'contract.terms_refused',
      'contract.terms_too_late',
      'contract.not_negotiable',
      'contract.not_ready',
      'contract.proposal_open',
      'contract.proposal_own',
      'contract.proposal_closed',
      'contract.stale_version',
      'contract.versions_exhausted',
      'contract.proposals_exhausted',
      'contract.amendment_open',
      'contract.settlement_not_open',
    ],
  }),
  acceptProposal: route({
    method: 'POST',
    url: '/v1/contract-proposals/:id/acceptance',
    summary: 'Accept exactly the proposal that was read: the next version, or an amendment to sign',
    area: AREA,
    access: NEGOTIATORS,
    activeOnly: true,
    params: IdParams,
    body: Exact({ sha256: Sha256 }),
    ok: ContractTermsView,
    problems: [
      ...ANSWER_PROBLEMS,
      'contract.proposal_changed',
      'contract.stale_version',
      'contract.terms_refused',
      'contract.terms_too_late',
      'contract.not_negotiable',
      'contract.versions_exhausted',
      'contract.amendment_open',
      'contract.settlement_not_open',
      'contract.font_missing_glyph',
    ],
  }),
  rejectProposal: route({
    method: 'POST',
    url: '/v1/contract-proposals/:id/rejection',
    summary: 'Reject a proposal of the other party, with a reason',
    area: AREA,
    access: NEGOTIATORS,
    activeOnly: true,
    params: IdParams,
    body: Exact({ reason: Text(500, 3) }),
    ok: ContractTermsView,
    problems: [...ANSWER_PROBLEMS],
  }),
  withdrawProposal: route({
    method: 'POST',
    url: '/v1/contract-proposals/:id/withdrawal',
    summary: 'Take back a proposal of my own company',
    area: AREA,
    access: NEGOTIATORS,
    params: IdParams,
    ok: ContractTermsView,
    problems: ['resource.not_found', 'contract.proposal_closed', 'contract.proposal_own'],
  }),
} as const satisfies Record<string, Route>;
