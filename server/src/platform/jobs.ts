/**
 * Wakes workers for outbox rows: BullMQ on PostgreSQL, or on Redis when there is one.
 *
 * The queue may lose or double a wake-up; neither matters. A row is done under its own lease, and the
 * sweeper wakes whatever is due and was missed.
 */
import { Queue, Worker, createPostgresBackend, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import type { FastifyBaseLogger } from 'fastify';
import type { Sql } from 'postgres';
import { LEASE_MS, type WorkHandler, doWork, dueWork } from './outbox.ts';
import { StartError } from './start-error.ts';

export type Jobs = {
  /** Call after a commit that may have enqueued work: it is picked up at once, not at the next sweep. */
  wake(): void;
  stop(): Promise<void>;
};

const QUEUE = 'outbox';
const SWEEP_MS = 1_000;
/** Rows woken per sweep: more only fills the queue. Where there were more, half of them done calls for the next. */
const SWEEP_ROWS = 200;
const CONCURRENCY = 4;

export async function startJobs(options: {
  sql: Sql;
  databaseUrl: string;
  redisUrl: string | undefined;
  handlers: readonly WorkHandler[];
  log: Pick<FastifyBaseLogger, 'warn' | 'error'>;
  /** How long a row, and half as long a wake-up, belongs to a worker that does not answer. */
  leaseMs?: number;
  /** How a row is done: other than in the product only in its simulations. */
  work?: typeof doWork;
}): Promise<Jobs> {
  const { sql, log, leaseMs = LEASE_MS, work = doWork } = options;
  const handlers = new Map(options.handlers.map((handler) => [handler.topic, handler]));
  if (handlers.size !== options.handlers.length) throw new Error('two handlers for one topic');

  let sweeping = false;
  let again = false;
  let stopped = false;
  let wasFull = false;
  let doneSince = 0;
  const { queue, worker, close } = await openQueue({ ...options, lockMs: leaseMs / 2 }, async (rowId) => {
    const result = await work(sql, handlers, rowId, leaseMs);
    if (result === 'failed' || result === 'parked')
      log.warn({ outboxId: rowId, result }, 'work did not succeed');
    doneSince += 1;
    if (wasFull && doneSince >= SWEEP_ROWS / 2) void sweep();
  });
  worker.on('error', (error) => log.error({ err: error }, 'job worker'));
  queue.on('error', (error) => log.error({ err: error }, 'job queue'));

  const sweep = async (): Promise<void> => {
    if (sweeping) {
      again = true;
      return;
    }
    sweeping = true;
    try {
      do {
        again = false;
        const ids = await dueWork(sql, SWEEP_ROWS);
        [wasFull, doneSince] = [ids.length === SWEEP_ROWS, 0];
        if (ids.length > 0 && !stopped) {
          await queue.addBulk(
            ids.map((id) => ({
              name: 'row',
              data: { id },
              opts: { jobId: `ob-${id}`, removeOnComplete: true, removeOnFail: true },
            })),
          );
        }
      } while (again && !stopped);
    } catch (error) {
      if (!stopped) log.error({ err: error }, 'sweep');
    } finally {
      sweeping = false;
    }
  };
  const timer = setInterval(() => void sweep(), SWEEP_MS);
  void sweep();

  return {
    wake: () => void sweep(),
    async stop() {
      stopped = true;
      clearInterval(timer);
      await worker.close();
      await queue.close();
      await close();
    },
  };
}

/** What both backends have and this file uses; their full types differ. */
type OpenQueue = {
  queue: Pick<Queue, 'addBulk' | 'close'> & { on(event: 'error', listener: (error: Error) => void): unknown };
  worker: { close(): Promise<void>; on(event: 'error', listener: (error: Error) => void): unknown };
  close(): Promise<void>;
};

async function openQueue(
  options: { databaseUrl: string; redisUrl: string | undefined; lockMs: number },
  process: (rowId: string) => Promise<void>,
): Promise<OpenQueue> {
  const run = async (job: { data: { id: string } }): Promise<void> => process(job.data.id);
  const { lockMs } = options;
  const limits = { concurrency: CONCURRENCY, lockDuration: lockMs, stalledInterval: lockMs };
  if (options.redisUrl) {
    const producer = new Redis(options.redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    const consumer = new Redis(options.redisUrl, { maxRetriesPerRequest: null });
    return {
      queue: new Queue(QUEUE, { connection: producer }),
      worker: new Worker(QUEUE, run, { connection: consumer, ...limits }),
      close: async () => {
        producer.disconnect();
        consumer.disconnect();
      },
    };
  }
  const Backed = withBackend(createPostgresBackend);
  const connection = { connectionString: options.databaseUrl, max: 2, migrate: true } as never;
  const queue = new Backed.Queue(QUEUE, { connection });
  await queue.waitUntilReady();
  return {
    queue,
    worker: new Backed.Worker(QUEUE, run, { connection, ...limits }),
    close: async () => {},
  };
}

/** @throws StartError with one line when Redis does not answer or may evict what it holds. */
export async function checkRedis(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 5_000,
  });
  // Said once, below; without a listener ioredis would print it as well.
  redis.on('error', () => {});
  try {
    await redis.connect();
    const answer = await redis.config('GET', 'maxmemory-policy');
    if (answer[1] !== 'noeviction') {
      throw new StartError(`Redis evicts keys (maxmemory-policy ${answer[1]}); jobs need noeviction`);
    }
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`Redis cannot be reached: ${(error as Error).message}`, { cause: error });
  } finally {
    redis.disconnect();
  }
}
