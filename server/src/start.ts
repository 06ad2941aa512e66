/** Brings one process of the exchange up, step by step, and registers how each step is undone. */
import path from 'node:path';
import { pino } from 'pino';
import postgres from 'postgres';
import { buildApp } from './app.ts';
import { outsideWorld } from './bank-simulator/client.ts';
import { buildDeps, type Deps } from './deps.ts';
import { seedDemo } from './demo/seed.ts';
import { startRobotsOfDemo } from './demo/robots.ts';
import { assertDurable } from './exchange/durability.ts';
import { startFreight } from './freight/public.ts';
import { startChild } from './platform/child.ts';
import type { Config } from './platform/config.ts';
import { openDatabase } from './platform/db.ts';
import { startEmbeddedPostgres } from './platform/embedded-postgres.ts';
import { preparePasswords } from './members/public.ts';
import { checkRedis, startJobs } from './platform/jobs.ts';
import { migrate } from './platform/migrate.ts';
import { checkPort, freePort } from './platform/port.ts';
import type { Progress } from './platform/progress.ts';
import { startSearch } from './search/public.ts';
import { takeRunLock } from './platform/run-lock.ts';
import { installationSecret } from './platform/secrets.ts';
import type { Shutdown } from './platform/shutdown.ts';
import { StartError } from './platform/start-error.ts';
import { installWeb } from './platform/web.ts';
import { startBankLoop, startLedgerAudit, syncOwnAccounts } from './settlement/public.ts';

/** @returns what to print once everything runs. @throws StartError with one line. */
export async function startSeam(config: Config, shutdown: Shutdown, progress: Progress): Promise<string> {
  await checkPort(config.host, config.port);
  shutdown.add('run lock', takeRunLock(config.dataDir));
  const log = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: false }));

  const database = await bringDatabase(config, shutdown, progress);
  const sql = await openDatabase(database.url('seam'));
  shutdown.add('database connections', async () => sql.end({ timeout: 5 }));
  const ran = await migrate(sql);
  progress(ran.length > 0 ? `database migrated (${ran.length} files)` : 'database is up to date');

  await assertDurable(sql).catch((error: Error) => {
    throw new StartError(error.message, { cause: error });
  });
  if (config.redisUrl) await checkRedis(config.redisUrl);

  const bankSecret = config.bankSecret ?? (await installationSecret(sql, 'bank-callbacks'));
  const bankUrl = config.bankUrl ?? (await startDemoBank(config, shutdown, database, bankSecret));
  progress('bank reachable');

  const deps = await buildDeps({ config, sql, databaseUrl: database.url('seam'), bankUrl, bankSecret, log });
  shutdown.add('contract press', async () => deps.signing.press.close());
  shutdown.add('contract files', async () => deps.signing.files.close());
  shutdown.add('blender', async () => deps.blender.close());
  shutdown.add('lot reader', async () => deps.lotReader.close());
  await preparePasswords();
  await deps.exchange.start();
  shutdown.add('market', async () => deps.exchange.stop());
  progress('market leads its shards');

  const app = await buildApp(deps);
  await installWeb(app);
  await syncOwnAccounts(deps.bank);
  const jobs = await startJobs({
    sql,
    databaseUrl: database.url('seam'),
    redisUrl: config.redisUrl,
    handlers: deps.handlers,
    log,
  });
  deps.wake = jobs.wake;
  shutdown.add('jobs', async () => jobs.stop());
  shutdown.add('lanes', await startFreight(deps.freight.book, log));
  shutdown.add('search', await startSearch(deps.search, deps.searchOptions, jobs.wake));
  shutdown.add('ledger audit', startLedgerAudit(sql, log));
  shutdown.add('bank loop', startBankLoop(deps.bank));
  await app.listen({ host: config.host, port: config.port });
  shutdown.add('web server', async () => app.close());
  progress(`listening on ${config.publicUrl}`);

  if (!config.demo) return `Seam is ready: ${config.publicUrl}`;
  const logins = await seedDemo(deps, { bankUrl, bankSecret });
  progress('demo exchange furnished');
  shutdown.add('bank days', startBankDays(deps, bankUrl, bankSecret));
  const robots = startRobotsOfDemo({ config, log });
  shutdown.add('robots', async () => robots.stop());
  return banner(config.publicUrl, logins);
}

