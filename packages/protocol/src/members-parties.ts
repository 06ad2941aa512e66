/** What a company proves about itself: documents, owners, representative; and what still lacks, and what that stops. */
import { Type, type Static } from 'typebox';
import { Base64, Day, Empty, Exact, Id, IdParams, Instant, Nullable } from './common.ts';
import { Country, Line, OrganisationStatus, Words } from './members-words.ts';
import { type Route, route } from './route.ts';

const AREA = 'members';

export const PARTY_DOCUMENT_KINDS = [
  'business_licence',
  'representative_id',
  'tax_registration',
  'mining_licence',
  'safety_licence',
  'bank_letter',
  'authorisation',
  'other',
] as const;
export type PartyDocumentKind = (typeof PARTY_DOCUMENT_KINDS)[number];
export const PARTY_DOCUMENT_STATES = ['pending', 'accepted', 'refused'] as const;
export type PartyDocumentState = (typeof PARTY_DOCUMENT_STATES)[number];
/** A scanned page or two; ten pages of a licence as PDF. */
export const PARTY_DOCUMENT_BYTES_MAX = 5 * 1024 * 1024;

/** Without these nobody is certified, and a member without a valid one expires. */
export const REQUIRED_DOCUMENTS = [
  'business_licence',
  'representative_id',
] as const satisfies PartyDocumentKind[];

export const PartyDocumentInput = Exact({
  kind: Type.Enum(PARTY_DOCUMENT_KINDS),
  number: Line(60),
  issuedOn: Day,
  /** The last day it counts; absent: it does not run out. */
  expiresOn: Type.Optional(Day),
  fileName: Line(200),
  /** PDF, PNG or JPEG, found out from the bytes. */
  file: Base64(PARTY_DOCUMENT_BYTES_MAX),
});
export type PartyDocumentInput = Static<typeof PartyDocumentInput>;
export const PartyDocumentView = Exact({
  id: Id,
  kind: Type.Enum(PARTY_DOCUMENT_KINDS),
  number: Type.String(),
  issuedOn: Day,
  expiresOn: Nullable(Day),
  /** Whole days left, of an accepted one that runs out; below zero: it has run out. */
  daysLeft: Nullable(Type.Integer()),
  fileName: Type.String(),
  fileType: Type.String(),
  bytes: Type.Integer(),
  sha256: Type.String(),
  state: Type.Enum(PARTY_DOCUMENT_STATES),
  reason: Nullable(Type.String()),
  uploadedAt: Instant,
  decidedAt: Nullable(Instant),
});
export type PartyDocumentView = Static<typeof PartyDocumentView>;

const Owner = Exact({
  name: Line(140),
  country: Country,
  /** Of the whole, 10000 being all of it. */
  shareBasisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }),
  /** Control by other means than shares: a contract, a proxy, the right to appoint directors. */
  control: Type.Optional(Line(300)),
});
const Related = Exact({ name: Line(140), legalId: Type.Optional(Line(40)), relation: Line(200) });
export const DeclarationInput = Exact({
  representative: Exact({ name: Line(100), identityNumber: Line(40) }),
  owners: Type.Array(Owner, { maxItems: 20 }),
  /** Needed when a quarter or more of the company has no named owner. */
  ownersReason: Type.Optional(Words(1000)),
  related: Type.Array(Related, { maxItems: 20 }),
});
export type DeclarationInput = Static<typeof DeclarationInput>;
export const DeclarationView = Exact({
  representative: Exact({ name: Type.String(), identityNumber: Type.String() }),
  owners: Type.Array(Exact({ ...Owner.properties, control: Nullable(Type.String()) })),
  ownersReason: Nullable(Type.String()),
  related: Type.Array(Exact({ ...Related.properties, legalId: Nullable(Type.String()) })),
  declaredAt: Instant,
});
export type DeclarationView = Static<typeof DeclarationView>;

export const DOSSIER_PARTS = [
  'declaration',
  'representative_missing',
  'business_licence',
  'representative_id',
  'signing_certificate',
  'second_person',
] as const;
export type DossierPart = (typeof DOSSIER_PARTS)[number];
export const DOSSIER_STOPS = ['certification', 'trading', 'signing', 'account_change'] as const;
export const MissingView = Exact({ what: Type.Enum(DOSSIER_PARTS), stops: Type.Enum(DOSSIER_STOPS) });

