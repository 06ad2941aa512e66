/** The public record over HTTP. Public to the last line, but only when nothing hidden is left to hide. */
import { auctionRecordRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { type HttpDeps, read } from '../../platform/http.ts';
import { refuse } from '../../platform/refusal.ts';
import type { RequestPort } from '../request-port.ts';
import { isMasked, shownAuction } from '../visibility.ts';
import { headsOf, recordOf } from './queries.ts';

const ENDED = new Set(['awarded', 'unsold', 'voided']);

type RecordDeps = HttpDeps & { readonly secret: string; readonly requests: Pick<RequestPort, 'shownTo'> };

export function recordRoutes(app: FastifyInstance, deps: RecordDeps): void {
  read(app, deps, r.auctionHeads, async ({ params, connection, maybePrincipal }) => {
    const row = await shownAuction(connection, deps, params.id, maybePrincipal);
    if (!row) return refuse('resource.not_found');
    const heads = await headsOf(connection, row.id);
    // The number of lines at an extension would tell of rivals.
    return { items: isMasked(row) ? heads.filter(({ cause }) => cause === 'auction_opened') : heads };
  });

  read(app, deps, r.auctionRecord, async ({ params, connection, maybePrincipal, reply }) => {
    const row = await shownAuction(connection, deps, params.id, maybePrincipal);
    if (!row) return refuse('resource.not_found');
    if (!ENDED.has(row.state) || isMasked(row))
      return refuse('auction.record_not_yet', { accepted: { state: row.state } });
    void reply.header('content-disposition', `attachment; filename="auction-${row.id}.json"`);
    const viewer = maybePrincipal?.organisationId ?? null;
    return recordOf(connection, { auctionId: row.id, secret: deps.secret, viewer });
  });
}
