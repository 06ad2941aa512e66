import { describe, expect, it } from 'vitest';
import { type MutantName, mutantNames } from './mutants.ts';
import { type SimReport, simulate } from './simulate.ts';

const SEEDS = 500;
/** A mutant that survives this many bad days would survive more. */
const MUTANT_SEEDS = 100;

const told = ({ seed, violation }: SimReport): string =>
  `${violation?.promise}: ${violation?.detail} (npm run sim -- --seed ${seed} --trace)`;

describe('the market on bad days', () => {
  it(`keeps every promise on ${SEEDS} of them`, async () => {
    const broken: string[] = [];
    const met = new Map<string, number>();
    let [takeovers, entries, answers, resent, outages] = [0, 0, 0, 0, 0];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const report = await simulate({ seed });
      if (report.violation) broken.push(told(report));
      takeovers += report.takeovers;
      entries += report.entries;
      answers += report.answers;
      resent += report.resent;
      outages += report.outages;
      for (const [kind, times] of Object.entries(report.troubles))
        met.set(kind, (met.get(kind) ?? 0) + times);
    }
    expect(broken).toEqual([]);
    // The days were bad enough to mean something.
    expect(takeovers).toBeGreaterThan(3 * SEEDS);
    expect(entries).toBeGreaterThan(30 * SEEDS);
    expect(answers).toBeGreaterThan(20 * SEEDS);
    expect(resent).toBeGreaterThan(10 * SEEDS);
    expect(outages).toBeGreaterThan(SEEDS / 50);
    expect([...met.keys()].toSorted()).toEqual([
      'calm',
      'clock_jump',
      'journal_changed',
      'kill',
      'kill_at_close',
      'killed_at_close',
      'late_commit',
      'outage',
      'part_clients',
      'part_database',
      'pause',
      'power_loss',
      'restart_database',
      'snapshot_changed',
      'standby_lacks_commits',
      'terminate',
    ]);
  });

  it('keeps them on days that once were judged wrongly: what the ledger undid, a snapshot on its way', async () => {
    for (const seed of [1174, 4177, 6013, 7775]) {
      expect((await simulate({ seed })).violation, `seed ${seed}`).toBeUndefined();
    }
  });

  it('are the same day to the last byte for the same seed, and another for another', async () => {
    const hashes = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const [one, two] = [await simulate({ seed }), await simulate({ seed })];
      expect(two).toEqual(one);
      hashes.add(one.traceHash);
    }
    expect(hashes.size).toBe(20);
  });
});

describe('a market without one of its promises is caught', () => {
  const why: Record<MutantName, RegExp> = {
    none: /^$/,
    ack_before_commit: /^J2 P10/,
    early_rejects: /^J2 P10/,
    no_dedup: /^J4/,
    unlocked_epoch: /^J1|halts/,
    wall_clock_timers: /^P12/,
    events_by_object_keys: /^J5/,
    skipped_hash_check: /^after journal_changed nobody leads|^P10 J2/,
    release_before_engine: /^L10/,
    forgotten_outage: /^P14/,
  };

  it.each(mutantNames)('%s', async (mutant) => {
    for (let seed = 1; seed <= MUTANT_SEEDS; seed += 1) {
      const { violation } = await simulate({ seed, mutant });
      if (violation) {
        expect(violation.promise).toMatch(why[mutant]);
        return;
      }
    }
    expect.fail(`${mutant} survived ${MUTANT_SEEDS} seeds`);
  });
});