type Database = { url(name: string): string };

async function bringDatabase(config: Config, shutdown: Shutdown, progress: Progress): Promise<Database> {
  if (config.databaseUrl) {
    const given = new URL(config.databaseUrl);
    const main = given.pathname.slice(1) || 'seam';
    const url = (name: string): string => {
      const copy = new URL(given);
      copy.pathname = `/${name === 'seam' ? main : `${main}_${name}`}`;
      return copy.toString();
    };
    await createDatabases(url('seam'), config.demo && !config.bankUrl ? [url('bank')] : []);
    progress('database reached');
    return { url };
  }
  const server = await startEmbeddedPostgres({ directory: path.join(config.dataDir, 'postgres') });
  shutdown.add('PostgreSQL', async () => server.stop());
  const admin = postgres(server.adminUrl, { max: 1, onnotice: () => {} });
  for (const name of ['seam', 'seam_bank']) {
    const [found] = await admin`select 1 from pg_database where datname = ${name}`;
    if (!found) await admin.unsafe(`create database ${name}`);
  }
  await admin.end();
  progress('PostgreSQL runs');
  return { url: (name) => server.urlOf(name === 'seam' ? 'seam' : `seam_${name}`) };
}

/** The main database must exist; the demo bank's own is made beside it. */
async function createDatabases(main: string, others: readonly string[]): Promise<void> {
  const sql = await openDatabase(main, { max: 1 });
  try {
    for (const url of others) {
      const name = new URL(url).pathname.slice(1);
      const [found] = await sql`select 1 from pg_database where datname = ${name}`;
      if (!found) await sql.unsafe(`create database "${name.replaceAll('"', '')}"`);
    }
  } catch (error) {
    throw new StartError(`the demo's bank needs a database of its own: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** The bank is another house: its own process, its own database, reached by messages only. */
async function startDemoBank(
  config: Config,
  shutdown: Shutdown,
  database: Database,
  secret: string,
): Promise<string> {
  if (!config.demo)
    throw new StartError('BANK_URL and BANK_SHARED_SECRET name the bank when SEAM_DEMO is off');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = await startChild({
    name: 'the demo bank',
    file: 'server/src/bank-simulator/main.ts',
    env: {
      BANK_DATABASE_URL: database.url('bank'),
      BANK_PORT: String(port),
      BANK_SHARED_SECRET: secret,
      BANK_CALLBACK_URL: `http://127.0.0.1:${config.port}/v1/bank/callbacks`,
    },
    ready: async () => (await fetch(`${url}/healthz`)).status < 500,
  });
  shutdown.add('demo bank', async () => child.stop());
  return url;
}

/**
 * The demo's bank closes its day every ten minutes: money paid in may be withdrawn only once a statement
 * confirms it, and nobody trying the exchange out waits until tomorrow.
 */
const BANK_DAY_MS = 10 * 60_000;

function startBankDays(deps: Deps, url: string, secret: string): () => void {
  const world = outsideWorld({ url, secret, clock: deps.clock });
  const timer = setInterval(() => {
    world
      .endOfDay()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'the demo bank did not close its day'));
  }, BANK_DAY_MS);
  return () => clearInterval(timer);
}

function banner(url: string, logins: readonly { who: string; email: string; password: string }[]): string {
  const width = Math.max(...logins.map((login) => login.who.length));
  const lines = logins.map((login) => `    ${login.who.padEnd(width)}  ${login.email}  ${login.password}`);
  return `\n  Seam is ready: ${url}\n\n  Demo logins\n${lines.join('\n')}\n\n  API ${url}/docs · stop with Ctrl-C\n`;
}
