/** A supervised engine process: started again whenever it ends, killed and stopped as the chaos asks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import type { Variant } from './broken-journals.ts';

type Options = {
  readonly databaseUrl: string;
  readonly variant: Variant;
  readonly leaseTtlMs: number;
  readonly onHalted: (line: string) => void;
};

export class Engine {
  port: number | undefined;
  isPaused = false;
  /** Ended because another one leads. */
  fenced = 0;
  readonly #options: Options;
  #child: ChildProcess | undefined;
  #stopping = false;
  #neverReady = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#start();
  }

  #start(): void {
    const { databaseUrl, variant, leaseTtlMs, onHalted } = this.#options;
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'engine-process.ts')], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        ENGINE_VARIANT: variant,
        ENGINE_LEASE_MS: String(leaseTtlMs),
        // Started again and again: what was compiled once is kept.
        NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'seam-chaos-compiled'),
      },
    });
    this.#child = child;
    this.isPaused = false;
    child.stdout.on('data', (data: Buffer) => {
      for (const line of data.toString('utf8').split('\n')) {
        if (line.startsWith('ready ')) {
          this.port = Number(line.split(' ')[1]);
          this.#neverReady = 0;
        }
        if (line.startsWith('halted ')) onHalted(line);
      }
    });
    child.once('exit', (code) => {
      this.port = undefined;
      if (code === 70) this.fenced += 1;
      if (code === 1 && (this.#neverReady += 1) > 20) throw new Error('an engine ends before it is ready');
      if (!this.#stopping) setTimeout(() => this.#stopping || this.#start(), 50);
    });
  }

  get isUp(): boolean {
    return this.port !== undefined && !this.isPaused;
  }

  /** How many shards it says it leads. */
  async leads(): Promise<number> {
    if (!this.isUp) return 0;
    const answer = await fetch(`http://127.0.0.1:${this.port}/`, { signal: AbortSignal.timeout(200) }).catch(
      () => undefined,
    );
    return Number((await answer?.text().catch(() => '0')) ?? 0);
  }

  kill(): void {
    this.port = undefined;
    this.#child?.kill('SIGKILL');
  }

  pause(): void {
    this.isPaused = true;
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.isPaused = false;
    this.#child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}
