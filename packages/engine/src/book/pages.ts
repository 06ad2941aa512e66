/**
 * The pages of the index from order id to slot: 256 ids each, in one array, with a directory by id / 256.
 *
 * A page without a living order goes back to the stack of spare ones. Memory for a market living years: 4 bytes for
 * 256 ids ever issued (a billion orders: 16 MB), and 1 KB for 256 ids of which an order still lives, so at
 * worst 1 KB a living order. Nothing is left for a collector to find.
 */
import type { Memory } from './memory.ts';

export const PAGE_BITS = 8;
export const PAGE = 1 << PAGE_BITS;

/** Opens the page of number `page` and gives the offset of its entries, which are all zero. */
export function openPage(memory: Memory, page: number): number {
  if (page >= memory.directory.length) memory.directory = grown(memory.directory, page + 1);
  const offset = memory.spares > 0 ? memory.spare[--memory.spares]! : freshPage(memory);
  memory.directory[page] = offset;
  return offset;
}

/** Closes a page that has lost its last living order. */
export function closePage(memory: Memory, page: number): void {
  memory.spare[memory.spares++] = memory.directory[page]!;
  memory.directory[page] = 0;
}

function freshPage(memory: Memory): number {
  const offset = memory.pagesUsed * PAGE;
  memory.pagesUsed++;
  if (offset === memory.entries.length) {
    memory.entries = grown(memory.entries, offset + PAGE);
    memory.living = grown(memory.living, memory.entries.length / PAGE);
    memory.spare = grown(memory.spare, memory.entries.length / PAGE);
  }
  return offset;
}

function grown(array: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  let { length } = array;
  while (length < least) length *= 2;
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
