/**
 * What one seed is like: how many engines and bidders, how large the bounds, and which faults may
 * happen. Each seed has a random subset of the faults, so that some are met alone and some together.
 */
import { type NetFaults, type PgFaults, type Random, calmNet, calmPg } from '@seam/testkit/sim';

export type FaultKind =
  | 'kill'
  | 'power_loss'
  | 'pause'
  | 'part_database'
  | 'part_clients'
  | 'terminate'
  | 'restart_database'
  | 'late_commit'
  | 'outage'
  | 'clock_jump'
  | 'kill_at_close';

const kinds: readonly FaultKind[] = [
  'kill',
  'power_loss',
  'pause',
  'part_database',
  'part_clients',
  'terminate',
  'restart_database',
  'late_commit',
  'clock_jump',
  'kill_at_close',
];

/** A disaster that PostgreSQL's own promises exclude: the market must notice, and stop. */
export type Disaster = 'none' | 'standby_lacks_commits' | 'journal_changed' | 'snapshot_changed';

export type Settings = {
  readonly seed: number;
  readonly engines: number;
  readonly shards: number;
  readonly bidders: number;
  readonly leaseTtlMs: number;
  readonly snapshotEvery: number;
  readonly queueLimit: number;
  readonly troubleMs: number;
  readonly faults: readonly FaultKind[];
  /** Mean ms between two faults. */
  readonly faultEveryMs: number;
  readonly net: NetFaults;
  readonly pg: PgFaults;
  readonly disaster: Disaster;
  /** Suspends, resumes and voids auctions. */
  readonly interventions: boolean;
};

export function settingsOf(seed: number, random: Random): Settings {
  const some = (probability: number, value: number): number => (random.chance(probability) ? value : 0);
  const isCalm = random.chance(0.05);
  const net: NetFaults = {
    delayMs: [0.1, random.pick([1, 5, 20])],
    slow: some(0.4, random.between(0, 0.1)),
    slowMs: random.pick([50, 500, 3_000]),
    drop: some(0.6, random.between(0, 0.2)),
    duplicate: some(0.5, random.between(0, 0.2)),
  };
  const pg: PgFaults = {
    stall: some(0.4, random.between(0, 0.02)),
    stallMsMax: random.pick([200, 2_000, 8_000]),
    slowCommit: some(0.4, random.between(0, 0.05)),
    slowCommitMsMax: random.pick([50, 1_000, 4_000, 8_000]),
    silentCommit: some(0.5, random.between(0, 0.02)),
    silentAbort: some(0.4, random.between(0, 0.02)),
    warn: some(0.2, random.between(0, 0.02)),
  };
  const die = random.next();
  return {
    seed,
    engines: random.pick([2, 3, 3]),
    shards: random.pick([1, 1, 2]),
    bidders: 2 + random.below(4),
    leaseTtlMs: random.pick([500, 1_000, 3_000]),
    snapshotEvery: random.pick([5, 20, 1_000]),
    queueLimit: random.pick([3, 2_000]),
    troubleMs: random.between(4_000, 10_000),
    // An outage takes the rest of the day with it, and the auctions go on for a quarter of an hour.
    faults: isCalm
      ? []
      : [...kinds.filter(() => random.chance(0.4)), ...(random.chance(0.1) ? (['outage'] as const) : [])],
    faultEveryMs: random.pick([150, 500, 1_500]),
    net: isCalm ? calmNet : net,
    pg: isCalm ? calmPg : pg,
    disaster:
      die < 0.03
        ? 'standby_lacks_commits'
        : die < 0.06
          ? 'journal_changed'
          : die < 0.09
            ? 'snapshot_changed'
            : 'none',
    interventions: random.chance(0.15),
  };
}
