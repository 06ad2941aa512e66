/**
 * A bidder who never gives up: bids in a closed loop on whatever is open, and after a crash sends
 * the same bid with the same id until it has an answer. Remembers every answer it was given.
 */
import { randomUUID } from 'node:crypto';
import {
  type AuctionSnapshotFrame,
  type AuctionUpdateFrame,
  type ServerFrame,
  SOCKET_PATH,
} from '@seam/protocol';
import { WebSocket } from 'ws';

/** An answer that said: this is in the journal. */
export type Acknowledged = {
  readonly bidder: string;
  readonly id: string;
  readonly auctionId: string;
  readonly seq: number;
  readonly at: string;
  readonly status: 'accepted' | 'rejected';
};

type BidderOptions = {
  readonly name: string;
  readonly random: () => number;
  /** Where the market listens now; undefined while it is down. */
  readonly port: () => number | undefined;
  readonly auctions: () => readonly string[];
};

type OwnBid = {
  id: string;
  frame: { t: 'place_bid'; auctionId: string; price: string; quantity: string };
  sends: number;
};
const RETRY_MS = 20;

export class Bidder {
  readonly acknowledged: Acknowledged[] = [];
  /** Bids that had to be sent more than once. */
  retried = 0;
  readonly #options: BidderOptions;
  readonly #views = new Map<string, AuctionUpdateFrame | AuctionSnapshotFrame>();
  #socket: WebSocket | undefined;
  #bid: OwnBid | undefined;
  #stopping = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BidderOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Resolves once the bid under way has its answer. */
  async stop(): Promise<void> {
    this.#stopping = true;
    while (this.#bid) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    clearTimeout(this.#timer);
    this.#socket?.terminate();
  }

  #connect(): void {
    const port = this.#options.port();
    if (port === undefined) return this.#later(() => this.#connect());
    const token = this.#options.name.padEnd(43, '-');
    const socket = new WebSocket(`ws://127.0.0.1:${port}${SOCKET_PATH}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => {
      if (!this.#stopping || this.#bid) this.#later(() => this.#connect());
    });
    socket.on('message', (data: Buffer) => this.#receive(JSON.parse(data.toString('utf8')) as ServerFrame));
  }

  #receive(frame: ServerFrame): void {
    if (frame.t === 'auction.snapshot' || frame.t === 'auction.update')
      this.#views.set(frame.auctionId, frame);
    if (frame.t === 'welcome') return this.#next();
    if (frame.t === 'ack' && frame.id === this.#bid?.id) {
      const { id, seq, at, outcome } = frame;
      const { auctionId } = this.#bid.frame;
      this.acknowledged.push({ bidder: this.#options.name, id, auctionId, seq, at, status: outcome.status });
      this.#bid = undefined;
      return this.#next();
    }
    if (frame.t === 'err' && frame.id === this.#bid?.id) {
      // Not an answer about the bid: it is sent again until there is one.
      this.#later(() => this.#next());
    }
  }

  #next(): void {
    if (!this.#bid && this.#stopping) return;
    const fresh = (this.#bid ??= this.#newBid());
    if (!fresh) return this.#later(() => this.#next());
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    fresh.sends += 1;
    if (fresh.sends === 2) this.retried += 1;
    this.#socket.send(JSON.stringify({ ...fresh.frame, id: fresh.id }));
  }

  #newBid(): OwnBid | undefined {
    const { auctions, random } = this.#options;
    const open = auctions();
    const auctionId = open[Math.floor(random() * open.length)];
    if (auctionId === undefined) return undefined;
    if (!this.#views.has(auctionId))
      this.#socket?.send(JSON.stringify({ t: 'subscribe', topic: `auction:${auctionId}` }));
    const view = this.#views.get(auctionId);
    if (!view) return undefined;
    const floor = Math.max(Number(view.nextPrice), Number(view.my?.price ?? 0) + 1);
    const price = (floor + Math.floor(random() * 3)).toFixed(2);
    const lots = Math.max(Number(view.my?.quantity ?? 0) / 50, 5 + Math.floor(random() * 30));
    const frame = { t: 'place_bid', auctionId, price, quantity: String(lots * 50) } as const;
    return { id: randomUUID(), frame, sends: 0 };
  }

  #later(run: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(run, RETRY_MS);
  }
}
