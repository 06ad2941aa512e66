import type { Clock } from '../platform/clock.ts';
import { assert } from '../platform/fault.ts';
import type { WorkHandler, WorkItem } from '../platform/outbox.ts';
import { issueDeliveryOrder } from './commands.ts';
import { LIFTING_OVER_TOPIC, endLifting } from './liftings.ts';
import { PASS_OVER_TOPIC, endPass } from './passes.ts';

export function logisticsWork({ clock }: { readonly clock: Clock }): WorkHandler[] {
  return [
    {
      topic: 'logistics.issue_delivery_order',
      write: async (tx, item) => issueDeliveryOrder(tx, named(item, 'contractId')),
    },
    {
      topic: LIFTING_OVER_TOPIC,
      write: async (tx, item) => endLifting(tx, named(item, 'liftingId'), clock.now()),
    },
    {
      topic: PASS_OVER_TOPIC,
      write: async (tx, item) => endPass(tx, named(item, 'passId'), clock.now()),
    },
  ];
}

function named(item: WorkItem, name: string): string {
  const id = item.payload[name];
  assert(typeof id === 'string', `work ${item.topic} without ${name}`);
  return id;
}
