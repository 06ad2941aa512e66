/** What a long-term contract does by itself: it opens when it binds, and wakes when something is due. */
import { bindingContract } from '../contracts/public.ts';
import type { Clock } from '../platform/clock.ts';
import type { Tx } from '../platform/db.ts';
import { orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import type { WorkHandler, WorkItem } from '../platform/outbox.ts';
import { advance } from './advance.ts';
import { longTerm } from './tables.ts';

export function longTermWork({ clock }: { readonly clock: Clock }): WorkHandler[] {
  return [
    { topic: 'long_term.open', write: async (tx, item) => open(tx, idOf(item), clock.now()) },
    {
      topic: 'long_term.advance',
      async write(tx, item) {
        await advance(tx, idOf(item), clock.now());
      },
    },
  ];
}

async function open(tx: Tx, contractId: string, now: Date): Promise<void> {
  const contract = await bindingContract(tx, contractId);
  assert(contract, `call-offs of contract ${contractId}, which does not bind`);
  const { sellerId, buyerId } = contract;
  await orm(tx)
    .insert(longTerm)
    .values({ contractId, sellerId, buyerId, openedAt: now })
    .onConflictDoNothing();
  await advance(tx, contractId, now);
}

function idOf(item: WorkItem): string {
  const id = item.payload['contractId'];
  assert(typeof id === 'string', `work ${item.topic} without contractId`);
  return id;
}
