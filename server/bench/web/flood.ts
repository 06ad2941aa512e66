/**
 * The exchange behind a proxy that speaks for one order book: whatever members may send, no market tells of its
 * book as often as this. Everything else goes through untouched.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BookLevel } from '@seam/protocol';
import { WebSocket, WebSocketServer } from 'ws';

export type Flood = {
  readonly url: string;
  /** Tells so many updates a second, from now on. */
  begin(perSecond: number): void;
  /** @returns how many were told, and the best buy as it stands. */
  end(): { told: number; best: BookLevel };
  close(): Promise<void>;
};

const LEVELS = 10;

export async function startFlood(target: string, instrumentId: string): Promise<Flood> {
  const { port, host } = new URL(target);
  const headersFor = (headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders => ({
    ...headers,
    host,
    ...(headers.origin && { origin: target }),
  });
  const server = http.createServer((req, res) => {
    const { method, url: path, headers } = req;
    const onward = http.request({ port, method, path, headers: headersFor(headers) }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  const book = new Book(instrumentId);
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (req, socket, head) => {
    const onward = new WebSocket(target.replace('http', 'ws') + req.url, {
      headers: { cookie: req.headers.cookie ?? '', origin: target },
    });
    onward.once('open', () => sockets.handleUpgrade(req, socket, head, (page) => join(page, onward, book)));
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin: (perSecond) => book.begin(perSecond),
    end: () => book.end(),
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(page: WebSocket, onward: WebSocket, book: Book): void {
  page.on('message', (data: Buffer) => onward.send(data.toString('utf8')));
  onward.on('message', (data: Buffer) => {
    const text = data.toString('utf8');
    const frame = JSON.parse(text) as { t: string; seq: number };
    if (frame.t === 'book.snapshot') book.follows(page, frame.seq);
    if (frame.t !== 'book.update') page.send(text);
  });
  page.once('close', () => onward.close());
  onward.once('close', () => page.close());
}

class Book {
  readonly #instrumentId: string;
  #page: WebSocket | undefined;
  #seq = 0;
  #told = 0;
  #timer: NodeJS.Timeout | undefined;
  #best: BookLevel = ['740.00', '0.000', 0];

  constructor(instrumentId: string) {
    this.#instrumentId = instrumentId;
  }

  follows(page: WebSocket, seq: number): void {
    this.#page = page;
    this.#seq = seq;
  }

  begin(perSecond: number): void {
    const from = performance.now();
    const before = this.#told;
    this.#timer = setInterval(() => {
      const due = before + ((performance.now() - from) * perSecond) / 1000;
      while (this.#told < due) this.#tell();
    }, 1000 / perSecond);
  }

  end(): { told: number; best: BookLevel } {
    clearInterval(this.#timer);
    return { told: this.#told, best: this.#best };
  }

  /** One level of each side changes; now and then the best one. */
  #tell(): void {
    this.#told += 1;
    const n = this.#told;
    const level = (side: 'buy' | 'sell'): BookLevel => {
      const depth = (n * 7) % LEVELS;
      const price = side === 'buy' ? 741 - depth : 744 + depth;
      return [`${price}.00`, `${100 * (1 + ((n * 13) % 40))}.000`, 1 + (n % 5)];
    };
    const [buys, sells] = [[level('buy')], [level('sell')]];
    if (buys[0]![0] === '741.00') this.#best = buys[0]!;
    const prev = this.#seq;
    this.#seq += 1;
    const instrumentId = this.#instrumentId;
    this.#page?.send(
      JSON.stringify({
        t: 'book.update',
        topic: `book:${instrumentId}`,
        seq: this.#seq,
        prev,
        at: new Date().toISOString(),
        instrumentId,
        buys,
        sells,
      }),
    );
  }
}
