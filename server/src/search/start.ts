/** Runs the search of a process: fills the index, follows the changes, and looks for what saved searches want. */
import { findAlerts } from './alerts.ts';
import { ALERTS_EVERY_MS } from './limits.ts';
import type { Search, SearchOptions } from './search.ts';

/** @param wake called when there is something to tell. @returns stops it all. */
export async function startSearch(
  search: Search,
  options: SearchOptions,
  wake: () => void,
): Promise<() => Promise<void>> {
  await search.feed.start();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    try {
      if ((await findAlerts({ ...options, search })) > 0) wake();
    } catch (error) {
      options.log.error({ err: error }, 'saved searches were not looked at');
    }
  };
  const timer = setInterval(() => {
    running ??= run().finally(() => (running = undefined));
  }, ALERTS_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
    await search.feed.stop();
  };
}
