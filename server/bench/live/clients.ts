/**
 * Fifty who bid, each again as soon as it is answered, and two hundred who watch, in one process. All are
 * clients of the same protocol; the naive server speaks as much of it as they need.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { answer } from '../support/child.ts';
import { tokenOf } from './people.ts';
import { quantile } from '../support/latency.ts';

type Place = { port: number; auctionId: string; path: string };
type Ack = { t: string; id: string; outcome?: { status: string }; code?: string };

const sockets: WebSocket[] = [];
const bidders: Bidder[] = [];
/** Ms from the instant an update names until a watcher had it. */
let seen: number[] = [];
let price = 1_000;
let open: Place;
let steady: NodeJS.Timeout | undefined;

class Bidder {
  times: number[] = [];
  accepted = 0;
  readonly #socket: WebSocket;
  #sentAt = 0;
  #id = '';
  bidding = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      // Everything else tells of the auction, which a bidder gets too and a person would look at.
      if (data[6] !== 0x61 && data[6] !== 0x65) return;
      const frame = JSON.parse(data.toString('utf8')) as Ack;
      if (frame.id !== this.#id) return;
      if (frame.t === 'err') throw new Error(`a bid was refused: ${frame.code}`);
      this.times.push(performance.now() - this.#sentAt);
      if (frame.outcome?.status === 'accepted') this.accepted += 1;
      if (this.bidding) this.bid();
    });
  }

  bid(): void {
    price += 1;
    this.#id = randomUUID();
    this.#sentAt = performance.now();
    const { auctionId } = open;
    this.#socket.send(
      JSON.stringify({ t: 'place_bid', id: this.#id, auctionId, price: `${price}.00`, quantity: '5000.000' }),
    );
  }
}

answer({
  async open({ place, bidders: bidding, watchers }: { place: Place; bidders: number; watchers: number }) {
    open = place;
    for (let i = 0; i < bidding; i += 1) bidders.push(new Bidder(await connect(`bidder${i}`, i)));
    for (let i = 0; i < watchers; i += 1) {
      const socket = await connect(`watcher${i}`, i);
      socket.on('message', (data: Buffer) => {
        const text = data.toString('latin1', 0, 200);
        if (!text.startsWith('{"t":"auction.update"')) return;
        const at = /"at":"([^"]+)"/.exec(text)?.[1];
        if (at !== undefined) seen.push(Date.now() - Date.parse(at));
      });
    }
  },
  async run({ ms }: { ms: number }) {
    seen = [];
    const started = performance.now();
    for (const bidder of bidders) {
      bidder.times = [];
      bidder.accepted = 0;
      bidder.bidding = true;
      bidder.bid();
    }
    await new Promise((resolve) => setTimeout(resolve, ms));
    for (const bidder of bidders) bidder.bidding = false;
    const elapsedMs = performance.now() - started;
    const times = bidders.flatMap((bidder) => bidder.times);
    const accepted = bidders.reduce((sum, bidder) => sum + bidder.accepted, 0);
    const watched = seen;
    // The last answers are still to come, and must not fall into the next round.
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (times.length === 0 || watched.length === 0)
      throw new Error('nobody was answered, or nobody was told');
    return {
      acksPerSecond: (times.length * 1000) / elapsedMs,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      acceptedShare: accepted / times.length,
      watcherFramesPerSecond: (watched.length * 1000) / elapsedMs,
      watcherP99: quantile(watched, 0.99),
    };
  },
  /** From now on the bidders bid in turn, whether or not they have been answered. */
  begin({ perSecond }: { perSecond: number }) {
    for (const bidder of bidders) bidder.times = [];
    let turn = 0;
    const started = performance.now();
    steady = setInterval(() => {
      while (turn < ((performance.now() - started) * perSecond) / 1000) {
        bidders[turn % bidders.length]!.bid();
        turn += 1;
      }
    }, 2);
  },
  async end() {
    clearInterval(steady);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const times = bidders.flatMap((bidder) => bidder.times);
    return { bids: times.length, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
  },
  close() {
    for (const socket of sockets) socket.terminate();
  },
});

async function connect(name: string, index: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${open.port}${open.path}`, {
    perMessageDeflate: false,
    headers: {
      authorization: `Bearer ${tokenOf(name)}`,
      // From many offices, as far as the limit for each address is concerned.
      'x-forwarded-for': `10.0.${index >> 4}.${index & 15}`,
    },
  });
  sockets.push(socket);
  await once(socket, 'open');
  socket.send(JSON.stringify({ t: 'subscribe', topic: `auction:${open.auctionId}` }));
  return socket;
}
