/** Who may know of an auction at all, and what is kept from bidders while it runs. */
import type { Sql } from 'postgres';
import { directionOf } from '../exchange/format-terms.ts';
import type { AuctionView as LiveAuction } from '../exchange/live-view.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import { eq } from 'drizzle-orm';
import type { Principal } from '../platform/principal.ts';
import type { RequestPort, Viewer } from './request-port.ts';
import { type AuctionRow, auction } from './tables.ts';

type Seeing = { readonly requests: Pick<RequestPort, 'shownTo'> };

const OVER: readonly AuctionRow['state'][] = ['standstill', 'awarded', 'unsold'];

/** Over HTTP the same mask as on the socket (`exchange/masking.ts`): bidders are not to see each other yet. */
export function isMasked({ terms, state }: Pick<AuctionRow, 'terms' | 'state'>): boolean {
  return (terms.visibility ?? 'open') !== 'open' && !OVER.includes(state);
}

/** The auction for a request to invited companies is there for those, its buyer and the centre; for nobody else. */
export async function isShown(
  connection: Connection,
  { requests }: Seeing,
  { requestId, ownerId }: Pick<AuctionRow, 'requestId' | 'ownerId'>,
  viewer: Viewer,
): Promise<boolean> {
  if (requestId === null || viewer?.staff || viewer?.organisationId === ownerId) return true;
  return (await requests.shownTo(connection, [requestId], viewer)).has(requestId);
}

/** @returns undefined when there is none, or none for this viewer. */
export async function shownAuction(
  connection: Connection,
  deps: Seeing,
  id: string,
  viewer: Viewer,
): Promise<AuctionRow | undefined> {
  const row = first(await orm(connection).select().from(auction).where(eq(auction.id, id)));
  return row && (await isShown(connection, deps, row, viewer)) ? row : undefined;
}

/** For the socket: answered at once for everything but the room of a purchase. */
export function mayWatchAuction(
  deps: Seeing & { readonly sql: Sql; readonly live: (auctionId: string) => LiveAuction | undefined },
) {
  return (principal: Principal, topic: string): boolean | Promise<boolean> => {
    const [kind, id = ''] = topic.split(':', 2);
    const running = kind === 'auction' ? deps.live(id) : undefined;
    if (!running || principal.staff || directionOf(running.terms) === 'sell') return true;
    return shownAuction(deps.sql, deps, id, principal).then((row) => row !== undefined);
  };
}
