/**
 * Ours, as production builds it: HTTP core, socket with origin, login, validation and rate limits, journal,
 * SQL views. Logins are looked up in a table of tokens instead of the members' database; they are asked for
 * before the upgrade and now and then.
 */
import type net from 'node:net';
import { auctionProjection } from '../../src/auctions/projection.ts';
import { buildCore } from '../../src/core.ts';
import { createExchange } from '../../src/exchange/exchange.ts';
import { registerSocket } from '../../src/exchange/socket.ts';
import { silentLog } from '../../src/exchange/types.ts';
import { openDatabase } from '../../src/platform/db.ts';
import { Bidding } from '../support/market.ts';
import { principalOf } from './people.ts';

const ORIGIN = 'http://seam.bench';
/** Still counted for every frame; high enough that the server's own limit is found first. */
const RATE = { burst: 1_000_000, perSecond: 1_000_000 };

/** One auction, open for a day, on the database at `url`. */
export async function startSeam(url: string): Promise<{ port: number; auctionId: string }> {
  const sql = await openDatabase(url);
  const exchange = await createExchange({
    url,
    sql,
    projections: [auctionProjection],
    pseudonymSecret: 'bench',
    log: silentLog,
  });
  await exchange.start();
  const app = await buildCore({ sql, publicUrl: ORIGIN, authenticate: async (token) => principalOf(token) });
  await registerSocket(app, {
    exchange,
    authenticate: async ({ headers }) => principalOf(headers.authorization?.slice('Bearer '.length) ?? ''),
    allowedOrigins: [ORIGIN],
    log: silentLog,
    bidRate: RATE,
    frameRate: RATE,
  });
  const bidding = new Bidding();
  await exchange.gateway.submit(bidding.scheduling());
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { port: (app.server.address() as net.AddressInfo).port, auctionId: bidding.auctionId };
}
