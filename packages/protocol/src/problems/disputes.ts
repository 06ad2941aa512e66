import type { ProblemEntry } from './entry.ts';

export const disputeProblems = {
  'dispute.open': { status: 409, title: 'A dispute about this delivery is open and is decided first' },
  'dispute.late': { status: 409, title: 'The time in which this could be disputed is over' },
  'dispute.early': { status: 409, title: 'There is no result to dispute yet' },
  'dispute.duplicate': { status: 409, title: 'A dispute about this delivery is open already' },
  'dispute.quality_open': {
    status: 409,
    title: 'The certificate is being checked by another laboratory; the result comes first',
  },
  'dispute.claims_nothing': {
    status: 422,
    title: 'A buyer disputes to pay less, a seller to receive more than the result says',
  },
  'dispute.fee_unpaid': { status: 422, title: 'The free money does not cover the fee' },
  'dispute.amount': { status: 422, title: 'Name either an amount or a price per tonne' },
  'dispute.evidence_closed': { status: 409, title: 'No evidence is taken now' },
  'dispute.evidence_full': { status: 409, title: 'Your side has handed in as much as it may' },
  'dispute.evidence_known': { status: 409, title: 'Your side has handed in this file before' },
  'dispute.over': { status: 409, title: 'This dispute has ended' },
  'dispute.offers_full': {
    status: 409,
    title: 'Enough offers were made; accept one or wait for the decision',
  },
  'dispute.offer_superseded': { status: 409, title: 'Only the last offer of the other side can be accepted' },
  'dispute.decided': { status: 409, title: 'This is decided, or has ended otherwise' },
  'dispute.not_decided': { status: 409, title: 'There is no decision that could be accepted or appealed' },
  'dispute.not_losing': { status: 409, title: 'The decision gave your side all it asked for' },
  'dispute.appeal_late': { status: 409, title: 'The time to appeal is over' },
  'dispute.not_awaited': { status: 409, title: 'This step is not awaited in this dispute' },
  'dispute.out_of_range': { status: 422, title: 'A decision lies between what the two sides claim' },
  'dispute.same_persons': {
    status: 403,
    title: 'Whoever took part in the first decision has no part in the appeal',
  },
  'dispute.proposal_changed': { status: 409, title: 'Another proposal has taken the place of this one' },
} as const satisfies Record<string, ProblemEntry>;
