/** Replays recorded auctions of other markets through the engine's own formats. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { readInput } from '../input.ts';
import { replayEbay } from './ebay.ts';
import { replaySwiss } from './swiss.ts';
import { replayTsuchiura } from './tsuchiura.ts';

export const USAGE = 'auctions swiss|ebay|tsuchiura FILE --out OUT.csv';

type Replayed = {
  readonly csv: string;
  /** Rows that are none, by line. */
  readonly refused: readonly { readonly line: number; readonly code: string }[];
};

const KINDS: Record<string, (bytes: Uint8Array) => Replayed | Promise<Replayed>> = {
  swiss: replaySwiss,
  ebay: replayEbay,
  tsuchiura: replayTsuchiura,
};

export async function replayAuctions(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' } },
  });
  const [kind = '', file, ...rest] = positionals;
  if (!Object.hasOwn(KINDS, kind) || !file || !values.out || rest.length > 0) return 2;
  const { csv, refused } = await KINDS[kind]!(readInput(file));
  fs.writeFileSync(values.out, csv);
  for (const { line, code } of refused) process.stderr.write(`line ${line}: ${code}\n`);
  process.stderr.write(`${csv.split('\n').length - 2} rows written, ${refused.length} refused\n`);
  return 0;
}
