/** A bid in an auction, as a command that always ends with an outcome. */
import type { CommandKind, Settled, Ticket } from './commands.ts';

/** Decimals as on the wire: money per tonne, tonnes. */
export type Bid = {
  readonly auctionId: string;
  readonly price: string;
  readonly quantity: string;
  readonly minimumAcceptable?: string;
};

type Standing = { readonly rank: number | null; readonly allocated: string | null };
export type BidSettled = Settled<Standing>;
export type BidTicket = Ticket<Bid, Standing>;
export type BidOutcome = BidTicket['outcome'];

export const bids: CommandKind<Bid, Standing> = {
  frame: (id, bid) => ({ t: 'place_bid', id, ...bid }),
  outcome: (acknowledged) => ('rank' in acknowledged ? acknowledged : undefined),
};
