/** The life of a party. What is not listed cannot happen. */
import {
  CERTIFICATION_DECISIONS,
  type CertificationDecision,
  type OrganisationStatus,
  type WaitsFor,
} from '@seam/protocol';

export type CertificationMove =
  CertificationDecision | 'submit' | 'notify_bank' | 'confirm_bank' | 'refuse_bank' | 'activate' | 'expire';

const lifecycle = {
  registered: { submit: 'submitted' },
  submitted: { start_review: 'under_review' },
  under_review: { certify: 'certified', request_info: 'needs_info', reject: 'rejected' },
  needs_info: { submit: 'under_review', reject: 'rejected' },
  // A bank may answer before we have written down that it was asked.
  certified: { notify_bank: 'bank_notified', confirm_bank: 'bank_confirmed', refuse_bank: 'needs_info' },
  bank_notified: { confirm_bank: 'bank_confirmed', refuse_bank: 'needs_info' },
  bank_confirmed: { activate: 'active' },
  active: { suspend: 'suspended', expire: 'expired', terminate: 'terminated' },
  suspended: { reinstate: 'active', terminate: 'terminated' },
  expired: { submit: 'under_review', terminate: 'terminated' },
  rejected: {},
  terminated: {},
} as const satisfies Record<OrganisationStatus, Partial<Record<CertificationMove, OrganisationStatus>>>;

const waitsForWhom = {
  registered: 'company',
  submitted: 'centre',
  under_review: 'centre',
  needs_info: 'company',
  certified: 'centre',
  bank_notified: 'bank',
  bank_confirmed: 'centre',
  active: 'nobody',
  expired: 'company',
  rejected: 'nobody',
  suspended: 'centre',
  terminated: 'nobody',
} as const satisfies Record<OrganisationStatus, WaitsFor>;

/** @returns the status after `move`, or undefined when it is not possible. */
export function after(status: OrganisationStatus, move: CertificationMove): OrganisationStatus | undefined {
  const moves: Partial<Record<CertificationMove, OrganisationStatus>> = lifecycle[status];
  return moves[move];
}

export function waitsFor(status: OrganisationStatus): WaitsFor {
  return waitsForWhom[status];
}

/** Whoever decides about what nobody has taken up yet takes it up. */
export function decisionsIn(status: OrganisationStatus): CertificationDecision[] {
  const also = status === 'submitted' ? 'under_review' : status;
  return CERTIFICATION_DECISIONS.filter((decision) => after(status, decision) ?? after(also, decision));
}

/** States in which a company still has to prove something: its papers can change. */
const OPEN: readonly OrganisationStatus[] = [
  'registered',
  'submitted',
  'under_review',
  'needs_info',
  'expired',
  'active',
];

/** Papers of a suspended company stay as they were when it was suspended; of one that has ended, for good. */
export function takesPapers(status: OrganisationStatus): boolean {
  return OPEN.includes(status);
}
