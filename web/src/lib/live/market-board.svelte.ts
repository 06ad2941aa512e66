/** The markets of a list, live where there is a login; elsewhere as old as the page's last answer. */
import { type SocketStatus, openSocket } from '@seam/client';
import type { MarketStatus } from '@seam/protocol';

export class MarketBoard {
  #live = $state.raw<Readonly<Record<string, MarketStatus>>>({});
  #line = $state.raw<SocketStatus | null>(null);

  readonly isLive = $derived.by(() => this.#line?.state === 'live');

  /** Undefined where nothing fresher is known than what the page came with. */
  of(instrumentId: string): MarketStatus | undefined {
    return this.isLive ? this.#live[instrumentId] : undefined;
  }

  /** In the browser. @returns what stops it. */
  start(instrumentIds: readonly string[]): () => void {
    const { protocol, host } = window.location;
    const socket = openSocket({ url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/v1/socket` });
    socket.onStatus((status) => (this.#line = status));
    for (const id of instrumentIds)
      socket.subscribe(`market:${id}`, (update) => {
        if (update.type === 'state') this.#live = { ...this.#live, [id]: update.state.status };
      });
    return () => socket.close();
  }
}
