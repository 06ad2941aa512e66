/**
 * The live socket of the exchange as a client wants it: always coming back, always saying how old its
 * knowledge is, never in doubt about a bid or an order without saying so.
 */
import type { ServerFrame } from '@seam/protocol';
import { type AuctionCommand, type AuctionTicket, auctionCommands } from './auction-commands.ts';
import { type Bid, type BidTicket, bids } from './bids.ts';
import { Commands, type Ticket } from './commands.ts';
import { type OrderCommand, type OrderTicket, orders } from './orders.ts';
import { CLOCK_SUSPECT_MS, PING_BURST_EVERY_MS, PING_EVERY_MS } from './limits.ts';
import { type EndReason, Link, type LinkState, type WebSocketLike } from './link.ts';
import { ServerTime } from './server-time.ts';
import { type Time, systemTime } from './time.ts';
import { type StateOf, type TopicListener, type TopicName, Topics } from './topics.ts';

/** Browsers give the cookie by themselves; others pass a token, in a header that only they can set. */
export type WebSocketConstructor = new (url: string, options?: never) => WebSocketLike;

export type SocketOptions = {
  /** `wss://…/v1/socket` */
  readonly url: string;
  readonly token?: string;
  readonly WebSocketImpl?: WebSocketConstructor;
  readonly time?: Time;
  /** In [0, 1): jitter. */
  readonly random?: () => number;
  readonly newId?: () => string;
};

export type SocketStatus = {
  readonly state: LinkState;
  readonly ended: EndReason | null;
  readonly attempt: number;
  /** By this machine's clock, ms; null before the first message. */
  readonly lastMessageAtMs: number | null;
  /** Server time minus this machine's, ms. */
  readonly offsetMs: number;
  readonly roundTripMs: number | null;
};

export type LiveSocket = {
  readonly status: SocketStatus;
  onStatus(listener: (status: SocketStatus) => void): () => void;
  /** Listens to a topic until the returned function is called. */
  subscribe<Topic extends TopicName>(topic: Topic, listener: TopicListener<StateOf<Topic>>): () => void;
  /** Only a live line takes a bid; its outcome may be `unknown`, its `id` then names it for ever. */
  placeBid(bid: Bid, id?: string): BidTicket;
  onBid(listener: (ticket: BidTicket) => void): () => void;
  /** What any format of auction takes: a clock's quantity, a falling price, a sealed bid. Taken like a bid. */
  auction(command: AuctionCommand, id?: string): AuctionTicket;
  onAuction(listener: (ticket: AuctionTicket) => void): () => void;
  /** Places, amends and cancels in an order book: taken like a bid. */
  order(command: OrderCommand, id?: string): OrderTicket;
  onOrder(listener: (ticket: OrderTicket) => void): () => void;
  /** The server's time now, ms. */
  nowMs(): number;
  /** Tries at once instead of after the pause; also after `ended`. */
  reconnect(): void;
  close(): void;
};

export function openSocket(options: SocketOptions): LiveSocket {
  return new Socket(options);
}

/** What an accepted command of a ticket tells beside its place. */
type Outcome<T> = T extends Ticket<infer _, infer Told> ? Told : never;

class Socket implements LiveSocket {
  readonly #time: Time;
  readonly #link: Link;
  readonly #topics: Topics;
  readonly #bids: Commands<Bid, Outcome<BidTicket>>;
  readonly #auctions: Commands<AuctionCommand, Outcome<AuctionTicket>>;
  readonly #orders: Commands<OrderCommand, Outcome<OrderTicket>>;
  readonly #serverTime = new ServerTime();
  readonly #statusListeners = new Set<(status: SocketStatus) => void>();
  readonly #bidListeners = new Set<(ticket: BidTicket) => void>();
  readonly #auctionListeners = new Set<(ticket: AuctionTicket) => void>();
  readonly #orderListeners = new Set<(ticket: OrderTicket) => void>();
  readonly #pings = new Map<string, number>();
  #pingCount = 0;
  #cancelPing = (): void => {};

