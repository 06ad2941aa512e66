/** How the states of a company and of an account look, and what its path to membership is. */
import type {
  BankAccountStatus,
  CertificationStepView,
  OrganisationStatus,
  PartyDocumentState,
  PartyProposalState,
} from '@seam/protocol';
import type { Tone } from '#lib/ui/tone.ts';

export const statusTone: Record<OrganisationStatus, Tone> = {
  registered: 'neutral',
  submitted: 'info',
  under_review: 'info',
  needs_info: 'warn',
  certified: 'brand',
  bank_notified: 'info',
  bank_confirmed: 'info',
  active: 'good',
  expired: 'warn',
  rejected: 'bad',
  suspended: 'bad',
  terminated: 'bad',
};

export const accountTone: Record<BankAccountStatus, Tone> = {
  pending: 'neutral',
  submitted: 'info',
  confirmed: 'good',
  refused: 'bad',
};

export const documentTone: Record<PartyDocumentState, Tone> = {
  pending: 'info',
  accepted: 'good',
  refused: 'bad',
};

export const proposalTone: Record<PartyProposalState, Tone> = {
  open: 'warn',
  approved: 'good',
  refused: 'bad',
  withdrawn: 'neutral',
  expired: 'neutral',
};

export const noticeKind: Record<OrganisationStatus, 'info' | 'good' | 'warn' | 'bad'> = {
  registered: 'info',
  submitted: 'info',
  under_review: 'info',
  needs_info: 'warn',
  certified: 'info',
  bank_notified: 'info',
  bank_confirmed: 'info',
  active: 'good',
  expired: 'warn',
  rejected: 'bad',
  suspended: 'bad',
  terminated: 'bad',
};

type Todo = 'submit' | 'start_review' | 'certify' | 'notify_bank' | 'confirm_bank' | 'activate';
const path: readonly Todo[] = [
  'submit',
  'start_review',
  'certify',
  'notify_bank',
  'confirm_bank',
  'activate',
];
const done: Partial<Record<OrganisationStatus, number>> = {
  registered: 0,
  submitted: 1,
  needs_info: 0,
  expired: 0,
  under_review: 2,
  certified: 3,
  bank_notified: 4,
  bank_confirmed: 5,
};

/** What still has to happen until the company can trade; the first is what is waited for now. */
export function stillToCome(status: OrganisationStatus): readonly Todo[] {
  const passed = done[status];
  if (passed === undefined) return [];
  // Whoever was looked at before is looked at again without waiting for somebody to take it up.
  const again = status === 'needs_info' || status === 'expired';
  return path.slice(passed).filter((todo) => !again || todo !== 'start_review');
}

const LINE = [
  'registered',
  'submitted',
  'under_review',
  'certified',
  'bank_notified',
  'bank_confirmed',
  'active',
] as const satisfies OrganisationStatus[];
/** Where on the line a state that is off it stands. */
const BESIDE: Partial<Record<OrganisationStatus, (typeof LINE)[number]>> = {
  needs_info: 'under_review',
  expired: 'active',
  suspended: 'active',
};

/** The line of states to membership; nothing for a company that has left it for good. */
export function pathOf(
  status: OrganisationStatus,
): { id: (typeof LINE)[number]; state: 'done' | 'current' | 'todo' | 'problem' }[] {
  const here = LINE.indexOf(BESIDE[status] ?? (status as (typeof LINE)[number]));
  if (here < 0) return [];
  const now = status in BESIDE ? 'problem' : status === 'active' ? 'done' : 'current';
  return LINE.map((id, i) => ({ id, state: i < here ? 'done' : i > here ? 'todo' : now }));
}

/** Steps that went against the company. */
export function isSetback({ move }: Pick<CertificationStepView, 'move'>): boolean {
  return ['request_info', 'reject', 'refuse_bank', 'suspend', 'expire', 'terminate'].includes(move);
}

/** The words of whoever the company has to answer: the latest setback. */
export function whatIsAsked(history: readonly CertificationStepView[]): string | null {
  return history.findLast(isSetback)?.reason ?? null;
}
