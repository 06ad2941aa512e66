/** The life of a certification. What is not listed cannot happen. */
import {
  CERTIFICATION_DECISIONS,
  type CertificationDecision,
  type OrganisationStatus,
  type WaitsFor,
} from '@seam/protocol';

export type CertificationMove =
  CertificationDecision | 'submit' | 'notify_bank' | 'confirm_bank' | 'refuse_bank';

const lifecycle = {
  registered: { submit: 'under_review' },
  under_review: { certify: 'certified', request_info: 'needs_info', reject: 'rejected' },
  needs_info: { submit: 'under_review', reject: 'rejected' },
  // A bank may answer before we have written down that it was asked.
  certified: { notify_bank: 'bank_notified', confirm_bank: 'active', refuse_bank: 'needs_info' },
  bank_notified: { confirm_bank: 'active', refuse_bank: 'needs_info' },
  active: { suspend: 'suspended' },
  suspended: { reinstate: 'active' },
  rejected: {},
} as const satisfies Record<OrganisationStatus, Partial<Record<CertificationMove, OrganisationStatus>>>;

const waitsForWhom = {
  registered: 'company',
  under_review: 'centre',
  needs_info: 'company',
  certified: 'centre',
  bank_notified: 'bank',
  active: 'nobody',
  rejected: 'nobody',
  suspended: 'centre',
} as const satisfies Record<OrganisationStatus, WaitsFor>;

/** @returns the status after `move`, or undefined when it is not possible. */
export function after(status: OrganisationStatus, move: CertificationMove): OrganisationStatus | undefined {
  const moves: Partial<Record<CertificationMove, OrganisationStatus>> = lifecycle[status];
  return moves[move];
}

export function waitsFor(status: OrganisationStatus): WaitsFor {
  return waitsForWhom[status];
}

export function decisionsIn(status: OrganisationStatus): CertificationDecision[] {
  return CERTIFICATION_DECISIONS.filter((decision) => after(status, decision) !== undefined);
}
