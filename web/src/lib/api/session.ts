/** Who is logged in, as `GET /v1/session` tells it. Staff of the centre belong to no company. */
import { type CentreRole, type Role, type SessionView, actingRoles } from '@seam/protocol';

export type Session = SessionView;

export function hasRole(session: Session | null, ...roles: readonly Role[]): boolean {
  return session !== null && actingRoles(session.person.roles).some((role) => roles.includes(role));
}

/** What a person of the centre may do there. */
export function hasOffice(session: Session | null, ...offices: readonly CentreRole[]): boolean {
  return session !== null && session.centreRoles.some((one) => offices.includes(one));
}
