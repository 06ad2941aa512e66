/**
 * The inside of a pool's thread. It runs when nothing else wants the processor: a bid must never wait for a
 * contract's fonts or a blend's programme.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { ProblemCode } from '@seam/protocol';
import { Fault } from './fault.ts';

/** Functions of plain data that know no clock and no database: run again, they give the same. */
// oxlint-disable-next-line typescript/no-explicit-any -- each job has an input of its own
export type Jobs = Readonly<Record<string, (input: any) => Promise<unknown>>>;

export type Order = { readonly id: number; readonly job: string; readonly input: unknown };

export type Done =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly message: string;
      readonly stack: string | undefined;
      readonly fault: { readonly code: ProblemCode; readonly detail: string } | undefined;
    };

/** Answers orders with `jobs` for as long as the thread lives. */
export function serveJobs(jobs: Jobs): void {
  yieldToEverybody();
  parentPort!.on('message', (order: Order) => void work(jobs, order));
}

async function work(jobs: Jobs, { id, job, input }: Order): Promise<void> {
  let done: Done;
  try {
    done = { id, ok: true, value: await jobs[job]!(input) };
  } catch (error) {
    done = { id, ok: false, ...told(error) };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort!.postMessage(done);
}

function told(error: unknown): Pick<Extract<Done, { ok: false }>, 'message' | 'stack' | 'fault'> {
  if (error instanceof Fault) {
    const { code, detail } = error;
    return { message: error.message, stack: undefined, fault: { code, detail } };
  }
  const thrown = error instanceof Error ? error : new Error(String(error));
  return { message: thrown.message, stack: thrown.stack, fault: undefined };
}

/** Linux gives each thread a priority of its own; elsewhere it would be the whole process's, so it stays. */
function yieldToEverybody(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(path.basename(fs.readlinkSync('/proc/thread-self')));
    os.setPriority(thread, os.constants.priority.PRIORITY_LOW);
  } catch {
    // A sandbox may forbid it; it then works at the common priority.
  }
}
