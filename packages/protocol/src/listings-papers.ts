/** Documents of a lot, and certificates of analysis with what their audit found. */
import { Type, type Static } from 'typebox';
import { Base64, Day, Exact, Id, IdParams, Instant, Nullable, Text } from './common.ts';
import { AssayStatement } from './quality.ts';
import { type Route, route } from './route.ts';

const AREA = 'listings';
export const DOCUMENT_BYTES_MAX = 5 * 1024 * 1024;
export const DOCUMENT_KINDS = ['certificate_of_analysis', 'photograph', 'other'] as const;
export const DocumentKind = Type.Enum(DOCUMENT_KINDS);
export const DOCUMENT_VISIBILITIES = ['public', 'members', 'own'] as const;
/** Everybody; companies of the exchange; the own company. The centre's staff always. */
export const DocumentVisibility = Type.Enum(DOCUMENT_VISIBILITIES);

export const ListingDocumentView = Exact({
  id: Id,
  kind: DocumentKind,
  name: Type.String(),
  /** As the content says, not the name. */
  mime: Type.String(),
  bytes: Type.Integer(),
  sha256: Type.String(),
  visibility: DocumentVisibility,
  createdAt: Instant,
});
export type ListingDocumentView = Static<typeof ListingDocumentView>;

const Seals = Type.Array(Text(40), { minItems: 1, maxItems: 20 });
export const CertificateInput = Exact({
  /** A document of this lot. */
  documentId: Type.Optional(Id),
  laboratory: Text(200),
  number: Text(100),
  sampledOn: Type.Optional(Day),
  preparedOn: Type.Optional(Day),
  analysedOn: Type.Optional(Day),
  issuedOn: Day,
  sampleGrams: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  sealsSet: Type.Optional(Seals),
  sealsFound: Type.Optional(Seals),
  /** GB/T 5751 code or name. */
  declaredClass: Type.Optional(Text(20)),
  assay: AssayStatement,
});
export type CertificateInput = Static<typeof CertificateInput>;

/** One of the nine checks, a stable code, and the texts that show it. */
export const CertificateFlagView = Exact({
  check: Type.Integer({ minimum: 1, maximum: 9 }),
  code: Type.String(),
  values: Type.Record(Type.String(), Type.String()),
});
export const CertificateOfAnalysisView = Exact({
  id: Id,
  documentId: Nullable(Id),
  laboratory: Type.String(),
  number: Type.String(),
  sampledOn: Nullable(Day),
  preparedOn: Nullable(Day),
  analysedOn: Nullable(Day),
  issuedOn: Day,
  declaredClass: Nullable(Type.String()),
  assay: AssayStatement,
  flags: Type.Array(CertificateFlagView),
  /** Checks that could not be made, and what they lacked. */
  open: Type.Array(Exact({ check: Type.Integer(), missing: Type.Array(Type.String()) })),
  createdAt: Instant,
});
export type CertificateOfAnalysisView = Static<typeof CertificateOfAnalysisView>;

const DocumentParams = Exact({ id: Id, documentId: Id });

export const listingPaperRoutes = {
  addListingDocument: route({
    method: 'POST',
    url: '/v1/listings/:id/documents',
    summary: 'Put a document to an own lot: PDF or image, judged by its content',
    area: AREA,
    access: { roles: ['trader'] },
    params: IdParams,
    body: Exact({
      kind: DocumentKind,
      name: Text(200),
      visibility: DocumentVisibility,
      file: Base64(DOCUMENT_BYTES_MAX),
    }),
    ok: ListingDocumentView,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'listing.document_type',
      'listing.document_too_large',
      'listing.documents_full',
      'listing.document_known',
    ],
  }),
  readListingDocument: route({
    method: 'GET',
    url: '/v1/listings/:id/documents/:documentId',
    summary: 'The file of a document',
    area: AREA,
    access: 'public',
    params: DocumentParams,
    ok: Type.Any(),
    produces: 'application/octet-stream',
    problems: ['resource.not_found'],
  }),
  addCertificate: route({
    method: 'POST',
    url: '/v1/listings/:id/certificates',
    summary: 'Enter a certificate of analysis; the nine checks are made at once',
    area: AREA,
    access: { roles: ['trader'] },
    params: IdParams,
    body: CertificateInput,
    ok: CertificateOfAnalysisView,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'listing.invalid',
      'listing.value_precision',
      'listing.value_missing',
      'listing.basis_not_allowed',
      'listing.over_hundred_percent',
      'listing.total_moisture_out_of_range',
      'listing.ash_out_of_range',
      'listing.sulphur_out_of_range',
      'listing.volatile_matter_out_of_range',
      'listing.calorific_value_out_of_range',
      'listing.day_invalid',
      'listing.certificate_future',
      'listing.certificate_known',
      'listing.document_unknown',
      'listing.certificates_full',
    ],
  }),
} as const satisfies Record<string, Route>;
