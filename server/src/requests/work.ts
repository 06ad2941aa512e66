/** Requests and answers end by themselves: a row of work each, due when their time is over. */
import type { WorkHandler } from '../platform/outbox.ts';
import { EXPIRE_REQUEST_TOPIC, EXPIRE_RESPONSE_TOPIC, expireRequest, expireResponse } from './commands.ts';
import type { RequestDeps } from './ports.ts';

export function requestWork(deps: Pick<RequestDeps, 'clock'>): WorkHandler[] {
  return [
    {
      topic: EXPIRE_REQUEST_TOPIC,
      write: async (tx, item) => expireRequest(tx, String(item.payload['requestId']), deps.clock.now()),
    },
    {
      topic: EXPIRE_RESPONSE_TOPIC,
      write: async (tx, item) => expireResponse(tx, String(item.payload['responseId']), deps.clock.now()),
    },
  ];
}
