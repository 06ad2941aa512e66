/** A client of the live socket for tests: keeps every frame, waits for the one it wants. */
import type { ServerFrame } from '@seam/protocol';
import { type ClientOptions, WebSocket } from 'ws';

type FrameOf<T extends ServerFrame['t']> = Extract<ServerFrame, { t: T }>;

export class SocketClient {
  readonly frames: ServerFrame[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  #listeners = new Set<() => void>();

  constructor(url: string, options: ClientOptions) {
    this.socket = new WebSocket(url, options);
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code) => resolve(code));
    });
    this.socket.on('error', () => {});
    this.socket.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString('utf8')) as ServerFrame);
      for (const listener of this.#listeners) listener();
    });
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  of<T extends ServerFrame['t']>(t: T): FrameOf<T>[] {
    return this.frames.filter((frame): frame is FrameOf<T> => frame.t === t);
  }

  /** The first frame of this kind that fits, also one that came before. Fails after five seconds. */
  async next<T extends ServerFrame['t']>(
    t: T,
    fits: (frame: FrameOf<T>) => boolean = () => true,
  ): Promise<FrameOf<T>> {
    const { promise, resolve, reject } = Promise.withResolvers<FrameOf<T>>();
    const look = (): void => {
      const found = this.of(t).find(fits);
      if (found) resolve(found);
    };
    const timer = setTimeout(
      () => reject(new Error(`no such ${t} frame among ${JSON.stringify(this.frames.slice(-5))}`)),
      5_000,
    );
    this.#listeners.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(look);
    }
  }
}

/** HTTP status with which an upgrade was refused; 101 when it was not. */
export async function upgradeStatus(url: string, options: ClientOptions): Promise<number> {
  const socket = new WebSocket(url, options);
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('error', () => {});
  });
}
