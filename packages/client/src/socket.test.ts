import { CLOSE_CODES } from '@seam/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type LiveSocket, type SocketOptions, type TopicUpdate, openSocket } from './index.ts';
import { BACKOFF_CEILING_MS, COMMAND_PATIENCE_MS, CLOCK_SAMPLES } from './limits.ts';
import { FINAL_CLOSE, SLOW_CLOSE } from './link.ts';
import { FakeExchange } from './testing/fake-exchange.ts';
import { SimulatedTime } from './testing/simulated-time.ts';

const TOPIC = 'auction:a1';
const BID = { auctionId: 'a1', price: '801.00', quantity: '100.000' };

let time: SimulatedTime;
let exchange: FakeExchange;
let ids: number;
beforeEach(() => {
  time = new SimulatedTime();
  exchange = new FakeExchange(time);
  ids = 0;
});

function open(more: Partial<SocketOptions> = {}): LiveSocket {
  const { WebSocketImpl } = exchange;
  const newId = (): string => `bid-${(ids += 1)}-0000`;
  return openSocket({ url: 'ws://x/v1/socket', WebSocketImpl, time, random: () => 0.5, newId, ...more });
}

function live(more: Partial<SocketOptions> = {}): LiveSocket {
  const socket = open(more);
  time.advance(100);
  expect(socket.status.state).toBe('live');
  return socket;
}

function watch(socket: LiveSocket): { last: () => TopicUpdate | undefined; updates: TopicUpdate[] } {
  const updates: TopicUpdate[] = [];
  socket.subscribe(TOPIC, (update) => updates.push(update));
  return { updates, last: () => updates.at(-1) };
}

const sent = (t: string): unknown[] => exchange.received.filter((frame) => frame.t === t);

describe('the line', () => {
  it('is live from the greeting on, not from the connection', () => {
    const socket = open();
    expect(socket.status.state).toBe('connecting');
    time.advance(10);
    expect(socket.status.state).toBe('connecting');
    time.advance(10);
    expect(socket.status.state).toBe('live');
  });

  it('sends the token in a header and nothing at all where the cookie speaks', () => {
    live({ token: 'abc' });
    expect(exchange.dialled).toEqual([{ headers: { authorization: 'Bearer abc' } }]);
    live();
    expect(exchange.dialled[1]).toBeUndefined();
  });

  it('is stale after three silent seconds, live again when it speaks, and made anew when it does not', () => {
    const socket = live();
    exchange.line.dead = true;
    time.advance(2_500);
    expect(socket.status.state).toBe('live');
    time.advance(1_000);
    expect(socket.status.state).toBe('stale');
    exchange.line.dead = false;
    time.advance(700);
    expect(socket.status.state).toBe('live');
    expect(exchange.dialled).toHaveLength(1);
    exchange.line.dead = true;
    time.advance(5_000);
    expect(exchange.dialled).toHaveLength(2);
    time.advance(2_000);
    expect(socket.status.state).toBe('live');
  });

  it('gives up a server that never greets', () => {
    exchange.latencyMs = 60_000;
    const socket = open();
    time.advance(6_000);
    expect(exchange.dialled.length).toBeGreaterThan(1);
    expect(socket.status.state).toBe('connecting');
  });

  it('comes back after ever longer pauses, and at the first bound again once it stood steadily', () => {
    const socket = live();
    exchange.down = true;
    exchange.line.cut(1006);
    const attempts = (ms: number): number => {
      const before = exchange.dialled.length;
      time.advance(ms);
      return exchange.dialled.length - before;
    };
    expect(attempts(5_000)).toBeGreaterThan(2);
    time.advance(60_000);
    expect(attempts(10 * BACKOFF_CEILING_MS)).toBeLessThanOrEqual(20);
    exchange.down = false;
    socket.reconnect();
    time.advance(100);
    expect(socket.status).toMatchObject({ state: 'live' });
    expect(socket.status.attempt).toBeGreaterThan(5);
    time.advance(20_000);
    expect(socket.status.attempt).toBe(0);
  });

  it.each([
    [CLOSE_CODES.session_ended, 'session_ended'],
    [CLOSE_CODES.suspended, 'suspended'],
    [CLOSE_CODES.superseded, 'superseded'],
  ])('stays away after close %i until asked to come back', (code, ended) => {
    const socket = live();
    exchange.line.cut(code);
    time.advance(120_000);
    expect(socket.status).toMatchObject({ state: 'ended', ended });
    expect(exchange.dialled).toHaveLength(1);
    socket.reconnect();
    time.advance(100);
    expect(socket.status).toMatchObject({ state: 'live', ended: null });
  });

  it('names close codes as the protocol does', () => {
    const { session_ended, suspended, superseded, policy, too_big, busy, flood } = CLOSE_CODES;
    expect(Object.keys(FINAL_CLOSE).map(Number)).toEqual([session_ended, suspended, superseded]);
    expect([...SLOW_CLOSE]).toEqual([policy, too_big, busy, flood]);
  });

  it('returns slowly to a server that asked for rest', () => {
    live();
    exchange.line.cut(CLOSE_CODES.busy);
    time.advance(BACKOFF_CEILING_MS / 2);
    expect(exchange.dialled).toHaveLength(1);
    time.advance(BACKOFF_CEILING_MS / 2);
    expect(exchange.dialled).toHaveLength(2);
  });

  it('passes over what it does not understand', () => {
    const socket = live();
    for (const text of ['', 'null', '[]', '{"t":1}', '{"t":"from_the_future","x":1}', '{'])
      exchange.line.raw(text);
    exchange.line.raw(new Uint8Array(3));
    time.advance(100);
    expect(socket.status.state).toBe('live');
  });

  it('says when the last message came, and stops when it is closed', () => {
    const socket = live();
    time.advance(5_000);
    expect(time.wallMs() - (socket.status.lastMessageAtMs ?? 0)).toBeLessThanOrEqual(1_000);
    socket.close();
    time.advance(60_000);
    expect(socket.status).toMatchObject({ state: 'ended', ended: 'closed' });
    expect(exchange.dialled).toHaveLength(1);
  });
});

