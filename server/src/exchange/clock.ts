/**
 * The engine's clock: anchored to PostgreSQL when a shard is taken over, advanced by the monotonic
 * clock. A wall clock that jumps cannot close an auction early; it stops the leading instead.
 */
import { CLOCK_CALL_MAX_MS, CLOCK_DRIFT_MAX_MS, CLOCK_OFFSET_MAX_MS } from './limits.ts';

/** The two clocks of the machine, in ms. Replaced in tests and simulations. */
export type MachineClock = { wallMs(): number; monotonicMs(): number };
export const machineClock: MachineClock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

/** How to wait. Replaced in simulations. */
export type Timers = {
  /** Runs `run` after `ms`. @returns what cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Runs `run` after everything that has already arrived; default: after 0 ms. */
  soon?(run: () => void): void;
};
export const machineTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  soon: (run) => void setImmediate(run),
};

export async function pause(timers: Timers, ms: number): Promise<void> {
  await new Promise<void>((resolve) => timers.after(ms, resolve));
}

/** Lets everything that has arrived be handled first. */
export async function breath(timers: Timers): Promise<void> {
  await new Promise<void>((resolve) => {
    if (timers.soon) timers.soon(resolve);
    else timers.after(0, resolve);
  });
}

/** The host may not lead (any more) because of its clock. */
export class ClockUnfit extends Error {
  override readonly name = 'ClockUnfit';
}

export type AnchoredClock = {
  /** Whole ms since the epoch by PostgreSQL's clock. @throws ClockUnfit when a clock has jumped. */
  now(): number;
};

/**
 * @param databaseMs reads PostgreSQL's `clock_timestamp()` in ms; the anchor is the middle of the call.
 * @throws ClockUnfit when host and database differ by more than the call can explain, or the call was
 *   so slow that its middle says little.
 */
export async function anchorClock(
  machine: MachineClock,
  databaseMs: () => Promise<number>,
): Promise<AnchoredClock> {
  const before = machine.monotonicMs();
  const database = await databaseMs();
  const after = machine.monotonicMs();
  const wall = machine.wallMs();
  if (after - before > CLOCK_CALL_MAX_MS) {
    throw new ClockUnfit(`the database's clock was ${Math.round(after - before)} ms away`);
  }
  const middle = (before + after) / 2;
  const offset = wall - (after - middle) - database;
  if (Math.abs(offset) > CLOCK_OFFSET_MAX_MS + (after - before) / 2) {
    throw new ClockUnfit(`host clock is ${Math.round(offset)} ms away from the database`);
  }
  return {
    now() {
      const elapsed = machine.monotonicMs() - after;
      const drift = machine.wallMs() - wall - elapsed;
      if (Math.abs(drift) > CLOCK_DRIFT_MAX_MS)
        throw new ClockUnfit(`a clock jumped by ${Math.round(drift)} ms`);
      return Math.floor(database + machine.monotonicMs() - middle);
    },
  };
}
