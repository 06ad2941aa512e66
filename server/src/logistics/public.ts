/** What deps.ts and other slices may use of logistics. */
export { type PassKey, passKey } from './pass-token.ts';
export { endDelivery } from './commands.ts';
export {
  type DeliveryProgress,
  type DeliveryResult,
  deliveryOrderOfContract,
  deliveryProgress,
  deliveryResult,
} from './queries.ts';
export { logisticsRoutes } from './routes.ts';
export { logisticsWork } from './work.ts';
