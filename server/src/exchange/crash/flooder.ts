/** A line that sends faster than anybody may, and remembers every answer; and one that only watches. */
import { setTimeout as pause } from 'node:timers/promises';
import { type ServerFrame, SOCKET_PATH } from '@seam/protocol';
import { WebSocket } from 'ws';

const ASKING_MS = 50;
const STATES_ASKED = 50;

const lineTo = (port: number, name: string): WebSocket =>
  new WebSocket(`ws://127.0.0.1:${port}${SOCKET_PATH}`, {
    headers: { authorization: `Bearer ${name.padEnd(43, '-')}` },
  });

export type Answers = {
  readonly acknowledged: Set<string>;
  /** Told that nothing was journaled, by the code that said so. */
  readonly refused: Map<string, string>;
  /** Refusals for being too much that did not say how long to wait. */
  timeless: number;
  /** Of commands on lines that were then closed: their sender does not know, and would ask again. */
  readonly unanswered: Set<string>;
  sent: number;
  floods: number;
};

export function noAnswers(): Answers {
  const known = { acknowledged: new Set<string>(), refused: new Map<string, string>() };
  return { ...known, unanswered: new Set(), timeless: 0, sent: 0, floods: 0 };
}

/** Opens a new line whenever its own is closed, as a robot does that does not listen. */
export class Flooder {
  readonly #port: number;
  readonly #name: string;
  readonly #answers: Answers;
  readonly #open = new Set<string>();
  #line: WebSocket | undefined;
  #made = 0;

  constructor(port: number, name: string, answers: Answers) {
    this.#port = port;
    this.#name = name;
    this.#answers = answers;
  }

  get waiting(): number {
    return this.#open.size;
  }

  /** Sends `count` bids on `auctionId`, each a tick above the last of all flooders. */
  send(count: number, auctionId: string, nextPrice: () => number): void {
    const line = this.#line ?? this.#connect();
    if (line.readyState !== WebSocket.OPEN) return;
    for (let i = 0; i < count; i += 1) {
      this.#made += 1;
      const id = `${this.#name}-${this.#made}`.padEnd(12, '-');
      this.#open.add(id);
      this.#answers.sent += 1;
      const bid = { t: 'place_bid', id, auctionId, price: `${nextPrice()}.00`, quantity: '500' };
      line.send(JSON.stringify(bid), () => {});
    }
  }

  end(): void {
    this.#line?.terminate();
  }

  #connect(): WebSocket {
    const line = lineTo(this.#port, this.#name);
    this.#line = line;
    line.on('error', () => {});
    line.on('message', (data: Buffer) => this.#receive(JSON.parse(data.toString('utf8')) as ServerFrame));
    line.on('close', (code) => {
      if (code === 4429) this.#answers.floods += 1;
      for (const id of this.#open) this.#answers.unanswered.add(id);
      this.#open.clear();
      this.#line = undefined;
    });
    return line;
  }

  #receive(frame: ServerFrame): void {
    if ((frame.t !== 'ack' && frame.t !== 'err') || frame.id === undefined) return;
    this.#open.delete(frame.id);
    if (frame.t === 'ack') this.#answers.acknowledged.add(frame.id);
    else {
      this.#answers.refused.set(frame.id, frame.code);
      if (frame.retry === 'after' && !(Number(frame.afterMs) > 0)) this.#answers.timeless += 1;
    }
  }
}

/**
 * Watches an auction. `reads: false`: asks for its state again and again, and takes nothing off its line: what
 * the server writes to it fills the buffers of the machine, and then its own.
 */
export class Watcher {
  frames = 0;
  gapMsMax = 0;
  closed: number | undefined;
  readonly #line: WebSocket;
  #asking: NodeJS.Timeout | undefined;
  #lastAt = performance.now();

  constructor(port: number, name: string, { auctionId, reads }: { auctionId: string; reads: boolean }) {
    this.#line = lineTo(port, name);
    this.#line.on('error', () => {});
    this.#line.on('close', (code) => (this.closed = code));
    this.#line.on('open', () => {
      const subscribe = JSON.stringify({ t: 'subscribe', topic: `auction:${auctionId}` });
      this.#line.send(subscribe);
      if (reads) return;
      this.#line.pause();
      this.#asking = setInterval(() => {
        for (let i = 0; i < STATES_ASKED; i += 1) this.#line.send(subscribe, () => {});
      }, ASKING_MS);
    });
    this.#line.on('message', () => {
      const now = performance.now();
      this.frames += 1;
      this.gapMsMax = Math.max(this.gapMsMax, now - this.#lastAt);
      this.#lastAt = now;
    });
  }

  /** Reads again, to hear whether it was cut. Undefined: it was not. */
  async wasCut(): Promise<number | undefined> {
    clearInterval(this.#asking);
    this.#line.resume();
    for (let i = 0; i < 100 && this.closed === undefined; i += 1) await pause(ASKING_MS);
    return this.closed;
  }

  end(): void {
    clearInterval(this.#asking);
    this.#line.terminate();
  }
}
