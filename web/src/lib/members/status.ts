/** How the states of a company and of an account look, and what its path to membership is. */
import type { BankAccountStatus, CertificationStepView, OrganisationStatus } from '@seam/protocol';
import type { Tone } from '#lib/ui/tone.ts';

export const statusTone: Record<OrganisationStatus, Tone> = {
  registered: 'neutral',
  under_review: 'info',
  needs_info: 'warn',
  certified: 'brand',
  bank_notified: 'info',
  active: 'good',
  rejected: 'bad',
  suspended: 'bad',
};

export const accountTone: Record<BankAccountStatus, Tone> = {
  pending: 'neutral',
  submitted: 'info',
  confirmed: 'good',
  refused: 'bad',
};

export const noticeKind: Record<OrganisationStatus, 'info' | 'good' | 'warn' | 'bad'> = {
  registered: 'info',
  under_review: 'info',
  needs_info: 'warn',
  certified: 'info',
  bank_notified: 'info',
  active: 'good',
  rejected: 'bad',
  suspended: 'bad',
};

type Todo = 'submit' | 'certify' | 'notify_bank' | 'confirm_bank';
const path: readonly Todo[] = ['submit', 'certify', 'notify_bank', 'confirm_bank'];
const done: Partial<Record<OrganisationStatus, number>> = {
  registered: 0,
  needs_info: 0,
  under_review: 1,
  certified: 2,
  bank_notified: 3,
};

/** What still has to happen until the company can trade; the first is what is waited for now. */
export function stillToCome(status: OrganisationStatus): readonly Todo[] {
  const passed = done[status];
  return passed === undefined ? [] : path.slice(passed);
}

/** Steps that went against the company. */
export function isSetback({ move }: Pick<CertificationStepView, 'move'>): boolean {
  return ['request_info', 'reject', 'refuse_bank', 'suspend'].includes(move);
}

/** The words of whoever the company has to answer: the latest setback. */
export function whatIsAsked(history: readonly CertificationStepView[]): string | null {
  return history.findLast(isSetback)?.reason ?? null;
}
