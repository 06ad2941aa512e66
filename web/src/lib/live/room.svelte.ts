/**
 * One auction as the page sees it: the socket where there is one, HTTP where there is none, and always an
 * honest word about how old the knowledge is. On the server it shows what the load gave it.
 */
import { type AuctionState, type LiveSocket, type SocketStatus, openSocket } from '@seam/client';
import type { AuctionView, MyAuctionPosition } from '@seam/protocol';
import { untrack } from 'svelte';
import { type Bids, roomBids } from './bids.svelte.ts';
import { type Announcement, announcementOf } from './announce.ts';
import { type RoomData, contractIsDue, readRoom } from './read-room.ts';
import { type Shown, type Tape, shownLive, shownRead } from './shown.ts';

/** `live`: by the socket. `polled`: by HTTP every few seconds. `stale`: not known to be so now. */
export type Knowledge = 'live' | 'polled' | 'stale' | 'ended';
const POLL_MS = 3_000;
/** An answer older than this says nothing about now. */
const POLLED_FOR_MS = 8_000;
const TICK_MS = 500;
/** Reads after one change while the tape lags behind the market. */
const LATE_READS_MAX = 5;
const ENDED: readonly string[] = ['awarded', 'unsold', 'voided', 'refused'];

type Options = { data: RoomData; member: boolean; onClock: (offsetMs: number) => void };

export class AuctionRoom {
  readonly id: string;
  readonly bids: Bids;
  readonly #member: boolean;
  readonly #onClock: (offsetMs: number) => void;
  #view: AuctionView = $state.raw(undefined as never);
  #tape: Tape = $state.raw(undefined as never);
  #mine = $state.raw<MyAuctionPosition | null>(null);
  /** By the socket. */
  #live = $state.raw<AuctionState | null>(null);
  /** By HTTP. */
  #read = $state.raw<AuctionState | null>(null);
  #fresh = $state(false);
  #status = $state.raw<SocketStatus | null>(null);
  #polledAtMs = $state<number | null>(null);
  #nowMs = $state(0);
  announcement = $state.raw<Announcement | null>(null);
  /** This visit saw the end move because the market had been down. */
  outage = $state(false);
  #socket: LiveSocket | undefined;
  #unwatch = (): void => {};
  #refused = false;
  #reading = false;
  #tapeCount = -1;
  #lateReads = 0;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor({ data, member, onClock }: Options) {
    this.id = data.auction.id;
    this.#member = member;
    this.#onClock = onClock;
    this.adopt(data);
    this.bids = roomBids({
      auctionId: this.id,
      socket: () => (this.knowledge === 'live' ? this.#socket : undefined),
      settled: () => void this.read(),
    });
  }

  readonly shown: Shown = $derived.by(() =>
    this.#live !== null && (this.#lineIsGood || this.#liveIsNewer)
      ? shownLive(this.#live)
      : shownRead({ auction: this.#view, tape: this.#tape, mine: this.#mine, live: this.#read }),
  );
  readonly ended = $derived(ENDED.includes(this.shown.state));
  readonly knowledge: Knowledge = $derived.by(() => {
    if (this.ended) return 'ended';
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

  get view(): AuctionView {
    return this.#view;
  }
  get tape(): Tape {
    return this.#tape;
  }
  get mine(): MyAuctionPosition | null {
    return this.#mine;
  }
  get status(): SocketStatus | null {
    return this.#status;
  }
  /** The scripts run: bids go out without a new page. */
  get scripted(): boolean {
    return this.#nowMs !== 0;
  }
  get #lineIsGood(): boolean {
    return this.#fresh && this.#status?.state === 'live';
  }
  get #liveIsNewer(): boolean {
    return (this.#status?.lastMessageAtMs ?? 0) > (this.#polledAtMs ?? 0);
  }

  /** What the page's load brought, at first and after every form. */
  adopt({ auction, tape, mine, live }: RoomData): void {
    this.#view = auction;
    this.#tape = tape;
    this.#mine = mine;
    this.#read = live;
    if (typeof window !== 'undefined') this.#polledAtMs = Date.now();
  }

  /** In the browser. @returns what stops it. */
  start(): () => void {
    this.#nowMs = Date.now();
    const tick = setInterval(() => {
      this.#nowMs = Date.now();
    }, TICK_MS);
    const poll = setInterval(() => {
      if (!document.hidden && this.#wantsRead()) void this.read();
    }, POLL_MS);
    const wake = (): void => {
      if (document.hidden) return;
      const { state } = this.#socket?.status ?? {};
      if (state === 'stale' || state === 'connecting') this.#socket?.reconnect();
      if (untrack(() => this.knowledge) !== 'live') void this.read();
    };
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('online', wake);
    if (this.#member && !untrack(() => this.ended)) this.#connect();
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
    const data = await readRoom(globalThis.fetch, this.id, this.#member);
    this.#reading = false;
    if (!data) return;
    this.adopt(data);
    // The tape is written a moment after the market has answered.
    const missing = this.#live !== null && data.tape.bids.length < this.#live.bidCount;
    if (missing && (this.#lateReads += 1) < LATE_READS_MAX) this.#readSoon();
    // The market did not know it when we asked; now it may.
    if (this.#refused && !['requested', 'refused'].includes(data.auction.state)) this.#watch();
  }

  #connect(): void {
    const { protocol, host } = window.location;
    const socket = openSocket({ url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/v1/socket` });
    this.#socket = socket;
    socket.onStatus((status) => {
      this.#status = status;
      if (status.roundTripMs !== null) this.#onClock(status.offsetMs);
    });
    socket.onAuction((ticket) => this.bids.changed(ticket));
    this.#watch();
  }

  #watch(): void {
    this.#refused = false;
    this.#unwatch();
    this.#unwatch =
      this.#socket?.subscribe(`auction:${this.id}`, (update) => {
        if (update.type === 'refused') {
          this.#refused = true;
          this.#fresh = false;
          return;
        }
        const before = this.#live;
        this.#live = update.state;
        this.#fresh = update.fresh;
        if (before) {
          this.announcement = announcementOf(before, update.state) ?? this.announcement;
          this.outage ||= this.announcement?.kind === 'outage';
        }
        if (update.state.bidCount !== this.#tapeCount || ENDED.includes(update.state.state)) {
          this.#tapeCount = update.state.bidCount;
          this.#lateReads = 0;
          this.#readSoon();
        }
      }) ?? ((): void => {});
  }

  /** A burst of frames asks once. */
  #readSoon(): void {
    if (this.#soon) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      void this.read();
    }, 600);
  }

  #wantsRead(): boolean {
    return untrack(() => {
      if (this.ended) return contractIsDue(this.#view, this.#mine, this.shown);
      return this.knowledge !== 'live';
    });
  }
}