describe('the server clock', () => {
  it('is known to half a round trip after five pings, however wrong this machine is', () => {
    time.wallOffsetMs += 3_600_000;
    const socket = live();
    time.advance(5_000);
    expect(sent('ping')).toHaveLength(CLOCK_SAMPLES + 1);
    expect(socket.status.offsetMs).toBe(-3_600_000);
    expect(socket.status.roundTripMs).toBe(20);
  });

  it('is not moved by one slow packet', () => {
    const socket = live();
    time.advance(3_000);
    exchange.latencyMs = 400;
    time.advance(10_000);
    exchange.latencyMs = 10;
    time.advance(10_000);
    expect(Math.abs(socket.status.offsetMs)).toBeLessThan(20);
  });

  it('is measured anew when this machine’s clock is set', () => {
    const socket = live();
    time.advance(30_000);
    time.wallOffsetMs += 600_000;
    time.advance(3_000);
    expect(socket.status.offsetMs).toBe(-600_000);
    expect(new Date(socket.nowMs()).toISOString()).toBe(exchange.now());
  });
});

describe('a topic', () => {
  it('begins with a snapshot and follows', () => {
    const socket = live();
    const { last } = watch(socket);
    time.advance(100);
    expect(last()).toMatchObject({
      type: 'state',
      fresh: true,
      state: { seq: 1, terms: { currency: 'CNY' } },
    });
    exchange.change({ nextPrice: '805.00' });
    time.advance(100);
    expect(last()).toMatchObject({
      fresh: true,
      state: { seq: 2, nextPrice: '805.00', terms: { currency: 'CNY' } },
    });
  });

  it('is not fresh without a line, and resumes from its place', () => {
    const socket = live();
    const { last, updates } = watch(socket);
    time.advance(100);
    exchange.line.cut(1006);
    expect(last()).toMatchObject({ fresh: false, state: { seq: 1 } });
    exchange.change();
    exchange.change();
    const before = updates.length;
    time.advance(1_000);
    expect(sent('subscribe').at(-1)).toEqual({ t: 'subscribe', topic: TOPIC, resumeFrom: 1 });
    expect(updates.slice(before)).toMatchObject([
      { state: { seq: 2 }, fresh: false },
      { state: { seq: 3 }, fresh: true },
    ]);
  });

  it('is fresh again at once when nothing was missed', () => {
    const socket = live();
    const { last } = watch(socket);
    time.advance(100);
    exchange.line.cut(1006);
    time.advance(1_000);
    expect(last()).toMatchObject({ fresh: true, state: { seq: 1 } });
  });

  it('asks for a snapshot once after a gap, and shows no state that never was', () => {
    const socket = live();
    const { last, updates } = watch(socket);
    time.advance(100);
    exchange.line.losses.push(true);
    exchange.change();
    exchange.change();
    exchange.change();
    time.advance(15);
    expect(last()).toMatchObject({ fresh: false, state: { seq: 1 } });
    time.advance(100);
    expect(sent('subscribe')).toHaveLength(2);
    expect(last()).toMatchObject({ fresh: true, state: { seq: 4 } });
    expect(updates.map((update) => (update.type === 'state' ? update.state.seq : 0))).toEqual([1, 1, 4]);
  });

  it('asks again when the answer got lost', () => {
    const socket = live();
    exchange.line.losses.push(true, true);
    const { last } = watch(socket);
    time.advance(1_000);
    expect(last()).toBeUndefined();
    time.advance(5_000);
    expect(last()).toMatchObject({ fresh: true });
  });

  it('tells that it is refused, and asks again only when somebody wants it again', () => {
    const socket = live();
    const codes: string[] = [];
    const listen = (update: TopicUpdate): void => {
      if (update.type === 'refused') codes.push(update.code);
    };
    socket.subscribe('auction:none', listen);
    time.advance(20_000);
    expect(codes).toEqual(['resource.not_found']);
    expect(sent('subscribe')).toHaveLength(1);
    socket.subscribe('auction:none', () => {});
    time.advance(100);
    expect(codes).toHaveLength(2);
  });

  it('is left when nobody listens any more, and shown at once to whoever joins', () => {
    const socket = live();
    const leave = socket.subscribe(TOPIC, () => {});
    time.advance(100);
    const { last } = watch(socket);
    expect(last()).toMatchObject({ fresh: true });
    leave();
    time.advance(100);
    expect(sent('unsubscribe')).toHaveLength(0);
    expect(sent('subscribe')).toHaveLength(1);
  });
});