export const AssertionView = Exact({
  reference: Type.String(),
  madeAt: Instant,
  acknowledgedAt: Nullable(Instant),
  confirmed: Nullable(Type.Boolean()),
  reason: Nullable(Type.String()),
  /** What the bank was sent: JSON, and the centre's detached signature over it (ECDSA or RSA, SHA-256), in base64. */
  payload: Type.String(),
  signature: Type.String(),
  certificate: Type.String(),
});
export const DossierView = Exact({
  organisationId: Id,
  status: OrganisationStatus,
  certifiedUntil: Nullable(Day),
  declaration: Nullable(DeclarationView),
  documents: Type.Array(PartyDocumentView),
  missing: Type.Array(MissingView),
  assertions: Type.Array(AssertionView),
});
export type DossierView = Static<typeof DossierView>;

export const NoticeView = Exact({
  id: Id,
  kind: Type.Enum([
    'address_used',
    'document_expires',
    'document_expired',
    'certification_waits',
    'document_waits',
    'proposal_waits',
    'request_invites',
    'security_notice',
    'cure_ends',
    'top_up_required',
    'security_returned',
  ]),
  at: Instant,
  /** Of whom or what: a company's name, a kind of document. */
  subject: Type.String(),
  day: Nullable(Day),
  /** The page where something can be done about it. */
  link: Nullable(Type.String()),
});
export type NoticeView = Static<typeof NoticeView>;

const documentProblems = [
  'state.conflict',
  'party_document.type',
  'party_document.too_large',
  'party_document.dates',
  'party_document.expired',
  'party_document.limit',
] as const;
const FILE = {
  produces: 'application/octet-stream',
  ok: Type.Any(),
  problems: ['resource.not_found'],
} as const;
const DocumentParams = Exact({ id: Id, documentId: Id });

export const partyRoutes = {
  companyDossier: route({
    method: 'GET',
    url: '/v1/company/party',
    summary: 'What one’s company has proven, and what is missing and what that stops',
    area: AREA,
    access: { roles: ['admin', 'legal_representative', 'finance', 'approver'] },
    ok: DossierView,
    problems: [],
  }),
  declareOwners: route({
    method: 'PUT',
    url: '/v1/company/declaration',
    summary: 'Name the legal representative, the beneficial owners and related companies',
    area: AREA,
    access: { roles: ['admin', 'legal_representative'] },
    body: DeclarationInput,
    ok: DossierView,
    problems: [
      'state.conflict',
      'member.owner_shares',
      'member.owners_unnamed',
      'member.owner_without_control',
    ],
  }),
  addPartyDocument: route({
    method: 'POST',
    url: '/v1/company/documents',
    summary: 'Hand in a document; the same file of the same kind again gives the first one',
    area: AREA,
    access: { roles: ['admin', 'legal_representative'] },
    body: PartyDocumentInput,
    ok: PartyDocumentView,
    okStatus: 201,
    problems: documentProblems,
  }),
  ownPartyDocument: route({
    method: 'GET',
    url: '/v1/company/documents/:id',
    summary: 'The file of one’s own document',
    area: AREA,
    access: { roles: ['admin', 'legal_representative'] },
    params: IdParams,
    ...FILE,
  }),
  submitCompany: route({
    method: 'POST',
    url: '/v1/company/submission',
    summary: 'Hand the registration, or a renewal after expiry, to the centre',
    area: AREA,
    access: { roles: ['admin', 'legal_representative'] },
    body: Empty,
    ok: DossierView,
    problems: ['state.conflict', 'member.dossier_incomplete'],
  }),
  personNotices: route({
    method: 'GET',
    url: '/v1/notices',
    summary: 'What the exchange has to tell the person who is logged in',
    area: AREA,
    access: 'signed_in',
    ok: Exact({ items: Type.Array(NoticeView) }),
    problems: [],
  }),
  noticeSeen: route({
    method: 'POST',
    url: '/v1/notices/:id/seen',
    summary: 'Do not show this again',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Empty,
    problems: ['resource.not_found'],
  }),
  staffDossier: route({
    method: 'GET',
    url: '/v1/staff/certifications/:id/party',
    summary: 'What a company has proven',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: DossierView,
    problems: ['resource.not_found'],
  }),
  staffPartyDocument: route({
    method: 'GET',
    url: '/v1/staff/certifications/:id/documents/:documentId',
    summary: 'The file of a company’s document',
    area: AREA,
    access: 'staff',
    params: DocumentParams,
    ...FILE,
  }),
  decidePartyDocument: route({
    method: 'POST',
    url: '/v1/staff/certifications/:id/documents/:documentId/decision',
    summary: 'Accept a document, or refuse it with a reason',
    area: AREA,
    access: 'staff',
    params: DocumentParams,
    body: Exact({ accept: Type.Boolean(), reason: Type.Optional(Words(1000)) }),
    ok: DossierView,
    problems: [
      'resource.not_found',
      'party_document.decided',
      'party_document.expired',
      'party_document.reason_missing',
    ],
  }),
} as const satisfies Record<string, Route>;
