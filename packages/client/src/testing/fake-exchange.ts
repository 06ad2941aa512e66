/**
 * A server of the socket protocol in memory, as strict as the real one about what it promises: bids are
 * decided once per command id, frames of a topic join up, a resumed topic gets what it missed. And a
 * network that loses, delays and cuts as a test wants it.
 */
import type { AuctionUpdateFrame, ClientFrame, ServerFrame } from '@seam/protocol';
import type { WebSocketConstructor, WebSocketLike } from '../index.ts';
import type { SimulatedTime } from './simulated-time.ts';

type Listeners = {
  message: ((event: { data: unknown }) => void)[];
  close: ((event: { code: number }) => void)[];
  error: (() => void)[];
};
type Common = Omit<AuctionUpdateFrame, 't' | 'prev'>;

const RING_FRAMES = 4;

export class FakeExchange {
  readonly time: SimulatedTime;
  readonly lines = new Set<FakeLine>();
  /** Every frame that reached the server. */
  readonly received: ClientFrame[] = [];
  /** Options given to the constructor, per attempt. */
  readonly dialled: unknown[] = [];
  /** Command id → how often it changed the auction. Never more than once, or the server is broken. */
  readonly placed = new Map<string, AuctionUpdateFrame['standing'][number]>();
  readonly WebSocketImpl: WebSocketConstructor;
  /** No upgrade while true. */
  down = false;
  /** One way. */
  latencyMs = 10;
  /** Answers nothing to bids while true; the bid counts all the same. */
  swallowsAnswers = false;
  /** Answers the next bids with this instead of deciding them. */
  readonly refusals: Omit<Extract<ServerFrame, { t: 'err' }>, 't' | 'id'>[] = [];
  state: Common;
  readonly #ring: AuctionUpdateFrame[] = [];
  readonly #startedWallMs: number;

  constructor(time: SimulatedTime, auctionId = 'a1') {
    this.time = time;
    this.#startedWallMs = time.wallMs();
    this.state = emptyAuction(auctionId);
    const dial = (options: unknown): FakeLine => new FakeLine(this, options);
    function Impl(_url: string, options?: unknown): FakeLine {
      return dial(options);
    }
    this.WebSocketImpl = Impl as unknown as WebSocketConstructor;
    this.#beat();
  }

  get line(): FakeLine {
    const [line] = this.lines;
    if (!line) throw new Error('nobody is connected');
    return line;
  }

  now(): string {
    return new Date(this.#startedWallMs + this.time.monotonicMs()).toISOString();
  }

  /** Something happened in the auction. */
  change(more: Partial<Common> = {}): void {
    const prev = this.state.seq;
    this.state = { ...this.state, ...more, seq: prev + 1 };
    const frame: AuctionUpdateFrame = { t: 'auction.update', ...this.state, prev };
    this.#ring.push(frame);
    if (this.#ring.length > RING_FRAMES) this.#ring.shift();
    for (const line of this.lines) if (line.subscribed) line.deliver(frame);
  }

  receive(line: FakeLine, frame: ClientFrame): void {
    this.received.push(frame);
    switch (frame.t) {
      case 'ping':
        return line.deliver({ t: 'pong', id: frame.id, serverTime: this.now() });
      case 'subscribe':
        return this.#subscribe(line, frame.topic, frame.resumeFrom);
      case 'unsubscribe':
        line.subscribed = false;
        return;
      case 'place_bid':
        return this.#bid(line, frame);
    }
  }

  #subscribe(line: FakeLine, topic: string, resumeFrom: number | undefined): void {
    if (topic !== this.state.topic)
      return line.deliver({ t: 'err', code: 'resource.not_found', topic, retry: 'no' });
    line.subscribed = true;
    const { seq } = this.state;
    const at = this.#ring.findIndex((frame) => frame.prev === resumeFrom);
    const missed = resumeFrom === seq ? [] : at < 0 ? undefined : this.#ring.slice(at);
    line.deliver({ t: 'subscribed', topic, seq, resumed: missed !== undefined });
    if (missed) for (const frame of missed) line.deliver(frame);
    else line.deliver({ t: 'auction.snapshot', ...this.state, prev: 0, terms: TERMS });
  }

  #bid(line: FakeLine, { id, price, quantity }: Extract<ClientFrame, { t: 'place_bid' }>): void {
    const refusal = this.refusals.shift();
    if (refusal) return line.deliver({ t: 'err', id, ...refusal });
    if (!this.placed.has(id)) {
      const rank = this.placed.size + 1;
      const standing = {
        rank,
        bidder: `Bidder ${100 + rank}`,
        price,
        quantity,
        allocated: quantity,
        mine: true,
      };
      this.placed.set(id, standing);
      this.change({ standing: [...this.state.standing, standing], bidCount: rank });
    }
    if (this.swallowsAnswers) return;
    const outcome = {
      status: 'accepted',
      rank: this.placed.get(id)?.rank ?? null,
      allocated: quantity,
    } as const;
    line.deliver({ t: 'ack', id, seq: this.state.seq, at: this.now(), outcome });
  }

