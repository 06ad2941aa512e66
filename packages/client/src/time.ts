/** Clock and timers as the client needs them, so that a test can be the clock. */
export type Time = {
  /** What the machine believes the time is; may jump. */
  wallMs(): number;
  /** Only ever grows. */
  monotonicMs(): number;
  /** Runs something once, later. @returns what takes it back. */
  after(ms: number, run: () => void): () => void;
};

export const systemTime: Time = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
