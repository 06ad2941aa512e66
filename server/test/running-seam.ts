/**
 * The product itself, as `npm start` runs it, for tests that stand outside: a process of its own with
 * its own demo bank, on an empty database, a free port and an empty data directory.
 *
 * `kill` is what a power cut does to the process; `start` then finds what it left. `stop` ends all of
 * it and removes what it stored.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import type { Sql } from 'postgres';
import { freePort } from '../src/platform/port.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const OUTPUT_CHARACTERS_MAX = 100_000;

export type RunningSeam = {
  /** Origin of pages, API and socket. */
  readonly url: string;
  /** The exchange's own database, for looking at what no page shows. */
  readonly sql: Sql;
  /** With it the demo bank signs what it tells the exchange. */
  readonly bankSecret: string;
  /** What the processes have printed, newest last. */
  output(): string;
  /** kill -9. Resolves when the process is gone; its bank notices and ends by itself. */
  kill(): Promise<void>;
  /** Again on the same data. Resolves when it is ready. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** @param host by which browsers reach it: passkeys need a name, not an address. */
export async function runSeam({ host = '127.0.0.1' }: { host?: string } = {}): Promise<RunningSeam> {
  const database = await testDatabase({ migrations: 'none' });
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-journey-'));
  const port = await freePort();
  const bankSecret = randomBytes(32).toString('base64url');
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    PORT: String(port),
    SEAM_PUBLIC_URL: `http://${host}:${port}`,
    SEAM_DATA_DIR: dataDir,
    SEAM_DEMO: 'on',
    // A test run that is killed must not leave an exchange behind.
    SEAM_STOP_WITH_PARENT: '1',
    BANK_SHARED_SECRET: bankSecret,
    LOG_LEVEL: 'warn',
  };
  const printed = { text: '' };
  const url = `http://${host}:${port}`;
  let child: ChildProcess | undefined;

  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
    ending.kill(signal);
    await gone;
  };
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, ['server/src/main.ts'], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = child;
    await ready(started, printed);
    // Ended by nobody's wish: the tests that follow only see that nothing answers.
    started.once('exit', (code, signal) => {
      if (child !== started) return;
      process.stderr.write(`Seam ended (${signal ?? code}):\n${printed.text.slice(-4_000)}\n`);
    });
    await quiet(url);
  };
  const stop = async (): Promise<void> => {
    await end('SIGTERM');
    fs.rmSync(dataDir, { recursive: true, force: true });
    await removeDatabases(database);
  };

  try {
    await start();
  } catch (error) {
    await end('SIGKILL');
    await stop();
    throw error;
  }
  return {
    url,
    sql: database.sql,
    bankSecret,
    output: () => printed.text,
    kill: async () => end('SIGKILL'),
    start,
    stop,
  };
}

async function ready(child: ChildProcess, printed: { text: string }): Promise<void> {
  let since = '';
  const said = new Promise<void>((resolve) => {
    const keep = (bytes: Buffer): void => {
      since += bytes.toString();
      printed.text = (printed.text + bytes.toString()).slice(-OUTPUT_CHARACTERS_MAX);
      if (since.includes('Seam is ready')) resolve();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  });
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`Seam ended (${signal ?? code}) before it was ready:\n${since}`)),
    );
  });
  await Promise.race([said, ended]);
  // From here on its end is the test's to notice.
  ended.catch(() => {});
}

/** The demo's robots would bid and list beside the test, and keep the machine busy. */
async function quiet(url: string): Promise<void> {
  const answer = await fetch(`${url}/v1/demo/robots`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ on: false }),
  });
  if (!answer.ok) throw new Error(`the robots were not switched off: ${await answer.text()}`);
}

/** The product makes a second database for its bank beside the one it was given. */
async function removeDatabases(database: TestDatabase): Promise<void> {
  const bank = `${new URL(database.url).pathname.slice(1)}_bank`;
  await database.sql.unsafe(`drop database if exists ${bank} with (force)`);
  await database.close();
}
