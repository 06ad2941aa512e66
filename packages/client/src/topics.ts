/**
 * What is watched over one link: a mirror per topic, resumed after every reconnection, asked for anew
 * after a gap. Tells its listeners not only what is, but whether it still is.
 */
import type { ErrFrame, ServerFrame } from '@seam/protocol';
import { RESYNC_PATIENCE_MS } from './limits.ts';
import {
  BookMirror,
  type BookState,
  MineMirror,
  type MineState,
  OrdersMirror,
  type OrdersState,
  StatusMirror,
  type StatusState,
  TradesMirror,
  type TradesState,
} from './market-mirrors.ts';
import { type Applied, AuctionMirror, type AuctionState } from './mirror.ts';
import type { Time } from './time.ts';

/** What is shown of each kind of topic. */
type States = {
  auction: AuctionState;
  book: BookState;
  orders: OrdersState;
  trades: TradesState;
  market: StatusState;
  mine: MineState;
};
type Kind = keyof States;
/** `auction:<auction id>`, `book:<instrument id>` and so on. */
export type TopicName = `${Kind}:${string}`;
export type StateOf<Topic extends TopicName> = Topic extends `${infer K extends Kind}:${string}`
  ? States[K]
  : never;

/** `fresh`: the present state, as far as anybody outside the server can know. */
export type TopicUpdate<State = AuctionState> =
  | { readonly type: 'state'; readonly state: State; readonly fresh: boolean }
  | { readonly type: 'refused'; readonly code: string };
export type TopicListener<State = AuctionState> = (update: TopicUpdate<State>) => void;

/** A frame of a topic, as the mirror of its kind takes it. */
type TopicFrame = Extract<ServerFrame, { t: `${Kind}.${'snapshot' | 'update'}` }>;
type AnyMirror = {
  readonly state: States[Kind] | undefined;
  readonly seq: number | undefined;
  apply(frame: TopicFrame): Applied;
};

const MIRRORS: { readonly [K in Kind]: new () => object } = {
  auction: AuctionMirror,
  book: BookMirror,
  orders: OrdersMirror,
  trades: TradesMirror,
  market: StatusMirror,
  mine: MineMirror,
};

/** A topic's frames are of its own kind: checked before a mirror sees them, which no type here can say. */
function mirrorOf(topic: TopicName): AnyMirror {
  return new MIRRORS[kindOf(topic)]() as AnyMirror;
}

function kindOf(topic: string): Kind {
  return topic.slice(0, topic.indexOf(':')) as Kind;
}

type Subscription = {
  readonly topic: TopicName;
  readonly mirror: AnyMirror;
  readonly listeners: Set<TopicListener<never>>;
  fresh: boolean;
  refused: string | null;
  /** When the running question was asked; null while none is. */
  askedAtMs: number | null;
  /** Where the topic was when the question was answered. */
  target: number | null;
};

export class Topics {
  readonly #send: (frame: object) => boolean;
  readonly #time: Time;
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(options: { send: (frame: object) => boolean; time: Time }) {
    this.#send = options.send;
    this.#time = options.time;
  }

