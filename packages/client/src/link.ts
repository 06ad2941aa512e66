/**
 * One line to the server, made again whenever it breaks.
 *
 * A line is live from the server's greeting on. Silence makes it stale, longer silence ends it: a dead
 * connection often looks open for minutes. The pause before the next attempt is random and doubles.
 * Where coming back is useless (login over, company suspended, opened in too many places) it stays away.
 */
import type { ServerFrame } from '@seam/protocol';
import { backoffMs } from './backoff.ts';
import {
  BACKOFF_CEILING_MS,
  DROP_AFTER_MS,
  STALE_AFTER_MS,
  STEADY_AFTER_MS,
  WATCH_EVERY_MS,
  WELCOME_PATIENCE_MS,
} from './limits.ts';
import type { Time } from './time.ts';

/** What this needs of a WebSocket; those of browsers, Node and `ws` have it. */
export type WebSocketLike = {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
};
export type Dial = () => WebSocketLike;

/** `stale`: was live, and is silent or being made again. `ended`: will not come back by itself. */
export type LinkState = 'connecting' | 'live' | 'stale' | 'ended';
export type EndReason = 'session_ended' | 'suspended' | 'superseded' | 'closed';

/** Close codes after which trying again can only do harm. Same numbers as `CLOSE_CODES` of the protocol. */
export const FINAL_CLOSE: Readonly<Record<number, EndReason>> = {
  4401: 'session_ended',
  4403: 'suspended',
  4409: 'superseded',
};
/** The server asked for rest, or we do something wrong that a quick return would only repeat. */
export const SLOW_CLOSE: ReadonlySet<number> = new Set([1008, 1009, 1013, 4429]);

export type LinkEvents = {
  /** Greeted: send what must be sent. */
  up(): void;
  /** What was sent and not answered may or may not have arrived. */
  down(): void;
  frame(frame: ServerFrame): void;
  /** State, attempt or time of the last message are new. */
  changed(): void;
};

type Line = { readonly socket: WebSocketLike; readonly sinceMs: number; greeted: boolean; heardMs: number };

export class Link {
  readonly #dial: Dial;
  readonly #time: Time;
  readonly #random: () => number;
  readonly #events: LinkEvents;
  #line: Line | undefined;
  #silent = false;
  #wasLive = false;
  #ended: EndReason | null = null;
  #attempt = 0;
  #heardAtWallMs: number | null = null;
  #cancelWatch = (): void => {};
  #cancelRetry = (): void => {};

  constructor(options: { dial: Dial; time: Time; random: () => number; events: LinkEvents }) {
    this.#dial = options.dial;
    this.#time = options.time;
    this.#random = options.random;
    this.#events = options.events;
  }

  get state(): LinkState {
    if (this.#ended !== null) return 'ended';
    if (this.#line?.greeted && !this.#silent) return 'live';
    return this.#wasLive ? 'stale' : 'connecting';
  }
  get ended(): EndReason | null {
    return this.#ended;
  }
  /** Attempts since the line last stood steadily. */
  get attempt(): number {
    return this.#attempt;
  }
  /** By this machine's clock; null before the first message. */
  get heardAtWallMs(): number | null {
    return this.#heardAtWallMs;
  }

  /** Also takes a link up again that has ended, or that is waiting for its next attempt. */
  open(): void {
    this.#ended = null;
    this.#cancelRetry();
    if (!this.#line) this.#connect();
  }

  /** @returns false when there is no greeted line: nothing was sent. */
  send(frame: object): boolean {
    if (!this.#line?.greeted) return false;
    try {
      this.#line.socket.send(JSON.stringify(frame));
      return true;
    } catch {
      return false; // closing at this moment: its close event follows
    }
  }

  end(reason: EndReason): void {
    this.#cancelRetry();
    this.#ended = reason;
    this.#giveUpLine();
    this.#events.changed();
  }

  #connect(): void {
    let socket: WebSocketLike;
    try {
      socket = this.#dial();
    } catch {
      return this.#retry(false);
    }
    const now = this.#time.monotonicMs();
    const line: Line = { socket, sinceMs: now, greeted: false, heardMs: now };
    this.#line = line;
    this.#silent = false;
    // Events of a line that was given up are nothing to us any more.
    socket.addEventListener('message', ({ data }) => {
      if (this.#line === line) this.#receive(line, data);
    });
    socket.addEventListener('close', ({ code }) => {
      if (this.#line === line) this.#closed(code);
    });
    socket.addEventListener('error', () => {});
    this.#watch(line);
    this.#events.changed();
  }

  #receive(line: Line, data: unknown): void {
    line.heardMs = this.#time.monotonicMs();
    this.#heardAtWallMs = this.#time.wallMs();
    this.#silent = false;
    const frame = parseFrame(data);
    if (frame?.t === 'welcome' && !line.greeted) {
      line.greeted = true;
      this.#wasLive = true;
      this.#events.frame(frame);
      this.#events.up();
    } else if (frame) this.#events.frame(frame);
    this.#events.changed();
  }

  #closed(code: number): void {
    const reason = FINAL_CLOSE[code];
    if (reason) return this.end(reason);
    this.#giveUpLine();
    this.#retry(SLOW_CLOSE.has(code));
  }

  #retry(slowly: boolean): void {
    const pauseMs = slowly
      ? BACKOFF_CEILING_MS * (0.5 + this.#random() / 2)
      : backoffMs(this.#attempt, this.#random);
    this.#attempt += 1;
    this.#cancelRetry = this.#time.after(pauseMs, () => this.#connect());
    this.#events.changed();
  }

  #watch(line: Line): void {
    this.#cancelWatch = this.#time.after(WATCH_EVERY_MS, () => {
      const now = this.#time.monotonicMs();
      // Whatever else a line says, without a greeting it is none.
      const silentMs = now - (line.greeted ? line.heardMs : line.sinceMs);
      if (line.greeted && now - line.sinceMs >= STEADY_AFTER_MS) this.#attempt = 0;
      if (silentMs >= (line.greeted ? DROP_AFTER_MS : WELCOME_PATIENCE_MS)) {
        this.#giveUpLine();
        return this.#retry(false);
      }
      if (silentMs >= STALE_AFTER_MS && !this.#silent) {
        this.#silent = true;
        this.#events.changed();
      }
      return this.#watch(line);
    });
  }

  /** Not waiting for the close handshake: on a dead line it never comes. */
  #giveUpLine(): void {
    const line = this.#line;
    if (!line) return;
    this.#line = undefined;
    this.#cancelWatch();
    try {
      line.socket.close(1000);
    } catch {
      // was never open
    }
    if (line.greeted) this.#events.down();
  }
}

/** A frame of a kind not known here comes from a newer server and is passed over by whoever reads it. */
function parseFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(data);
    const isFrame =
      typeof value === 'object' && value !== null && 't' in value && typeof value.t === 'string';
    return isFrame ? (value as ServerFrame) : undefined;
  } catch {
    return undefined;
  }
}
