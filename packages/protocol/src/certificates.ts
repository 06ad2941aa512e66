/** Certificates of the parties, and the public services of the exchange's certificate authority. */
import { Type, type Static } from 'typebox';
import { Base64, Empty, Exact, Id, IdParams, Instant, Nullable, OneOf, Sha256, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'contracts';

export const REVOCATION_REASONS = [
  'key_compromise',
  'affiliation_changed',
  'superseded',
  'cessation_of_operation',
] as const;
const Reason = OneOf(REVOCATION_REASONS);
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

const Serial = Type.String({ pattern: '^[0-9a-f]{2,40}$' });
const SerialParams = Exact({ id: Serial });

export const CertificateRequestView = Exact({
  id: Id,
  organisationId: Id,
  organisationName: Type.String(),
  personId: Id,
  personName: Type.String(),
  deviceLabel: Type.String(),
  keyKind: Type.String(),
  spkiSha256: Sha256,
  /** `key`: a first or a further device; `renewal` follows `replaces`; `replacement` stands for a lost one. */
  kind: OneOf(['key', 'renewal', 'replacement', 'import']),
  replaces: Nullable(Serial),
  /** One of staff approves, another issues; either may refuse. */
  state: OneOf(['submitted', 'approved', 'issued', 'refused']),
  approvedBy: Nullable(Exact({ id: Id, name: Type.String() })),
  approvedAt: Nullable(Instant),
  /** When the applicant said that the fingerprint is that of its own key. */
  fingerprintConfirmedAt: Nullable(Instant),
  reason: Nullable(Type.String()),
  createdAt: Instant,
});
export type CertificateRequestView = Static<typeof CertificateRequestView>;

const CertificateState = OneOf(['valid', 'expired', 'revoked']);

export const CertificateView = Exact({
  serial: Type.String(),
  deviceLabel: Type.String(),
  personId: Nullable(Id),
  spkiSha256: Sha256,
  notBefore: Instant,
  notAfter: Instant,
  state: CertificateState,
  /** Valid, and to be renewed within thirty days. */
  expiresSoon: Type.Boolean(),
  /** DER, base64: what the signing page needs. */
  certificate: Type.String(),
});
export type CertificateView = Static<typeof CertificateView>;

export const StaffCertificateView = Exact({
  serial: Type.String(),
  organisationId: Id,
  organisationName: Type.String(),
  personName: Type.String(),
  deviceLabel: Type.String(),
  spkiSha256: Sha256,
  notBefore: Instant,
  notAfter: Instant,
  state: CertificateState,
  expiresSoon: Type.Boolean(),
  /** Name of the authority that issued it; null: the exchange's own. */
  issuedBy: Nullable(Type.String()),
  revocation: Nullable(
    Exact({ at: Instant, reason: Reason, by: Type.String(), evidence: Nullable(Type.String()) }),
  ),
});
export type StaffCertificateView = Static<typeof StaffCertificateView>;

/** What a company is told about certificates in its name, newest first. */
export const CertificateNews = Exact({
  kind: OneOf(['issued', 'revoked', 'expires', 'requested', 'refused']),
  at: Instant,
  serial: Nullable(Type.String()),
  personName: Type.String(),
  deviceLabel: Type.String(),
});
export type CertificateNews = Static<typeof CertificateNews>;

export const TrustAnchorView = Exact({
  /** SHA-256 of the certificate: what two people compare with what the authority prints. */
  sha256: Sha256,
  name: Type.String(),
  notAfter: Instant,
  state: OneOf(['proposed', 'accepted', 'withdrawn']),
  proposedBy: Exact({ id: Id, name: Type.String() }),
  acceptedBy: Nullable(Exact({ id: Id, name: Type.String() })),
});
export type TrustAnchorView = Static<typeof TrustAnchorView>;

const keyProblems = [
  'certificate.request_malformed',
  'certificate.possession_not_proven',
  'certificate.key_weak',
  'certificate.key_unsupported',
  'certificate.key_reused',
] as const;

/** A binary answer of the authority, for anybody. */
const publicFile = <const U extends string, const P extends string>(url: U, produces: P, summary: string) =>
  route({
    method: 'GET',
    url,
    summary,
    area: AREA,
    access: 'public',
    ok: Type.Any(),
    produces,
    problems: ['resource.not_found'],
  });

export const certificateRoutes = {
  requestCertificate: route({
    method: 'POST',
    url: '/v1/certificate-requests',
    summary: 'Ask for a certificate for a key pair made in the browser',
    area: AREA,
    access: { roles: ['signatory'] },
    activeOnly: true,
    body: Exact({
      csr: Base64(8192),
      deviceLabel: Text(80),
      /** `renewal`: the old one stays valid until it expires. `lost`: it is revoked at once. */
      replaces: Type.Optional(Exact({ serial: Serial, because: OneOf(['renewal', 'lost']) })),
    }),
    ok: CertificateRequestView,
    okStatus: 201,
    problems: [...keyProblems, 'certificate.missing', 'certificate.expired', 'certificate.revoked'],
  }),
  confirmFingerprint: route({
    method: 'POST',
    url: '/v1/certificate-requests/:id/confirmation',
    summary: 'Say that the fingerprint of my request is that of my own key',
    area: AREA,
    access: { roles: ['signatory'] },
    activeOnly: true,
    params: IdParams,
    body: Exact({ spkiSha256: Sha256 }),
    ok: CertificateRequestView,
    problems: ['resource.not_found', 'certificate.fingerprint_mismatch'],
  }),
  openImport: route({
    method: 'POST',
    url: '/v1/certificate-imports/challenges',
    summary: 'A text to sign with a key that another authority certified',
    area: AREA,
    access: { roles: ['signatory'] },
    activeOnly: true,
    ok: Exact({ id: Id, challenge: Type.String(), expiresAt: Instant }),
    okStatus: 201,
    problems: [],
  }),
  importCertificate: route({
    method: 'POST',
    url: '/v1/certificate-imports',
    summary: 'Ask that a certificate issued elsewhere be accepted: key proven, identity as certified here',
    area: AREA,
    access: { roles: ['signatory'] },
    activeOnly: true,
    body: Exact({
      challengeId: Id,
      /** SHA-256 with the key's algorithm over the challenge's bytes in UTF-8; ECDSA in DER. */
      signature: Base64(1024),
      certificate: Base64(8192),
      /** From its issuer upwards, without the anchor. */
      chain: Type.Array(Base64(8192), { maxItems: 3 }),
      deviceLabel: Text(80),
    }),
    ok: CertificateRequestView,
    okStatus: 201,
    problems: [
      ...keyProblems,
      'certificate.challenge_expired',
      'certificate.untrusted_issuer',
      'certificate.identity_differs',
      'certificate.usage_wrong',
      'certificate.expired',
    ],
  }),
  myCertificates: route({
    method: 'GET',
    url: '/v1/certificates',
    summary: 'My certificates and open requests',
    area: AREA,
    access: 'member',
    ok: Exact({ certificates: Type.Array(CertificateView), requests: Type.Array(CertificateRequestView) }),
    problems: [],
  }),
  certificateNews: route({
    method: 'GET',
    url: '/v1/certificate-news',
    summary: 'What happened, and is about to happen, to certificates in the name of my company',
    area: AREA,
    access: 'member',
    ok: Exact({ items: Type.Array(CertificateNews) }),
    problems: [],
  }),
  certificateRequests: route({
    method: 'GET',
    url: '/v1/staff/certificate-requests',
    summary: 'Certificate requests that wait for a decision',
    area: AREA,
    access: 'staff',
    ok: Exact({ items: Type.Array(CertificateRequestView) }),
    problems: [],
  }),
  decideCertificateRequest: route({
    method: 'POST',
    url: '/v1/staff/certificate-requests/:id/decision',
    summary: 'Approve as the first person, issue from the certified record as the second, or refuse',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({
      decision: OneOf(['approve', 'issue', 'refuse']),
      reason: Type.Optional(Text(500)),
    }),
    ok: CertificateRequestView,
    problems: [
      'resource.not_found',
      'request.invalid',
      'certificate.request_decided',
      'certificate.not_approved',
      'certificate.second_person_needed',
      'certificate.key_reused',
      'certificate.identity_differs',
      'certificate.untrusted_issuer',
      'certificate.usage_wrong',
      'certificate.expired',
      'organisation.not_active',
    ],
  }),
  staffCertificates: route({
    method: 'GET',
    url: '/v1/staff/certificates',
    summary: 'Certificates of all companies; `q` finds company, person, device, serial or fingerprint',
    area: AREA,
    access: 'staff',
    query: Exact({
      q: Type.Optional(Text(100)),
      show: Type.Optional(OneOf(['all', 'valid', 'expires', 'revoked'])),
    }),
    ok: Exact({ items: Type.Array(StaffCertificateView) }),
    problems: [],
  }),
  revokeCertificate: route({
    method: 'POST',
    url: '/v1/certificates/:id/revocation',
    summary: 'Revoke a certificate of my company at once',
    area: AREA,
    access: { roles: ['admin', 'signatory'] },
    params: SerialParams,
    body: Exact({ reason: Reason }),
    ok: Empty,
    problems: ['resource.not_found', 'certificate.revoked'],
  }),
  revokeCertificateByStaff: route({
    method: 'POST',
    url: '/v1/staff/certificates/:id/revocation',
    summary: 'Revoke a certificate at once, on evidence that is kept',
    area: AREA,
    access: 'staff',
    params: SerialParams,
    body: Exact({ reason: Reason, evidence: Text(2000, 10) }),
    ok: Empty,
    problems: ['resource.not_found', 'certificate.revoked'],
  }),
  trustAnchors: route({
    method: 'GET',
    url: '/v1/staff/trust-anchors',
    summary: 'Authorities whose certificates are accepted, or proposed to be',
    area: AREA,
    access: 'staff',
    ok: Exact({ items: Type.Array(TrustAnchorView) }),
    problems: [],
  }),
  proposeTrustAnchor: route({
    method: 'POST',
    url: '/v1/staff/trust-anchors',
    summary: 'Propose that certificates of another authority be accepted',
    area: AREA,
    access: 'staff',
    body: Exact({ certificate: Base64(8192), name: Text(120) }),
    ok: TrustAnchorView,
    okStatus: 201,
    problems: ['certificate.anchor_unfit', 'certificate.anchor_known'],
  }),
  decideTrustAnchor: route({
    method: 'POST',
    url: '/v1/staff/trust-anchors/:id/decision',
    summary: 'Accept an authority as the second person, or withdraw it',
    area: AREA,
    access: 'staff',
    params: Exact({ id: Sha256 }),
    body: Exact({ decision: OneOf(['accept', 'withdraw']) }),
    ok: TrustAnchorView,
    problems: ['resource.not_found', 'certificate.request_decided', 'certificate.second_person_needed'],
  }),
  certificateLog: route({
    method: 'GET',
    url: '/v1/certificate-log',
    summary: 'Every certificate ever issued or accepted, hash-chained; a page of at most a thousand lines',
    area: AREA,
    access: 'public',
    query: Exact({ after: Type.Optional(Type.String({ pattern: '^\\d{1,12}$' })) }),
    ok: Exact({
      items: Type.Array(
        Exact({
          seq: Type.Integer(),
          serial: Type.String(),
          /** `exchange` for the exchange's own. */
          organisationId: Id,
          /** SHA-256 of the certificate. */
          leafHash: Sha256,
          /** SHA-256 of the chain hash before (32 zeros at the start) and the leaf hash. */
          chainHash: Sha256,
          at: Instant,
        }),
      ),
      /** Ask with it as `after` for the next page. */
      nextAfter: Nullable(Type.String()),
    }),
    problems: [],
  }),
  rootCertificate: publicFile(
    '/v1/pki/root.cer',
    'application/pkix-cert',
    'Root certificate of the exchange (DER)',
  ),
  issuingCertificate: publicFile(
    '/v1/pki/issuing.cer',
    'application/pkix-cert',
    'Issuing certificate of the exchange (DER)',
  ),
  rootRevocationList: publicFile(
    '/v1/pki/root.crl',
    'application/pkix-crl',
    'Authorities revoked by the root (CRL, DER)',
  ),
  revocationList: publicFile(
    '/v1/pki/issuing.crl',
    'application/pkix-crl',
    'Certificates revoked by the issuing authority (CRL, DER)',
  ),
  askOcsp: route({
    method: 'POST',
    url: '/v1/pki/ocsp',
    summary: 'Whether a certificate is revoked, now (OCSP, RFC 6960); body application/ocsp-request',
    area: AREA,
    access: 'public',
    ok: Type.Any(),
    produces: 'application/ocsp-response',
    problems: [],
  }),
  askOcspByUrl: publicFile(
    '/v1/pki/ocsp/*',
    'application/ocsp-response',
    'The same, with the request in base64 as the rest of the path',
  ),
  askTimestamp: route({
    method: 'POST',
    url: '/v1/pki/tsa',
    summary: 'A timestamp over a SHA-256 hash (RFC 3161); body application/timestamp-query',
    area: AREA,
    access: 'public',
    ok: Type.Any(),
    produces: 'application/timestamp-reply',
    problems: [],
  }),
} as const satisfies Record<string, Route>;
