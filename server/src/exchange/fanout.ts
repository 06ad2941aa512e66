/**
 * Sends what has changed to everybody who watches: one frame per topic and tick, serialised once per
 * distinct view, absolute totals in each.
 *
 * Promises: frames of a topic carry `seq` and `prev`, and what one connection receives joins up
 * without a hole, or begins anew with a snapshot; a reader that falls behind gets the newest state
 * instead of the missed frames; one that stays behind is cut off and can never slow the others.
 */
import { FANOUT_READERS_PER_MS, FANOUT_RING_FRAMES, FANOUT_TICK_MAX_MS, FANOUT_TICK_MS } from './limits.ts';
import { SharedFrame } from './shared-frame.ts';
import { READER_BEHIND_BYTES, READER_BEHIND_MS, READER_CUT_BYTES, READER_RECHECK_MS } from './limits.ts';

export const CLOSE_SLOW_READER = 4460;

export type Connection = {
  send(text: string): void;
  /** Like `send`, of what many get: made into bytes once. */
  sendShared?(frame: SharedFrame): void;
  /** Bytes handed over and not yet taken by the network. */
  bufferedBytes(): number;
  close(code: number, reason: string): void;
};

/** A state of a topic at a place in the journal. Never changed after it was published. */
type Placed = { readonly seq: number };

export type Renderer<View extends Placed> = {
  /** Viewers with the same audience get the same bytes. */
  audience(view: View, viewer: string): string;
  snapshot(view: View, viewer: string): string;
  update(view: View, viewer: string, prev: number): string;
  /**
   * The place of what `viewer` sees, where that is less than all: frames leave when it moves and join up
   * by it, whatever happens that the viewer does not see. Undefined: it sees everything.
   */
  place?(view: View, viewer: string): number | undefined;
  /** An update can be cut from the newest view for any earlier `prev`: who comes back gets one for all it missed. */
  readonly cumulative?: boolean;
};

type Frame<View> = { readonly view: View; readonly prev: number };
type Subscriber = {
  readonly connection: Connection;
  readonly viewer: string;
  sentSeq: number;
  behindSinceMs: number | undefined;
};

type Topic<View> = {
  latest: View;
  /** Seq of the newest frame that left. */
  flushedSeq: number;
  flushedAtMs: number;
  pending: boolean;
  readonly ring: Frame<View>[];
  readonly subscribers: Map<Connection, Subscriber>;
};

type Subscribed = { readonly seq: number; readonly resumed: boolean };

export class Fanout<View extends Placed> {
  readonly #topics = new Map<string, Topic<View>>();
  readonly #renderer: Renderer<View>;
  readonly #tickMs: number;
  readonly #behindMs: number;
  readonly #topicsOf = new Map<Connection, Set<Topic<View>>>();
  readonly #late = new Set<Topic<View>>();
  #recheckUnderWay = false;
  /** Connections that were cut because they did not read. */
  evicted = 0;

  constructor(renderer: Renderer<View>, options: { tickMs?: number; behindMs?: number } = {}) {
    this.#renderer = renderer;
    this.#tickMs = options.tickMs ?? FANOUT_TICK_MS;
    this.#behindMs = options.behindMs ?? READER_BEHIND_MS;
  }

