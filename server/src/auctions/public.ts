/** What deps.ts and other slices may use of auctions. */
export { auctionProjection } from './projection.ts';
export { auctionRoutes } from './routes.ts';
export { auctionWork } from './work.ts';
export type { ListingPort } from './listing-port.ts';
