/** A Redis of the simulation's own, from the PATH: it keeps nothing on disk, and is emptied again and again. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../platform/port.ts';

export type OwnRedis = {
  readonly url: string;
  flush(): Promise<void>;
  stop(): Promise<void>;
};

/** @returns undefined where no redis-server is installed. */
export async function startRedis(): Promise<OwnRedis | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined;
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-redis-'));
  const port = await freePort();
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { maxRetriesPerRequest: null });
  client.on('error', () => {});
  await Promise.race([client.ping(), endedEarly(child)]);
  return {
    url,
    flush: async () => {
      await client.flushall();
    },
    stop: async () => {
      client.disconnect();
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function endedEarly(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`redis-server ended with ${code}`);
}
