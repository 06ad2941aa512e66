/**
 * One order book as the page sees it: the socket where there is one, HTTP where there is none, and always an
 * honest word about how old the knowledge is. On the server it shows what the load gave it.
 */
import {
  type BookState,
  type LiveSocket,
  type MineState,
  type SocketStatus,
  type StatusState,
  type TopicUpdate,
  type TradesState,
  openSocket,
} from '@seam/client';
import type { InstrumentView, MarketPosition, MarketStatus, MyFill, MyLimits, MyOrder } from '@seam/protocol';
import { untrack } from 'svelte';
import { type Sent, type SentOrders, sentOrders } from './orders.svelte.ts';
import { type HttpBook, type MarketData, readMarket } from './read-market.ts';

/** `live`: by the socket. `polled`: by HTTP every few seconds. `stale`: not known to be so now. */
export type MarketKnowledge = 'live' | 'polled' | 'stale';
/** My company's side of the book. */
export type Mine = {
  readonly open: readonly MyOrder[];
  /** Newest first. */
  readonly fills: readonly MyFill[];
  readonly limits: MyLimits;
};

const POLL_MS = 3_000;
/** While the socket tells everything else: money, stops and the schedule. */
const SLOW_POLL_MS = 15_000;
/** An answer older than this says nothing about now. */
const POLLED_FOR_MS = 8_000;
const TICK_MS = 500;
const READ_PAUSE_MS = 600;

type Live = { book?: BookState; trades?: TradesState; market?: StatusState; mine?: MineState };
type LiveKind = keyof Live;
type Options = {
  readonly data: MarketData;
  /** Has a login: only then is there a socket. */
  readonly viewer: 'public' | 'member' | 'staff';
  readonly onClock: (offsetMs: number) => void;
};

export class MarketRoom {
  readonly id: string;
  readonly sent: SentOrders;
  readonly #viewer: Options['viewer'];
  readonly #onClock: Options['onClock'];
  #data: MarketData = $state.raw(undefined as never);
  #live = $state.raw<Live>({});
  #fresh = $state.raw<Partial<Record<LiveKind, boolean>>>({});
  #status = $state.raw<SocketStatus | null>(null);
  #polledAtMs = $state<number | null>(null);
  #nowMs = $state(0);
  /** How long after a lost connection my orders are cancelled; null: they stay. */
  protection = $state<{ readonly afterMs: number | null; readonly problem: string | null }>({
    afterMs: null,
    problem: null,
  });
  #socket: LiveSocket | undefined;
  #reading = false;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor({ data, viewer, onClock }: Options) {
    this.id = data.view.id;
    this.#viewer = viewer;
    this.#onClock = onClock;
    this.adopt(data);
    this.sent = sentOrders({
      socket: () => (this.knowledge === 'live' ? this.#socket : undefined),
      settled: (sent) => this.#settled(sent),
    });
  }

