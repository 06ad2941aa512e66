/**
 * The next deadline of every auction, earliest first: an indexed binary heap.
 *
 * One entry per id; moving a deadline (an extension) moves the entry. Ties are broken by id, so the
 * order does not depend on insertion and ten thousand auctions closing together close in one order.
 */
import type { Instant } from '@seam/units';
import { compareText } from './canonical.ts';

export type Deadline = { readonly id: string; readonly at: Instant };

export class DeadlineQueue {
  readonly #heap: Deadline[] = [];
  readonly #place = new Map<string, number>();

  get size(): number {
    return this.#heap.length;
  }

  peek(): Deadline | undefined {
    return this.#heap[0];
  }

  /** Adds or moves the deadline of `id`. */
  set(id: string, at: Instant): void {
    const place = this.#place.get(id) ?? this.#heap.length;
    this.#heap[place] = { id, at };
    this.#place.set(id, place);
    this.#settle(place);
  }

  delete(id: string): void {
    const place = this.#place.get(id);
    if (place === undefined) return;
    this.#place.delete(id);
    const last = this.#heap.pop();
    if (last === undefined || last.id === id) return;
    this.#heap[place] = last;
    this.#place.set(last.id, place);
    this.#settle(place);
  }

  /** All deadlines at or before `at`, in order. Visits only those and their children. */
  due(at: Instant): readonly Deadline[] {
    const found: Deadline[] = [];
    const open = [0];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const entry = this.#heap[place];
      if (entry === undefined || entry.at > at) continue;
      found.push(entry);
      open.push(2 * place + 1, 2 * place + 2);
    }
    return found.sort(compareDeadlines);
  }

  #settle(start: number): void {
    let place = start;
    while (place > 0 && this.#swapIfBefore(place, (place - 1) >> 1)) place = (place - 1) >> 1;
    for (;;) {
      const child = this.#leastChild(place);
      if (child === undefined || !this.#swapIfBefore(child, place)) return;
      place = child;
    }
  }

  #leastChild(place: number): number | undefined {
    const left = this.#heap[2 * place + 1];
    const right = this.#heap[2 * place + 2];
    if (left === undefined) return undefined;
    return right !== undefined && compareDeadlines(right, left) < 0 ? 2 * place + 2 : 2 * place + 1;
  }

  /** Swaps when the entry at `lower` belongs before the one at `upper`. */
  #swapIfBefore(lower: number, upper: number): boolean {
    const a = this.#heap[lower];
    const b = this.#heap[upper];
    if (a === undefined || b === undefined || compareDeadlines(a, b) >= 0) return false;
    this.#heap[lower] = b;
    this.#heap[upper] = a;
    this.#place.set(b.id, lower);
    this.#place.set(a.id, upper);
    return true;
  }
}

export function compareDeadlines(a: Deadline, b: Deadline): number {
  return a.at - b.at || compareText(a.id, b.id);
}
