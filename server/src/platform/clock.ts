/** Where slices get the time, so that tests can turn it. The market has its own (exchange/). */
export type Clock = { now(): Date };
export const systemClock: Clock = { now: () => new Date() };

/** From `startMs` on each second counts for `factor`: for simulations, whose days are minutes. */
export function fastClock(startMs: number, factor: number): Clock {
  return { now: () => new Date(startMs + (Date.now() - startMs) * factor) };
}
