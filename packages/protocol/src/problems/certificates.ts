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
  'contract.timestamp_unavailable': {
    status: 503,
    title: 'The timestamp service does not answer; the signature is kept and tried again',
  },
} as const satisfies Record<string, ProblemEntry>;
