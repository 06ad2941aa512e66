/** Whom a buyer asks to answer, and a producer's no. */
import { and, eq } from 'drizzle-orm';
import { type Tx, orm } from '../../platform/db.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { noticeSettled, tellTraders } from '../../members/public.ts';
import { INVITED_MAX } from '../limits.ts';
import { fittingSellers, sellersOnMarket } from '../matching/sellers.ts';
import type { Actor, RequestDeps } from '../ports.ts';
import { isInvited, isMemberOf } from '../readers.ts';
import { type RequestRow, invitation } from '../tables.ts';
import { lockOwn, lockRequest, notLive } from './state.ts';

export type Whom =
  { readonly to: 'matched' | 'all' } | { readonly to: 'named'; readonly organisationIds: readonly string[] };

/** Whoever is asked already stays asked. @returns how many were asked now. */
export async function inviteProducers(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock' | 'organisations' | 'search'>,
  actor: Actor,
  of: { readonly requestId: string; readonly whom: Whom },
): Promise<{ row: RequestRow; invited: number } | Refusal> {
  const row = await lockOwn(tx, actor, of.requestId);
  if (isRefusal(row)) return row;
  const closed = notLive(row, deps.clock.now());
  if (closed) return closed;
  const sellers = await sellersFor(tx, deps, row, of.whom);
  if (isRefusal(sellers)) return sellers;
  const wanted = [];
  for (const id of sellers) {
    if (id !== row.buyerId && !(await isMemberOf(tx, row.poolId, id))) wanted.push(id);
  }
  if (wanted.length === 0) return refuse('purchase_request.nobody_to_invite');
  const invited = await orm(tx)
    .insert(invitation)
    .values(
      wanted.slice(0, INVITED_MAX).map((organisationId) => ({
        requestId: row.id,
        organisationId,
        invitedBy: actor.personId,
      })),
    )
    .onConflictDoNothing()
    .returning();
  for (const { organisationId } of invited) await tellInvited(tx, deps, row, organisationId);
  return { row, invited: invited.length };
}

/** What a company was asked for; answered or declined, nobody there has to be told any more. */
export const invitationOf = (requestId: string, organisationId: string): string =>
  `request:${requestId}:${organisationId}`;

/** Whoever may answer for the company reads of it, by mail too. */
async function tellInvited(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock' | 'organisations'>,
  row: RequestRow,
  organisationId: string,
): Promise<void> {
  const buyer = (await deps.organisations(tx, [row.buyerId])).get(row.buyerId);
  await tellTraders(
    tx,
    organisationId,
    {
      kind: 'request_invites',
      subject: buyer?.name ?? '',
      day: row.expiresAt.toISOString().slice(0, 10),
      link: `/requests/${row.id}`,
      about: invitationOf(row.id, organisationId),
    },
    deps.clock.now(),
  );
}

async function sellersFor(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock' | 'organisations' | 'search'>,
  row: RequestRow,
  whom: Whom,
): Promise<readonly string[] | Refusal> {
  if (!('organisationIds' in whom)) {
    return whom.to === 'matched' ? fittingSellers(deps, tx, row) : sellersOnMarket(deps);
  }
  const facts = await deps.organisations(tx, whom.organisationIds);
  const strangers = whom.organisationIds.filter((id) => facts.get(id)?.sells !== true);
  if (strangers.length === 0) return whom.organisationIds;
  const code = 'purchase_request.producer_unknown';
  return refuse(code, { fields: { organisationIds: code }, detail: strangers.slice(0, 10).join(', ') });
}

export async function declineInvitation(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock'>,
  actor: Actor,
  of: { readonly requestId: string; readonly reason: string },
): Promise<RequestRow | Refusal> {
  const row = await lockRequest(tx, of.requestId);
  const asked = row && (await isInvited(tx, row.id, actor.organisationId));
  if (!row || row.state === 'draft' || (!asked && row.audience === 'invited'))
    return refuse('resource.not_found');
  if (!asked) return refuse('purchase_request.not_invited');
  const closed = notLive(row, deps.clock.now());
  if (closed) return closed;
  await orm(tx)
    .update(invitation)
    .set({ declinedAt: deps.clock.now(), declineReason: of.reason })
    .where(and(eq(invitation.requestId, row.id), eq(invitation.organisationId, actor.organisationId)));
  await noticeSettled(tx, invitationOf(row.id, actor.organisationId), deps.clock.now());
  return row;
}
