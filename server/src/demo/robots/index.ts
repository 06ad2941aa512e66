/**
 * The demo's bidding robots. They have no way into the exchange but the public one, and bid only while
 * the switch that everybody can turn is on.
 */
import { type Client, createClient } from '@seam/client';
import { type AuctionSummary, type Query, SOCKET_PATH, auctionRoutes, demoRoutes } from '@seam/protocol';
import { pause } from '../pause.ts';
import { LOOK_EVERY_MS } from './limits.ts';
import { seeded } from './random.ts';
import type { RobotLog } from './bidder.ts';
import { Robot, type RobotLogin } from './robot.ts';

/** Runs until `signal` aborts, then resolves. Never rejects: a failure is logged and waited out. */
export async function startRobots(of: {
  /** Origin of the exchange. */
  readonly baseUrl: string;
  readonly robots: readonly RobotLogin[];
  readonly log: RobotLog;
  readonly signal: AbortSignal;
  /** The same seed gives the same values and quantities; absent: others every time. */
  readonly seed?: number;
}): Promise<void> {
  const { baseUrl, log, signal, seed = Date.now() } = of;
  const client = createClient({ baseUrl });
  const socketUrl = baseUrl.replace(/^http/, 'ws') + SOCKET_PATH;
  const crew = of.robots.map(
    (login, index) => new Robot({ login, client, socketUrl, log, random: seeded(seed + index * 7_919) }),
  );
  while (!signal.aborted) {
    const auctions = await auctionsToBidIn(client, log);
    if (signal.aborted) break;
    for (const robot of crew) {
      if (auctions) robot.look(auctions);
      else robot.rest();
    }
    await pause(LOOK_EVERY_MS, signal);
  }
  for (const robot of crew) robot.rest();
}

const LIVE = { state: 'live', limit: '50' } as Query<typeof auctionRoutes.auctions>;

/** @returns null when the switch is off, and also when it cannot be read: then nobody bids. */
async function auctionsToBidIn(client: Client, log: RobotLog): Promise<readonly AuctionSummary[] | null> {
  const demo = await client.call(demoRoutes.demo);
  if (!demo.ok || !demo.value.robots.on) return null;
  const live = await client.call(auctionRoutes.auctions, { query: LIVE });
  if (live.ok) return live.value.items;
  log.debug({ problem: live.problem }, 'robots cannot read the auctions');
  return null;
}
