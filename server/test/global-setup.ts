/**
 * One real PostgreSQL for a test run, with a migrated template from which each test file gets a
 * database of its own in a tenth of a second. It is stopped and removed at the end; what a killed
 * run left behind is removed at the next start.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts';
import { migrate } from '../src/platform/migrate.ts';

const PREFIX = 'seam-test-';

export async function setup(): Promise<() => Promise<void>> {
  // Two projects ask for it in one run: the second uses the first one's server.
  if (process.env['SEAM_TEST_DATABASE_URL']) return async () => {};
  removeLeftovers();
  const directory = path.join(os.tmpdir(), `${PREFIX}${process.pid}`);
  fs.mkdirSync(directory, { recursive: true, mode: 0o755 });
  const server = await startEmbeddedPostgres({ directory: path.join(directory, 'postgres') });
  const admin = postgres(server.adminUrl, { max: 1, onnotice: () => {} });
  await admin`create database seam_template`;
  const template = postgres(server.urlOf('seam_template'), { max: 1, onnotice: () => {} });
  await migrate(template);
  await template.end();
  await admin.end();
  process.env['SEAM_TEST_DATABASE_URL'] = server.adminUrl;
  return async () => {
    await server.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  };
}

function removeLeftovers(): void {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : Number.NaN;
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const directory = path.join(os.tmpdir(), name);
    try {
      const postmaster = fs
        .readFileSync(path.join(directory, 'postgres/data/postmaster.pid'), 'utf8')
        .split('\n')[0];
      const command = fs.readFileSync(`/proc/${postmaster}/cmdline`, 'utf8');
      if (command.includes(directory)) execFileSync('kill', ['-QUIT', String(postmaster)]);
    } catch {
      // No server was left running.
    }
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
