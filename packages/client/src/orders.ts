/** What a member does in an order book, as commands that always end with an outcome. */
import type { CancelOutcome, MarketClientFrame, OrderOutcome, OrdersOutcome } from '@seam/protocol';
import type { CommandKind, Settled, Ticket } from './commands.ts';

type WithoutId<Frame> = Frame extends unknown ? Omit<Frame, 'id'> : never;
/** A frame of `market-frames.ts` but for its id. Decimals as on the wire. */
export type OrderCommand = WithoutId<MarketClientFrame>;

type Told = Omit<OrderOutcome, 'status'> | Omit<OrdersOutcome, 'status'> | Omit<CancelOutcome, 'status'>;
export type OrderSettled = Settled<Told>;
export type OrderTicket = Ticket<OrderCommand, Told>;

export const orders: CommandKind<OrderCommand, Told> = {
  frame: (id, command) => ({ ...command, id }),
  outcome: (acknowledged) => ('rank' in acknowledged ? undefined : acknowledged),
};
