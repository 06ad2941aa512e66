/** The PostgreSQL under the chaos: its own, so that it can be crashed without crashing anybody else's. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../platform/embedded-postgres.ts';
import { migrate } from '../../../platform/migrate.ts';

export class ChaosServer {
  readonly #directory: string;
  readonly #server: EmbeddedPostgres;

  private constructor(directory: string, server: EmbeddedPostgres) {
    this.#directory = directory;
    this.#server = server;
  }

  static async start(): Promise<ChaosServer> {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-chaos-'));
    fs.chmodSync(directory, 0o755);
    return new ChaosServer(
      directory,
      await startEmbeddedPostgres({ directory: path.join(directory, 'postgres') }),
    );
  }

  /** A migrated database with the first `shards` shards, or all. @returns its URL. */
  async database(name: string, shards = Infinity): Promise<string> {
    const admin = postgres(this.#server.adminUrl, { max: 1, onnotice: () => {} });
    await admin.unsafe(`create database ${name}`);
    await admin.end();
    const url = this.#server.urlOf(name);
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    await migrate(sql);
    if (shards < Infinity) await sql`delete from shard where shard_id >= ${shards}`;
    await sql.end();
    return url;
  }

  /** `pg_ctl stop -m immediate` and start: what is not on the disk is gone. */
  async crash(): Promise<void> {
    const file = path.join(this.#directory, 'postgres', 'data', 'postmaster.pid');
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), String(lines[3])];
    process.kill(pid, 'SIGQUIT');
    while (fs.existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
    await startEmbeddedPostgres({ directory: path.join(this.#directory, 'postgres'), settings: { port } });
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    const home = path.join(this.#directory, 'postgres');
    const place = fs.realpathSync(home);
    fs.rmSync(place, { recursive: true, force: true });
    fs.rmSync(this.#directory, { recursive: true, force: true });
  }
}
