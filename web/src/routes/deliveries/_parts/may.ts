/** Who is offered the steps of a delivery. The exchange decides again. */
import { hasRole, type Session } from '#lib/api/session.ts';

export function mayDispatch(session: Session | null): boolean {
  return hasRole(session, 'dispatcher', 'trader') && session?.organisation?.status === 'active';
}
