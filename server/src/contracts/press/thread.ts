/**
 * One thread of the press. It runs when nothing else wants the processor: a bid must never wait for a
 * contract's fonts.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { Fault } from '../../platform/fault.ts';
import { type JobName, jobs } from './jobs.ts';
import type { Done, Order } from './messages.ts';

yieldToEverybody();

parentPort!.on('message', (order: Order) => void work(order));

async function work({ id, job, input }: Order): Promise<void> {
  let done: Done;
  try {
    const run = jobs[job as JobName] as (given: unknown) => Promise<unknown>;
    done = { id, ok: true, value: await run(input) };
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
    // A sandbox may forbid it; the press then works at the common priority.
  }
}
