/** The commands of this visit, newest first, each with what became of it; over the socket, else over HTTP. */
import { type AuctionTicket, type BidOutcome, type LiveSocket, randomId } from '@seam/client';
import type { BidReceipt } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { type Command, bodyOf } from './command.ts';

export type Placed = {
  readonly id: string;
  readonly command: Command;
  readonly outcome: BidOutcome;
  /** Sends an unknown command again under its id: it can never count twice. */
  readonly askAgain: () => void;
};
export type Bids = {
  readonly all: readonly Placed[];
  readonly pending: boolean;
  /** @returns its id. */
  send(command: Command): string;
  /** What the socket says about one of them. */
  changed(ticket: AuctionTicket): void;
};

/** More than anybody looks back on. */
const KEPT = 20;
/** Answers after which the command may be in the journal all the same. */
const UNKNOWN: readonly string[] = [
  'client.unreachable',
  'bid.outcome_unknown',
  'service.unavailable',
  'internal.error',
];

export function roomBids(of: {
  auctionId: string;
  socket: () => LiveSocket | undefined;
  /** A command over HTTP was answered. */
  settled: () => void;
}): Bids {
  let all = $state.raw<readonly Placed[]>([]);
  const path = `/v1/auctions/${encodeURIComponent(of.auctionId)}/bids` as const;

  function put(next: Placed): void {
    const known = all.some((one) => one.id === next.id);
    all = known ? all.map((one) => (one.id === next.id ? next : one)) : [next, ...all].slice(0, KEPT);
  }
  function fromTicket({ id, command, outcome, askAgain }: AuctionTicket): Placed {
    const { auctionId: _, ...rest } = command;
    return { id, command: rest, outcome, askAgain };
  }

  async function post(id: string, command: Command): Promise<void> {
    const again = (): void => void post(id, command);
    put({ id, command, outcome: { status: 'pending' }, askAgain: again });
    const result = await call<BidReceipt>(globalThis.fetch, 'POST', path, { body: bodyOf(id, command) });
    put({ id, command, outcome: outcomeOf(result), askAgain: again });
    of.settled();
  }

  return {
    get all() {
      return all;
    },
    get pending() {
      return all.some(({ outcome }) => outcome.status === 'pending');
    },
    send(command) {
      const socket = of.socket();
      if (socket) {
        const ticket = socket.auction({ ...command, auctionId: of.auctionId });
        put(fromTicket(ticket));
        return ticket.id;
      }
      const id = randomId();
      void post(id, command);
      return id;
    },
    changed(ticket) {
      if (all.some(({ id }) => id === ticket.id)) put(fromTicket(ticket));
    },
  };
}

type PostResult = Awaited<ReturnType<typeof call<BidReceipt>>>;

function outcomeOf(result: PostResult): BidOutcome {
  if (result.ok) {
    const { seq, at, rank, allocated } = result.data;
    return { status: 'accepted', seq, at, rank, allocated };
  }
  const { code, accepted = {} } = result.problem;
  return UNKNOWN.includes(code)
    ? { status: 'unknown', code }
    : { status: 'rejected', code, accepted, seq: null };
}
