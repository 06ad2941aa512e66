/** What happens by itself: the market is looked through, requests, answers and pools end in their time. */
import type { WorkHandler } from '../platform/outbox.ts';
import { EXPIRE_REQUEST_TOPIC, MATCH_REQUEST_TOPIC, expireRequest } from './commands/requests.ts';
import { EXPIRE_RESPONSE_TOPIC, expireResponse } from './commands/responses.ts';
import { lockRequest, settleRequest } from './commands/state.ts';
import { isLive } from './lifecycle.ts';
import { matchMarket } from './matching/matches.ts';
import { END_POOL_TOPIC, endPool } from './pools/commands.ts';
import type { RequestDeps } from './ports.ts';

type WorkDeps = Pick<RequestDeps, 'clock' | 'search' | 'freight' | 'accountOf' | 'organisations'>;

export function requestWork(deps: WorkDeps): WorkHandler[] {
  return [
    {
      topic: MATCH_REQUEST_TOPIC,
      async write(tx, item) {
        const row = await lockRequest(tx, String(item.payload['requestId']));
        if (!row || !isLive(row.state)) return;
        const found = await matchMarket(deps, tx, row);
        if (!found) return;
        await settleRequest(tx, row, {
          matchedLots: found.pass.fitting.length,
          matchedAt: deps.search.feed.asOf,
        });
      },
    },
    {
      topic: EXPIRE_REQUEST_TOPIC,
      write: async (tx, item) => expireRequest(tx, String(item.payload['requestId']), deps.clock.now()),
    },
    {
      topic: EXPIRE_RESPONSE_TOPIC,
      write: async (tx, item) => expireResponse(tx, String(item.payload['responseId']), deps.clock.now()),
    },
    {
      topic: END_POOL_TOPIC,
      write: async (tx, item) => endPool(tx, deps, String(item.payload['poolId'])),
    },
  ];
}
