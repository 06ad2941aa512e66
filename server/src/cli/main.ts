/**
 * The `seam` command: what an operator does beside the running exchange. Results go to standard output,
 * everything else to standard error; exit code 0 done, 1 refused or found wrong, 2 not understood.
 */
import { StartError } from '../platform/start-error.ts';
import { bank } from './bank.ts';
import { bench } from './bench.ts';
import { chaos } from './chaos.ts';
import { exportCommand } from './export.ts';
import { galleryCommand } from './gallery.ts';
import { importCommand } from './import.ts';
import { migrateCommand } from './migrate.ts';
import { openapi } from './openapi.ts';
import { pki } from './pki.ts';
import { sim } from './sim.ts';
import { replay } from './replay.ts';
import { sample } from './sample.ts';
import { staff } from './staff.ts';
import { verify } from './verify.ts';

const commands: Record<string, { run: (args: string[]) => Promise<number>; help: string }> = {
  migrate: { run: migrateCommand, help: 'bring the database to the state of this version' },
  import: {
    run: importCommand,
    help: 'import eia923 | mines | lots | index FILE.csv [--dry-run] [--json]: load coal receipts, a register of mines, an index by month; look lots over',
  },
  export: {
    run: exportCommand,
    help: 'export listings [--seller ORGANISATION]: lots as CSV, in the form that is read again',
  },
  staff: {
    run: staff,
    help: 'staff create --name NAME --email EMAIL: a person of the centre (password from SEAM_PASSWORD)',
  },
  verify: {
    run: verify,
    help: 'verify journal | verify contract FILE.pdf --root ROOT.cer | verify auction RECORD.json | verify cert-log URL [--json]',
  },
  pki: { run: pki, help: 'pki root-crl: a new list of the root, with its key brought from the safe' },
  sample: {
    run: sample,
    help: 'sample contract --out DIR: a contract signed to B-LTA, its root and its evidence package',
  },
  replay: {
    run: replay,
    help: 'replay orders | reports FILE: replay records of other markets through the book',
  },
  bank: {
    run: bank,
    help: 'bank parse FILE [--json]: what a camt.052, camt.053, camt.054, MT940 or MT942 file says',
  },
  openapi: { run: openapi, help: 'openapi [--write]: print or refresh packages/protocol/openapi.json' },
  bench: { run: bench, help: 'bench NAME [--json]: how fast, beside what else could be used' },
  gallery: {
    run: galleryCommand,
    help: 'gallery --out DIR [--pages PATTERN] [--quick] [--json]: a picture of every page, and what is wrong with it',
  },
  sim: {
    run: sim,
    help: 'sim [--seeds 500] | sim --seed N --trace: the market on simulated bad days; sim settlement [--trades 10000]: money on real ones',
  },
  chaos: {
    run: chaos,
    help: 'chaos [--minutes 10] | chaos bidding [--kills 50]: kill, stop and rob a market that is traded on',
  },
};

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  process.stderr.write(
    `seam COMMAND\n${Object.entries(commands)
      .map(([key, { help }]) => `  ${key.padEnd(10)} ${help}`)
      .join('\n')}\n`,
  );
  process.exit(name === '' || name === 'help' ? 0 : 2);
}
try {
  process.exitCode = await command.run(args);
} catch (error) {
  const isMisused = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ?? false;
  const line = isMisused
    ? `${(error as Error).message.split('. ')[0]}\nseam ${command.help}`
    : error instanceof StartError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${line}\n`);
  process.exitCode = isMisused ? 2 : 1;
}
