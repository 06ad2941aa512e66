/** Renders, completes and verifies contracts in threads, so that no bid ever waits for a document. */
import { type ThreadPool, type ThreadPoolOptions, openThreads } from '../../platform/threads.ts';
import type { jobs } from './jobs.ts';

export type Press = ThreadPool<typeof jobs>;

/** Tests bring a thread of their own. */
export type PressOptions = Partial<ThreadPoolOptions>;

export function openPress(options: PressOptions = {}): Press {
  return openThreads({
    thread: new URL('./thread.ts', import.meta.url),
    busy: 'contract.press_busy',
    ...options,
  });
}
