/**
 * The live socket of the exchange as a client wants it: always coming back, always saying how old its
 * knowledge is, never in doubt about a bid without saying so.
 */
import type { ServerFrame } from '@seam/protocol';
import { type Bid, type BidTicket, Bids } from './bids.ts';
import { CLOCK_SUSPECT_MS, PING_BURST_EVERY_MS, PING_EVERY_MS } from './limits.ts';
import { type EndReason, Link, type LinkState, type WebSocketLike } from './link.ts';
import { ServerTime } from './server-time.ts';
import { type Time, systemTime } from './time.ts';
import { type TopicListener, Topics } from './topics.ts';

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
  /** Listens to a topic until the returned function is called. `auction:<id>` */
  subscribe(topic: string, listener: TopicListener): () => void;
  /** Only a live line takes a bid; its outcome may be `unknown`, its `id` then names it for ever. */
  placeBid(bid: Bid, id?: string): BidTicket;
  onBid(listener: (ticket: BidTicket) => void): () => void;
  /** The server's time now, ms. */
  nowMs(): number;
  /** Tries at once instead of after the pause; also after `ended`. */
  reconnect(): void;
  close(): void;
};

export function openSocket(options: SocketOptions): LiveSocket {
  return new Socket(options);
}

class Socket implements LiveSocket {
  readonly #time: Time;
  readonly #link: Link;
  readonly #topics: Topics;
  readonly #bids: Bids;
  readonly #serverTime = new ServerTime();
  readonly #statusListeners = new Set<(status: SocketStatus) => void>();
  readonly #bidListeners = new Set<(ticket: BidTicket) => void>();
  readonly #pings = new Map<string, number>();
  #pingCount = 0;
  #cancelPing = (): void => {};

  constructor(options: SocketOptions) {
    const { url, token, WebSocketImpl, newId = randomId } = options;
    const Impl = WebSocketImpl ?? globalThis.WebSocket;
    this.#time = options.time ?? systemTime;
    const send = (frame: object): boolean => this.#link.send(frame);
    this.#topics = new Topics({ send, time: this.#time });
    this.#bids = new Bids({
      send,
      time: this.#time,
      newId,
      changed: (ticket) => {
        for (const listener of this.#bidListeners) listener(ticket);
      },
    });
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

  subscribe(topic: string, listener: TopicListener): () => void {
    return this.#topics.subscribe(topic, listener);
  }

  placeBid(bid: Bid, id?: string): BidTicket {
    return this.#bids.place(bid, id);
  }

  onBid(listener: (ticket: BidTicket) => void): () => void {
    this.#bidListeners.add(listener);
    return () => this.#bidListeners.delete(listener);
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
  }

  #up(): void {
    this.#ping();
    this.#topics.up();
    this.#bids.up();
  }

  #down(): void {
    this.#cancelPing();
    this.#pings.clear();
    this.#topics.down();
    this.#bids.down();
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
        return this.#bids.acknowledged(frame);
      case 'err':
        this.#bids.refused(frame);
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

/** 128 random bits; unlike `randomUUID` also there on a page that came over plain http. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
