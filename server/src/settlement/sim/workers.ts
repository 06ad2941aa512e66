/** Worker processes, and what is done to them: killed at any instant, or held for longer than what they hold. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { WORKER_SETTINGS, type WorkerSettings } from './settings.ts';

export class Workers {
  readonly #settings: WorkerSettings;
  readonly #running: ChildProcess[] = [];
  #stopped = false;
  kills = 0;
  pauses = 0;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
  }

  async start(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, async (_, n) => this.#begin(n)));
  }

  async #begin(n: number): Promise<void> {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'worker-process.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, [WORKER_SETTINGS]: JSON.stringify(this.#settings) },
    });
    this.#running[n] = child;
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`a worker ended with ${code ?? signal} before it was ready`);
    });
    await Promise.race([once(child.stdout, 'data'), ended]);
    ended.catch(() => {});
  }

  get count(): number {
    return this.#running.length;
  }

  /** kill -9, and a new one in its place. */
  async kill(n: number): Promise<void> {
    const child = this.#running[n];
    if (!child || this.#stopped) return;
    this.kills += 1;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    if (!this.#stopped) await this.#begin(n);
  }

  /** It stands still, whatever it was doing, and goes on as if nothing had been. */
  async pause(n: number, ms: number): Promise<void> {
    const child = this.#running[n];
    if (!child || this.#stopped) return;
    this.pauses += 1;
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill('SIGCONT');
  }

  /** @throws when one of them ended by itself. */
  assertAlive(): void {
    for (const child of this.#running)
      if (child.exitCode !== null) throw new Error(`a worker ended by itself with ${child.exitCode}`);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(
      this.#running.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'exit');
        child.kill('SIGCONT');
        child.kill('SIGKILL');
        await gone;
      }),
    );
  }
}
