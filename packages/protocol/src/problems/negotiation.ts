import type { ProblemEntry } from './entry.ts';

export const negotiationProblems = {
  'negotiation.ended': { status: 409, title: 'This negotiation has ended' },
  'negotiation.agreed': { status: 409, title: 'An offer has been accepted; the contract is being made' },
  'negotiation.too_many_open': { status: 409, title: 'The company has as many negotiations open as it may' },
  'negotiation.full': { status: 409, title: 'Too much has been written here; agree, or start anew' },
  'negotiation.text_invalid': { status: 422, title: 'The message is empty or holds control characters' },
  'negotiation.counterparty_not_active': {
    status: 409,
    title: 'The other company may not trade at this moment',
  },
  'negotiation.offer_invalid': { status: 422, title: 'A term of the offer cannot be agreed on' },
  'negotiation.offer_stale': { status: 409, title: 'This is not the last offer; look at the newest one' },
  'negotiation.offer_own': { status: 409, title: 'The other company answers this offer' },
  'negotiation.offer_standing': { status: 409, title: 'Your own offer still stands; withdraw it first' },
  'negotiation.offer_closed': { status: 409, title: 'This offer has been answered' },
  'negotiation.offer_expired': { status: 410, title: 'This offer has expired' },
  'negotiation.formula_refused': { status: 422, title: 'The price formula cannot be computed' },
  'negotiation.quality_refused': {
    status: 422,
    title: 'These rules of quality cannot be carried out by a contract',
  },
  'negotiation.file_empty': { status: 422, title: 'The file is empty' },
  'negotiation.file_too_large': { status: 413, title: 'The file is too large' },
  'negotiation.file_type_forbidden': { status: 422, title: 'Files of this type are not taken' },
  'negotiation.file_type_differs': { status: 422, title: 'The content is of another type than declared' },
  'negotiation.file_malware': { status: 422, title: 'The file holds a known harmful pattern' },
  'negotiation.file_active': { status: 422, title: 'The file holds programs, macros or embedded files' },
  'negotiation.file_unreadable': { status: 422, title: 'The file is damaged or encrypted' },
  'negotiation.file_name_invalid': { status: 422, title: 'The file has no usable name' },
  'negotiation.inspection_missing': {
    status: 403,
    title: 'State first why the centre reads this negotiation',
  },
} as const satisfies Record<string, ProblemEntry>;
