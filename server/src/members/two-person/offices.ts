/** Whose decision it is: offices of the centre, roles inside a company. */
import { type CertificationDecision, type PartyProposalKind, actingRoles } from '@seam/protocol';
import type { CentreRole, Role } from '@seam/protocol';
import type { Principal } from '../../platform/principal.ts';

export const OFFICES: Readonly<
  Record<Exclude<PartyProposalKind, 'bank_account'> | CertificationDecision, readonly CentreRole[]>
> = {
  start_review: ['operator_admin'],
  request_info: ['operator_admin', 'risk_officer'],
  certify: ['operator_admin'],
  reject: ['operator_admin'],
  suspend: ['operator_admin', 'supervisor'],
  reinstate: ['operator_admin', 'supervisor'],
  terminate: ['operator_admin'],
  relate: ['operator_admin', 'supervisor', 'risk_officer'],
  unrelate: ['operator_admin', 'supervisor', 'risk_officer'],
};
export const APPROVERS: readonly Role[] = ['admin', 'legal_representative', 'approver'];

/** Whether `principal` may propose or approve this; the other person's identity is looked at elsewhere. */
export function holdsOffice(principal: Principal, kind: PartyProposalKind | CertificationDecision): boolean {
  if (kind === 'bank_account') return actingRoles(principal.roles).some((role) => APPROVERS.includes(role));
  return principal.centreRoles.some((role) => OFFICES[kind].includes(role));
}
