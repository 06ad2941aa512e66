import type { ProblemEntry } from './entry.ts';

export const contractTermsProblems = {
  'contract.terms_refused': { status: 422, title: 'These terms cannot be agreed on' },
  'contract.terms_too_late': {
    status: 409,
    title: 'Settlement has already used these terms; they cannot change any more',
  },
  'contract.not_negotiable': { status: 409, title: 'The terms of this contract cannot be changed now' },
  'contract.proposal_open': { status: 409, title: 'A proposal is open; it has to be answered first' },
  'contract.proposal_closed': { status: 409, title: 'This proposal has been answered' },
  'contract.proposal_expired': { status: 410, title: 'This proposal has expired' },
  'contract.proposal_own': { status: 409, title: 'The other party answers this proposal' },
  'contract.proposal_changed': { status: 409, title: 'This is not the proposal you read; open it again' },
  'contract.stale_version': { status: 409, title: 'The contract has a newer version; open it again' },
  'contract.versions_exhausted': { status: 409, title: 'The contract has had as many versions as it may' },
  'contract.proposals_exhausted': {
    status: 409,
    title: 'Too many proposals have been made for this contract',
  },
  'contract.amendment_open': {
    status: 409,
    title: 'An amendment is being signed; the next one builds on it',
  },
  'contract.settlement_not_open': { status: 409, title: 'The settlement of this contract is not open yet' },
} as const satisfies Record<string, ProblemEntry>;
