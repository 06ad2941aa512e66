/**
 * Keeps a few auctions running in the demo, so that whoever opens it sees a market. A seller's robot on
 * the public client: it lists small lots of the catalogue's kind and puts them to auction.
 */
import { createClient } from '@seam/client';
import { auctionRoutes, listingRoutes, memberRoutes, demoRoutes } from '@seam/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { pause } from './pause.ts';

const LIVE_MIN = 2;
const CHECK_MS = 5_000;
const DAY_MS = 24 * 3600_000;
/** Minutes until the close, in turn: something always ends soon. */
const MINUTES = [6, 10, 15];

type Client = ReturnType<typeof createClient>;

/** Runs until `signal` aborts. Nothing it does can end the process; a failure is tried again later. */
export async function keepAuctionsLive(of: {
  baseUrl: string;
  seller: { email: string; password: string };
  log: FastifyBaseLogger;
  signal: AbortSignal;
}): Promise<void> {
  let client: Client | undefined;
  for (let turn = 0; !of.signal.aborted;) {
    try {
      client ??= await logIn(of.baseUrl, of.seller);
      if (await wanted(client)) {
        await startOne(client, turn);
        turn += 1;
      }
    } catch (error) {
      client = undefined;
      if (!of.signal.aborted) of.log.warn({ err: error }, 'demo market');
    }
    await pause(CHECK_MS, of.signal);
  }
}

async function logIn(baseUrl: string, seller: { email: string; password: string }): Promise<Client> {
  const client = createClient({ baseUrl });
  const answer = await client.call(memberRoutes.login, { body: { ...seller, token: true } });
  if (!answer.ok || !answer.value.token)
    throw new Error(`login: ${answer.ok ? 'no token' : answer.problem.code}`);
  return client.withToken(answer.value.token);
}

async function wanted(client: Client): Promise<boolean> {
  const demo = await client.call(demoRoutes.demo);
  if (!demo.ok || !demo.value.robots.on) return false;
  const live = await client.call(auctionRoutes.auctions, { query: { state: 'live' } });
  return live.ok && live.value.items.length < LIVE_MIN;
}

/** Copies an auction lot of the seller's own, smaller, and opens bidding a little under its start price. */
async function startOne(client: Client, turn: number): Promise<void> {
  const own = await client.call(listingRoutes.listOwnListings, { query: {} });
  if (!own.ok) throw new Error(`own lots: ${own.problem.code}`);
  const patterns = own.value.items.filter((lot) => lot.currency === 'CNY');
  const pattern = patterns[turn % Math.max(1, patterns.length)];
  if (!pattern) return;
  const full = await client.call(listingRoutes.getListing, { params: { id: pattern.id } });
  if (!full.ok) throw new Error(`lot: ${full.problem.code}`);
  const start = Math.round(Number(pattern.startPrice ?? pattern.price ?? '500'));
  const listed = await client.call(listingRoutes.createListing, {
    body: {
      mineId: full.value.mine.id,
      coalRank: full.value.coalRank,
      assay: full.value.assay,
      quantity: String(2000 + (turn % 4) * 1000),
      currency: 'CNY',
      saleMethod: 'auction',
      startPrice: `${start}.00`,
      deliveryTerm: full.value.deliveryTerm ?? 'ex_mine',
      ...(full.value.deliveryPlace ? { deliveryPlaceId: full.value.deliveryPlace.id } : {}),
      ...(full.value.loadPlace ? { loadPlaceId: full.value.loadPlace.id } : {}),
      windowFrom: new Date(Date.now() + 5 * DAY_MS).toISOString().slice(0, 10),
      windowTo: new Date(Date.now() + 35 * DAY_MS).toISOString().slice(0, 10),
      transport: full.value.transport,
    },
  });
  if (!listed.ok) throw new Error(`listing: ${listed.problem.code}`);
  const minutes = MINUTES[turn % MINUTES.length]!;
  const scheduled = await client.call(auctionRoutes.scheduleAuction, {
    body: {
      listingId: listed.value.id,
      startingPrice: `${start}.00`,
      bidIncrement: '2.00',
      maximumIncrement: '60.00',
      minimumBidQuantity: '500',
      closesAt: new Date(Date.now() + minutes * 60_000).toISOString(),
      softClose: { windowSeconds: 60, extensionSeconds: 60, extensionsMax: 10, hardEndAfterSeconds: 900 },
      bidSecurity: { mode: 'per_tonne', amountPerTonne: '30.00' },
    },
  });
  if (!scheduled.ok) throw new Error(`auction: ${scheduled.problem.code}`);
}
