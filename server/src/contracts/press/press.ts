/** Renders, completes and verifies contracts in threads, so that no bid ever waits for a document. */
import { type ThreadPool, type ThreadPoolOptions, openThreads } from '../../platform/threads.ts';
import type { FileThreadData } from '../files/thread-database.ts';
import type { keptJobs } from './kept-jobs.ts';

export type Press = ThreadPool<ReturnType<typeof keptJobs>>;

/** Tests bring a thread of their own. */
export type PressOptions = FileThreadData & Partial<ThreadPoolOptions>;

export function openPress({ databaseUrl, ...options }: PressOptions): Press {
  return openThreads({
    thread: new URL('./thread.ts', import.meta.url),
    busy: 'contract.press_busy',
    data: { databaseUrl } satisfies FileThreadData,
    ...options,
  });
}
