/** What deps.ts and other slices may use of freight. */
export { FreightBook } from './book.ts';
export { createLane, type LaneDeps } from './lane-commands.ts';
export type { ContractFacts, ContractOf, FreightDeps, IsCarrier } from './ports.ts';
export { releaseAll as releaseRoom } from './rooms.ts';
export type { FreightFigure, FreightPlace, FreightTo } from './route.ts';
export { freightRoutes } from './routes.ts';
export { startFreight } from './start.ts';
export { freightWork } from './work.ts';
