/**
 * One live connection of one signed-in person: what each frame it sends may do. Authorised per frame,
 * never per connection; a bid is answered when the journal has it, and with nothing else before.
 */
import { randomUUID } from 'node:crypto';
import {
  type AckFrame,
  type AuctionClientFrame,
  CLOSE_CODES,
  type ClientFrame,
  type ErrFrame,
  type MarketClientFrame,
  type ProblemCode,
  type ServerFrame,
  actingRoles,
  mayTrade,
} from '@seam/protocol';
import type { Principal } from '../platform/principal.ts';
import { bidCommand, inputOfFrame } from './bid-input.ts';
import { bidVerdict } from './bid-verdict.ts';
import type { Exchange } from './exchange.ts';
import type { Connection } from './fanout.ts';
import { readFrame } from './frame-input.ts';
import { HEARTBEAT_MS } from './limits.ts';
import { REFUSALS_IN_A_ROW_MAX, TOPICS_PER_CONNECTION_MAX } from './limits.ts';
import { MarketSession } from './markets/market-session.ts';
import type { GridTerms } from './grid.ts';
import { publicRejection } from './rejection-codes.ts';
import { beyondBid } from './person-limit.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';
import { type Log, type Outcome, type Recorded, type RefusalCode, memberActor } from './types.ts';

export type SessionDeps = {
  readonly exchange: Pick<Exchange, 'gateway' | 'auction' | 'market' | 'now'> & {
    readonly topics: Pick<Exchange['topics'], 'subscribe' | 'unsubscribe' | 'drop'>;
  };
  readonly monotonicMs: () => number;
  /** Bids of a login session share this, however many connections it has. */
  readonly bidBudget: (loginSessionId: string) => TokenBucket;
  /** Frames of each connection. */
  readonly frameRate: Rate;
  readonly log: Log;
  readonly mayWatch: (principal: Principal, topic: string) => boolean | Promise<boolean>;
};

type Subscribe = Extract<ClientFrame, { t: 'subscribe' }>;

const REFUSALS = {
  overloaded: { code: 'service.overloaded', retry: 'after' },
  not_leading: { code: 'service.unavailable', retry: 'after' },
  unknown: { code: 'bid.outcome_unknown', retry: 'same_id' },
  cmd_id_reused: { code: 'bid.command_id_reused', retry: 'no' },
  quarantined: { code: 'internal.error', retry: 'no' },
} as const satisfies Record<RefusalCode, { code: ProblemCode; retry: ErrFrame['retry'] }>;

/** What only takes back stays allowed to whom nothing new is. */
const TAKES_BACK = /^(?:cancel|withdraw)/;

/** Who may bid, by the same words as HTTP. */
function refusesBidder(principal: Principal, frame: string): ProblemCode | undefined {
  if (principal.staff || !actingRoles(principal.roles).includes('trader')) return 'auth.forbidden';
  if (!mayTrade(principal.organisationStatus)) return 'organisation.not_active';
  return principal.mustTopUp && !TAKES_BACK.test(frame) ? 'organisation.top_up_required' : undefined;
}

export class SocketSession {
  readonly id = randomUUID();
  principal: Principal;
  readonly #connection: Connection;
  readonly #deps: SessionDeps;
  readonly #frames: TokenBucket;
  readonly #market: MarketSession;
  readonly #topics = new Set<string>();
  /** Topics whose visibility is being asked, by the latest asking. */
  readonly #asked = new Map<string, symbol>();
  #refusalsInARow = 0;

  constructor(connection: Connection, principal: Principal, deps: SessionDeps) {
    this.#connection = connection;
    this.principal = principal;
    this.#deps = deps;
    this.#market = new MarketSession(deps.exchange);
    this.#frames = new TokenBucket(deps.frameRate, deps.monotonicMs());
  }

  welcome(): void {
    this.#send({ t: 'welcome', serverTime: this.#time(), sessionId: this.id, heartbeatMs: HEARTBEAT_MS });
  }

  end(): void {
    this.#asked.clear();
    this.#deps.exchange.topics.drop(this.#connection);
    this.#market.end();
  }

