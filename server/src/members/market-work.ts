/**
 * Tells markets and auctions what became of a member: stopped, free again, in another owner group. The state of
 * the company when the work is done counts, not when it was asked for: two that overtake each other end alike.
 */
import { mayTrade } from '@seam/protocol';
import type { Sql } from 'postgres';
import type { Connection, Tx } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { type WorkHandler, enqueue } from '../platform/outbox.ts';
import { ownerGroupOf, relatedTo } from './groups/owner-group.ts';
import { organisationById } from './queries.ts';

export const MARKET_WORK = 'members.market';

/** What members asks of order books and auctions. Each may be told again; each throws when a market cannot be reached. */
export type MemberMarkets = {
  /** Takes back its orders and lets it place none; out of running auctions, where what it has bid stays. */
  readonly stop: (of: { organisationId: string; staffId: string; reason: string }) => Promise<void>;
  /** @param approvals the two people who let it trade again. */
  readonly resume: (of: { organisationId: string; approvals: readonly [string, string] }) => Promise<void>;
  /** Whom it may not meet from now on; its resting orders are taken back. */
  readonly regroup: (of: {
    organisationId: string;
    ownerGroup: string;
    related: readonly string[];
    approvals: readonly [string, string];
    mayTrade: boolean;
  }) => Promise<void>;
};

export async function enqueueMarket(
  tx: Tx,
  of: {
    readonly organisationId: string;
    readonly action: 'stop' | 'resume' | 'regroup';
    readonly occasion: string;
  },
): Promise<void> {
  await enqueue(tx, {
    effectKey: `${MARKET_WORK}:${of.action}:${of.organisationId}:${of.occasion}`,
    topic: MARKET_WORK,
    payload: { organisationId: of.organisationId, action: of.action },
  });
}

export function marketWork(deps: { readonly sql: Sql; readonly markets: MemberMarkets }): WorkHandler {
  return {
    topic: MARKET_WORK,
    async run({ payload }) {
      const { organisationId } = payload;
      assert(typeof organisationId === 'string', 'market work without a company');
      const found = await organisationById(deps.sql, organisationId);
      assert(found, `market work for ${organisationId}, which does not exist`);
      const trades = mayTrade(found.status);
      if (payload['action'] === 'regroup') await regroup(deps, organisationId, trades);
      else if (trades) await resume(deps, organisationId);
      else
        await deps.markets.stop({
          organisationId,
          staffId: await stoppedBy(deps.sql, organisationId, found.status),
          reason: found.publicReason ?? found.status,
        });
      return async () => {};
    },
  };
}

type Deps = { readonly sql: Sql; readonly markets: MemberMarkets };

async function resume({ sql, markets }: Deps, organisationId: string): Promise<void> {
  const approvals = await lastApproval(sql, organisationId, ['reinstate', 'certify']);
  assert(approvals, `${organisationId} trades again without two approvals`);
  await markets.resume({ organisationId, approvals });
}

async function regroup({ sql, markets }: Deps, organisationId: string, trades: boolean): Promise<void> {
  const [last] = await sql<
    { a: string; b: string }[]
  >`select proposed_by as a, decided_by as b from party_proposal
    where state = 'approved' and kind in ('relate', 'unrelate') order by decided_at desc limit 1`;
  assert(last, 'a group without two approvals');
  await markets.regroup({
    organisationId,
    ownerGroup: await ownerGroupOf(sql, organisationId),
    related: await relatedTo(sql, organisationId),
    approvals: [last.a, last.b],
    mayTrade: trades,
  });
}

/** The person who approved it; a member that expired was stopped by nobody. */
async function stoppedBy(connection: Connection, organisationId: string, status: string): Promise<string> {
  const kind = { suspended: 'suspend', terminated: 'terminate' }[status];
  return (kind && (await lastApproval(connection, organisationId, [kind]))?.[1]) ?? 'exchange';
}

async function lastApproval(
  connection: Connection,
  organisationId: string,
  kinds: readonly string[],
): Promise<readonly [string, string] | undefined> {
  const [row] = await connection<{ a: string; b: string }[]>`
    select proposed_by as a, decided_by as b from party_proposal
     where organisation_id = ${organisationId} and state = 'approved' and kind in ${connection(kinds)}
     order by decided_at desc limit 1`;
  return row && [row.a, row.b];
}
