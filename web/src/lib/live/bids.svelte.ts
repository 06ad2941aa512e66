/** The bids of this visit, newest first, each with what became of it; over the socket, else over HTTP. */
import { type Bid, type BidOutcome, type BidTicket, type LiveSocket, randomId } from '@seam/client';
import { call } from '#lib/api/call.ts';

export type PlacedBid = {
  readonly id: string;
  readonly bid: Bid;
  readonly outcome: BidOutcome;
  /** Sends an unknown bid again under its id: it can never count twice. */
  readonly askAgain: () => void;
};
export type Bids = {
  readonly all: readonly PlacedBid[];
  readonly pending: boolean;
  place(bid: Omit<Bid, 'auctionId'>): void;
  /** What the socket says about one of them. */
  changed(ticket: BidTicket): void;
};

type Receipt = { seq: number; at: string };
/** More than anybody looks back on. */
const KEPT = 20;
/** Answers after which the bid may be in the journal all the same. */
const UNKNOWN: readonly string[] = [
  'client.unreachable',
  'bid.outcome_unknown',
  'service.unavailable',
  'internal.error',
];

export function roomBids(of: {
  auctionId: string;
  socket: () => LiveSocket | undefined;
  /** A bid over HTTP was answered. */
  settled: () => void;
}): Bids {
  let all = $state.raw<readonly PlacedBid[]>([]);

  function put(next: PlacedBid): void {
    const known = all.some((one) => one.id === next.id);
    all = known ? all.map((one) => (one.id === next.id ? next : one)) : [next, ...all].slice(0, KEPT);
  }
  const fromTicket = ({ id, command: bid, outcome, askAgain }: BidTicket): PlacedBid => ({
    id,
    bid,
    outcome,
    askAgain,
  });

  async function post(id: string, bid: Bid): Promise<void> {
    const again = (): void => void post(id, bid);
    put({ id, bid, outcome: { status: 'pending' }, askAgain: again });
    const { auctionId, ...terms } = bid;
    const result = await call<Receipt>(
      globalThis.fetch,
      'POST',
      `/v1/auctions/${encodeURIComponent(auctionId)}/bids`,
      { body: { commandId: id, ...terms } },
    );
    put({ id, bid, outcome: outcomeOf(result), askAgain: again });
    of.settled();
  }

  return {
    get all() {
      return all;
    },
    get pending() {
      return all.some(({ outcome }) => outcome.status === 'pending');
    },
    place(terms) {
      const bid: Bid = { auctionId: of.auctionId, ...terms };
      const socket = of.socket();
      if (socket) put(fromTicket(socket.placeBid(bid)));
      else void post(randomId(), bid);
    },
    changed(ticket) {
      if (all.some(({ id }) => id === ticket.id)) put(fromTicket(ticket));
    },
  };
}

type PostResult = Awaited<ReturnType<typeof call<Receipt>>>;

function outcomeOf(result: PostResult): BidOutcome {
  if (result.ok) {
    const { seq, at } = result.data;
    return { status: 'accepted', seq, at, rank: null, allocated: null };
  }
  const { code, accepted = {} } = result.problem;
  return UNKNOWN.includes(code)
    ? { status: 'unknown', code }
    : { status: 'rejected', code, accepted, seq: null };
}