  constructor(options: SocketOptions) {
    const { url, token, WebSocketImpl, newId = randomId } = options;
    const Impl = WebSocketImpl ?? globalThis.WebSocket;
    this.#time = options.time ?? systemTime;
    const send = (frame: object): boolean => this.#link.send(frame);
    this.#topics = new Topics({ send, time: this.#time });
    const line = { send, time: this.#time, newId };
    this.#bids = new Commands(bids, { ...line, changed: (ticket) => tell(this.#bidListeners, ticket) });
    this.#auctions = new Commands(auctionCommands, {
      ...line,
      changed: (ticket) => tell(this.#auctionListeners, ticket),
    });
    this.#orders = new Commands(orders, { ...line, changed: (ticket) => tell(this.#orderListeners, ticket) });
    this.#link = new Link({
      dial: () =>
        token === undefined
          ? new Impl(url)
          : new Impl(url, { headers: { authorization: `Bearer ${token}` } } as never),
      time: this.#time,
      random: options.random ?? Math.random,
      events: {
        up: () => this.#up(),
        down: () => this.#down(),
        frame: (frame) => this.#receive(frame),
        changed: () => this.#statusChanged(),
      },
    });
    this.#link.open();
  }

  get status(): SocketStatus {
    return {
      state: this.#link.state,
      ended: this.#link.ended,
      attempt: this.#link.attempt,
      lastMessageAtMs: this.#link.heardAtWallMs,
      offsetMs: this.#serverTime.offsetMs,
      roundTripMs: this.#serverTime.roundTripMs,
    };
  }

  onStatus(listener: (status: SocketStatus) => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  subscribe<Topic extends TopicName>(topic: Topic, listener: TopicListener<StateOf<Topic>>): () => void {
    return this.#topics.subscribe(topic, listener);
  }

  placeBid(bid: Bid, id?: string): BidTicket {
    return this.#bids.send(bid, id);
  }

  onBid(listener: (ticket: BidTicket) => void): () => void {
    this.#bidListeners.add(listener);
    return () => this.#bidListeners.delete(listener);
  }

  auction(command: AuctionCommand, id?: string): AuctionTicket {
    return this.#auctions.send(command, id);
  }

  onAuction(listener: (ticket: AuctionTicket) => void): () => void {
    this.#auctionListeners.add(listener);
    return () => this.#auctionListeners.delete(listener);
  }

  order(command: OrderCommand, id?: string): OrderTicket {
    return this.#orders.send(command, id);
  }

  onOrder(listener: (ticket: OrderTicket) => void): () => void {
    this.#orderListeners.add(listener);
    return () => this.#orderListeners.delete(listener);
  }

  nowMs(): number {
    return this.#time.wallMs() + this.#serverTime.offsetMs;
  }

  reconnect(): void {
    this.#link.open();
  }

  close(): void {
    this.#link.end('closed');
    this.#bids.abandon();
    this.#auctions.abandon();
    this.#orders.abandon();
  }

  #up(): void {
    this.#ping();
    this.#topics.up();
    this.#bids.up();
    this.#auctions.up();
    this.#orders.up();
  }

  #down(): void {
    this.#cancelPing();
    this.#pings.clear();
    this.#topics.down();
    this.#bids.down();
    this.#auctions.down();
    this.#orders.down();
  }

  #receive(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        return this.#serverTime.guess(Date.parse(frame.serverTime), this.#time.wallMs());
      case 'pong':
        return this.#pong(frame.id, Date.parse(frame.serverTime));
      case 'heartbeat':
        this.#suspect(Date.parse(frame.serverTime));
        return this.#topics.receive(frame);
      case 'ack':
        this.#bids.acknowledged(frame);
        this.#auctions.acknowledged(frame);
        return this.#orders.acknowledged(frame);
      case 'err':
        this.#bids.refused(frame);
        this.#auctions.refused(frame);
        this.#orders.refused(frame);
        return this.#topics.receive(frame);
      default:
        return this.#topics.receive(frame);
    }
  }

  #ping(): void {
    this.#cancelPing();
    this.#pingCount += 1;
    const id = `p${this.#pingCount}`;
    // Never answered ones would gather on a server that drops them.
    if (this.#pings.size > 10) this.#pings.clear();
    this.#pings.set(id, this.#time.monotonicMs());
    this.#link.send({ t: 'ping', id });
    const pause = this.#serverTime.settled ? PING_EVERY_MS : PING_BURST_EVERY_MS;
    this.#cancelPing = this.#time.after(pause, () => this.#ping());
  }

  #pong(id: string, serverMs: number): void {
    const sentMs = this.#pings.get(id);
    if (sentMs === undefined) return;
    this.#pings.delete(id);
    const roundTripMs = this.#time.monotonicMs() - sentMs;
    this.#serverTime.add({ serverMs, wallMs: this.#time.wallMs(), roundTripMs });
  }

  /** A heartbeat far from the clock we believe in: late, or one of the clocks was set. A ping tells. */
  #suspect(serverMs: number): void {
    const apartMs = Math.abs(serverMs - this.nowMs());
    if (apartMs > CLOCK_SUSPECT_MS && this.#pings.size === 0) this.#ping();
  }

  #statusChanged(): void {
    if (this.#statusListeners.size === 0) return;
    const { status } = this;
    for (const listener of this.#statusListeners) listener(status);
  }
}

function tell<Told>(listeners: ReadonlySet<(told: Told) => void>, told: Told): void {
  for (const listener of listeners) listener(told);
}

/** 128 random bits; unlike `randomUUID` also there on a page that came over plain http. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
