/** What other slices may use of contracts. */
export { type NewSale, createSale } from './sales.ts';
export { contractOfOrigin } from './queries.ts';
