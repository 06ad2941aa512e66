/** What deps.ts and other slices may use of trading. */
export { tradeEntryOf } from './journal-entry.ts';
export { regroupMember, resumeMember, stopMember } from './member-stops.ts';
export { openTrading } from './open-business.ts';
export type { LotPort } from './listing-port.ts';
export { TRADING, tradingProjection } from './projection.ts';
export { tradingRoutes } from './routes.ts';
export { tradingWork } from './work.ts';
