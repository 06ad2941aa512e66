import type { ProblemEntry } from './entry.ts';

export const contractProblems = {
  'contract.not_your_turn': { status: 409, title: 'It is not your turn to sign' },
  'contract.already_signed': { status: 409, title: 'Your company has already signed' },
  'contract.stale_revision': { status: 409, title: 'The contract has a newer revision; open it again' },
  'contract.not_open': { status: 409, title: 'This contract can no longer be signed' },
  'contract.not_ready': { status: 409, title: 'The document is still being prepared' },
  'contract.font_missing_glyph': { status: 422, title: 'A character of the contract cannot be printed' },
  'contract.press_busy': { status: 503, title: 'Too many documents are being made; try again in a moment' },
  'contract.not_binding': { status: 409, title: 'This contract does not bind yet' },
  'contract.refusal_open': {
    status: 409,
    title: 'The centre’s refusal of this contract has been proposed already',
  },
  'contract.refusal_none': { status: 409, title: 'Nobody has proposed to refuse this contract' },
  'contract.refusal_second_person': { status: 409, title: 'A second person of the centre must confirm this' },
  'signing_session.unknown': { status: 404, title: 'There is no such signing session' },
  'signing_session.used': { status: 409, title: 'This signing session has been used' },
  'signing_session.expired': { status: 410, title: 'This signing session has expired; start again' },
  'signature.too_large': { status: 500, title: 'The signature does not fit into its place in the document' },
  'signature.proof_missing': { status: 422, title: 'This signature needs the answer of your passkey' },
  'signature.invalid': { status: 422, title: 'The signature does not fit the certificate and the document' },
} as const satisfies Record<string, ProblemEntry>;
