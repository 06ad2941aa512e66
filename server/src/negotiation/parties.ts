/** Whether both companies of a talk may trade at this moment. */
import { lacksSide } from '../listings/public.ts';
import type { Tx } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import type { Seen } from './ground.ts';
import type { NegotiationDeps } from './ports.ts';

/** The caller's own certification is named; of the other company no more than that it may not. */
export async function mayTrade(
  tx: Tx,
  deps: Pick<NegotiationDeps, 'organisations' | 'isActive'>,
  { row, side }: Seen,
): Promise<Refusal | undefined> {
  const sideOf = { buyer: 'buys', seller: 'sells' } as const;
  const idOf = { buyer: row.buyerId, seller: row.sellerId };
  const other = side === 'buyer' ? 'seller' : 'buyer';
  const person = { personId: '', organisationId: idOf[side] };
  const own = await lacksSide(tx, deps.organisations, person, sideOf[side]);
  if (own) return own;
  const theirs = { personId: '', organisationId: idOf[other] };
  const barred =
    (await lacksSide(tx, deps.organisations, theirs, sideOf[other])) !== undefined ||
    !(await deps.isActive(tx, idOf[other]));
  return barred ? refuse('negotiation.counterparty_not_active') : undefined;
}
