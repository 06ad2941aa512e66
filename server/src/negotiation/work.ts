/** Offers end at their second, and talks when they have fallen silent: a row of work for each. */
import type { Tx } from '../platform/db.ts';
import type { WorkHandler } from '../platform/outbox.ts';
import { IDLE_TOPIC, endIdle } from './idle.ts';
import { EXPIRE_OFFER_TOPIC, expireOffer } from './offers.ts';
import type { NegotiationDeps } from './ports.ts';

export function negotiationWork(deps: Pick<NegotiationDeps, 'clock' | 'requests'>): WorkHandler[] {
  return [
    {
      topic: EXPIRE_OFFER_TOPIC,
      write: async (tx: Tx, item) => expireOffer(tx, String(item.payload['offerId']), deps.clock.now()),
    },
    {
      topic: IDLE_TOPIC,
      write: async (tx: Tx, item) => endIdle(tx, deps, String(item.payload['negotiationId'])),
    },
  ];
}
