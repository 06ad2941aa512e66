/**
 * The demo bank: a process of its own with a database of its own. It stands for the real bank behind
 * the same messages, so that the exchange runs whole on one machine.
 *
 * BANK_DATABASE_URL · its database    BANK_PORT · 127.0.0.1 only    BANK_SHARED_SECRET · at least 24 bytes
 * BANK_CALLBACK_URL · where the exchange listens    BANK_FAULTS=on · drills
 * BANK_STATEMENTS · camt.053 (default) or mt940    BANK_CLOCK · JSON of FastTime, for days that pass faster
 * Prints `bank ready http://127.0.0.1:<port>` once it listens. Ends when its parent does.
 */
import path from 'node:path';
import closeWithGrace from 'close-with-grace';
import { type Clock, type FastTime, fastClock, systemClock } from '../platform/clock.ts';
import { openDatabase } from '../platform/db.ts';
import { migrate } from '../platform/migrate.ts';
import { StartError } from '../platform/start-error.ts';
import { buildBank } from './app.ts';
import { openHouseAccounts } from './books.ts';
import { type BankSimulatorDeps, STATEMENT_FORMS } from './deps.ts';
import { Misfortunes } from './faults.ts';
import { pushLoop } from './push-loop.ts';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../migrations/bank');
const PARENT_CHECK_MS = 1000;

/** One JSON line per warning on standard error. */
const log: BankSimulatorDeps['log'] = {
  warn: (fields, message) => {
    const text = JSON.stringify({ process: 'bank', message, ...fields }, (_key, value: unknown) =>
      value instanceof Error ? value.message : value,
    );
    process.stderr.write(`${text}\n`);
  },
};

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new StartError(`${name} is not set`);
  return value;
}

function clockSetting(): Clock {
  const text = process.env['BANK_CLOCK'];
  return text ? fastClock(JSON.parse(text) as FastTime) : systemClock;
}

async function main(): Promise<void> {
  const secret = setting('BANK_SHARED_SECRET');
  if (Buffer.byteLength(secret) < 24) throw new StartError('BANK_SHARED_SECRET needs at least 24 bytes');
  const port = Number(setting('BANK_PORT'));
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new StartError('BANK_PORT is no port');
  const callbackUrl = setting('BANK_CALLBACK_URL');
  if (!URL.canParse(callbackUrl)) throw new StartError('BANK_CALLBACK_URL is no URL');
  const statements = STATEMENT_FORMS.find((form) => form === (process.env['BANK_STATEMENTS'] || 'camt.053'));
  if (!statements) throw new StartError(`BANK_STATEMENTS is one of ${STATEMENT_FORMS.join(', ')}`);
  const sql = await openDatabase(setting('BANK_DATABASE_URL'), { max: 6, name: 'bank' });
  await migrate(sql, MIGRATIONS);

  // The loop needs the deps and the deps wake the loop.
  const waker = { wake: (): void => {} };
  const deps: BankSimulatorDeps = {
    sql,
    clock: clockSetting(),
    secret,
    callbackUrl,
    log,
    statements,
    misfortunes: new Misfortunes(process.env['BANK_FAULTS'] === 'on'),
    wake: () => waker.wake(),
  };
  await openHouseAccounts(deps);
  const app = buildBank(deps);
  const address = await listen(app, port);
  const loop = pushLoop(deps);
  waker.wake = loop.wake;
  closeWithGrace({ delay: 5000, logger: false }, async () => {
    await app.close();
    await loop.stop();
    await sql.end({ timeout: 2 });
  });
  endWithParent();
  process.stdout.write(`bank ready ${address}\n`);
}

async function listen(app: ReturnType<typeof buildBank>, port: number): Promise<string> {
  try {
    return await app.listen({ host: '127.0.0.1', port });
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE')
      throw new StartError(`port ${port} is taken (BANK_PORT)`);
    throw error;
  }
}

/** npm does not pass signals on: a bank without the process that started it would live for ever. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS).unref();
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
