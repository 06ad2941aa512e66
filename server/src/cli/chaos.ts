/**
 * Makes trouble for a market on a database made for this and removed after, and counts afterwards what
 * everybody was told against what the journal has. `chaos` has several engines compete for one
 * PostgreSQL; `chaos bidding` kills one market under socket bidders; `chaos overload` floods one with twenty
 * times what it takes. The first two also run markets with one guard taken out, which must be caught. Exit
 * code 1 when the honest one failed or a control passed.
 */
import { parseArgs } from 'node:util';
import { runBiddingChaos } from '../exchange/crash/bidding-chaos.ts';
import type { Variant } from '../exchange/crash/engines/broken-journals.ts';
import { type EnginesChaosReport, runEnginesChaos } from '../exchange/crash/engines/engines-chaos.ts';
import { ChaosServer } from '../exchange/crash/engines/server.ts';
import { runOverload } from '../exchange/crash/overload.ts';

const USAGE = `usage: seam chaos [--minutes 10] [--bidders 10] [--seed 1] [--json]
       seam chaos bidding [--kills 50] [--bidders 20] [--seed 1] [--json]
       seam chaos overload [--seconds 30] [--json]
`;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

export async function chaos(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      minutes: { type: 'string', default: '10' },
      kills: { type: 'string', default: '50' },
      bidders: { type: 'string' },
      seed: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
    },
  });
  const [what = 'engines'] = positionals;
  if (what === 'overload') return overload(Number(values.seconds), values.json);
  const bidders = Number(values.bidders ?? (what === 'bidding' ? '20' : '10'));
  const [kills, seed, minutes] = [values.kills, values.seed, values.minutes].map(Number) as [
    number,
    number,
    number,
  ];
  const whole = [kills, seed, bidders].every((value) => Number.isInteger(value) && value > 0);
  if (!(what === 'engines' || what === 'bidding') || !whole || !(minutes > 0)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const server = await ChaosServer.start();
  try {
    const report =
      what === 'bidding'
        ? await bidding(server, { kills, bidders, seed })
        : await engines(server, { minutes, bidders, seed });
    if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else print(report);
    return report.passed ? 0 : 1;
  } finally {
    await server.stop();
  }
}

/** By the limits of a login, and by the queue of a shard. */
async function overload(seconds: number, json: boolean): Promise<number> {
  if (!(seconds > 0)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const server = await ChaosServer.start();
  try {
    let passed = true;
    for (const kind of ['login', 'queue'] as const) {
      say(`${kind}: ${seconds} s`);
      const databaseUrl = await server.database(`overload_${kind}`);
      const report = await runOverload({
        kind,
        seconds,
        databaseUrl,
        onProgress: (line) => say(`  ${line}`),
      });
      process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${kind}: ${JSON.stringify(report)}\n`);
      passed &&= report.passed;
    }
    return passed ? 0 : 1;
  } finally {
    await server.stop();
  }
}

type Report = {
  readonly passed: boolean;
  readonly honest: object;
  readonly controls: Record<string, { readonly caught: boolean; readonly report: object }>;
};

async function bidding(
  server: ChaosServer,
  { kills, bidders, seed }: { kills: number; bidders: number; seed: number },
): Promise<Report> {
  const run = async (name: string, acknowledge: 'after_commit' | 'before_commit', times: number) => {
    say(`${name}: ${times} × kill -9, ${bidders} bidders`);
    const databaseUrl = await server.database(name);
    const onProgress = (line: string): void => say(`  ${line}`);
    return runBiddingChaos({ kills: times, bidders, seed, databaseUrl, acknowledge, onProgress });
  };
  const honest = await run('honest', 'after_commit', kills);
  // A tenth of the kills is enough: it loses bids at nearly every one.
  const control = await run(
    'acknowledges_before_commit',
    'before_commit',
    Math.max(5, Math.ceil(kills / 10)),
  );
  const caught = !control.passed;
  const controls = { acknowledges_before_commit: { caught, report: control } };
  return { passed: honest.passed && caught, honest, controls };
}

/** A control is caught as soon as one of its rounds is not safe; it gets as many as fit its share. */
const CONTROL_ROUND_S = 30;

async function engines(
  server: ChaosServer,
  { minutes, bidders, seed }: { minutes: number; bidders: number; seed: number },
): Promise<Report> {
  const run = async (variant: Variant, round: number, seconds: number): Promise<EnginesChaosReport> => {
    say(`${variant}: 3 engines, ${bidders} bidders, ${Math.round(seconds)} s`);
    const onProgress = (line: string): void => say(`  ${line}`);
    const name = `${variant}_${round}`;
    return runEnginesChaos({ server, name, variant, seconds, seed: seed + round, bidders, onProgress });
  };
  const honest = await run('honest', 0, minutes * 60);
  const control = async (variant: Variant): Promise<EnginesChaosReport> => {
    const rounds = Math.max(2, Math.ceil((minutes * 60) / 5 / CONTROL_ROUND_S));
    const seconds = Math.min(CONTROL_ROUND_S, minutes * 60);
    let report = await run(variant, 1, seconds);
    for (let round = 2; report.safe && round <= rounds; round += 1)
      report = await run(variant, round, seconds);
    return report;
  };
  const [lock, epoch] = [await control('advisory_lock'), await control('unlocked_epoch')];
  const controls = {
    advisory_lock: { caught: !lock.safe, report: lock },
    unlocked_epoch: { caught: !epoch.safe, report: epoch },
  };
  return { passed: honest.passed && !lock.safe && !epoch.safe, honest, controls };
}

function print({ passed, honest, controls }: Report): void {
  process.stdout.write(`honest: ${JSON.stringify(honest)}\n`);
  for (const [name, { caught, report }] of Object.entries(controls))
    process.stdout.write(`${name}, ${caught ? 'caught' : 'NOT caught'}: ${JSON.stringify(report)}\n`);
  process.stdout.write(passed ? 'passed: nothing lost, and every control was caught\n' : 'FAILED\n');
}
