/** What benchmarks measure of this slice. */
import { type ListingRow, listingsById } from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';

export { SUGGESTIONS_MAX } from './limits.ts';
export { marketMatches } from './matching/matches.ts';
export { needsOf } from './matching/needs.ts';
export { judgeLots } from './matching/reasons.ts';
export type { RequestRow } from './tables.ts';

/** Every lot on the market, as rows: what matching would have to read without the columns of the search. */
export async function everyLot(connection: Connection, now: Date): Promise<ListingRow[]> {
  const found = await connection<{ id: string }[]>`
    select id from listing
     where source = 'member' and state in ('published', 'in_auction') and expires_at > ${now}`;
  return [
    ...(
      await listingsById(
        connection,
        found.map(({ id }) => id),
      )
    ).values(),
  ];
}
