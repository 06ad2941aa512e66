/** The public record over HTTP. Public to the last line, but only when nothing hidden is left to hide. */
import { auctionRecordRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { type HttpDeps, read } from '../../platform/http.ts';
import { refuse } from '../../platform/refusal.ts';
import { auctionById } from '../commands.ts';
import { headsOf, recordOf } from './queries.ts';

const ENDED = new Set(['awarded', 'unsold', 'voided']);

export function recordRoutes(app: FastifyInstance, deps: HttpDeps & { readonly secret: string }): void {
  read(app, deps, r.auctionHeads, async ({ params, connection }) => {
    const row = await auctionById(connection, params.id);
    return row ? { items: await headsOf(connection, row.id) } : refuse('resource.not_found');
  });

  read(app, deps, r.auctionRecord, async ({ params, connection, maybePrincipal, reply }) => {
    const row = await auctionById(connection, params.id);
    if (!row) return refuse('resource.not_found');
    if (!ENDED.has(row.state)) return refuse('auction.record_not_yet', { accepted: { state: row.state } });
    void reply.header('content-disposition', `attachment; filename="auction-${row.id}.json"`);
    const viewer = maybePrincipal?.organisationId ?? null;
    return recordOf(connection, { auctionId: row.id, secret: deps.secret, viewer });
  });
}
