import type { Clock } from '../platform/clock.ts';
import { assert } from '../platform/fault.ts';
import type { WorkHandler } from '../platform/outbox.ts';
import { endChallengeTime } from './analysis.ts';

export function qualityWork(deps: { readonly clock: Clock }): WorkHandler[] {
  return [
    {
      topic: 'quality.challenge_end',
      async write(tx, item) {
        const id = item.payload['deliveryOrderId'];
        assert(typeof id === 'string', `work ${item.topic} without deliveryOrderId`);
        await endChallengeTime(tx, id, deps.clock.now());
      },
    },
  ];
}
