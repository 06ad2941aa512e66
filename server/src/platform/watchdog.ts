/**
 * Ends a process that can no longer be trusted to end itself: its loop is stuck in a computation that does
 * not return, or its memory fills up. A market's journal makes an abrupt end safe, and a leader that hangs
 * is worse than one that is gone: while it hangs nobody else may lead.
 */
import fs from 'node:fs';
import { setFlagsFromString, getHeapStatistics } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';

/** Three seconds of computing without a turn; garbage collection and the slowest request take far less. */
const STALL_MS = 3_000;
const BEAT_MS = 250;
/** Above this share of the heap V8 collects ever more often, until it gives up in the middle of something. */
const HEAP_SHARE_MAX = 0.85;
export const HEAP_FULL_EXIT_CODE = 71;

type Options = { readonly stallMs?: number; readonly heapShareMax?: number };

/**
 * Watches this process from a thread of its own. Not for one that is being debugged, and not before the
 * long work of a start is done.
 * @returns what ends the watching.
 */
export function startWatchdog({
  stallMs = STALL_MS,
  heapShareMax = HEAP_SHARE_MAX,
}: Options = {}): () => Promise<void> {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./watchdog-thread.ts', import.meta.url), {
    workerData: { beats, beatMs: BEAT_MS, stallMs },
    // What the process was started with is not for this thread: a profile or an inspector least of all.
    execArgv: [],
  });
  worker.unref();
  const timer = setInterval(() => {
    Atomics.add(beats, 0, 1);
    if (heapShare() > heapShareMax && heapShareAfterCollecting() > heapShareMax) {
      say(`the heap is fuller than ${heapShareMax * 100} % after a collection`);
      process.exit(HEAP_FULL_EXIT_CODE);
    }
  }, BEAT_MS).unref();
  return async () => {
    clearInterval(timer);
    await worker.terminate();
  };
}

function heapShare(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used / limit;
}

/** Much of a full heap may be garbage that nobody has needed to collect yet. */
function heapShareAfterCollecting(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return heapShare();
}

/** Not by the logger: its lines would wait for a loop that does not turn, or for memory. */
export function say(reason: string): void {
  fs.writeSync(2, `process ${process.pid} ends itself: ${reason}\n`);
}