  readonly #usesLive = $derived.by(
    () => this.#lineIsGood || (this.#status?.lastMessageAtMs ?? 0) > (this.#polledAtMs ?? 0),
  );
  readonly book: HttpBook = $derived.by(() => (this.#usesLive && this.#live.book) || this.#data.book);
  readonly status: MarketStatus | null = $derived.by(
    () => (this.#usesLive && this.#live.market?.status) || this.#data.view.status,
  );
  /** Newest first: what was read, and what has come since. */
  readonly trades = $derived.by(() => {
    const read = this.#data.trades;
    const newest = read[0]?.tradeNumber ?? 0;
    const since = (this.#live.trades?.trades ?? []).filter(({ tradeNumber }) => tradeNumber > newest);
    return [...since, ...read];
  });
  readonly mine: Mine | null = $derived.by(() => {
    const { position } = this.#data;
    if (position === null) return null;
    if (this.#usesLive && this.#live.mine) return this.#live.mine;
    return { open: position.open, fills: position.fills.toReversed(), limits: position.limits };
  });
  readonly knowledge: MarketKnowledge = $derived.by(() => {
    if (this.#lineIsGood) return 'live';
    // Before the scripts run, the page is as old as its answer.
    if (this.#nowMs === 0) return 'polled';
    return this.#polledAtMs !== null && this.#nowMs - this.#polledAtMs < POLLED_FOR_MS ? 'polled' : 'stale';
  });
  /** Since something was last heard, ms; null before the scripts run. */
  readonly ageMs: number | null = $derived.by(() => {
    if (this.#nowMs === 0) return null;
    const heard = Math.max(this.#polledAtMs ?? 0, this.#status?.lastMessageAtMs ?? 0);
    return heard === 0 ? null : Math.max(0, this.#nowMs - heard);
  });

  get view(): InstrumentView {
    return this.#data.view;
  }
  get position(): MarketPosition | null {
    return this.#data.position;
  }
  get line(): SocketStatus | null {
    return this.#status;
  }
  /** The scripts run: orders go out without a new page. */
  get scripted(): boolean {
    return this.#nowMs !== 0;
  }
  get #lineIsGood(): boolean {
    const kinds: LiveKind[] =
      this.#viewer === 'member' ? ['book', 'trades', 'market', 'mine'] : ['book', 'trades', 'market'];
    return this.#status?.state === 'live' && kinds.every((kind) => this.#fresh[kind]);
  }

  /** What the page's load brought, at first and after every form. */
  adopt(data: MarketData): void {
    this.#data = data;
    if (typeof window !== 'undefined') this.#polledAtMs = Date.now();
  }

  /** In the browser. @returns what stops it. */
  start(): () => void {
    this.#nowMs = Date.now();
    let readAtMs = Date.now();
    const tick = setInterval(() => {
      this.#nowMs = Date.now();
    }, TICK_MS);
    const poll = setInterval(() => {
      const everyMs = untrack(() => this.knowledge) === 'live' ? SLOW_POLL_MS : POLL_MS;
      if (document.hidden || Date.now() - readAtMs < everyMs) return;
      readAtMs = Date.now();
      void this.read();
    }, POLL_MS);
    const wake = (): void => {
      if (document.hidden) return;
      const { state } = this.#socket?.status ?? {};
      if (state === 'stale' || state === 'connecting') this.#socket?.reconnect();
      if (untrack(() => this.knowledge) !== 'live') void this.read();
    };
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('online', wake);
    if (this.#viewer !== 'public') this.#connect();
    return () => {
      clearInterval(tick);
      clearInterval(poll);
      clearTimeout(this.#soon);
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('online', wake);
      this.#socket?.close();
    };
  }

  reconnect(): void {
    this.#socket?.reconnect();
  }

  /** Asks HTTP for everything. Failure changes nothing but the age. */
  async read(): Promise<void> {
    if (this.#reading) return this.#readSoon();
    this.#reading = true;
    const data = await readMarket(globalThis.fetch, this.id, this.#viewer === 'member');
    this.#reading = false;
    if (data) this.adopt(data);
  }

  /** Asks for my orders to be cancelled so long after this page's connection is lost; null ends it. */
  async protect(afterMs: number | null): Promise<void> {
    const ticket = this.#socket?.order({ t: 'cancel_on_disconnect', instrumentId: this.id, afterMs });
    if (!ticket) return;
    const outcome = await ticket.settled;
    if (outcome.status === 'accepted') this.protection = { afterMs, problem: null };
    // Without a deadline there is nothing to end.
    else if (outcome.code === 'disconnect.not_armed') this.protection = { afterMs: null, problem: null };
    else this.protection = { ...this.protection, problem: outcome.code ?? 'bid.outcome_unknown' };
  }

  #connect(): void {
    const { protocol, host } = window.location;
    const socket = openSocket({ url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/v1/socket` });
    this.#socket = socket;
    let wasLive = false;
    socket.onStatus((status) => {
      this.#status = status;
      if (status.roundTripMs !== null) this.#onClock(status.offsetMs);
      const isLive = status.state === 'live';
      const { afterMs } = untrack(() => this.protection);
      // The new connection has promised nothing yet.
      if (isLive && !wasLive && afterMs !== null) void this.protect(afterMs);
      wasLive = isLive;
    });
    socket.onOrder((ticket) => this.sent.changed(ticket));
    socket.subscribe(`book:${this.id}`, (update) => this.#take('book', update));
    socket.subscribe(`trades:${this.id}`, (update) => this.#take('trades', update));
    socket.subscribe(`market:${this.id}`, (update) => {
      const before = this.#live.market?.status;
      this.#take('market', update);
      const now = this.#live.market?.status;
      if (before && now && (before.phase !== now.phase || before.mode !== now.mode)) this.#readSoon();
    });
    if (this.#viewer !== 'member') return;
    socket.subscribe(`mine:${this.id}`, (update) => {
      const before = this.#live.mine;
      this.#take('mine', update);
      const now = this.#live.mine;
      // What trades bind and who was stopped only HTTP knows.
      if (before && now && (before.fills !== now.fills || before.ended !== now.ended)) this.#readSoon();
    });
  }

  #take<Kind extends LiveKind>(kind: Kind, update: TopicUpdate<NonNullable<Live[Kind]>>): void {
    if (update.type === 'refused') {
      this.#fresh = { ...this.#fresh, [kind]: false };
      return;
    }
    this.#live = { ...this.#live, [kind]: update.state };
    if (this.#fresh[kind] !== update.fresh) this.#fresh = { ...this.#fresh, [kind]: update.fresh };
  }

  #settled({ outcome }: Sent): void {
    const rejected = outcome.status === 'rejected' && outcome.code === 'trading.blocked';
    if (rejected || untrack(() => this.knowledge) !== 'live') void this.read();
  }

  /** A burst of frames asks once. */
  #readSoon(): void {
    if (this.#soon) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      void this.read();
    }, READ_PAUSE_MS);
  }
}
