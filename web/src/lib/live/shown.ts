/**
 * What the room shows, from whichever source knows it: the frames of the socket, the same told over HTTP,
 * or, long after the end, the records alone. Those lack what only the market computed for one bidder.
 */
import type { AuctionState } from '@seam/client';
import type { AuctionView, LiveRoom, MyAuctionPosition, MyRoom } from '@seam/protocol';
import { formatMoney, parseMoney, parseTonnes } from '@seam/units';
import type { RoomData } from './read-room.ts';
import { coveredBy, securityFor } from './security.ts';

export type Tape = {
  readonly bids: readonly {
    readonly seq: number;
    readonly at: string;
    readonly bidder: string;
    readonly price: string;
    readonly quantity: string;
    readonly mine: boolean;
  }[];
  readonly awards: readonly AwardLine[];
};
export type AwardLine = {
  readonly bidder: string;
  readonly price: string;
  readonly quantity: string;
  readonly mine: boolean;
};
export type StandingLine = AwardLine & {
  readonly rank: number;
  readonly allocated: string | null;
  /** Of a purchase: what the offer is ranked by. */
  readonly score?: string;
};
export type RoomOf<Format extends LiveRoom['format']> = Extract<LiveRoom, { format: Format }>;
export type MyRoomOf<Format extends LiveRoom['format']> = Extract<MyRoom, { format: Format }>;

export type Shown = {
  readonly state: AuctionView['state'];
  readonly closesAt: string;
  readonly extensions: number;
  /** The close as the terms had it; null where it is not known. */
  readonly plannedClose: string | null;
  readonly marginalPrice: string | null;
  readonly bestPrice: string | null;
  /** What somebody without a bid may name: the lowest, in buying the highest; of a clock and a falling price the price now. */
  readonly nextPrice: string;
  readonly bidCount: number;
  readonly bidderCount: number;
  readonly standing: readonly StandingLine[];
  readonly suspension: string | null;
  readonly suspendedMs: number | null;
  readonly awards: readonly AwardLine[] | null;
  readonly unsold: string | null;
  readonly reason: string | null;
  readonly my: MyShown | null;
  /** What only the format has; null for auctions that the market no longer holds. */
  readonly room: LiveRoom | null;
};
export type MyShown = {
  readonly rank: number | null;
  readonly price: string | null;
  readonly quantity: string | null;
  readonly minimumAcceptable: string | null;
  /** Null where it is not known: not a bid, or no socket. */
  readonly allocated: string | null;
  readonly securityAllocated: string;
  readonly securityRequired: string;
  readonly quantityCovered: string;
  readonly priceToWinNext: string | null;
  readonly room: MyRoom | null;
};

export function shownLive(state: AuctionState): Shown {
  const { suspension, result, my } = state;
  return {
    state: state.state,
    closesAt: state.closesAt,
    extensions: state.extensions,
    plannedClose: state.terms.plannedClose,
    marginalPrice: state.marginalPrice,
    bestPrice: state.standing[0]?.price ?? null,
    nextPrice: state.nextPrice,
    bidCount: state.bidCount,
    bidderCount: state.bidderCount,
    standing: state.standing,
    suspension: suspension?.reason ?? null,
    suspendedMs: suspension?.remainingMs ?? null,
    awards: result?.awards ?? null,
    unsold: result?.unsold ?? null,
    reason: result?.reason ?? null,
    my,
    room: state.room,
  };
}

/** What HTTP told: the room itself, or what its records still say of it. */
export function shownRead({ auction, tape, mine, live }: RoomData): Shown {
  return live === null ? shownHttp(auction, tape, mine) : shownLive(live);
}

const ENDED: readonly string[] = ['awarded', 'unsold', 'voided'];
/** Of these the tape alone says who leads: one price, and the higher the better. */
const RANKED: readonly string[] = ['english'];

function shownHttp(view: AuctionView, tape: Tape, mine: MyAuctionPosition | null): Shown {
  const ended = ENDED.includes(view.state);
  const standing = RANKED.includes(view.format) ? standingOf(tape.bids) : [];
  return {
    state: view.state,
    closesAt: view.closesAt,
    extensions: view.extensions,
    plannedClose: null,
    marginalPrice: view.marginalPrice,
    bestPrice: view.bestPrice,
    nextPrice: nextPriceOf(view),
    bidCount: view.bidCount,
    bidderCount: view.bidderCount,
    standing,
    suspension: view.state === 'suspended' ? view.reason : null,
    suspendedMs: null,
    awards: ended ? tape.awards : null,
    unsold: null,
    reason: ended ? view.reason : null,
    my: mine && myShown(view, mine, standing),
    room: null,
  };
}

/** While a lot is unsold the starting price, then the marginal price plus the increment (the public rule). */
function nextPriceOf({ format, marginalPrice, bidIncrement, startingPrice }: AuctionView): string {
  if (marginalPrice === null || format !== 'english') return startingPrice;
  return formatMoney((parseMoney(marginalPrice) ?? 0n) + (parseMoney(bidIncrement) ?? 0n));
}

function myShown(
  view: AuctionView,
  mine: MyAuctionPosition,
  standing: readonly StandingLine[],
): MyShown | null {
  const { lastBid, securityAllocated } = mine;
  if (lastBid === null && (parseMoney(securityAllocated) ?? 0n) === 0n) return null;
  return {
    rank: standing.find((line) => line.mine)?.rank ?? null,
    price: lastBid?.price ?? null,
    quantity: lastBid?.quantity ?? null,
    minimumAcceptable: lastBid?.minimumAcceptable ?? null,
    allocated: null,
    securityAllocated,
    securityRequired: securityFor(view, lastBid?.quantity ?? '0') ?? '0.00',
    quantityCovered: coveredBy(view, securityAllocated) ?? '0.000',
    priceToWinNext: null,
    room: null,
  };
}

/** The last bid of each bidder in the order of the rules: higher price, larger quantity, earlier bid. */
export function standingOf(bids: Tape['bids']): readonly StandingLine[] {
  const last = new Map(bids.toSorted((a, b) => a.seq - b.seq).map((bid) => [bid.bidder, bid]));
  const order = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);
  return [...last.values()]
    .sort(
      (a, b) =>
        order(parseMoney(a.price) ?? 0n, parseMoney(b.price) ?? 0n) ||
        order(parseTonnes(a.quantity) ?? 0n, parseTonnes(b.quantity) ?? 0n) ||
        a.seq - b.seq,
    )
    .map(({ bidder, price, quantity, mine }, index) => ({
      rank: index + 1,
      bidder,
      price,
      quantity,
      allocated: null,
      mine,
    }));
}
