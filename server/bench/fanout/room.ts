/** The auction whose changes are sent: ten companies in the standing, one bid an update. */
import { randomUUID } from 'node:crypto';
import { lots, ticks } from '@seam/units';
import { type AuctionView, LiveAuctions } from '../../src/exchange/live-view.ts';
import { marketRules } from '../../src/exchange/rules.ts';
import { hotTerms } from '../support/market.ts';

export type Room = { readonly topic: string; view(): AuctionView; bid(): AuctionView };

export function openRoom(): Room {
  const auctionId = randomUUID();
  const companies = Array.from({ length: 10 }, () => randomUUID());
  const terms = hotTerms(auctionId);
  const state = marketRules.create();
  const live = new LiveAuctions();
  let seq = 0;
  const run = (body: object): void => {
    seq += 1;
    const command = { ...body, seq, at: Date.now() } as Parameters<typeof marketRules.step>[1];
    const events = marketRules.step(state, command);
    if (events[0]?.type === 'command_rejected') throw new Error(JSON.stringify(events));
    live.apply({ shard: 0, seq, epoch: 1, at: command.at, actor: null, cmdId: null, command, events });
  };
  run({ type: 'schedule_auction', terms });
  run({ type: 'open_auction', auctionId, deadline: terms.opensAt });
  const room: Room = {
    topic: `auction:${auctionId}`,
    view: () => live.get(auctionId)!,
    bid() {
      const accountId = companies[seq % companies.length]!;
      const amounts = { price: ticks(800 + seq), quantity: lots(200), minimumAcceptable: lots(0) };
      run({ type: 'place_bid', auctionId, accountId, ...amounts });
      return room.view();
    },
  };
  for (let i = 0; i < companies.length; i += 1) room.bid();
  return room;
}
