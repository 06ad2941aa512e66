import type { ProblemEntry } from './entry.ts';

export const contractProblems = {
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
  'contract.not_your_turn': { status: 409, title: 'It is not your turn to sign' },
  'contract.already_signed': { status: 409, title: 'Your company has already signed' },
  'contract.stale_revision': { status: 409, title: 'The contract has a newer revision; open it again' },
  'contract.not_open': { status: 409, title: 'This contract can no longer be signed' },
  'contract.not_ready': { status: 409, title: 'The document is still being prepared' },
  'contract.font_missing_glyph': { status: 422, title: 'A character of the contract cannot be printed' },
  'signing_session.unknown': { status: 404, title: 'There is no such signing session' },
  'signing_session.used': { status: 409, title: 'This signing session has been used' },
  'signing_session.expired': { status: 410, title: 'This signing session has expired; start again' },
  'signature.invalid': { status: 422, title: 'The signature does not fit the certificate and the document' },
} as const satisfies Record<string, ProblemEntry>;
