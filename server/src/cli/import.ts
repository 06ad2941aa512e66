/**
 * Loads files of other houses: coal receipts, a register of mines, lots of a seller. A bad row is refused with its
 * line and reason; the others load. With --dry-run nothing is stored and no database is needed.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { importMines } from '../listings/import-mines.ts';
import { dryRunEia923, importEia923 } from '../listings/import.ts';
import { checkLots } from '../listings/uploads/check.ts';
import { dryRunIndex, importIndex } from '../longterm/public.ts';
import { systemClock } from '../platform/clock.ts';
import { withDatabase } from './with-database.ts';

/** Refusals printed without --json: enough to see what is wrong with a file. */
const SHOWN = 20;
const USAGE = `usage: seam import eia923 | mines | lots FILE.csv [--dry-run] [--json]   (lots: with --dry-run)
       seam import index FILE.csv --series ID --column NAME [--title TITLE] [--unit UNIT] [--source SOURCE]
                         [--published-day 5] [--dry-run] [--json]
`;

/** As if every session were open for so long. */
const SESSION_MS = 366 * 86_400_000;

type Refused = { readonly line: number; readonly code: string; readonly reason: string };
type Told = { readonly rows: number; readonly refused: readonly Refused[] } & Readonly<
  Record<string, unknown>
>;
type Said = { readonly [name: string]: string | boolean | undefined };
type Form = (file: string, dryRun: boolean, said: Said) => Promise<Told>;

const forms: Readonly<Record<string, Form>> = {
  eia923: async (file, dryRun) =>
    dryRun
      ? dryRunEia923(fs.createReadStream(file))
      : withDatabase(async (sql) => importEia923(sql, fs.createReadStream(file))),
  mines: async (file, dryRun) =>
    dryRun
      ? importMines(fs.createReadStream(file))
      : withDatabase(async (sql) => importMines(fs.createReadStream(file), sql)),
  lots: async (file) => lookOver(file),
  index: readIndex,
};

export async function importCommand(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      series: { type: 'string' },
      column: { type: 'string' },
      title: { type: 'string' },
      unit: { type: 'string' },
      source: { type: 'string' },
      'published-day': { type: 'string' },
    },
  });
  const [name = '', file, ...rest] = positionals;
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  const dryRun = values['dry-run'] === true;
  // Lots are put on the market by their company, on the page or through the API: never behind its back.
  const isIncomplete = (name === 'lots' && !dryRun) || (name === 'index' && !isIndex(values));
  if (!form || !file || rest.length > 0 || isIncomplete) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (!fs.existsSync(file) || !fs.statSync(file).isFile()) {
    process.stderr.write(`there is no file ${file}\n`);
    return 1;
  }
  const result = { ...(await form(file, dryRun, values)), dryRun };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else tell(result);
  // A file that is not the form at all was not imported.
  const isForeign =
    name === 'index' ? result.rows === 0 : result.rows <= 1 && result.refused[0]?.code === 'header';
  return isForeign ? 1 : 0;
}

function isIndex({ series, column, 'published-day': day = '5' }: Said): boolean {
  const isId = typeof series === 'string' && /^[a-z0-9][a-z0-9_-]{1,39}$/.test(series);
  return isId && typeof column === 'string' && /^([1-9]|1\d|2[0-8])$/.test(String(day));
}

async function readIndex(file: string, dryRun: boolean, said: Said): Promise<Told> {
  const csv = await fs.promises.readFile(file, 'utf8');
  const [id, column] = [String(said['series']), String(said['column'])];
  if (dryRun) return dryRunIndex({ csv, column });
  const text = (name: string, otherwise: string): string => String(said[name] ?? otherwise);
  const series = {
    id,
    title: text('title', column),
    unit: text('unit', '-'),
    source: text('source', path.basename(file)),
  };
  const publishedDay = Number(said['published-day'] ?? 5);
  return withDatabase(async (sql) =>
    importIndex({ sql, clock: systemClock }, { csv, column, series, publishedDay }),
  );
}

function tell({ rows, refused, dryRun, ...counts }: Told & { readonly dryRun: boolean }): void {
  const parts = Object.entries(counts).filter(([, value]) => typeof value === 'number');
  const told = parts.map(([name, value]) => `${String(value)} ${WORDS[name] ?? name}`);
  const first = dryRun ? 'would be ' : '';
  process.stdout.write(`${rows} rows: ${first}${[...told, `${refused.length} refused`].join(', ')}\n`);
  for (const row of refused.slice(0, SHOWN))
    process.stdout.write(`  line ${row.line}: ${row.code} · ${row.reason}\n`);
  if (refused.length > SHOWN)
    process.stdout.write(`  … and ${refused.length - SHOWN} more; --json lists all\n`);
}

const WORDS: Readonly<Record<string, string>> = {
  unchanged: 'known before',
  withoutPlace: 'of them without a place',
};

/** A file of lots as the page would look it over; places and sessions are known to the exchange only, and not asked for here. */
async function lookOver(file: string): Promise<Told> {
  const now = Date.now();
  const anything = { get: (name: string) => name, has: () => true };
  const open = { opensAt: new Date(now), closesAt: new Date(now + SESSION_MS) };
  const sessions = {
    get: (id: string) => ({ ...open, id, name: id, nameZh: null, createdBy: '' }),
  };
  const checked = await checkLots({
    file: await fs.promises.readFile(file),
    now,
    places: anything,
    mineIds: anything,
    sessions,
    refusedMax: Number.MAX_SAFE_INTEGER,
    flaggedMax: Number.MAX_SAFE_INTEGER,
    goodMax: 0,
  });
  if ('header' in checked) {
    const { missing, twice } = checked.header;
    const reason = `Columns missing: ${missing.join(', ') || 'none'}; twice: ${twice.join(', ') || 'none'}.`;
    return { rows: 1, loaded: 0, refused: [{ line: 1, code: 'header', reason }] };
  }
  const refused = checked.firstRefused.map(({ line, code, fields }) => ({
    line,
    code,
    reason: Object.entries(fields)
      .map(([field, what]) => `${field}: ${what}`)
      .join('; '),
  }));
  // Loaded all the same, as on the page: the lot shows them.
  const flagged = checked.firstFlagged.map(({ line, flags }) => ({
    line,
    codes: flags.map(({ code }) => code),
  }));
  const { byCode, byFlag } = checked;
  return {
    rows: checked.rows,
    loaded: checked.good,
    contradictory: checked.flagged,
    refused,
    flagged,
    byCode,
    byFlag,
  };
}
