/** What everything in one simulation shares. */
import type { SimClock, SimNet, SimPg } from '@seam/testkit/sim';
import type { Random } from '@seam/testkit/sim';
import type { Checker } from './checker.ts';
import type { Mutant } from './mutants.ts';
import type { Settings } from './settings.ts';

export type World = {
  readonly clock: SimClock;
  readonly net: SimNet;
  readonly pg: SimPg;
  readonly random: Random;
  readonly checker: Checker;
  readonly settings: Settings;
  readonly mutant: Mutant;
  /** Ms since the start: no fault begins after it. */
  readonly calmAt: number;
};

/** Ms since 1970 at the start, by PostgreSQL's clock. */
export const START_MS = 1_800_000_000_000;
