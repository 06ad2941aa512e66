/**
 * Messages in, payments out, doubts asked, and what nobody tells us looked for: as long as the process runs. Each
 * step is safe to repeat and to run in several processes at once.
 */
import { processInbox } from './inbox.ts';
import { inquireDuePayments, sendDuePayments } from './sending.ts';
import type { BankDeps } from './deps.ts';
import { watchBank } from './watch.ts';

/** How often is looked when nothing was found. */
const IDLE_MS = 1_000;
/** A round is full when there was more to do than it takes: then the next one follows at once. */
const MESSAGES = 100;
const PAYMENTS = 20;

/** @returns ends it after the round that runs. */
export function startBankLoop(deps: BankDeps, watch = watchBank(deps)): () => Promise<void> {
  let stopped = false;
  const round = async (): Promise<boolean> => {
    const { done, failed } = await processInbox(deps, MESSAGES);
    if (done > 0) deps.wake?.();
    const { answered, unknown } = await sendDuePayments(deps, PAYMENTS);
    await inquireDuePayments(deps, PAYMENTS);
    await watch();
    return done + failed >= MESSAGES || answered + unknown >= PAYMENTS;
  };
  const loop = (async () => {
    while (!stopped) {
      let isFull = false;
      try {
        isFull = await round();
      } catch (error) {
        if (!stopped) deps.log.error({ err: error }, 'bank loop');
      }
      if (!isFull && !stopped) await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    }
  })();
  return async () => {
    stopped = true;
    await loop;
  };
}
