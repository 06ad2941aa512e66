/** Requests for transport end by themselves: a row of work each, due when their time is over. */
import type { Clock } from '../platform/clock.ts';
import type { WorkHandler } from '../platform/outbox.ts';
import { EXPIRE_TRANSPORT_TOPIC, expireTransport } from './transport.ts';

export function freightWork(deps: { readonly clock: Clock }): WorkHandler[] {
  return [
    {
      topic: EXPIRE_TRANSPORT_TOPIC,
      write: async (tx, item) => expireTransport(tx, String(item.payload['requestId']), deps.clock.now()),
    },
  ];
}
