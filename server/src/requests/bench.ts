/** What benchmarks measure of this slice. */
import { and, eq, gt, inArray } from 'drizzle-orm';
import type { ListingRow } from '../listings/public.ts';
import { listing } from '../listings/tables.ts';
import { type Connection, orm } from '../platform/db.ts';

export { SUGGESTIONS_MAX } from './limits.ts';
export { marketMatches } from './matching/matches.ts';
export { needsOf } from './matching/needs.ts';
export { judgeLots } from './matching/reasons.ts';
export type { RequestRow } from './tables.ts';

/** Every lot on the market, as rows: what matching would have to read without the columns of the search. */
export async function everyLot(connection: Connection, now: Date): Promise<ListingRow[]> {
  return orm(connection)
    .select()
    .from(listing)
    .where(
      and(
        eq(listing.source, 'member'),
        inArray(listing.state, ['published', 'in_auction']),
        gt(listing.expiresAt, now),
      ),
    );
}
