/** Blends are found in a thread of their own, one after the other: a bid never waits for one. */
import type { Blend, BlendProblem, BlendRefusal } from '@seam/blend';
import { type ThreadPool, openThreads } from '../../platform/threads.ts';

export type Blender = ThreadPool<{ blend: (problem: BlendProblem) => Promise<Blend | BlendRefusal> }>;

/** As many buyers may wait; the next is told to come back. */
const WAITING_MAX = 16;
/** Far beyond the solver's own limit on each of its programmes. */
const JOB_MS = 120_000;

export function openBlender(): Blender {
  return openThreads({
    thread: new URL('./thread.ts', import.meta.url),
    busy: 'purchase_request.blend_busy',
    threads: 1,
    waitingMax: WAITING_MAX,
    jobMs: JOB_MS,
  });
}
