/** Keeps pushing events: at once after a commit, and again when a failed one is due. */
import type { BankSimulatorDeps } from './deps.ts';
import { pushDue } from './events.ts';

/** Looked at least this often, also when nobody wakes it. */
const IDLE_MS = 30_000;
/** After the bank's own database failed. */
const RETRY_MS = 1000;

export function pushLoop(deps: BankSimulatorDeps): { wake(): void; stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;

  async function run(): Promise<void> {
    again = false;
    const wait = await pushDue(deps)
      .then(({ nextInMs }) => nextInMs ?? IDLE_MS)
      .catch((error: unknown) => {
        deps.log.warn({ err: error }, 'events could not be pushed');
        return RETRY_MS;
      });
    running = undefined;
    if (again) wake();
    else if (!stopped) timer = setTimeout(wake, Math.min(wait, IDLE_MS));
  }

  function wake(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = run();
  }

  wake();
  return {
    wake,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
