/**
 * One command on its way through a market: what it has told so far, and how to tell more. The book changes while a
 * command is decided, so each event is recorded the moment it is told, and what is decided next sees it.
 */
import type { MarketEvent, StampedMarketCommand } from './types.ts';
import { record } from './record.ts';
import type { Market } from './state.ts';

export type Act = {
  readonly market: Market;
  readonly command: StampedMarketCommand;
  readonly events: MarketEvent[];
};

export function tell({ market, command, events }: Act, event: MarketEvent): void {
  record(market, command, event);
  events.push(event);
}
