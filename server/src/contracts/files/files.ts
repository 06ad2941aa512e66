/** Documents for their downloads: read in a thread that no signature is waited for in. */
import { type ThreadPool, openThreads } from '../../platform/threads.ts';
import type { fileJobs } from './jobs.ts';
import type { FileThreadData } from './thread-database.ts';

/** @throws Fault `contract.press_busy` when too many wait, `service.unavailable` when it cannot be read. */
export type ContractFiles = ThreadPool<ReturnType<typeof fileJobs>>;

export function openContractFiles({ databaseUrl }: FileThreadData): ContractFiles {
  return openThreads({
    thread: new URL('./thread.ts', import.meta.url),
    busy: 'contract.press_busy',
    threads: 1,
    data: { databaseUrl } satisfies FileThreadData,
  });
}
