import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Pending, pend } from './pending.ts';
import { PendingTable } from './pending-table.ts';
import { bid } from './testing/market.ts';

/** Few slots are asked for, so that nearly all collide. */
function pending(actor: number, cmdId: number): Pending {
  const made = pend(
    { ...bid({ auctionId: 'a', by: 'x', price: 900, cmdId: `k${cmdId}` }), actor: `org:${actor}` },
    0,
  );
  return { ...made, fingerprint: { high: 1, low: (actor * 7 + cmdId) % 11 } };
}

const action = fc.tuple(fc.constantFrom('add', 'delete', 'get'), fc.nat({ max: 3 }), fc.nat({ max: 60 }));

it('a table of waiting commands is a map by actor and id, whatever collides, comes and goes', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 400 }), (actions) => {
      const table = new PendingTable();
      const map = new Map<string, Pending>();
      for (const [what, actor, cmdId] of actions) {
        const named = pending(actor, cmdId);
        const key = `${actor} ${cmdId}`;
        const known = map.get(key);
        expect(table.get(named)).toBe(known);
        if (what === 'add' && !known) {
          table.add(named);
          map.set(key, named);
        }
        // Another object of the same name is not the one that waits.
        if (what === 'delete') expect(table.delete(named)).toBe(false);
        if (what === 'delete' && known) {
          expect(table.delete(known)).toBe(true);
          map.delete(key);
        }
        expect(table.size).toBe(map.size);
      }
      for (const waiting of map.values()) expect(table.get(waiting)).toBe(waiting);
    }),
  );
});

it('grows with what waits, and forgets nothing on the way', () => {
  const table = new PendingTable();
  const all = Array.from({ length: 5_000 }, (_, i) =>
    pend(bid({ auctionId: 'a', by: 'x', price: 900, cmdId: `k${i}` }), 0),
  );
  for (const one of all) table.add(one);
  expect(all.every((one) => table.get(one) === one)).toBe(true);
  for (const one of all) table.delete(one);
  expect(table.size).toBe(0);
  expect(all.some((one) => table.get(one))).toBe(false);
});
