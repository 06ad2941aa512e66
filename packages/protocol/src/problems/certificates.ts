import type { ProblemEntry } from './entry.ts';

export const certificateProblems = {
  'certificate.request_malformed': { status: 422, title: 'The certificate request cannot be read' },
  'certificate.possession_not_proven': {
    status: 422,
    title: 'The request does not prove possession of the private key',
  },
  'certificate.key_weak': { status: 422, title: 'The key is too weak' },
  'certificate.key_unsupported': { status: 422, title: 'This kind of key is not supported' },
  'certificate.key_reused': { status: 409, title: 'This key has been certified before; make a new one' },
  'certificate.missing': { status: 409, title: 'You have no valid certificate yet' },
  'certificate.expired': { status: 403, title: 'Your certificate has expired' },
  'certificate.revoked': { status: 403, title: 'Your certificate has been revoked' },
  'certificate.request_decided': { status: 409, title: 'This request has already been decided' },
  'certificate.not_approved': {
    status: 409,
    title: 'A first person of the centre must approve this request',
  },
  'certificate.second_person_needed': { status: 409, title: 'Another person of the centre must do this' },
  'certificate.fingerprint_mismatch': { status: 409, title: 'This is not the fingerprint of the request' },
  'certificate.evidence_missing': {
    status: 409,
    title:
      'The exchange has no proof of revocation from the authority of this certificate; sign with one of the exchange',
  },
  'certificate.challenge_expired': {
    status: 410,
    title: 'This challenge is used or has expired; take a new one',
  },
  'certificate.untrusted_issuer': {
    status: 422,
    title: 'The certificate does not lead to an authority that the exchange accepts',
  },
  'certificate.identity_differs': {
    status: 422,
    title: 'The certificate names somebody else than the certified record',
  },
  'certificate.usage_wrong': { status: 422, title: 'The certificate is not meant for signing documents' },
  'certificate.anchor_unfit': { status: 422, title: 'This is not the certificate of an authority' },
  'certificate.anchor_known': { status: 409, title: 'This authority has been proposed already' },
  'contract.timestamp_unavailable': {
    status: 503,
    title: 'The timestamp service does not answer; the signature is kept and tried again',
  },
} as const satisfies Record<string, ProblemEntry>;
