/** Awards over HTTP: what their winners, those who wait, the owner and the centre may do after the close. */
import type { Awarding, CommandBody } from '@seam/engine';
import { auctionAwardRoutes as r } from '@seam/protocol';
import { instant } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import type { Connection } from '../platform/db.ts';
import { act, inTransaction, read } from '../platform/http.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { refuse } from '../platform/refusal.ts';
import { endContract } from './after-close-work.ts';
import { awardsOf } from './award-queries.ts';
import { auctionById } from './commands.ts';
import { STAFF_ACTOR, actorOf, refusalOf } from './market.ts';
import type { AuctionDeps } from './routes.ts';
import type { AuctionRow } from './tables.ts';
import { shownAuction } from './visibility.ts';

type Asked = { readonly principal: Principal; readonly connection: Connection };
type AwardLine = Awarding['awards'][number];

export function awardRoutes(app: FastifyInstance, deps: AuctionDeps): void {
  const { pseudonymSecret: secret, namesOf } = deps;
  const shown = async (connection: Connection, row: AuctionRow, principal: Principal | null) =>
    awardsOf(connection, row, { principal, secret, namesOf, now: deps.clock.now() });

  read(app, deps, r.auctionAwards, async ({ params, connection, maybePrincipal }) => {
    const row = await shownAuction(connection, deps, params.id, maybePrincipal);
    if (!row) return refuse('resource.not_found');
    return shown(connection, row, maybePrincipal);
  });

  act(app, deps, r.confirmAward, async ({ params, ...asked }) => {
    const found = await ownAward(asked, params);
    if (!found) return refuse('award.unknown');
    const { row, award } = found;
    const body = { type: 'confirm_award', auctionId: row.id, ...ofAward(award) } as const;
    return submit(asked, row, body);
  });
  act(app, deps, r.declineAward, async ({ params, ...asked }) => {
    const found = await ownAward(asked, params);
    if (!found) return refuse('award.unknown');
    const { row, award } = found;
    const body = { type: 'decline_award', auctionId: row.id, ...ofAward(award) } as const;
    return (await refuseSigned(found)) ?? submit(asked, row, body);
  });
  act(app, deps, r.releaseAward, async ({ params, body: { reason }, ...asked }) => {
    const row = await auctionById(asked.connection, params.id);
    const award = row && lineOf(row, params.number);
    if (!row || !award) return refuse('award.unknown');
    const body = { type: 'release_award', auctionId: row.id, ...ofAward(award), reason } as const;
    return (await refuseSigned({ row, award })) ?? submit(asked, row, body);
  });
  act(app, deps, r.withdrawWaiting, async ({ params: { id }, ...asked }) => {
    const row = await shownAuction(asked.connection, deps, id, asked.principal);
    if (!row) return refuse('resource.not_found');
    const accountId = asked.principal.organisationId;
    return submit(asked, row, { type: 'withdraw_waiting', auctionId: id, accountId });
  });
  act(app, deps, r.waiveReserve, async ({ params: { id }, ...asked }) => {
    const row = await auctionById(asked.connection, id);
    if (row?.ownerId !== asked.principal.organisationId) return refuse('resource.not_found');
    return submit(asked, row, { type: 'waive_reserve', auctionId: id });
  });
  act(app, deps, r.extendStandstill, async ({ params: { id }, body: { until, reason }, ...asked }) => {
    const row = await auctionById(asked.connection, id);
    if (!row) return refuse('resource.not_found');
    const at = instant(Date.parse(until));
    return submit(asked, row, { type: 'extend_standstill', auctionId: id, until: at, reason });
  });
  /** What is refused as too early may be asked again: each asking is a command of its own. */
  async function submit({ connection, principal }: Asked, row: AuctionRow, command: CommandBody) {
    const { staff, organisationId, personId } = principal;
    const actor = staff ? STAFF_ACTOR : actorOf(organisationId);
    const outcome = await deps.market.submit({ actor, cmdId: `${command.type}.${newId()}`, body: command });
    const refusal = refusalOf(outcome, row.terms);
    if (refusal || outcome.status !== 'accepted') return refusal ?? refuse('internal.error');
    await deps.sql`insert into audit_entry (person_id, action, subject, detail)
      values (${personId}, ${command.type}, ${row.id}, ${deps.sql.json({ seq: outcome.seq })})`;
    await deps.caughtUp(outcome);
    const after = await auctionById(connection, row.id);
    return after ? shown(connection, after, principal) : refuse('resource.not_found');
  }

  /** A contract that both have signed is no award any more; one that is not ends here, before the market is told. */
  async function refuseSigned(of: { row: AuctionRow; award: AwardLine }) {
    if (of.award.state !== 'confirmed') return undefined;
    const fault = await inTransaction(deps.sql, async (tx) =>
      endContract(tx, of, { reason: 'The award was given up.' }),
    );
    return fault === 'signed' ? refuse('contract.not_open') : undefined;
  }
}

async function ownAward({ connection, principal }: Asked, params: { id: string; number: string }) {
  const row = await auctionById(connection, params.id);
  const award = row && lineOf(row, params.number);
  return row && award?.accountId === principal.organisationId ? { row, award } : undefined;
}

function lineOf({ awarding }: AuctionRow, number: string): AwardLine | undefined {
  return awarding?.awards.find((line) => line.number === Number(number));
}

function ofAward({ accountId, number }: AwardLine) {
  return { accountId, number };
}