  subscribe<Topic extends TopicName>(topic: Topic, listener: TopicListener<StateOf<Topic>>): () => void {
    let subscription = this.#subscriptions.get(topic);
    if (!subscription) {
      subscription = {
        topic,
        mirror: mirrorOf(topic),
        listeners: new Set(),
        fresh: false,
        refused: null,
        askedAtMs: null,
        target: null,
      };
      this.#subscriptions.set(topic, subscription);
      this.#ask(subscription, false);
    } else if (subscription.refused !== null) this.#ask(subscription, false);
    else if (subscription.mirror.state)
      listener({
        type: 'state',
        state: subscription.mirror.state as StateOf<Topic>,
        fresh: subscription.fresh,
      });
    const own = subscription;
    own.listeners.add(listener);
    return () => {
      own.listeners.delete(listener);
      if (own.listeners.size > 0 || this.#subscriptions.get(topic) !== own) return;
      this.#subscriptions.delete(topic);
      this.#send({ t: 'unsubscribe', topic });
    };
  }

  up(): void {
    for (const subscription of this.#subscriptions.values()) this.#ask(subscription, true);
  }

  /** The line is gone: what is shown may be old. */
  down(): void {
    for (const subscription of this.#subscriptions.values()) {
      subscription.askedAtMs = null;
      this.#setFresh(subscription, false);
    }
  }

  receive(frame: ServerFrame): void {
    switch (frame.t) {
      case 'subscribed':
        return this.#subscribed(frame);
      case 'err':
        return this.#refused(frame);
      case 'heartbeat':
        return this.#askOverdue();
      case 'welcome':
      case 'pong':
      case 'ack':
        return undefined;
      default:
        return this.#changed(frame);
    }
  }

  #subscribed({ topic, seq }: Extract<ServerFrame, { t: 'subscribed' }>): void {
    const subscription = this.#subscriptions.get(topic);
    if (!subscription) return;
    subscription.refused = null;
    subscription.target = seq;
    this.#freshIfCaughtUp(subscription);
  }

  #changed(frame: TopicFrame): void {
    const subscription = this.#subscriptions.get(frame.topic);
    if (!subscription || !frame.t.startsWith(`${kindOf(frame.topic)}.`)) return;
    const applied = subscription.mirror.apply(frame);
    if (applied === 'gap') {
      // One question at a time: frames sent before the answer must not each ask again.
      if (subscription.askedAtMs === null) this.#ask(subscription, false);
      return this.#setFresh(subscription, false);
    }
    if (applied === 'applied') {
      if (subscription.askedAtMs === null || !this.#caughtUp(subscription)) return this.#tell(subscription);
      subscription.askedAtMs = null;
      subscription.fresh = true;
      return this.#tell(subscription);
    }
    return this.#freshIfCaughtUp(subscription);
  }

  #caughtUp({ mirror, target }: Subscription): boolean {
    return target !== null && mirror.seq !== undefined && mirror.seq >= target;
  }

  #freshIfCaughtUp(subscription: Subscription): void {
    if (!this.#caughtUp(subscription)) return;
    subscription.askedAtMs = null;
    this.#setFresh(subscription, true);
  }

  #refused({ topic, code, retry, afterMs }: ErrFrame): void {
    const subscription = topic === undefined ? undefined : this.#subscriptions.get(topic);
    if (!subscription) return;
    if (retry !== 'no') {
      this.#time.after(afterMs ?? RESYNC_PATIENCE_MS, () => {
        if (this.#subscriptions.get(subscription.topic) === subscription && !subscription.fresh)
          this.#ask(subscription, true);
      });
      return;
    }
    subscription.askedAtMs = null;
    subscription.refused = code;
    subscription.fresh = false;
    for (const listener of subscription.listeners) listener({ type: 'refused', code });
  }

  /** A question or its answer can get lost only with the line, or to the server's guard against floods. */
  #askOverdue(): void {
    const now = this.#time.monotonicMs();
    for (const subscription of this.#subscriptions.values()) {
      const { askedAtMs, refused } = subscription;
      if (refused === null && !subscription.fresh && now - (askedAtMs ?? -Infinity) >= RESYNC_PATIENCE_MS)
        this.#ask(subscription, false);
    }
  }

  #ask(subscription: Subscription, resume: boolean): void {
    const { topic, mirror } = subscription;
    subscription.target = null;
    subscription.refused = null;
    const resumeFrom = resume ? mirror.seq : undefined;
    const sent = this.#send({ t: 'subscribe', topic, ...(resumeFrom !== undefined && { resumeFrom }) });
    subscription.askedAtMs = sent ? this.#time.monotonicMs() : null;
  }

  #setFresh(subscription: Subscription, fresh: boolean): void {
    if (subscription.fresh === fresh) return;
    subscription.fresh = fresh;
    this.#tell(subscription);
  }

  #tell({ mirror, fresh, listeners }: Subscription): void {
    const { state } = mirror;
    if (state) for (const listener of listeners) listener({ type: 'state', state: state as never, fresh });
  }
}
