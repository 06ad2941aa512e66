/** The order book core: integers in, integers out. */
export { Book } from './book.ts';
export { type BookEvent, readEvents } from './read-events.ts';
export * from './types.ts';
