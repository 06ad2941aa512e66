import { assert } from '../platform/fault.ts';
import type { WorkHandler } from '../platform/outbox.ts';
import { issueDeliveryOrder } from './commands.ts';

export function logisticsWork(): WorkHandler[] {
  return [
    {
      topic: 'logistics.issue_delivery_order',
      async write(tx, item) {
        const contractId = item.payload['contractId'];
        assert(typeof contractId === 'string', `work ${item.topic} without contractId`);
        await issueDeliveryOrder(tx, contractId);
      },
    },
  ];
}
