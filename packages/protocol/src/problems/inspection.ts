import type { ProblemEntry } from './entry.ts';

export const inspectionProblems = {
  'inspection.not_due': { status: 409, title: 'The inspection does not wait for this' },
  'inspection.challenge_over': { status: 409, title: 'The time to challenge the certificate is over' },
  'inspection.seal_known': { status: 409, title: 'This seal number has been used' },
  'inspection.same_laboratory': {
    status: 422,
    title: 'The reserve sample needs a laboratory that has not tested this coal',
  },
  'inspection.time_invalid': {
    status: 422,
    title: 'The time lies in the future, or before the step before it',
  },
  'inspection.proposal_superseded': {
    status: 409,
    title: 'Only the last proposal of the other side can be accepted',
  },
} as const satisfies Record<string, ProblemEntry>;
