/** What staff does to a market: one person stops it, at once; two different ones start it again. */
import type { Approvals, BlockScope } from '@seam/engine';
import type { KillScope } from '@seam/protocol';
import { parseMoney } from '@seam/units';
import { and, eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../platform/db.ts';
import { inTransaction } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { approve } from './approvals.ts';
import { blockScope, scopeKey } from './kill-scope.ts';
import type { Accepted } from './market.ts';
import { type StaffDeps, act, note } from './staff.ts';
import { type InstrumentRow, instrument, marketBlock } from './tables.ts';

export type Supervised = { readonly awaitsSecondPerson: boolean };
type Supervise =
  { readonly action: 'halt' | 'cancel_only'; readonly reason: string } | { readonly action: 'resume' };
type Kill =
  | { readonly action: 'set'; readonly scope: KillScope; readonly reason: string }
  | { readonly action: 'lift'; readonly scope: KillScope };
export type KillDeps = StaffDeps & {
  /** Whether a company of this id exists: a kill switch for a misspelt one would stop nobody. */
  readonly isMember: (organisationId: string) => Promise<boolean>;
};

export async function supervise(
  deps: StaffDeps,
  principal: Principal,
  instrumentId: string,
  wish: Supervise,
): Promise<Supervised | Refusal> {
  if (!deps.market.market(instrumentId)) return refuse('market.unknown');
  if (wish.action === 'resume') return resume(deps, principal, instrumentId);
  const { reason } = wish;
  const type = wish.action === 'halt' ? ('halt_market' as const) : ('set_cancel_only' as const);
  const body = { type, instrumentId, staffId: principal.personId, reason };
  return done(await act(deps, principal, { instrumentId, body, detail: { reason } }));
}

async function resume(
  deps: StaffDeps,
  principal: Principal,
  instrumentId: string,
): Promise<Supervised | Refusal> {
  const approvals = await inTransaction(deps.sql, async (tx) => {
    const row = await locked(tx, instrumentId);
    if (!row || row.stoppedSeq === null) return refuse('market.state_conflict');
    return agreed(tx, principal, { instrumentId, action: 'resume', occasion: row.stoppedSeq });
  });
  if (isRefusal(approvals)) return approvals;
  if (approvals === null) return { awaitsSecondPerson: true };
  const body = { type: 'resume_market' as const, instrumentId, approvals };
  return done(await act(deps, principal, { instrumentId, body, detail: approvers(approvals) }));
}

/** `exchange` is told to every market; those that it stops already, or no more, are left as they are. */
export async function killSwitch(
  deps: KillDeps,
  principal: Principal,
  instrumentId: string,
  wish: Kill,
): Promise<Supervised | Refusal> {
  if (!deps.market.market(instrumentId)) return refuse('market.unknown');
  const { scope: wanted } = wish;
  const company =
    wanted.of === 'account' ? wanted.organisationId : wanted.of === 'owner_group' && wanted.ownerGroup;
  if (company && !(await deps.isMember(company)))
    return refuse('account.invalid', { fields: { scope: 'unknown' } });
  const scope = blockScope(wanted);
  return wish.action === 'set'
    ? setKillSwitch(deps, principal, { instrumentId, scope, reason: wish.reason })
    : liftKillSwitch(deps, principal, { instrumentId, scope });
}

async function setKillSwitch(
  deps: StaffDeps,
  principal: Principal,
  { instrumentId, scope, reason }: { instrumentId: string; scope: BlockScope; reason: string },
): Promise<Supervised | Refusal> {
  const { personId: staffId } = principal;
  const stop = async (id: string): Promise<Accepted | Refusal> =>
    act(deps, principal, {
      instrumentId: id,
      body: { type: 'set_kill_switch', instrumentId: id, scope, staffId, reason },
      detail: { scope: scopeKey(scope), reason },
    });
  return everywhere(deps, { instrumentId, scope, settled: 'trading.blocked' }, stop);
}

async function liftKillSwitch(
  deps: StaffDeps,
  principal: Principal,
  { instrumentId, scope }: { instrumentId: string; scope: BlockScope },
): Promise<Supervised | Refusal> {
  const approvals = await inTransaction(deps.sql, async (tx) => {
    await locked(tx, instrumentId);
    const block = first(
      await orm(tx)
        .select({ setSeq: marketBlock.setSeq })
        .from(marketBlock)
        .where(and(eq(marketBlock.instrumentId, instrumentId), eq(marketBlock.scopeKey, scopeKey(scope)))),
    );
    if (!block) return refuse('trading.not_blocked');
    return agreed(tx, principal, {
      instrumentId,
      action: `lift:${scopeKey(scope)}`,
      occasion: block.setSeq,
    });
  });
  if (isRefusal(approvals)) return approvals;
  if (approvals === null) return { awaitsSecondPerson: true };
  const lift = async (id: string): Promise<Accepted | Refusal> =>
    act(deps, principal, {
      instrumentId: id,
      body: { type: 'lift_kill_switch', instrumentId: id, scope, approvals },
      detail: { scope: scopeKey(scope), ...approvers(approvals) },
    });
  return everywhere(deps, { instrumentId, scope, settled: 'trading.not_blocked' }, lift);
}

/** The named market first: its answer is the caller's. */
async function everywhere(
  { sql }: StaffDeps,
  of: { instrumentId: string; scope: BlockScope; settled: Refusal['refused'] },
  tell: (instrumentId: string) => Promise<Accepted | Refusal>,
): Promise<Supervised | Refusal> {
  const answer = await tell(of.instrumentId);
  if (of.scope.of !== 'exchange') return done(answer);
  // One that is stopped already does not keep the others from being told.
  if (isRefusal(answer) && answer.refused !== of.settled) return answer;
  const rows = await orm(sql).select({ id: instrument.id }).from(instrument);
  const others = rows.filter(({ id }) => id !== of.instrumentId);
  const answers = [answer, ...(await Promise.all(others.map(async ({ id }) => tell(id))))];
  const failed = answers.find((one) => isRefusal(one) && one.refused !== of.settled);
  return done(failed ?? answers.find((one) => !isRefusal(one)) ?? answer);
}

export async function setCreditLine(
  deps: StaffDeps,
  principal: Principal,
  of: { instrumentId: string; from: string; to: string; amount: string | null },
): Promise<Accepted | Refusal> {
  const { instrumentId, from, to, amount: text } = of;
  if (!deps.market.market(instrumentId)) return refuse('market.unknown');
  const amount = text === null ? 'open' : String(parseMoney(text) ?? -1n);
  const body = { type: 'set_credit_line' as const, instrumentId, from, to, amount };
  return act(deps, principal, { instrumentId, body, detail: { from, to, amount } });
}

/** Adds this person's agreement, with its trail. */
async function agreed(
  tx: Tx,
  { personId }: Principal,
  of: { instrumentId: string; action: string; occasion: number },
): Promise<Approvals | null | Refusal> {
  const answer = await approve(tx, of, personId);
  if (isRefusal(answer)) return answer;
  const { instrumentId, action, occasion } = of;
  const subject = `market:${instrumentId}`;
  await note(tx, { personId, action: 'market.approved', subject, detail: { for: action, occasion } });
  return answer;
}

/** The row stays locked until the transaction ends: of two who agree at once, the second sees the first. */
async function locked(tx: Tx, id: string): Promise<InstrumentRow | undefined> {
  return first(await orm(tx).select().from(instrument).where(eq(instrument.id, id)).for('update'));
}

const approvers = ([first_, second]: Approvals) => ({ firstApproval: first_, secondApproval: second });

function done(answer: Accepted | Refusal): Supervised | Refusal {
  return isRefusal(answer) ? answer : { awaitsSecondPerson: false };
}
