/** Starts what keeps the demo lively, on the public client, as anybody's own robots would run. */
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../platform/config.ts';
import { STAFF, demoCompanies } from './companies.ts';
import { keepAuctionsLive } from './market.ts';
import { startBookTraders } from './order-books/index.ts';
import { keepBooksOpen } from './order-books/keeper.ts';
import { startRobots } from './robots/index.ts';

export function startRobotsOfDemo(of: { config: Config; log: FastifyBaseLogger }): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const baseUrl = `http://127.0.0.1:${of.config.port}`;
  const companies = demoCompanies();
  const robots = companies.filter((company) => company.robot).map((company) => company.login);
  const seller = companies.find(
    (company) => company.currency === 'CNY' && company.registration.organisation.kind === 'producer',
  );
  const running = [
    startRobots({ baseUrl, robots, log: of.log, signal: stopping.signal }),
    keepBooksOpen({ baseUrl, staff: STAFF, log: of.log, signal: stopping.signal }),
    startBookTraders({ baseUrl, robots, log: of.log, signal: stopping.signal }),
    ...(seller
      ? [keepAuctionsLive({ baseUrl, seller: seller.login, log: of.log, signal: stopping.signal })]
      : []),
  ];
  return {
    async stop() {
      stopping.abort();
      await Promise.allSettled(running);
    },
  };
}
