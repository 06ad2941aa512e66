import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { testDatabase } from '@seam/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts';
import { freePort } from '../src/platform/port.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
let scratch: string;
beforeAll(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-start-'));
  fs.chmodSync(scratch, 0o755);
});
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** @returns exit code and the last line of what it said. */
function start(env: Record<string, string>): { code: number | null; line: string } {
  const result = spawnSync(process.execPath, ['server/src/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, SEAM_DATA_DIR: path.join(scratch, 'data'), ...env },
    encoding: 'utf8',
    timeout: 300_000,
  });
  return { code: result.status, line: result.stderr.trim().split('\n').at(-1) ?? '' };
}

describe('a start that cannot be', () => {
  it.each([
    [{ PORT: '70000' }, /PORT must be a whole number from 1 to 65535/],
    [{ SEAM_DEMO: 'maybe' }, /SEAM_DEMO must be one of on, off/],
    [{ DATABASE_URL: 'mysql://here' }, /DATABASE_URL must be a URL starting with postgres/],
    [
      { DATABASE_URL: 'postgres://seam:secret@127.0.0.1:1/seam' },
      /database cannot be reached \(postgres:\/\/seam@127\.0\.0\.1:1/,
    ],
  ])('%o ends with one line and exit code 1', async (env, line) => {
    const result = start({ PORT: String(await freePort()), ...env });
    expect(result.line).toMatch(line);
    expect(result.line).not.toContain('secret');
    expect(result.code).toBe(1);
  });

  it('names the port that is taken', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const result = await new Promise<string>((resolve) => {
      const child = spawn(process.execPath, ['server/src/main.ts'], {
        cwd: ROOT,
        env: { ...process.env, PORT: String(port), SEAM_DATA_DIR: path.join(scratch, 'taken') },
      });
      let text = '';
      child.stderr.on('data', (bytes: Buffer) => (text += bytes.toString()));
      child.once('exit', (code) => resolve(`${code} ${text.trim()}`));
    });
    server.close();
    expect(result).toBe(`1 Seam cannot start: port ${port} on 127.0.0.1 is taken; set PORT to another`);
  });

  it('names a Redis that is not there', async () => {
    const db = await testDatabase({ migrations: 'none' });
    const result = start({
      PORT: String(await freePort()),
      DATABASE_URL: db.url,
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(result.line).toMatch(/Redis cannot be reached/);
    expect(result.code).toBe(1);
    await db.close();
  });

  it('refuses a database that may forget what was acknowledged', async () => {
    const server = await startEmbeddedPostgres({
      directory: path.join(scratch, 'unsafe'),
      settings: { fsync: 'off' },
    });
    const result = start({ PORT: String(await freePort()), DATABASE_URL: server.adminUrl });
    await server.stop();
    expect(result.line).toMatch(/may lose acknowledged entries: fsync is off/);
    expect(result.code).toBe(1);
  });
});
