/** The market of the listings' tests with a search over it. */
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { ListingDeps } from '../../listings/public.ts';
import { listingRoutes, withImported } from '../../listings/public.ts';
import { type Market, openMarket } from '../../listings/testing.ts';
import { searchRoutes } from '../routes.ts';
import { Search, type SearchOptions } from '../search.ts';

export const MAIL_SECRET = 'a secret of this test';

export type SearchMarket = Market & { readonly search: Search; readonly options: SearchOptions };

export async function openSearchMarket(): Promise<SearchMarket> {
  let search: Search | undefined;
  let options: SearchOptions | undefined;
  const market = await openMarket((app: FastifyInstance, deps: ListingDeps) => {
    const organisations = withImported(deps.organisations);
    options = { sql: deps.sql, organisations, clock: deps.clock, log: pino({ level: 'silent' }) };
    search = new Search(options);
    const nudging = { ...deps, wake: () => search!.feed.nudge() };
    listingRoutes(app, nudging);
    searchRoutes(app, { ...nudging, organisations, search, mail: { secret: MAIL_SECRET, isSent: true } });
  });
  return { ...market, search: search!, options: options! };
}
