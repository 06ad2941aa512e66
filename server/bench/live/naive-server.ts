/**
 * What one would write first: a transaction a bid under the auction's lock, then a message to every socket,
 * made for each of them, one after the other.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type net from 'node:net';
import postgres from 'postgres';
import { WebSocketServer } from 'ws';
import { CONNECTIONS } from '../commit/naive.ts';

type Frame = { t: string; id: string; price: string };
type Auction = { best_price: string; bids: number; open: boolean };

export async function startNaiveServer(url: string): Promise<{ port: number; auctionId: string }> {
  const sql = postgres(url, { max: CONNECTIONS, onnotice: () => {} });
  const auctionId = randomUUID();
  await sql.unsafe(`
    create table if not exists live_auction
      (id uuid primary key, best_price numeric(12,2) not null, bids int not null, closes_at timestamptz not null);
    create table if not exists live_bid
      (id uuid primary key, auction_id uuid not null references live_auction, bidder text not null,
       price numeric(12,2) not null, quantity int not null, placed_at timestamptz not null default clock_timestamp());
    create index if not exists live_bid_of_auction on live_bid (auction_id, price desc)`);
  await sql`insert into live_auction values (${auctionId}, 800, 0, now() + interval '1 day')`;

  /** @returns what to tell everybody, or why not. */
  const placeBid = async (bidder: string, frame: Frame) =>
    sql.begin(async (tx) => {
      const [auction] = await tx<Auction[]>`
        select best_price, bids, closes_at > now() as open from live_auction where id = ${auctionId} for update`;
      if (!auction?.open) return { refused: 'closed' };
      // The price may be old by now: the bid goes one above the best, so that it is always taken.
      const price = Math.max(Number(frame.price), Number(auction.best_price) + 1);
      await tx`insert into live_bid (id, auction_id, bidder, price, quantity)
        values (${frame.id}, ${auctionId}, ${bidder}, ${price}, 100)`;
      await tx`update live_auction set best_price = ${price}, bids = bids + 1 where id = ${auctionId}`;
      const best = await tx`
        select bidder, price, quantity from live_bid where auction_id = ${auctionId} order by price desc limit 10`;
      return { price, bids: auction.bids + 1, best };
    });

  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  sockets.on('connection', (socket, request) => {
    const bidder = request.headers.authorization ?? '';
    const handle = async (data: Buffer): Promise<void> => {
      const frame = JSON.parse(data.toString('utf8')) as Frame;
      if (frame.t !== 'place_bid') return;
      const done = await placeBid(bidder, frame);
      const at = new Date().toISOString();
      socket.send(JSON.stringify({ t: 'ack', id: frame.id, at, outcome: { status: 'accepted' } }));
      for (const client of sockets.clients) {
        if (client.readyState === client.OPEN)
          client.send(JSON.stringify({ t: 'auction.update', at, auctionId, ...done }));
      }
    };
    socket.on('message', (data: Buffer) => void handle(data));
  });
  await once(sockets, 'listening');
  return { port: (sockets.address() as net.AddressInfo).port, auctionId };
}
