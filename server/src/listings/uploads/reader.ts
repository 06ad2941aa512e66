/** The thread that reads files of lots, opened once per process. */
import { type ThreadPool, openThreads } from '../../platform/threads.ts';
import type { jobs } from './thread.ts';

/** Each waiting file is held in memory, 16 MB at most. */
const WAITING_MAX = 8;
/** The largest file takes some ten seconds on a busy machine. */
const JOB_MS = 120_000;

export type LotReader = ThreadPool<typeof jobs>;

export function openLotReader(): LotReader {
  return openThreads({
    thread: new URL('./thread.ts', import.meta.url),
    busy: 'listing.upload_busy',
    threads: 1,
    waitingMax: WAITING_MAX,
    jobMs: JOB_MS,
  });
}
