import type { AuctionUpdateFrame } from '@seam/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuctionFrame, AuctionMirror, type TopicUpdate, openSocket } from './index.ts';
import { FakeExchange } from './testing/fake-exchange.ts';
import { SimulatedTime } from './testing/simulated-time.ts';

const TOPIC = 'auction:a1';

describe('a mirror', () => {
  it('shows only states that were, never goes back, and asks until it has the last, whatever the network does', () => {
    const fate = fc.array(
      fc.record({ copies: fc.integer({ min: 0, max: 3 }), late: fc.integer({ min: 0, max: 5 }) }),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(fate, (fates) => {
        const { frames, snapshot } = history(fates.length + 1);
        const arriving = fates
          .flatMap(({ copies, late }, index) =>
            Array.from({ length: copies }, (_, copy) => ({
              at: index + late * (copy + 1),
              frame: frames[index],
            })),
          )
          .toSorted((a, b) => a.at - b.at);
        const mirror = new AuctionMirror();
        let before = 0;
        const deliver = (frame: AuctionFrame, at: number): void => {
          // A gap is answered by the newest snapshot the server has at that moment.
          if (mirror.apply(frame) === 'gap') expect(mirror.apply(snapshot(at))).toBe('applied');
          const { seq = 0, state } = mirror;
          expect(seq).toBeGreaterThanOrEqual(before);
          expect(state?.nextPrice).toBe(price(seq));
          before = seq;
        };
        for (const { frame, at } of arriving) if (frame) deliver(frame, Math.min(at, fates.length - 1));
        // The next change after the storm: whatever was lost is noticed now.
        deliver(frames.at(-1) as AuctionUpdateFrame, fates.length);
        expect(mirror.state).toMatchObject({ seq: fates.length + 2, nextPrice: price(fates.length + 2) });
      }),
    );
  });
});

describe('a socket', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('change' as const), n: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ do: fc.constant('bid' as const), n: fc.constant(0) }),
    fc.record({ do: fc.constant('cut' as const), n: fc.constantFrom(1006, 1012, 4460, 1013) }),
    fc.record({ do: fc.constant('pull' as const), n: fc.constant(0) }),
    fc.record({ do: fc.constant('down' as const), n: fc.integer({ min: 0, max: 8_000 }) }),
    fc.record({ do: fc.constant('lose' as const), n: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant('double' as const), n: fc.constant(0) }),
    fc.record({ do: fc.constant('swallow' as const), n: fc.integer({ min: 0, max: 4_000 }) }),
    fc.record({ do: fc.constant('slow' as const), n: fc.integer({ min: 1, max: 2_500 }) }),
    fc.record({ do: fc.constant('wait' as const), n: fc.integer({ min: 0, max: 6_000 }) }),
  );

  it('ends with the server’s state, with every bid placed at most once and known, after any storm', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (steps, jitter) => {
          const time = new SimulatedTime();
          const exchange = new FakeExchange(time);
          const random = (): number => jitter.next().value ?? 0.5;
          const socket = openSocket({ url: 'ws://x', WebSocketImpl: exchange.WebSocketImpl, time, random });
          let last: TopicUpdate | undefined;
          socket.subscribe(TOPIC, (update) => {
            last = update;
          });
          const tickets = storm(steps, { time, exchange, placeBid: () => socket.placeBid(BID) });
          exchange.down = false;
          exchange.latencyMs = 10;
          for (const line of exchange.lines) line.dead = false;
          time.advance(60_000);
          for (const ticket of tickets) if (ticket.outcome.status === 'unknown') ticket.askAgain();
          time.advance(10_000);
          // A frame lost inside a line that stands, which no TCP does, shows with the next change.
          exchange.change();
          time.advance(5_000);

          expect(socket.status.state).toBe('live');
          const { topic: _topic, ...state } = exchange.state;
          expect(last).toMatchObject({ type: 'state', fresh: true, state });
          for (const { id, outcome } of tickets) {
            const placed = exchange.placed.has(id);
            expect(outcome).toMatchObject(
              placed ? { status: 'accepted' } : { status: 'rejected', code: 'client.not_connected' },
            );
          }
          expect(exchange.state.standing).toHaveLength(exchange.placed.size);
        },
      ),
      { numRuns: 200 },
    );
  });
});

const BID = { auctionId: 'a1', price: '801.00', quantity: '100.000' };
type Ticket = ReturnType<ReturnType<typeof openSocket>['placeBid']>;
type Step = { do: string; n: number };

function storm(
  steps: readonly Step[],
  { time, exchange, placeBid }: { time: SimulatedTime; exchange: FakeExchange; placeBid: () => Ticket },
): Ticket[] {
  const tickets: Ticket[] = [];
  for (const { do: what, n } of steps) {
    const [line] = exchange.lines;
    if (what === 'change') for (let i = 0; i < n; i += 1) exchange.change();
    else if (what === 'bid') tickets.push(placeBid());
    else if (what === 'cut') line?.cut(n);
    else if (what === 'pull' && line) line.dead = true;
    else if (what === 'lose') line?.losses.push(...Array.from({ length: n }, () => true));
    else if (what === 'double' && line) line.doubles = true;
    else if (what === 'slow') exchange.latencyMs = n;
    else if (what === 'wait') time.advance(n);
    else if (what === 'down' || what === 'swallow') {
      const key = what === 'down' ? 'down' : 'swallowsAnswers';
      exchange[key] = true;
      time.advance(n);
      exchange[key] = false;
    }
    time.advance(5);
  }
  return tickets;
}

const price = (seq: number): string => `${800 + seq}.00`;

/** Update n (from 0) leads to seq n + 2; `snapshot(at)` is the state after it. */
function history(length: number): { frames: AuctionUpdateFrame[]; snapshot: (at: number) => AuctionFrame } {
  const exchange = new FakeExchange(new SimulatedTime());
  const frames: AuctionUpdateFrame[] = [];
  for (let seq = 2; seq <= length + 1; seq += 1) {
    const prev = exchange.state.seq;
    exchange.change({ nextPrice: price(seq) });
    frames.push({ t: 'auction.update', ...exchange.state, prev });
  }
  const snapshot = (at: number): AuctionFrame => {
    const { t: _t, ...state } = frames[at] as AuctionUpdateFrame;
    return { t: 'auction.snapshot', ...state, terms: {} as never };
  };
  return { frames, snapshot };
}
