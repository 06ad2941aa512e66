import { type RatingView, ratingRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { refuse } from '../../platform/refusal.ts';
import { moderateRating, rate, replyToRating } from './rate.ts';
import { ratingsOfContract, ratingsWritten } from './seen.ts';

export function ratingHttp(app: FastifyInstance, deps: HttpDeps & { readonly clock: Clock }): void {
  /** The one that the caller wrote, or was given. */
  const seen = async (
    connection: Connection,
    contractId: string,
    principal: Principal,
    now: Date,
    which: (one: RatingView) => boolean,
  ): Promise<RatingView> => {
    const found = (await ratingsOfContract(connection, contractId, principal, now)).find(which);
    assert(found, `rating of ${contractId} that was just written`);
    return found;
  };
  const sideOf = async (connection: Connection, contractId: string, organisationId: string) => {
    const [row] = await connection<{ sellerId: string }[]>`
      select seller_id as "sellerId" from settlement where contract_id = ${contractId}`;
    return row?.sellerId === organisationId ? 'seller' : 'buyer';
  };

  write(app, deps, r.rate, async ({ params, body, connection, principal }) => {
    const now = deps.clock.now();
    const { score, comment, criteria = {} } = body;
    const refusal = await rate(connection, principal, {
      contractId: params.id,
      score,
      comment,
      criteria,
      now,
    });
    const mine = await sideOf(connection, params.id, principal.organisationId);
    return refusal ?? seen(connection, params.id, principal, now, (one) => one.by === mine);
  });
  write(app, deps, r.replyToRating, async ({ params, body, connection, principal }) => {
    const now = deps.clock.now();
    const refusal = await replyToRating(connection, principal, {
      contractId: params.id,
      text: body.text,
      now,
    });
    const mine = await sideOf(connection, params.id, principal.organisationId);
    return refusal ?? seen(connection, params.id, principal, now, (one) => one.by !== mine);
  });
  write(app, deps, r.moderateRating, async ({ params, body, connection, principal }) => {
    const said = { contractId: params.id, by: params.by, ...body, now: deps.clock.now() };
    return (await moderateRating(connection, principal, said)) ?? {};
  });
  read(app, deps, r.ratingsWritten, async ({ query, connection }) => {
    const before = query.cursor === undefined ? undefined : placeOf(query.cursor);
    if (query.cursor !== undefined && !before) return refuse('request.invalid');
    const { items, next } = await ratingsWritten(connection, before, deps.clock.now());
    return { items, nextCursor: next ? `${next.at.toISOString()}_${next.contractId}` : null };
  });
}

function placeOf(cursor: string): { at: Date; contractId: string } | undefined {
  const [, time, contractId] = /^([^_]{20,30})_([0-9a-f-]{36})$/.exec(cursor) ?? [];
  const at = new Date(time ?? '');
  return contractId === undefined || Number.isNaN(at.getTime()) ? undefined : { at, contractId };
}
