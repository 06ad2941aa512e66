/** What is done to the engines and to their database, one thing after another, by the seed. */
import postgres, { type Sql } from 'postgres';
import type { Engine } from './engine.ts';
import type { ChaosServer } from './server.ts';

export type MischiefCounts = {
  kills: number;
  killsAtClose: number;
  pauses: number;
  terminated: number;
  restarts: number;
};

type Options = {
  readonly server: ChaosServer;
  readonly databaseUrl: string;
  readonly engines: readonly Engine[];
  readonly random: () => number;
  readonly pauseMsMax: number;
  readonly restartEveryMs: number;
  /** Ms since 1970 at which some auction will close next. */
  readonly nextClose: () => number | undefined;
};

const PAUSE_MS_MIN = 50;

export class Mischief {
  readonly counts: MischiefCounts = { kills: 0, killsAtClose: 0, pauses: 0, terminated: 0, restarts: 0 };
  readonly #options: Options;
  readonly #sql: Sql;
  #nextRestart: number;
  #restarting: Promise<void> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
    this.#sql = postgres(options.databaseUrl, { max: 1, onnotice: () => {} });
    this.#nextRestart = Date.now() + options.restartEveryMs * (0.3 + options.random());
  }

  /** Until `end` (ms since 1970); then everything is whole again. */
  async run(end: number): Promise<void> {
    const { random, engines } = this.#options;
    while (Date.now() < end) {
      await wait(50 + random() * 350);
      const what = random();
      if (Date.now() > this.#nextRestart) await this.#restart();
      else if (what < 0.2) await this.#kill();
      else if (what < 0.35) this.#killAtClose();
      else if (what < 0.7) await this.#pause(end);
      else await this.#terminate();
    }
    await this.#restarting;
    for (const engine of engines) if (engine.isPaused) engine.resume();
    await this.#sql.end({ timeout: 1 });
  }

  /** One of those that are up, mostly who leads most, while another is up as well. */
  async #someone(): Promise<Engine | undefined> {
    const { random, engines } = this.#options;
    const up = engines.filter((engine) => engine.isUp);
    if (up.length < 2) return undefined;
    if (random() < 0.3) return up[Math.floor(random() * up.length)];
    const leads = await Promise.all(up.map((engine) => engine.leads()));
    return up[leads.indexOf(Math.max(...leads))];
  }

  async #kill(): Promise<void> {
    const engine = await this.#someone();
    if (!engine) return;
    this.counts.kills += 1;
    engine.kill();
  }

  /** Within 50 ms of a close, before or after. */
  #killAtClose(): void {
    const at = this.#options.nextClose();
    if (at === undefined) return;
    const off = this.#options.random() * 100 - 50;
    const kill = async (): Promise<void> => {
      const engine = await this.#someone();
      if (!engine) return;
      this.counts.killsAtClose += 1;
      engine.kill();
    };
    setTimeout(() => void kill(), Math.max(0, at + off - Date.now()));
  }

  /** From 50 ms up, longer ones seldom. */
  async #pause(end: number): Promise<void> {
    const { random, pauseMsMax } = this.#options;
    const engine = await this.#someone();
    if (!engine) return;
    const ms = PAUSE_MS_MIN * (pauseMsMax / PAUSE_MS_MIN) ** random();
    this.counts.pauses += 1;
    engine.pause();
    setTimeout(() => engine.resume(), Math.min(ms, Math.max(0, end - Date.now())));
  }

  /** Mostly a session by which somebody leads; else any one; now and then all. */
  async #terminate(): Promise<void> {
    const what = this.#options.random();
    const ours = this.#sql`application_name like 'seam %' and datname = current_database()`;
    const leading = this.#sql`${ours} and pid in (
      select owner_pid from shard union select pid from pg_locks where locktype = 'advisory')`;
    const rows = await this.#sql`
      select pg_terminate_backend(pid) from (
        select pid from pg_stat_activity where ${what < 0.6 ? leading : ours}
         order by random() limit ${what > 0.85 ? 1_000 : 1}) chosen`.catch(connectionsOnly);
    this.counts.terminated += rows.length;
  }

  async #restart(): Promise<void> {
    const { server, restartEveryMs, random } = this.#options;
    this.#nextRestart = Date.now() + restartEveryMs * (0.5 + random());
    this.counts.restarts += 1;
    this.#restarting = server.crash();
    await this.#restarting;
  }
}

/** The server may be down; anything else is a mistake of ours. */
function connectionsOnly(error: { code?: string }): never[] {
  if (/^(CONNECTION|ECONN|57)/.test(error.code ?? '')) return [];
  throw error;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