  /** Handles one frame. Never throws: what is wrong with a frame is told to its sender. */
  receive(text: string): void {
    const frame = readFrame(text);
    const waitMs = this.#frames.take(this.#deps.monotonicMs());
    const id = frame && 'id' in frame ? { id: frame.id } : {};
    if (waitMs > 0)
      return this.#refuse({ code: 'request.rate_limited', ...id, retry: 'after', afterMs: waitMs });
    if (!frame) return this.#refuse({ code: 'request.invalid', retry: 'no' });
    switch (frame.t) {
      case 'ping': {
        const { id, clientTime } = frame;
        return this.#send({
          t: 'pong',
          id,
          serverTime: this.#time(),
          ...(clientTime !== undefined && { clientTime }),
        });
      }
      case 'subscribe':
        return this.#subscribe(frame);
      case 'unsubscribe':
        this.#asked.delete(frame.topic);
        this.#topics.delete(frame.topic);
        return this.#deps.exchange.topics.unsubscribe(frame.topic, this.#reader());
      default:
        return this.#whatever(frame.id, 'auctionId' in frame ? this.#bid(frame) : this.#order(frame));
    }
  }

  /** A command that could not be handled may have been done: its sender asks again. */
  #whatever(id: string, handled: Promise<void>): void {
    handled.catch((error: unknown) => {
      this.#deps.log.error({ err: error }, 'a command could not be handled');
      this.#refuse({ code: 'internal.error', id, retry: 'same_id' });
    });
  }

  #reader(): { connection: Connection; viewer: string } {
    return { connection: this.#connection, viewer: this.principal.organisationId };
  }

  #subscribe(frame: Subscribe): void {
    const { topic } = frame;
    const may = this.#deps.mayWatch(this.principal, topic);
    if (typeof may === 'boolean') return this.#join(frame, may);
    const asked = Symbol(topic);
    this.#asked.set(topic, asked);
    // Gone, or given up, or asked again meanwhile: then nobody waits for this answer.
    const waited = (): boolean => this.#asked.get(topic) === asked && this.#asked.delete(topic);
    may.then(
      (shown) => waited() && this.#join(frame, shown),
      (error: unknown) => {
        this.#deps.log.error({ err: error }, 'who may watch a topic could not be asked');
        if (waited()) this.#refuse({ code: 'service.unavailable', topic, retry: 'after' });
      },
    );
  }

  #join({ topic, resumeFrom }: Subscribe, shown: boolean): void {
    const { exchange } = this.#deps;
    const unseen = { code: 'resource.not_found', topic, retry: 'no' } as const;
    if (!shown) return this.#refuse(unseen);
    if (!this.#topics.has(topic) && this.#topics.size >= TOPICS_PER_CONNECTION_MAX) {
      return this.#refuse({ code: 'request.too_large', topic, retry: 'no' });
    }
    const found = exchange.topics.subscribe(topic, { ...this.#reader(), resumeFrom }, (at) =>
      this.#send({ t: 'subscribed', topic, ...at }),
    );
    if (!found) return this.#refuse(unseen);
    this.#topics.add(topic);
    this.#refusalsInARow = 0;
  }

  async #bid(frame: AuctionClientFrame): Promise<void> {
    const { id, auctionId } = frame;
    if (!this.#mayAct(frame, 1)) return;
    const view = this.#deps.exchange.auction(auctionId);
    if (!view) return this.#refuse({ code: 'auction.unknown', id, retry: 'no' });
    const accountId = this.principal.organisationId;
    const body = bidCommand(view.terms, inputOfFrame(frame), accountId);
    if ('refused' in body) {
      return this.#refuse({ code: body.refused, id, retry: 'no', accepted: { ...body.accepted } });
    }
    const beyond = beyondBid(this.principal.commitLimits, view.terms, body);
    if (beyond)
      return this.#refuse({ code: beyond.refused, id, retry: 'no', accepted: { ...beyond.accepted } });
    const outcome = await this.#deps.exchange.gateway.submit({
      actor: memberActor(accountId),
      cmdId: id,
      body,
    });
    this.#answer(id, outcome, (recorded) =>
      recorded.status === 'rejected'
        ? rejected(recorded, view.terms)
        : { status: 'accepted', ...bidVerdict(view.terms, recorded.events) },
    );
  }

  /** Who may act, and not too fast; a batch costs what its orders cost. */
  #mayAct({ id, t }: { readonly id: string; readonly t: string }, cost: number): boolean {
    const forbidden = refusesBidder(this.principal, t);
    if (forbidden) {
      this.#refuse({ code: forbidden, id, retry: 'no' });
      return false;
    }
    const waitMs = this.#deps.bidBudget(this.principal.loginSessionId).take(this.#deps.monotonicMs(), cost);
    if (waitMs > 0) this.#refuse({ code: 'request.rate_limited', id, retry: 'after', afterMs: waitMs });
    return waitMs === 0;
  }

  async #order(frame: MarketClientFrame): Promise<void> {
    const { id } = frame;
    if (!this.#mayAct(frame, frame.t === 'place_orders' ? frame.orders.length : 1)) return;
    const answer = await this.#market.handle(frame, this.principal);
    if ('refused' in answer) {
      const accepted = answer.accepted && { accepted: { ...answer.accepted } };
      return this.#refuse({ code: answer.refused, id, retry: 'no', ...accepted });
    }
    this.#answer(id, answer.outcome, (recorded) =>
      recorded.status === 'rejected' ? rejected(recorded, answer.market.terms) : answer.verdict(recorded),
    );
  }

  #answer(id: string, outcome: Outcome, verdict: (recorded: Recorded) => AckFrame['outcome']): void {
    if (outcome.status === 'refused') {
      const { code, retry } = REFUSALS[outcome.code];
      const afterMs = outcome.retryAfterMs;
      return this.#refuse({ code, id, retry, ...(afterMs !== undefined && { afterMs }) });
    }
    this.#refusalsInARow = 0;
    const at = new Date(outcome.at).toISOString();
    this.#send({ t: 'ack', id, seq: outcome.seq, at, outcome: verdict(outcome) });
  }

  #refuse(refusal: Omit<ErrFrame, 't'>): void {
    this.#send({ t: 'err', ...refusal });
    this.#refusalsInARow += 1;
    if (this.#refusalsInARow > REFUSALS_IN_A_ROW_MAX)
      this.#connection.close(CLOSE_CODES.flood, 'too many refusals');
  }

  #send(frame: ServerFrame): void {
    this.#connection.send(JSON.stringify(frame));
  }

  #time(): string {
    return this.#deps.exchange.now().toISOString();
  }
}

function rejected(
  { rejection }: Extract<Recorded, { status: 'rejected' }>,
  terms: GridTerms,
): AckFrame['outcome'] {
  const { code, accepted } = publicRejection(rejection, terms);
  return { status: 'rejected', code, accepted: { ...accepted } };
}
