/**
 * The server's time in the browser. Deadlines are decided by the server; a wrong clock on the desk must
 * not move a countdown.
 */
import { createContext } from 'svelte';

export class ServerClock {
  /** Server time minus this machine's time, in ms. A live connection measures it better and sets it. */
  offsetMs = $state(0);

  nowMs(): number {
    return Date.now() + this.offsetMs;
  }

  /**
   * A first guess from the page itself: `serverMs` is when the server wrote the page, and the browser
   * knows when its first byte came. Off by the way of one packet.
   */
  guessFromPage(serverMs: number): void {
    const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (!page || page.responseStart === 0) return;
    this.offsetMs = serverMs - (performance.timeOrigin + page.responseStart);
  }
}

export const [useServerClock, provideServerClock] = createContext<ServerClock>();
