/** The order book core: integers in, integers out. */
export { Book } from './book.ts';
export { type Clearing, type PriceQuantity, clearing, proRata } from './clearing.ts';
export { type AccountDump, type BookDump, dump, restoreBook } from './dump.ts';
export type { EventBuffer } from './events.ts';
export { type BookEvent, readEvents } from './read-events.ts';
export { type Placed, execute, reduceTo, remove, repeat, rest } from './repeat.ts';
export * from './types.ts';
export { VWAP_SCALE, vwap } from './vwap.ts';
export { type Margin, resolveCrossed, uncross } from './uncross.ts';
