import { createHash } from 'node:crypto';
import { instant } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical.ts';
import {
  InvariantError,
  SNAPSHOT_VERSION,
  apply,
  createState,
  restore,
  snapshot,
  stateHash,
  step,
} from './index.ts';
import { Market, at, terms } from './oracle/market.ts';

const resume = { type: 'resume_auction', auctionId: 'a' } as const;

describe('step', () => {
  it('takes only the next seq and never an earlier time, and changes nothing when it does not', () => {
    const market = Market.with();
    const before = snapshot(market.state);
    const { seq, lastAt } = market.state;
    for (const stamp of [
      { seq, at: lastAt },
      { seq: seq + 2, at: lastAt },
      { seq: seq + 1, at: instant(lastAt - 1) },
      { seq: seq + 1, at: Number.NaN as typeof lastAt },
    ]) {
      expect(() => step(market.state, { ...resume, ...stamp })).toThrow(InvariantError);
      expect(() => apply(market.state, { ...resume, ...stamp }, [])).toThrow(InvariantError);
    }
    expect(snapshot(market.state)).toBe(before);
  });

  it('counts a refusal as an entry', () => {
    const market = new Market();
    expect(market.send(resume, 5)).toEqual([
      { type: 'command_rejected', rejection: { code: 'auction_unknown' } },
    ]);
    expect([market.state.seq, market.state.lastAt]).toEqual([1, at(5)]);
  });

  it('refuses to apply an event to an auction that is not live', () => {
    const state = createState();
    const events = [{ type: 'auction_opened', auctionId: 'a' }] as const;
    expect(() => apply(state, { ...resume, seq: 1, at: at(0) }, events)).toThrow(InvariantError);
  });

  it('gives events that survive the journal as they are', () => {
    const market = Market.with();
    const events = market.bid('b1', 100, 10, { ms: 110_000 });
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });
});

describe('snapshot', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

  function busy(): Market {
    const market = Market.with();
    market.send({ type: 'schedule_auction', terms: terms({ auctionId: 'b' }) });
    market.send({ type: 'schedule_auction', terms: terms({ auctionId: 'c' }) });
    market.send({ type: 'void_auction', auctionId: 'c', reason: 'x' });
    market.deposit('b1', '99000000000000');
    market.deposit('b1', '900719925474099');
    market.bid('b1', 100, 4);
    market.send({ type: 'suspend_auction', auctionId: 'a', reason: 'x' });
    return market;
  }

  it('comes back as the state it was, money to the last unit', () => {
    const { state } = busy();
    const copy = restore(snapshot(state));
    expect(copy).toEqual(state);
    expect(stateHash(copy, sha256)).toBe(stateHash(state, sha256));
  });

  it('is refused when a byte of it is not what the engine would write, or of another version', () => {
    const text = snapshot(busy().state);
    expect(() => restore(text.replace('"seq":', '"seq" :'))).toThrow(InvariantError);
    expect(() =>
      restore(text.replace(`"version":${SNAPSHOT_VERSION}`, `"version":${SNAPSHOT_VERSION + 1}`)),
    ).toThrow(InvariantError);
    expect(() => restore(text.replace('"extensions":0,', ''))).toThrow(InvariantError);
    expect(() => restore(text.slice(1))).toThrow(SyntaxError);
  });
});

describe('canonical text', () => {
  it('sorts keys by code unit and does not depend on how an object was built', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'é\n'], B: {} })).toBe(
      '{"B":{},"a":[true,null,"é\\n"],"b":1}',
    );
    expect(canonicalJson({ x: 1, y: 2 })).toBe(canonicalJson({ y: 2, x: 1 }));
    expect(canonicalJson(-0)).toBe('0');
  });

  it('refuses what is no integer', () => {
    for (const value of [0.5, Number.NaN, 2 ** 53])
      expect(() => canonicalJson([value])).toThrow(InvariantError);
  });
});
