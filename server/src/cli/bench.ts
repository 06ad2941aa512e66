/**
 * `seam bench NAME`: runs a benchmark of server/bench, each beside its peers in the same run. They stay
 * outside the product, so that what they compare with is never installed on a market's server.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const DIRECTORY = path.resolve(import.meta.dirname, '../../bench');

type Bench = (name: string, args: string[]) => Promise<void>;

export async function bench(args: string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const names = benches();
  if (!names.includes(name)) {
    process.stderr.write(
      `usage: seam bench NAME [--json] [options of the bench]\n  NAME is one of ${names.join(', ')}\n`,
    );
    return 2;
  }
  const { run } = (await import(pathToFileURL(path.join(DIRECTORY, 'support/run.ts')).href)) as {
    run: Bench;
  };
  await run(name, rest);
  return 0;
}

/** A file of server/bench is a benchmark; folders there are what they need. */
function benches(): string[] {
  if (!fs.existsSync(DIRECTORY)) return [];
  const files = fs.readdirSync(DIRECTORY).filter((file) => file.endsWith('.ts') && !file.includes('.test.'));
  return files.map((file) => file.slice(0, -'.ts'.length)).sort();
}
