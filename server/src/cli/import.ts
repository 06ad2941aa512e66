/** Loads coal receipts. A bad row is refused with its line and reason; the others load. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { importEia923 } from '../listings/import.ts';
import { withDatabase } from './with-database.ts';

/** Refusals printed without --json: enough to see what is wrong with a file. */
const SHOWN = 20;

export async function importCommand(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const [form, file, ...rest] = positionals;
  if (form !== 'eia923' || !file || rest.length > 0) {
    process.stderr.write('usage: seam import eia923 FILE.csv [--json]\n');
    return 2;
  }
  if (!fs.existsSync(file)) {
    process.stderr.write(`there is no file ${file}\n`);
    return 1;
  }
  const result = await withDatabase(async (sql) => importEia923(sql, fs.createReadStream(file)));
  if (values.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return 0;
  }
  const { rows, loaded, unchanged, refused } = result;
  process.stdout.write(
    `${rows} rows: ${loaded} loaded, ${unchanged} known before, ${refused.length} refused\n`,
  );
  for (const row of refused.slice(0, SHOWN))
    process.stdout.write(`  line ${row.line}: ${row.code} · ${row.reason}\n`);
  if (refused.length > SHOWN)
    process.stdout.write(`  … and ${refused.length - SHOWN} more; --json lists all\n`);
  return 0;
}
