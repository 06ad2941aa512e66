import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { testDatabase } from '@seam/testkit';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { migrate } from './migrate.ts';
import { StartError } from './start-error.ts';

let scratch: string;
beforeAll(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-platform-'));
  fs.chmodSync(scratch, 0o755);
});
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

describe('embedded PostgreSQL', () => {
  it('keeps what was committed when the server is killed, and adopts one that was left running', async () => {
    const directory = path.join(scratch, 'pg');
    const first = await startEmbeddedPostgres({ directory });
    const sql = postgres(first.adminUrl, { max: 1 });
    await sql`create table kept (n int)`;
    await sql`insert into kept values (1)`;
    await sql.end();
    const adopted = await startEmbeddedPostgres({ directory });
    expect(adopted.adminUrl).toBe(first.adminUrl);

    const postmaster = Number(
      fs.readFileSync(path.join(directory, 'data/postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(postmaster, 'SIGKILL');
    // Gone, or a zombie nobody reaps: either way without a command line.
    await expect.poll(() => readCommand(postmaster)).toBe('');
    const again = await startEmbeddedPostgres({ directory });
    const after = postgres(again.adminUrl, { max: 1 });
    expect(await after`select n from kept`).toEqual([{ n: 1 }]);
    expect((await after`show fsync`)[0]).toEqual({ fsync: 'on' });
    expect((await after`show data_checksums`)[0]).toEqual({ data_checksums: 'on' });
    await after.end();
    await again.stop();
  });

  it('refuses a data directory of another version with one line', async () => {
    const directory = path.join(scratch, 'old');
    fs.mkdirSync(path.join(directory, 'data'), { recursive: true });
    fs.writeFileSync(path.join(directory, 'data/PG_VERSION'), '15\n');
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(/holds a PostgreSQL 15 database/);
  });

  it('starts for root below a directory that only root may enter', async () => {
    const directory = path.join(scratch, 'private/pg');
    fs.mkdirSync(path.dirname(directory), { mode: 0o700 });
    const server = await startEmbeddedPostgres({ directory });
    const sql = postgres(server.adminUrl, { max: 1 });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await sql.end();
    await server.stop();
    fs.rmSync(fs.realpathSync(directory), { recursive: true, force: true });
  });
});

describe('migrate', () => {
  it('runs each file once, refuses a changed file and a database from the future', async () => {
    const db = await testDatabase({ migrations: 'none' });
    const directory = path.join(scratch, 'migrations');
    fs.mkdirSync(directory);
    fs.writeFileSync(path.join(directory, '0001_a.sql'), 'create table a (n int);');
    fs.writeFileSync(path.join(directory, '0002_b.sql'), 'create table b (n int); insert into b values (1);');
    const atOnce = await Promise.all(Array.from({ length: 5 }, () => migrate(db.sql, directory)));
    expect(atOnce.flat().sort()).toEqual(['0001_a.sql', '0002_b.sql']);
    expect(await migrate(db.sql, directory)).toEqual([]);

    fs.writeFileSync(path.join(directory, '0001_a.sql'), 'create table a (n bigint);');
    await expect(migrate(db.sql, directory)).rejects.toThrow(StartError);
    fs.writeFileSync(path.join(directory, '0001_a.sql'), 'create table a (n int);');
    fs.rmSync(path.join(directory, '0002_b.sql'));
    await expect(migrate(db.sql, directory)).rejects.toThrow(/newer than this Seam/);
    await db.close();
  });

  it('leaves nothing of a file that fails half way', async () => {
    const db = await testDatabase({ migrations: 'none' });
    const directory = path.join(scratch, 'broken');
    fs.mkdirSync(directory);
    fs.writeFileSync(path.join(directory, '0001_a.sql'), 'create table a (n int); select broken;');
    await expect(migrate(db.sql, directory)).rejects.toThrow();
    expect(await db.sql`select to_regclass('a') as a`).toEqual([{ a: null }]);
    await db.close();
  });
});

function readCommand(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
