/**
 * Threads for work that would hold up the market's event loop: documents, optimisation.
 *
 * A job is a function of its input: when a thread dies the job is run once more in a new one, and when that
 * dies too its caller is told. The queue is bounded; what does not fit is refused and may be tried again.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ProblemCode } from '@seam/protocol';
import { Fault } from './fault.ts';
import type { Done, Jobs, Order } from './thread-jobs.ts';

export type ThreadPool<All extends Jobs> = {
  /**
   * @throws Fault `busy` (503) when the queue is full, `service.unavailable` (503) when the threads die of
   * this job or the pool is closed, and whatever fault the job itself ends in.
   */
  run<J extends keyof All & string>(
    job: J,
    input: Parameters<All[J]>[0],
  ): Promise<Awaited<ReturnType<All[J]>>>;
  close(): Promise<void>;
};

export type ThreadPoolOptions = {
  /** The module of a thread: it calls `serveJobs`. */
  readonly thread: URL;
  /** What each thread is started with: plain data, its `workerData`. */
  readonly data?: unknown;
  /** What a full queue is refused with. */
  readonly busy: ProblemCode;
  readonly threads?: number;
  readonly waitingMax?: number;
  /** Longer than this no job takes: the thread is stuck. */
  readonly jobMs?: number;
};

const THREADS_MAX = 2;
const WAITING_MAX = 64;
const JOB_MS = 60_000;
/** Beyond it a single job has gone wrong, and the thread, not the exchange, ends. */
const HEAP_MB_MAX = 768;
const RETRY_AFTER_MS = 2_000;
const TRIES_MAX = 2;

type Job = {
  readonly order: Order;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  tries: number;
};

export function openThreads<All extends Jobs>(options: ThreadPoolOptions): ThreadPool<All> {
  const size = options.threads ?? Math.min(THREADS_MAX, Math.max(1, availableParallelism() - 1));
  const waitingMax = options.waitingMax ?? WAITING_MAX;
  const waiting: Job[] = [];
  const threads = new Set<Thread>();
  let last = 0;
  let closed = false;

  const next = (): void => {
    if (closed) return;
    let idle = [...threads].find((thread) => thread.job === undefined);
    while (waiting.length > 0 && (idle !== undefined || threads.size < size)) {
      if (!idle) {
        idle = new Thread(
          options,
          (thread, lost) => {
            threads.delete(thread);
            if (lost) retry(lost);
            next();
          },
          next,
        );
        threads.add(idle);
      }
      idle.start(waiting.shift()!);
      idle = [...threads].find((thread) => thread.job === undefined);
    }
  };

  const retry = (job: Job): void => {
    if (!closed && job.tries < TRIES_MAX) waiting.unshift(job);
    else job.reject(unavailable(`a thread died of ${job.order.job}`));
  };

  return {
    run: (job, input) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(unavailable('the threads are closed'));
        if (waiting.length >= waitingMax)
          return reject(
            new Fault(options.busy, 'too much waits to be done', {
              retryAfterMs: RETRY_AFTER_MS,
            }),
          );
        last += 1;
        const order = { id: last, job, input };
        waiting.push({ order, resolve: resolve as (value: unknown) => void, reject, tries: 0 });
        return next();
      }),
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(unavailable('the threads are closed'));
      await Promise.all([...threads].map(async (thread) => thread.end()));
    },
  };
}

function unavailable(detail: string): Fault {
  return new Fault('service.unavailable', detail, { retryAfterMs: RETRY_AFTER_MS });
}

class Thread {
  job: Job | undefined;
  readonly #worker: Worker;
  readonly #jobMs: number;
  readonly #freed: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    options: ThreadPoolOptions,
    ended: (thread: Thread, lost: Job | undefined) => void,
    freed: () => void,
  ) {
    this.#jobMs = options.jobMs ?? JOB_MS;
    this.#freed = freed;
    this.#worker = new Worker(options.thread, {
      // What the process was started with is not for this thread: a profile or an inspector least of all.
      execArgv: [],
      workerData: options.data,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    // An exchange that has nothing else to do may end.
    this.#worker.unref();
    this.#worker.on('message', (done: Done) => this.#done(done));
    // Said by its exit as well; without a listener it would end the process.
    this.#worker.on('error', () => {});
    this.#worker.on('exit', () => {
      clearTimeout(this.#timer);
      const lost = this.job;
      this.job = undefined;
      ended(this, lost);
    });
  }

  start(job: Job): void {
    this.job = job;
    job.tries += 1;
    this.#worker.ref();
    this.#timer = setTimeout(() => void this.#worker.terminate(), this.#jobMs);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(job.order);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #done(done: Done): void {
    const { job } = this;
    if (job?.order.id !== done.id) return;
    clearTimeout(this.#timer);
    this.#worker.unref();
    this.job = undefined;
    if (done.ok) job.resolve(done.value);
    else if (done.fault) job.reject(new Fault(done.fault.code, done.fault.detail));
    else job.reject(Object.assign(new Error(done.message), { stack: done.stack }));
    this.#freed();
  }
}
