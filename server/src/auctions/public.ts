/** What deps.ts and other slices may use of auctions. */
export { type JournalEntryRef, closingEntryOf } from './journal-entry.ts';
export { barMember, barRelated } from './member-stops.ts';
export { openAuctions } from './open-business.ts';
export { auctionProjection } from './projection.ts';
export { recordProjection } from './record/projection.ts';
export { recordRoutes } from './record/routes.ts';
export { auctionRoutes } from './routes.ts';
export { auctionWork } from './work.ts';
export { mayWatchAuction } from './visibility.ts';
export type { ListingPort } from './listing-port.ts';
export type { RequestPort } from './request-port.ts';
