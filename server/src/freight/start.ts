/** Keeps the lanes in memory as new as the database. */
import type { FastifyBaseLogger } from 'fastify';
import type { FreightBook } from './book.ts';
import { LOOK_MS } from './limits.ts';

/** @returns stops it. */
export async function startFreight(book: FreightBook, log: FastifyBaseLogger): Promise<() => Promise<void>> {
  await book.refresh();
  let running: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      await book.refresh();
    } catch (error) {
      log.error({ err: error }, 'lanes were not read');
    }
  };
  const timer = setInterval(() => {
    running ??= look().finally(() => (running = undefined));
  }, LOOK_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
