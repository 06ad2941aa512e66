/** Runs one benchmark and prints what it measured: tables, or with `--json` one comparison a line. */
import { type Comparison, print } from '@seam/testkit/bench';

type Bench = { readonly bench: (args: string[]) => Promise<readonly Comparison[] | Comparison> };

export async function run(name: string, args: string[]): Promise<void> {
  const { bench } = (await import(`../${name}.ts`)) as Bench;
  const json = args.includes('--json');
  const measured = await bench(args.filter((arg) => arg !== '--json'));
  for (const comparison of [measured].flat()) print(comparison, { json });
}
