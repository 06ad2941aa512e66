/** What a bidder does in an auction of any format, as commands that always end with an outcome. */
import type { AuctionClientFrame } from '@seam/protocol';
import type { CommandKind, Settled, Ticket } from './commands.ts';

type WithoutId<Frame> = Frame extends unknown ? Omit<Frame, 'id'> : never;
/** A frame of `auction-commands.ts` but for its id. Decimals as on the wire. */
export type AuctionCommand = WithoutId<AuctionClientFrame>;

/** Null where the format has none, or the auction hides it. */
type Told = { readonly rank: number | null; readonly allocated: string | null };
export type AuctionSettled = Settled<Told>;
export type AuctionTicket = Ticket<AuctionCommand, Told>;

export const auctionCommands: CommandKind<AuctionCommand, Told> = {
  frame: (id, command) => ({ ...command, id }),
  outcome: (acknowledged) => ('rank' in acknowledged ? acknowledged : undefined),
};
