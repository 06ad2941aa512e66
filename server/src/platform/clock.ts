/** Where slices get the time, so that tests can turn it. The market has its own (exchange/). */
export type Clock = { now(): Date };
export const systemClock: Clock = { now: () => new Date() };

/** Time of a simulation: from `startMs` on each second counts for `factor`, and every `everyMs` a night is skipped. */
export type FastTime = {
  readonly startMs: number;
  readonly factor: number;
  readonly everyMs: number;
  readonly nightMs: number;
};

/** The same for every process of one machine. */
export function fastClock({ startMs, factor, everyMs, nightMs }: FastTime): Clock {
  return {
    now() {
      const passed = Math.max(0, Date.now() - startMs);
      return new Date(startMs + passed * factor + Math.floor(passed / everyMs) * nightMs);
    },
  };
}
