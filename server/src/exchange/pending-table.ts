/**
 * The commands that wait for their outcome, by actor and id.
 *
 * Not a Map: a Map that things pass through is rebuilt again and again, and each old table keeps the next
 * one and all that went through it from the collector's young generation. At some ten thousand bids a
 * second that was a third of what survived, and the longest pauses.
 */
import type { Pending } from './pending.ts';

type Named = Pick<Pending, 'fingerprint' | 'submission'>;

const FIRST_SLOTS = 1 << 10;

export class PendingTable {
  /** Linear probing: whoever is not at its own slot is right behind others that want the same ones. */
  #slots: (Pending | undefined)[] = empty(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(named: Named): Pending | undefined {
    for (let slot = this.#home(named); ; slot = this.#after(slot)) {
      const found = this.#slots[slot];
      if (found === undefined || isSame(found, named)) return found;
    }
  }

  /** @param pending whose actor and id are not here yet. */
  add(pending: Pending): void {
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    this.#put(pending);
  }

  /** Removes this very object; another under the same name stays. @returns whether it was here. */
  delete(pending: Pending): boolean {
    let hole = this.#home(pending);
    while (this.#slots[hole] !== pending) {
      if (this.#slots[hole] === undefined) return false;
      hole = this.#after(hole);
    }
    this.#slots[hole] = undefined;
    this.#size -= 1;
    // Whoever was pushed past the hole moves back, or it would not be found again.
    for (let slot = this.#after(hole); ; slot = this.#after(slot)) {
      const next = this.#slots[slot];
      if (next === undefined) return true;
      this.#slots[slot] = undefined;
      this.#put(next);
    }
  }

  #put(pending: Pending): void {
    let slot = this.#home(pending);
    while (this.#slots[slot] !== undefined) slot = this.#after(slot);
    this.#slots[slot] = pending;
  }

  #grow(): void {
    const all = this.#slots;
    this.#slots = empty(all.length * 2);
    for (const pending of all) if (pending) this.#put(pending);
  }

  #home({ fingerprint }: Named): number {
    return fingerprint.low & (this.#slots.length - 1);
  }

  #after(slot: number): number {
    return (slot + 1) & (this.#slots.length - 1);
  }
}

function isSame(a: Named, b: Named): boolean {
  return a.submission.cmdId === b.submission.cmdId && a.submission.actor === b.submission.actor;
}

function empty(slots: number): undefined[] {
  return Array.from({ length: slots }, () => undefined);
}
