/** What deps.ts and other slices may use of logistics. */
export { type PassKey, passKey } from './pass-token.ts';
export { type DeliveryResult, deliveryOrderOfContract, deliveryResult } from './queries.ts';
export { logisticsRoutes } from './routes.ts';
export { logisticsWork } from './work.ts';
