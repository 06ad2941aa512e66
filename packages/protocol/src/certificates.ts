/** Certificates of the parties, and the public services of the exchange's certificate authority. */
import { Type, type Static } from 'typebox';
import { Base64, Empty, Exact, Id, IdParams, Instant, Nullable, Sha256, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'contracts';

export const CertificateRequestView = Exact({
  id: Id,
  organisationId: Id,
  organisationName: Type.String(),
  personId: Id,
  personName: Type.String(),
  deviceLabel: Type.String(),
  keyKind: Type.String(),
  spkiSha256: Sha256,
  state: Type.Union([Type.Literal('submitted'), Type.Literal('issued'), Type.Literal('refused')]),
  reason: Nullable(Type.String()),
  createdAt: Instant,
});
export type CertificateRequestView = Static<typeof CertificateRequestView>;

export const CertificateView = Exact({
  serial: Type.String(),
  deviceLabel: Type.String(),
  personId: Nullable(Id),
  spkiSha256: Sha256,
  notBefore: Instant,
  notAfter: Instant,
  state: Type.Union([Type.Literal('valid'), Type.Literal('expired'), Type.Literal('revoked')]),
  /** DER, base64: what the signing page needs. */
  certificate: Type.String(),
});
export type CertificateView = Static<typeof CertificateView>;

export const certificateRoutes = {
  requestCertificate: route({
    method: 'POST',
    url: '/v1/certificate-requests',
    summary: 'Ask for a certificate for a key pair made in the browser',
    area: AREA,
    access: { roles: ['signatory'] },
    activeOnly: true,
    body: Exact({ csr: Base64(8192), deviceLabel: Text(80) }),
    ok: CertificateRequestView,
    okStatus: 201,
    problems: [
      'certificate.request_malformed',
      'certificate.possession_not_proven',
      'certificate.key_weak',
      'certificate.key_unsupported',
      'certificate.key_reused',
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
    summary: 'Issue the certificate from the certified record, or refuse',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({
      decision: Type.Union([Type.Literal('issue'), Type.Literal('refuse')]),
      reason: Type.Optional(Text(500)),
    }),
    ok: CertificateRequestView,
    problems: [
      'resource.not_found',
      'certificate.request_decided',
      'certificate.key_reused',
      'organisation.not_active',
    ],
  }),
  revokeCertificate: route({
    method: 'POST',
    url: '/v1/certificates/:id/revocation',
    summary: 'Revoke a certificate of my company at once',
    area: AREA,
    access: { roles: ['admin', 'signatory'] },
    params: IdParams,
    body: Exact({
      reason: Type.Union([
        Type.Literal('key_compromise'),
        Type.Literal('superseded'),
        Type.Literal('affiliation_changed'),
      ]),
    }),
    ok: Empty,
    problems: ['resource.not_found', 'certificate.revoked'],
  }),
  certificateLog: route({
    method: 'GET',
    url: '/v1/certificate-log',
    summary: 'Every certificate ever issued, hash-chained',
    area: AREA,
    access: 'public',
    ok: Exact({
      items: Type.Array(
        Exact({
          seq: Type.Integer(),
          serial: Type.String(),
          organisationId: Id,
          leafHash: Sha256,
          chainHash: Sha256,
          at: Instant,
        }),
      ),
    }),
    problems: [],
  }),
  rootCertificate: route({
    method: 'GET',
    url: '/v1/pki/root.cer',
    summary: 'Root certificate of the exchange (DER)',
    area: AREA,
    access: 'public',
    ok: Type.Any(),
    produces: 'application/pkix-cert',
    problems: [],
  }),
  issuingCertificate: route({
    method: 'GET',
    url: '/v1/pki/issuing.cer',
    summary: 'Issuing certificate of the exchange (DER)',
    area: AREA,
    access: 'public',
    ok: Type.Any(),
    produces: 'application/pkix-cert',
    problems: [],
  }),
  revocationList: route({
    method: 'GET',
    url: '/v1/pki/issuing.crl',
    summary: 'Certificates revoked by the issuing authority (CRL, DER)',
    area: AREA,
    access: 'public',
    ok: Type.Any(),
    produces: 'application/pkix-crl',
    problems: [],
  }),
} as const satisfies Record<string, Route>;
