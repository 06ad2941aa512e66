/**
 * Moves the journaled deadlines of cancel-on-disconnect on while their connection lives. When it is lost
 * nothing has to happen in time: the deadline stands in the journal, and whoever leads the market then
 * fires it.
 */
import { instant } from '@seam/units';
import type { Gateway } from '../gateway.ts';
import { memberActor } from '../types.ts';

type Armed = { readonly instrumentId: string; readonly accountId: string; readonly afterMs: number | null };
type Port = { readonly gateway: Gateway; now(): Date };

/** A third of the time: two refreshes may get lost before orders do. */
const REFRESHES_PER_DEADLINE = 3;

export class KeepAlive {
  readonly #port: Port;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(port: Port) {
    this.#port = port;
  }

  set({ instrumentId, accountId, afterMs }: Armed): void {
    clearInterval(this.#timers.get(instrumentId));
    this.#timers.delete(instrumentId);
    if (afterMs === null) return;
    const refresh = (): void => {
      const cancelAt = instant(this.#port.now().getTime() + afterMs);
      const cmdId = `alive.${instrumentId.slice(0, 40)}.${cancelAt}`;
      const body = { type: 'arm_cancel_on_disconnect', instrumentId, accountId, cancelAt } as const;
      // A refusal needs no answer: the next refresh tries again, and the old deadline stands.
      void this.#port.gateway.submit({ actor: memberActor(accountId), cmdId, body });
    };
    this.#timers.set(instrumentId, setInterval(refresh, afterMs / REFRESHES_PER_DEADLINE).unref());
  }

  end(): void {
    for (const timer of this.#timers.values()) clearInterval(timer);
    this.#timers.clear();
  }
}