describe('a bid', () => {
  it('is pending until the server answers', async () => {
    const socket = live();
    const ticket = socket.placeBid(BID);
    expect(ticket.outcome).toEqual({ status: 'pending' });
    time.advance(100);
    expect(ticket.outcome).toMatchObject({ status: 'accepted', rank: 1, allocated: '100.000' });
    expect(await ticket.settled).toBe(ticket.outcome);
    time.advance(60_000);
    expect(sent('place_bid')).toHaveLength(1);
  });

  it('never leaves without a live line', () => {
    const socket = open();
    const ticket = socket.placeBid(BID);
    expect(ticket.outcome).toMatchObject({ status: 'rejected', code: 'client.not_connected' });
    time.advance(10_000);
    expect(sent('place_bid')).toEqual([]);
  });

  it('is sent again under the same id after the line broke, and placed once', () => {
    const socket = live();
    exchange.swallowsAnswers = true;
    const ticket = socket.placeBid(BID);
    time.advance(100);
    exchange.line.cut(1006);
    exchange.swallowsAnswers = false;
    time.advance(2_000);
    expect(ticket.outcome).toMatchObject({ status: 'accepted' });
    expect(sent('place_bid')).toEqual([
      { t: 'place_bid', id: 'bid-1-0000', ...BID },
      { t: 'place_bid', id: 'bid-1-0000', ...BID },
    ]);
    expect(exchange.state.bidCount).toBe(1);
  });

  it('of any format of auction goes the same way, and is told to who listens to those alone', async () => {
    const socket = live();
    const told: string[] = [];
    socket.onAuction(({ command, outcome }) => told.push(`${command.t} ${outcome.status}`));
    socket.onBid(() => told.push('bid'));
    exchange.swallowsAnswers = true;
    const ticket = socket.auction({ t: 'place_bid', ...BID }, 'auction-0001');
    time.advance(100);
    exchange.line.cut(1006);
    exchange.swallowsAnswers = false;
    time.advance(5_000);
    expect(sent('place_bid')).toHaveLength(2);
    expect([...exchange.placed.keys()]).toEqual(['auction-0001']);
    expect(await ticket.settled).toMatchObject({ status: 'accepted', rank: 1, allocated: '100.000' });
    expect(told).toEqual(['place_bid accepted']);
    const lost = socket.auction({ t: 'state_quantity', auctionId: 'a1', round: 1, quantity: '50' });
    socket.close();
    expect(lost.outcome).toMatchObject({ status: 'unknown' });
  });

  it('is sent again when the server says nothing', () => {
    const socket = live();
    exchange.line.losses.push(true, true);
    const ticket = socket.placeBid(BID);
    time.advance(2_900);
    expect(ticket.outcome.status).toBe('pending');
    time.advance(500);
    expect(ticket.outcome.status).toBe('accepted');
  });

  it('is unknown, not refused, when nobody answers in time; and can be asked again', async () => {
    const socket = live();
    exchange.swallowsAnswers = true;
    const ticket = socket.placeBid(BID);
    time.advance(COMMAND_PATIENCE_MS + 100);
    expect(ticket.outcome).toEqual({ status: 'unknown', code: null });
    expect(await ticket.settled).toEqual({ status: 'unknown', code: null });
    exchange.swallowsAnswers = false;
    ticket.askAgain();
    time.advance(100);
    expect(ticket.outcome.status).toBe('accepted');
    expect(exchange.state.bidCount).toBe(1);
    ticket.askAgain();
    expect(ticket.outcome.status).toBe('accepted');
  });

  it('tells a refusal with what would have been accepted', () => {
    const socket = live();
    const accepted = { priceMinimum: '810.00' };
    exchange.refusals.push({ code: 'bid.price_off_grid', retry: 'no', accepted });
    const ticket = socket.placeBid(BID);
    time.advance(100);
    expect(ticket.outcome).toEqual({ status: 'rejected', code: 'bid.price_off_grid', accepted, seq: null });
  });

  it('waits as long as the server asks, and is refused with its word when that does not end', () => {
    const socket = live();
    exchange.refusals.push({ code: 'service.overloaded', retry: 'after', afterMs: 250 });
    const first = socket.placeBid(BID);
    time.advance(200);
    expect(sent('place_bid')).toHaveLength(1);
    time.advance(200);
    expect(first.outcome.status).toBe('accepted');
    for (let n = 0; n < 100; n += 1)
      exchange.refusals.push({ code: 'service.overloaded', retry: 'after', afterMs: 1_000 });
    const second = socket.placeBid(BID);
    time.advance(COMMAND_PATIENCE_MS + 100);
    expect(second.outcome).toMatchObject({ status: 'rejected', code: 'service.overloaded' });
  });

  it('is not called refused on a "no" that came after a send whose answer is not known', () => {
    const socket = live();
    exchange.refusals.push(
      { code: 'bid.outcome_unknown', retry: 'same_id' },
      { code: 'auth.forbidden', retry: 'no' },
    );
    const ticket = socket.placeBid(BID);
    time.advance(1_000);
    expect(ticket.outcome).toEqual({ status: 'unknown', code: 'auth.forbidden' });
  });

  it('takes a late answer after it was called unknown, and never changes a known one', () => {
    const socket = live();
    const changes: string[] = [];
    socket.onBid(({ outcome }) => changes.push(outcome.status));
    exchange.swallowsAnswers = true;
    const ticket = socket.placeBid(BID);
    time.advance(COMMAND_PATIENCE_MS + 100);
    const outcome = { status: 'accepted', rank: 1, allocated: '100.000' } as const;
    exchange.line.deliver({ t: 'ack', id: ticket.id, seq: 9, at: exchange.now(), outcome });
    exchange.line.deliver({ t: 'err', id: ticket.id, code: 'auction.closed', retry: 'no' });
    time.advance(100);
    expect(changes).toEqual(['unknown', 'accepted']);
  });

  it('is unknown, at once, when the socket is closed under it', () => {
    const socket = live();
    const ticket = socket.placeBid(BID);
    socket.close();
    expect(ticket.outcome.status).toBe('unknown');
  });
});
