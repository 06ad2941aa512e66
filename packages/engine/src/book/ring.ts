/**
 * What happens when a new order takes the place of a living one in the ring of ids.
 *
 * The older goes to the map; when a quarter of the ring has had to, the ring doubles. So it has at most eight entries
 * (4 bytes each) for every order that has lived at one time, and the map holds living orders only.
 */
import { ID, type Memory } from './memory.ts';

/** `slot` has just lost its place. */
export function retire(memory: Memory, slot: number): void {
  memory.old.set(memory.orders[slot + ID]!, slot);
  if (memory.old.size > memory.ring.length >>> 2) widenRing(memory);
}

function widenRing(memory: Memory): void {
  const { orders, old } = memory;
  const slots = [...memory.ring.filter((slot) => slot !== 0), ...old.values()];
  memory.ring = new Int32Array(memory.ring.length * 2);
  memory.mask = memory.ring.length - 1;
  old.clear();
  // The oldest first, so that the newest end up in the ring.
  slots.sort((a, b) => orders[a + ID]! - orders[b + ID]!);
  for (const slot of slots) {
    const place = orders[slot + ID]! & memory.mask;
    const before = memory.ring[place]!;
    if (before !== 0) old.set(orders[before + ID]!, before);
    memory.ring[place] = slot;
  }
}