  #beat(counter = 1): void {
    this.time.after(1_000, () => {
      for (const line of this.lines) line.deliver({ t: 'heartbeat', serverTime: this.now(), counter });
      this.#beat(counter + 1);
    });
  }
}

export class FakeLine implements WebSocketLike {
  subscribed = false;
  /** Loses whatever is sent in either direction, and nobody is told: a cable pulled out. */
  dead = false;
  /** Loses the next frames to the client, as no TCP would, one `true` each. */
  readonly losses: boolean[] = [];
  /** Sends every frame twice. */
  doubles = false;
  readonly #exchange: FakeExchange;
  readonly #listeners: Listeners = { message: [], close: [], error: [] };
  #open = true;

  constructor(exchange: FakeExchange, options: unknown) {
    this.#exchange = exchange;
    exchange.dialled.push(options);
    exchange.time.after(exchange.latencyMs, () => {
      if (exchange.down) return this.cut(1006);
      if (!this.#open) return;
      exchange.lines.add(this);
      this.deliver({ t: 'welcome', serverTime: exchange.now(), sessionId: 's', heartbeatMs: 1_000 });
    });
  }

  /** From the server to the client. */
  deliver(frame: ServerFrame): void {
    if (this.dead || this.losses.shift()) return;
    this.raw(JSON.stringify(frame));
    if (this.doubles) this.raw(JSON.stringify(frame));
  }

  raw(data: unknown): void {
    this.#exchange.time.after(this.#exchange.latencyMs, () => {
      if (!this.#open || this.dead) return;
      for (const listener of this.#listeners.message) listener({ data });
    });
  }

  send(text: string): void {
    if (this.dead) return;
    this.#exchange.time.after(this.#exchange.latencyMs, () => {
      if (!this.dead && this.#exchange.lines.has(this))
        this.#exchange.receive(this, JSON.parse(text) as ClientFrame);
    });
  }

  /** By the client. */
  close(): void {
    this.#open = false;
    this.#exchange.lines.delete(this);
  }

  /** By the server, or the network with 1006. What is on its way to the client is lost. */
  cut(code: number): void {
    this.#exchange.lines.delete(this);
    if (!this.#open) return;
    this.#open = false;
    for (const listener of this.#listeners.close) listener({ code });
  }

  addEventListener(type: keyof Listeners, listener: (event: never) => void): void {
    this.#listeners[type].push(listener as never);
  }
}

const TERMS = {
  formatTerms: {
    format: 'english',
    pricing: 'pay_as_bid',
    margin: 'time',
    proxy: 'none',
    proxyLead: 'least',
    incrementBands: null,
    quantityPerBidderMaximum: null,
  },
  currency: 'CNY',
  tickSize: '1.00',
  lotSize: '50.000',
  quantity: '5000.000',
  minimumBidQuantity: '50.000',
  startingPrice: '800.00',
  bidIncrement: '1.00',
  maximumIncrement: null,
  visibility: 'open',
  reservePrice: null,
  opensAt: '2026-11-23T00:00:00.000Z',
  plannedClose: '2026-11-23T01:00:00.000Z',
  softClose: {
    mode: 'window',
    windowMs: 120_000,
    extensionMs: 120_000,
    extensionsMax: 10,
    hardEndAt: '2026-11-23T02:00:00.000Z',
  },
} as const;

function emptyAuction(auctionId: string): Common {
  return {
    topic: `auction:${auctionId}`,
    seq: 1,
    at: '2026-11-23T00:00:00.000Z',
    auctionId,
    state: 'open',
    closesAt: '2026-11-23T01:00:00.000Z',
    extensions: 0,
    marginalPrice: null,
    nextPrice: '800.00',
    bidCount: 0,
    bidderCount: 0,
    standing: [],
    room: { format: 'english' },
    suspension: null,
    result: null,
    my: null,
  };
}
