import type { Clock } from '../platform/clock.ts';
import { assert } from '../platform/fault.ts';
import type { WorkHandler, WorkItem } from '../platform/outbox.ts';
import { documentDue } from './answers.ts';
import { CLAIM_DUE_TOPIC, assess, claimDue } from './claims.ts';
import { DOCUMENT_DUE_TOPIC } from './documents.ts';

export function carriageWork({ clock }: { readonly clock: Clock }): WorkHandler[] {
  return [
    {
      topic: 'carriage.assess',
      write: async (tx, item) => assess(tx, named(item, 'deliveryOrderId'), clock.now()),
    },
    {
      topic: DOCUMENT_DUE_TOPIC,
      write: async (tx, item) => documentDue(tx, named(item, 'documentId'), clock.now()),
    },
    {
      topic: CLAIM_DUE_TOPIC,
      write: async (tx, item) => claimDue(tx, named(item, 'claimId'), clock.now()),
    },
  ];
}

function named(item: WorkItem, name: string): string {
  const id = item.payload[name];
  assert(typeof id === 'string', `work ${item.topic} without ${name}`);
  return id;
}
