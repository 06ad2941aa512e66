/** A helper process of ours (the demo's bank): started, waited for, and stopped with us. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { StartError } from './start-error.ts';

export type Child = { readonly pid: number; stop(): Promise<void> };

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** One that ends is noticed at once: this is for one that hangs, and a busy machine takes its time to load a module. */
const READY_MS_MAX = 180_000;
const STOP_MS_MAX = 5_000;

/**
 * Runs a TypeScript file with our own Node and waits until `ready` answers true.
 * @throws StartError when the child ends before that.
 */
export async function startChild(options: {
  name: string;
  file: string;
  env: Record<string, string>;
  ready: () => Promise<boolean>;
}): Promise<Child> {
  const child = spawn(process.execPath, [path.join(ROOT, options.file)], {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  const deadline = performance.now() + READY_MS_MAX;
  while (!(await options.ready().catch(() => false))) {
    if (ended) throw new StartError(`${options.name} ended while starting; the lines above say why`);
    if (performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new StartError(`${options.name} did not become ready in ${READY_MS_MAX / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { pid: child.pid!, stop: async () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}
