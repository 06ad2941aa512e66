/** Who is logged in, as `GET /v1/session` tells it. Staff of the centre belong to no company. */
import type { Role, SessionView } from '@seam/protocol';

export type Session = SessionView;

export function hasRole(session: Session | null, ...roles: readonly Role[]): boolean {
  return session !== null && session.person.roles.some((role) => roles.includes(role));
}
