/** What one would write first: a transaction a bid, the auction's row locked while it is decided. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { BIDDERS } from '../support/market.ts';

export const CONNECTIONS = 50;

export type NaiveMarket = { bid(): Promise<void>; stop(): Promise<void> };

/** The same checks of price and the same durability; a pool of `CONNECTIONS`. */
export async function openNaiveMarket(url: string): Promise<NaiveMarket> {
  const sql = postgres(url, { max: CONNECTIONS, onnotice: () => {} });
  const auctionId = randomUUID();
  await sql.unsafe(`
    create table if not exists naive_auction
      (id uuid primary key, best_price bigint not null, best_bidder uuid, bids int not null, closes_at timestamptz not null);
    create table if not exists naive_bid
      (id uuid primary key, auction_id uuid not null references naive_auction, bidder_id uuid not null,
       price bigint not null, quantity int not null, placed_at timestamptz not null default now())`);
  await sql`insert into naive_auction values (${auctionId}, 800, null, 0, now() + interval '1 day')`;
  const companies = Array.from({ length: BIDDERS }, () => randomUUID());
  let placed = 0;
  return {
    async bid() {
      placed += 1;
      const bidder = companies[placed % BIDDERS]!;
      await sql.begin(async (tx) => {
        const [auction] = await tx<{ best_price: string; open: boolean }[]>`
          select best_price, closes_at > now() as open from naive_auction where id = ${auctionId} for update`;
        if (!auction?.open) throw new Error('closed');
        const price = Number(auction.best_price) + 1;
        await tx`insert into naive_bid (id, auction_id, bidder_id, price, quantity)
          values (${randomUUID()}, ${auctionId}, ${bidder}, ${price}, 100)`;
        await tx`update naive_auction set best_price = ${price}, best_bidder = ${bidder}, bids = bids + 1
          where id = ${auctionId}`;
      });
    },
    stop: () => sql.end({ timeout: 5 }),
  };
}
