/**
 * The cheapest blend of thousands of lots, with what each limit costs, in whole kilograms; beside it GLPK's
 * own program on the same linear programme, which gives the optimum alone, in fractions. The optima must be
 * equal; by how much they differ is printed.
 *
 * Options: --lots 2000, --rounds 5, --asked 8 (blends of a side in a round). Without glpsol on the machine it
 * measures without a peer and says so.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type BlendProblem, eligible, findBlend, lpText, openSolver, randomLots } from '@seam/blend/bench';
import { toDecimal } from '@seam/coal';
import { type Comparison, compare } from '@seam/testkit/bench';
import { kilograms } from '@seam/units';
import { quantile, rounded } from './support/latency.ts';

const LIMITS: BlendProblem['limits'] = [
  { parameter: 'calorificValue', kind: 'net', basis: 'ar', minimum: 22_500 },
  { parameter: 'ash', basis: 'd', maximum: 2_200 },
  { parameter: 'sulphur', basis: 'd', maximum: 100 },
  { parameter: 'totalMoisture', maximum: 1_400 },
  { parameter: 'volatileMatter', basis: 'daf', minimum: 3_000, maximum: 4_200 },
];

export async function bench(args: string[]): Promise<Comparison> {
  const { values } = parseArgs({
    args,
    options: {
      lots: { type: 'string', default: '2000' },
      rounds: { type: 'string', default: '5' },
      asked: { type: 'string', default: '8' },
    },
  });
  const [lots, asked] = [Number(values.lots), Number(values.asked)];
  const solve = await openSolver();
  const problemOf = (seed: number): BlendProblem => ({
    lots: randomLots(lots, seed),
    limits: LIMITS,
    quantity: kilograms(BigInt(60_000 + (seed % 7) * 20_000) * 1_000n),
  });
  const times: number[] = [];
  let seed = 0;
  const perSecond = (work: (problem: BlendProblem) => unknown, own?: number[]) => (): number => {
    const problems = Array.from({ length: asked }, () => problemOf((seed += 1)));
    const from = performance.now();
    for (const problem of problems) {
      const began = performance.now();
      work(problem);
      own?.push(performance.now() - began);
    }
    return (asked * 1000) / (performance.now() - from);
  };
  const glpk = hasGlpsol();
  const comparison = await compare({
    bench: `blend, ${lots.toLocaleString('en-US')} lots`,
    unit: 'blends/s',
    subject: {
      name: 'seam, with its limits priced',
      run: perSecond((problem) => findBlend(problem, solve), times),
    },
    peers: glpk ? [{ name: 'glpsol, optimum alone', run: perSecond(glpsolOptimum) }] : [],
    rounds: Number(values.rounds),
  });
  comparison.facts['ms'] = {
    median: rounded(quantile(times, 0.5)),
    p99: rounded(quantile(times, 0.99)),
    most: rounded(times.at(-1)!),
  };
  comparison.facts['optimum against glpsol'] = glpk
    ? differences([101, 102, 103, 104, 105].map(problemOf), solve)
    : 'glpsol is not on this machine';
  return comparison;
}

type Solve = Awaited<ReturnType<typeof openSolver>>;

/** Of the optimum in fractions, and of what whole kilograms cost more. @throws when the optima differ. */
function differences(problems: readonly BlendProblem[], solve: Solve): object {
  const own: number[] = [];
  const whole: number[] = [];
  for (const problem of problems) {
    const optimum = glpsolOptimum(problem);
    const answer = solve(programmeOf(problem));
    const found = findBlend(problem, solve);
    if (answer.status !== 'optimal' || !found.ok) throw new Error('no blend where glpsol has one');
    own.push(Math.abs(answer.objective - optimum) / optimum);
    const tonnes = Number(problem.quantity) / 1_000;
    whole.push((Number(toDecimal(found.costPerTonne, 9)) * tonnes - optimum) / optimum);
  }
  const relative = Math.max(...own);
  if (relative > 1e-6) throw new Error(`the optima differ by ${relative}`);
  return { problems: problems.length, relative, wholeKilogramsCostMore: Math.max(...whole) };
}

function programmeOf(problem: BlendProblem) {
  const some = eligible(problem.lots, problem.limits);
  return { lots: some.lots, rows: some.rows, quantity: Number(problem.quantity) / 1_000 };
}

function glpsolOptimum(problem: BlendProblem): number {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-blend-'));
  const [programme, output] = [path.join(folder, 'blend.lp'), path.join(folder, 'out')];
  fs.writeFileSync(programme, lpText(programmeOf(problem)));
  execFileSync('glpsol', ['--lp', programme, '-o', output]);
  const text = fs.readFileSync(output, 'utf8');
  fs.rmSync(folder, { recursive: true });
  const optimum = Number(/Objective: +cost = ([\d.e+]+)/.exec(text)?.[1]);
  if (!(optimum > 0)) throw new Error('glpsol found no optimum');
  return optimum;
}

function hasGlpsol(): boolean {
  try {
    execFileSync('glpsol', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
