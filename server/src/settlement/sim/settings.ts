/** What a simulation is asked for, and what every process of it is told. */
import { type Clock, type FastTime, fastClock } from '../../platform/clock.ts';
import type { MutantName } from './mutants.ts';

export type SimOptions = {
  readonly trades: number;
  readonly seed: number;
  readonly mutant: MutantName | 'none';
  /** Ends the run early; what it started is stopped. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
};

/** Told to each worker in its environment. */
export type WorkerSettings = {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly bankUrl: string;
  readonly secret: string;
  readonly startMs: number;
  readonly mutant: MutantName | 'none';
};
export const WORKER_SETTINGS = 'SIM_WORKER';

/**
 * A minute of the banks and of the deadlines is a second, so that inquiries at 1, 5, 15 and 60 minutes come in a run;
 * each minute a night is skipped, so that days end.
 */
export const timeFrom = (startMs: number): FastTime => ({
  startMs,
  factor: 60,
  everyMs: 60_000,
  nightMs: 12 * 3_600_000,
});
export const simClock = (startMs: number): Clock => fastClock(timeFrom(startMs));

/** So short that workers can be held for longer, again and again. */
export const LEASE_MS = 6_000;
/** A bank that has not answered by then is silent. */
export const BANK_TIMEOUT_MS = 3_000;
export const SECRET = 'a-secret-of-the-simulation-alone';
