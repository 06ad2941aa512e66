/**
 * What the centre decided about a member, told to every order book it trades in: stopped, free again, in another
 * owner group. Each can be told again: a market that knows it already says so, and that is enough.
 */
import { hash } from 'node:crypto';
import type { CommandBody } from '@seam/engine';
import type { Sql } from 'postgres';
import { Fault } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, isRefusal } from '../platform/refusal.ts';
import { EXCHANGE_ACTOR, type Market, mayBeTriedAgain, staffActor, submit } from './market.ts';

type Deps = { readonly sql: Sql; readonly market: Market };
type Approvals = readonly [string, string];

/** Stops set by hand for another cause stay when a membership comes back; ours begin with this. */
const OURS = 'Membership: ';
/** What the engine takes. */
const REASON_LENGTH_MAX = 200;

/** Takes back its resting orders in every market at once; what it has traded stays. */
export async function stopMember(
  deps: Deps,
  { organisationId, staffId, reason }: { organisationId: string; staffId: string; reason: string },
): Promise<void> {
  for (const instrumentId of await tradedBy(deps, organisationId))
    await tell(deps, staffId, {
      type: 'set_kill_switch',
      instrumentId,
      scope: { of: 'account', accountId: organisationId },
      staffId,
      reason: `${OURS}${reason}`.slice(0, REASON_LENGTH_MAX),
    });
}

export async function resumeMember(
  deps: Deps,
  { organisationId, approvals }: { organisationId: string; approvals: Approvals },
): Promise<void> {
  for (const instrumentId of await tradedBy(deps, organisationId))
    if (!(await stoppedByHand(deps, instrumentId, organisationId)))
      await tell(deps, approvals[1], lift(instrumentId, organisationId, approvals));
}

/** Whom an order may meet changes only while there is none: resting orders are taken back. */
export async function regroupMember(
  deps: Deps,
  of: { organisationId: string; ownerGroup: string; approvals: Approvals; mayTrade: boolean },
): Promise<void> {
  const { organisationId: accountId, ownerGroup, approvals } = of;
  for (const instrumentId of await tradedBy(deps, accountId)) {
    const admit = {
      type: 'admit_account',
      instrumentId,
      accountId,
      ownerGroup,
      settlementClass: 'escrow',
    } as const;
    const answer = await tell(deps, approvals[1], admit);
    if (answer?.refused !== 'account.has_orders') continue;
    const byHand = await stoppedByHand(deps, instrumentId, accountId);
    const scope = { of: 'account', accountId } as const;
    const reason = `${OURS}owner group`;
    await tell(deps, approvals[1], {
      type: 'set_kill_switch',
      instrumentId,
      scope,
      staffId: approvals[1],
      reason,
    });
    const again = await tell(deps, approvals[1], admit);
    if (of.mayTrade && !byHand) await tell(deps, approvals[1], lift(instrumentId, accountId, approvals));
    if (again) throw new Fault('service.unavailable', `market: ${again.refused}`);
  }
}

const lift = (instrumentId: string, accountId: string, [first, second]: Approvals): CommandBody => ({
  type: 'lift_kill_switch',
  instrumentId,
  scope: { of: 'account', accountId },
  approvals: [first, second],
});

/** @returns the market's no. @throws Fault when it did not get it: it is to be told again. */
async function tell({ market }: Deps, staffId: string, body: CommandBody): Promise<Refusal | undefined> {
  const actor = staffId === EXCHANGE_ACTOR ? EXCHANGE_ACTOR : staffActor(staffId);
  const answer = await submit(market, { actor, cmdId: `member.${newId()}`, body }, undefined);
  if (mayBeTriedAgain(answer)) throw new Fault('service.unavailable', `market: ${answer.refused}`);
  return isRefusal(answer) ? answer : undefined;
}

/** Only where it was admitted: elsewhere it has no orders, and can place none. */
async function tradedBy({ sql, market }: Deps, organisationId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select id from instrument order by id`;
  return rows.map(({ id }) => id).filter((id) => market.market(id)?.own.get(organisationId)?.admitted);
}

async function stoppedByHand({ sql }: Deps, instrumentId: string, organisationId: string): Promise<boolean> {
  const rows = await sql`select 1 from market_block where instrument_id = ${instrumentId}
    and scope_key = ${`account:${organisationId}`} and not starts_with(reason, ${OURS})`;
  return rows.length > 0;
}

/** The same admission in the same group is one command; in another group it is another. */
export const admissionId = (instrumentId: string, accountId: string, ownerGroup: string): string =>
  `admit.${hash('sha256', [instrumentId, accountId, ...(ownerGroup === accountId ? [] : [ownerGroup])].join('/')).slice(0, 32)}`;
