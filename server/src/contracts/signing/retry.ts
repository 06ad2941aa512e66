/**
 * Work that waits for an authority outside: it is never given up. Each attempt that finds it away asks for
 * the next one, so that no count of failures parks a signature that somebody has made.
 */
import type { ProblemCode } from '@seam/protocol';
import type { Tx } from '../../platform/db.ts';
import { Fault } from '../../platform/fault.ts';
import { enqueue } from '../../platform/outbox.ts';

const WAIT_MAX_S = 300;
const AWAY: ReadonlySet<ProblemCode> = new Set([
  'contract.timestamp_unavailable',
  'contract.press_busy',
  'service.unavailable',
]);

type Next = {
  readonly topic: string;
  /** Without the number of the attempt, which is added. */
  readonly effectKey: string;
  readonly payload: Readonly<Record<string, string | number>>;
  readonly attempt: number;
};

/** @returns what to write; a fault other than an authority's absence passes through. */
export async function orAgain(
  next: Next,
  work: () => Promise<(tx: Tx) => Promise<void>>,
): Promise<(tx: Tx) => Promise<void>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault && AWAY.has(error.code))) throw error;
    const attempt = next.attempt + 1;
    const waitS = Math.min(2 ** next.attempt, WAIT_MAX_S);
    return async (tx) =>
      enqueue(tx, {
        effectKey: `${next.effectKey}:${attempt}`,
        topic: next.topic,
        payload: { ...next.payload, attempt },
        notBefore: new Date(Date.now() + waitS * 1000),
      });
  }
}
