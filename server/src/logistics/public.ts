/** What deps.ts and other slices may use of logistics. */
export { type PassKey, passKey } from './pass-token.ts';
export { type DeliveryCaseKind, openCase } from './cases.ts';
export { announceResult, endDelivery, lockOrder } from './commands.ts';
export type { DeliveryOrderRow } from './tables.ts';
export { orderRefusal } from './lifecycle.ts';
export { bookByPaper } from './book-paper.ts';
export { type FinalWeight, finalWeight } from './papers.ts';
export {
  type DeliveryProgress,
  type DeliveryResult,
  type NamesOf,
  deliveryOrderById,
  deliveryOrderOfContract,
  deliveryOrderView,
  deliveryProgress,
  deliveryResult,
} from './queries.ts';
export { logisticsRoutes } from './routes.ts';
export { logisticsWork } from './work.ts';
