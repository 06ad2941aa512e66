import { describe, expect, it } from 'vitest';
import { ClockUnfit, anchorClock } from './clock.ts';
import { CLOCK_CALL_MAX_MS } from './limits.ts';

/** A machine whose two clocks are turned by hand, and a database that answers after `callMs`. */
function machine({ callMs, databaseAheadMs = 0 }: { callMs: number; databaseAheadMs?: number }) {
  const now = { wall: 1_000_000, monotonic: 0 };
  const clock = { wallMs: () => now.wall, monotonicMs: () => now.monotonic };
  const databaseMs = async (): Promise<number> => {
    const asked = now.wall;
    now.wall += callMs;
    now.monotonic += callMs;
    // Read by the server as soon as it was asked, told at the end.
    return asked + databaseAheadMs;
  };
  return { now, anchored: () => anchorClock(clock, databaseMs) };
}

describe('the clock that closes auctions', () => {
  it('is off by no more than half the call that anchored it', async () => {
    const { now, anchored } = machine({ callMs: 100 });
    const clock = await anchored();
    expect(Math.abs(clock.now() - now.wall)).toBeLessThanOrEqual(50);
  });

  it('is not anchored by a call so slow that the market could be seconds ahead', async () => {
    await expect(machine({ callMs: CLOCK_CALL_MAX_MS }).anchored()).resolves.toBeDefined();
    await expect(machine({ callMs: CLOCK_CALL_MAX_MS + 1 }).anchored()).rejects.toThrow(ClockUnfit);
  });

  it('is not anchored where host and database disagree, and stops when the wall clock jumps', async () => {
    await expect(machine({ callMs: 0, databaseAheadMs: 251 }).anchored()).rejects.toThrow(ClockUnfit);
    const { now, anchored } = machine({ callMs: 0 });
    const clock = await anchored();
    now.wall += 501;
    expect(() => clock.now()).toThrow(ClockUnfit);
  });
});
