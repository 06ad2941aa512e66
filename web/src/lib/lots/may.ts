/** Who is offered a button. The exchange decides again; this only keeps buttons away that would be refused. */
import { hasRole, type Session } from '#lib/api/session.ts';

export function maySell(session: Session | null): boolean {
  return trades(session) && session?.organisation?.sells === true;
}

export function mayBuy(session: Session | null): boolean {
  return trades(session) && session?.organisation?.buys === true;
}

function trades(session: Session | null): boolean {
  return hasRole(session, 'trader') && session?.organisation?.status === 'active';
}
