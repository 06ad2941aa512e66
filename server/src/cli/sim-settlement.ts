/**
 * `sim settlement`: trades settled on bad days, with what was promised checked all the time. Exit code 1 when a promise
 * was broken, with the command that shows it again.
 */
import { parseArgs } from 'node:util';
import { mutantNames } from '../settlement/sim/mutants.ts';
import { type SimReport, simulateSettlement } from '../settlement/sim/simulate.ts';

export const USAGE = `usage: seam sim settlement [--trades 10000] [--seed 1] [--mutant ${mutantNames.join(' | ')}] [--json]\n`;

export async function simSettlement(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      trades: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      mutant: { type: 'string', default: 'none' },
      json: { type: 'boolean', default: false },
    },
  });
  const [trades, seed] = [Number(values.trades), Number(values.seed)];
  const mutant = [...mutantNames, 'none' as const].find((name) => name === values.mutant);
  if (!Number.isSafeInteger(trades) || trades < 1 || !Number.isSafeInteger(seed) || !mutant) {
    process.stderr.write(USAGE);
    return 2;
  }
  const onProgress = (line: string): void => void process.stderr.write(`${line}\n`);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(name)));
  const report = await simulateSettlement({ trades, seed, mutant, onProgress, signal: stop.signal });
  const passed = report.breaches.length === 0;
  process.stdout.write(values.json ? `${JSON.stringify({ passed, ...report })}\n` : told(report));
  if (!passed) {
    const control = mutant === 'none' ? '' : ` --mutant ${mutant}`;
    process.stderr.write(`again: npm run -s sim -- settlement --trades ${trades} --seed ${seed}${control}\n`);
  }
  return passed ? 0 : 1;
}

function told(report: SimReport): string {
  const { breaches, plants, ...figures } = report;
  const lines = Object.entries(figures).map(
    ([name, value]) => `  ${name.padEnd(18)} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  const found = Object.entries(plants).map(
    ([kind, { planted, found: seen }]) => `  ${kind.padEnd(18)} planted ${planted}, found ${seen}`,
  );
  const broken = breaches.map(({ promise, detail }) => `  BROKEN ${promise}: ${detail}`);
  return [breaches.length === 0 ? 'passed' : 'FAILED', ...lines, 'mismatches', ...found, ...broken, ''].join(
    '\n',
  );
}
