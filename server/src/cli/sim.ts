/**
 * Runs the market on simulated bad days, one after another by seed, and stops at nothing: every seed
 * that breaks a promise is named with the command that shows it again. Exit code 1 when one did.
 */
import { parseArgs } from 'node:util';
import { ChaosServer } from '../exchange/crash/engines/server.ts';
import { type MutantName, mutantNames } from '../exchange/sim/mutants.ts';

import { comparePgHistories } from '../exchange/sim/pg-histories.ts';
import { type SimReport, simulate } from '../exchange/sim/simulate.ts';
import { USAGE as SETTLEMENT_USAGE, simSettlement } from './sim-settlement.ts';

const USAGE = `usage: seam sim [--seeds 500] [--from 1] [--json]
       seam sim --seed N [--trace]
       seam sim --postgres 2000 [--from SEED]: the simulated PostgreSQL beside a real one
       the first two with --mutant ${mutantNames.join(' | ')}
${SETTLEMENT_USAGE}`;
const PROGRESS_MS = 5_000;

export async function sim(args: string[]): Promise<number> {
  if (args[0] === 'settlement') return simSettlement(args.slice(1));
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string', default: '500' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      mutant: { type: 'string', default: 'none' },
      postgres: { type: 'string' },
      trace: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const from = Number(values.seed ?? values.from);
  const seeds = values.seed === undefined ? Number(values.seeds) : 1;
  const mutant = [...mutantNames, 'none' as const].find((name) => name === values.mutant);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(seeds) || seeds < 1 || !mutant) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (values.postgres !== undefined) return besidePostgres(Number(values.postgres), from);
  const print = values.trace ? (line: string): void => void process.stdout.write(`${line}\n`) : undefined;
  return run({ from, seeds, mutant, json: values.json, ...(print && { print }) });
}

async function besidePostgres(histories: number, seed: number): Promise<number> {
  const server = await ChaosServer.start();
  try {
    const differences = await comparePgHistories({
      url: await server.database('histories'),
      histories,
      seed,
    });
    for (const difference of differences) process.stdout.write(`${JSON.stringify(difference)}\n`);
    process.stdout.write(`${histories} histories, ${differences.length} differences\n`);
    return differences.length === 0 ? 0 : 1;
  } finally {
    await server.stop();
  }
}

type Run = {
  readonly from: number;
  readonly seeds: number;
  readonly mutant: MutantName;
  readonly json: boolean;
  readonly print?: (line: string) => void;
};

async function run({ from, seeds, mutant, json, print }: Run): Promise<number> {
  const started = performance.now();
  const sums = { seeds: 0, failed: 0, entries: 0, answers: 0, resent: 0, takeovers: 0, simulatedHours: 0 };
  const failed: number[] = [];
  let toldAt = started;
  for (let seed = from; seed < from + seeds; seed += 1) {
    const report = await simulate({ seed, mutant, ...(print && { print }) });
    sums.seeds += 1;
    sums.entries += report.entries;
    sums.answers += report.answers;
    sums.resent += report.resent;
    sums.takeovers += report.takeovers;
    sums.simulatedHours += report.simulatedMs / 3_600_000;
    if (report.violation) {
      failed.push(seed);
      process.stderr.write(`${told(report, mutant)}\n`);
    }
    if (performance.now() - toldAt > PROGRESS_MS) {
      toldAt = performance.now();
      const rate = (sums.seeds / (toldAt - started)) * 1_000;
      process.stderr.write(`  ${sums.seeds}/${seeds} seeds, ${rate.toFixed(0)}/s, ${failed.length} failed\n`);
    }
  }
  sums.failed = failed.length;
  sums.simulatedHours = Math.round(sums.simulatedHours * 10) / 10;
  const seconds = Math.round((performance.now() - started) / 1_000);
  if (json) process.stdout.write(`${JSON.stringify({ ...sums, seconds, mutant, failedSeeds: failed })}\n`);
  else
    process.stdout.write(
      `${failed.length === 0 ? 'passed' : 'FAILED'}: ${JSON.stringify({ ...sums, seconds })}\n`,
    );
  return failed.length === 0 ? 0 : 1;
}

function told({ seed, violation, settings }: SimReport, mutant: MutantName): string {
  const again = `npm run sim -- --seed ${seed}${mutant === 'none' ? '' : ` --mutant ${mutant}`} --trace`;
  return `seed ${seed} breaks "${violation?.promise}" at ${violation?.atMs.toFixed(1)} ms: ${violation?.detail}
  faults: ${settings.faults.join(', ') || 'none'}; disaster: ${settings.disaster}
  again: ${again}`;
}
