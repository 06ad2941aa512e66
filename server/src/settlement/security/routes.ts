import { securityRoutes as r } from '@seam/protocol';
import { parseMoney } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/db.ts';
import { type HttpDeps, act, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { refuse } from '../../platform/refusal.ts';
import type { LedgerPoster } from '../ledger/poster.ts';
import type { NamesOf } from '../trade/ports.ts';
import { bondFor } from './bond.ts';
import { acknowledge, decide, giveNotice, reverse } from './forfeit.ts';
import { forfeituresSeen, securitiesOf } from './queries.ts';
import { releaseTime } from './release-time.ts';
import { moveStanding, standingDeposits } from './standing.ts';

export type SecurityDeps = HttpDeps & {
  readonly clock: Clock;
  readonly namesOf: NamesOf;
  /** Takes transfers that stand alone, those of many companies together. */
  readonly poster: Pick<LedgerPoster, 'post'>;
};

export function securityRoutes(app: FastifyInstance, deps: SecurityDeps): void {
  const { clock, namesOf } = deps;
  const one = async (connection: Connection, principal: Principal, id: string) =>
    (await forfeituresSeen(connection, namesOf, principal, id))[0] ?? refuse('resource.not_found');
  read(app, deps, r.releaseTime, async ({ connection }) => releaseTime(connection, clock.now()));
  read(app, deps, r.securities, async ({ connection, principal }) => ({
    items: await securitiesOf(connection, principal.organisationId),
  }));
  read(app, deps, r.standingDeposits, async ({ connection, principal }) => ({
    items: await standingDeposits(connection, principal.organisationId),
  }));
  act(app, deps, r.moveStandingDeposit, async ({ connection, principal, body }) => {
    const refused = await moveStanding(deps.poster, principal, body);
    return refused ?? { items: await standingDeposits(connection, principal.organisationId) };
  });
  write(
    app,
    deps,
    r.giveBond,
    async ({ connection, principal, params, body }) =>
      (await bondFor(connection, principal, {
        contractId: params.id,
        amount: parseMoney(body.amount) ?? 0n,
      })) ?? {},
  );
  read(app, deps, r.forfeitures, async ({ connection, principal }) => ({
    items: await forfeituresSeen(connection, namesOf, principal),
  }));
  write(
    app,
    deps,
    r.acknowledgeForfeiture,
    async ({ connection, principal, params }) =>
      (await acknowledge(connection, principal, params.id, clock.now())) ?? {},
  );
  write(app, deps, r.noticeForfeiture, async ({ connection, principal, params, body }) =>
    giveNotice(connection, principal, { contractId: params.id, ...body }, clock.now()),
  );
  write(
    app,
    deps,
    r.decideForfeiture,
    async ({ connection, principal, params, body }) =>
      (await decide(connection, principal, { id: params.id, ...body }, clock.now())) ??
      one(connection, principal, params.id),
  );
  write(
    app,
    deps,
    r.reverseForfeiture,
    async ({ connection, principal, params, body }) =>
      (await reverse(connection, principal, { id: params.id, ...body }, clock.now())) ??
      one(connection, principal, params.id),
  );
}