  #open(name: string, view: View): void {
    this.#topics.set(name, {
      latest: view,
      flushedSeq: view.seq,
      flushedAtMs: -Infinity,
      pending: false,
      ring: [],
      subscribers: new Map(),
    });
  }

  /** A committed new state. The first after a quiet tick leaves in this turn, the rest are merged. */
  publish(name: string, view: View): void {
    const topic = this.#topics.get(name);
    if (!topic) return this.#open(name, view);
    topic.latest = view;
    if (topic.pending) return;
    topic.pending = true;
    const waitMs = topic.flushedAtMs + this.#tickOf(topic) - performance.now();
    // Not in this very call: whoever waits for an outcome is answered first.
    if (waitMs <= 0) setImmediate(() => this.#flush(topic));
    else setTimeout(() => this.#flush(topic), waitMs);
  }

  /**
   * Starts a connection's frames: those after `resumeFrom` when all of them are still kept, else a
   * snapshot. `announce` runs before the first of them, so that the client knows what follows.
   * @returns undefined when there is no such topic.
   */
  subscribe(
    name: string,
    reader: { connection: Connection; viewer: string; resumeFrom?: number | undefined },
    announce: (subscribed: Subscribed) => void = () => {},
  ): Subscribed | undefined {
    const topic = this.#topics.get(name);
    if (!topic) return undefined;
    const { connection, viewer, resumeFrom } = reader;
    const subscriber = { connection, viewer, sentSeq: resumeFrom ?? -1, behindSinceMs: undefined };
    topic.subscribers.set(connection, subscriber);
    const watched = this.#topicsOf.get(connection);
    if (watched) watched.add(topic);
    else this.#topicsOf.set(connection, new Set([topic]));
    const missed = resumeFrom === undefined ? undefined : this.#missed(topic, subscriber);
    const last = missed?.at(-1)?.view.seq ?? subscriber.sentSeq;
    const at = this.#newest(topic, subscriber);
    const subscribed = { seq: missed ? last : at, resumed: missed !== undefined };
    announce(subscribed);
    if (missed) {
      for (const frame of missed) {
        connection.send(this.#renderer.update(frame.view, viewer, frame.prev));
        subscriber.sentSeq = frame.view.seq;
      }
    } else this.#sendSnapshot(topic, subscriber);
    return subscribed;
  }

  #missed(topic: Topic<View>, reader: Subscriber): readonly Frame<View>[] | undefined {
    const { latest } = topic;
    const { viewer, sentSeq: resumeFrom } = reader;
    const place = this.#renderer.place?.(latest, viewer);
    if (place !== undefined) return resumeFrom === place ? [] : undefined;
    if (!this.#renderer.cumulative) return framesAfter(topic, resumeFrom);
    if (resumeFrom > latest.seq) return undefined;
    return resumeFrom === latest.seq ? [] : [{ view: latest, prev: resumeFrom }];
  }

  /** Where the topic is; undefined when there is none. */
  latestSeq(name: string): number | undefined {
    return this.#topics.get(name)?.latest.seq;
  }

  /** Forgets a topic that nothing will be published on again. */
  remove(name: string): void {
    this.#topics.get(name)?.subscribers.clear();
    this.#topics.delete(name);
  }

  unsubscribe(name: string, connection: Connection): void {
    const topic = this.#topics.get(name);
    if (!topic) return;
    topic.subscribers.delete(connection);
    this.#topicsOf.get(connection)?.delete(topic);
  }

  /** Forgets a closed connection everywhere. */
  drop(connection: Connection): void {
    for (const topic of this.#topicsOf.get(connection) ?? []) topic.subscribers.delete(connection);
    this.#topicsOf.delete(connection);
  }

  subscribers(name: string): number {
    return this.#topics.get(name)?.subscribers.size ?? 0;
  }

  /** A write to a socket costs the same whatever it carries: thousands of readers get fewer, fuller frames. */
  #tickOf({ subscribers }: Topic<View>): number {
    return Math.max(
      this.#tickMs,
      Math.min(Math.floor(subscribers.size / FANOUT_READERS_PER_MS), FANOUT_TICK_MAX_MS),
    );
  }

  #flush(topic: Topic<View>): void {
    topic.pending = false;
    topic.flushedAtMs = performance.now();
    const view = topic.latest;
    if (view.seq === topic.flushedSeq) return;
    const frame = { view, prev: topic.flushedSeq };
    topic.flushedSeq = view.seq;
    topic.ring.push(frame);
    if (topic.ring.length > FANOUT_RING_FRAMES) topic.ring.shift();
    const written = new Map<string, SharedFrame>();
    for (const subscriber of topic.subscribers.values()) this.#deliver(topic, subscriber, frame, written);
  }

  #deliver(
    topic: Topic<View>,
    subscriber: Subscriber,
    frame: Frame<View>,
    written: Map<string, SharedFrame>,
  ): void {
    const { connection, viewer, sentSeq } = subscriber;
    const place = this.#renderer.place?.(frame.view, viewer);
    if (sentSeq >= (place ?? frame.view.seq)) return;
    if (this.#tooSlow(topic, subscriber)) return;
    // Frames hold totals: from what a viewer saw last, whatever it was, the newest one is reached at once.
    const prev = place === undefined ? frame.prev : sentSeq;
    if (sentSeq !== prev) return this.#sendSnapshot(topic, subscriber);
    const seen = this.#renderer.audience(frame.view, viewer);
    const audience = place === undefined ? seen : `${prev} ${seen}`;
    let shared = written.get(audience);
    if (!shared) {
      shared = new SharedFrame(this.#renderer.update(frame.view, viewer, prev));
      written.set(audience, shared);
    }
    if (connection.sendShared) connection.sendShared(shared);
    else connection.send(shared.text);
    subscriber.sentSeq = place ?? frame.view.seq;
  }

  #sendSnapshot(topic: Topic<View>, subscriber: Subscriber): void {
    subscriber.connection.send(this.#renderer.snapshot(topic.latest, subscriber.viewer));
    subscriber.sentSeq = this.#newest(topic, subscriber);
  }

  #newest({ latest }: Topic<View>, { viewer }: Subscriber): number {
    return this.#renderer.place?.(latest, viewer) ?? latest.seq;
  }

  /** Cuts off the hopeless; leaves out the late, whose next frame will be a snapshot. */
  #tooSlow(topic: Topic<View>, subscriber: Subscriber): boolean {
    const { connection } = subscriber;
    const bytes = connection.bufferedBytes();
    if (bytes <= READER_BEHIND_BYTES) {
      subscriber.behindSinceMs = undefined;
      return false;
    }
    const now = performance.now();
    subscriber.behindSinceMs ??= now;
    if (bytes > READER_CUT_BYTES || now - subscriber.behindSinceMs > this.#behindMs) {
      this.evicted += 1;
      this.drop(connection);
      connection.close(CLOSE_SLOW_READER, 'reads too slowly');
    } else this.#recheckLater(topic);
    return true;
  }

  /** A late reader of a quiet topic must not wait for the next change. */
  #recheckLater(late: Topic<View>): void {
    this.#late.add(late);
    if (this.#recheckUnderWay) return;
    this.#recheckUnderWay = true;
    setTimeout(() => {
      this.#recheckUnderWay = false;
      const topics = [...this.#late];
      this.#late.clear();
      for (const topic of topics) {
        for (const subscriber of topic.subscribers.values()) {
          if (subscriber.sentSeq < this.#newest(topic, subscriber) && !this.#tooSlow(topic, subscriber)) {
            this.#sendSnapshot(topic, subscriber);
          }
        }
      }
    }, READER_RECHECK_MS).unref();
  }
}

/** Every frame after `seq`, or undefined when `seq` is no place of this topic or is too long ago. */
function framesAfter<View extends Placed>(
  topic: Topic<View>,
  seq: number,
): readonly Frame<View>[] | undefined {
  if (seq === topic.flushedSeq) return [];
  const index = topic.ring.findIndex((frame) => frame.prev === seq);
  return index < 0 ? undefined : topic.ring.slice(index);
}
