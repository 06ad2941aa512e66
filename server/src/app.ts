/** The exchange as one Fastify app: the core, every slice's routes, the socket, the docs. Listens to nothing. */
import type { FastifyInstance } from 'fastify';
import { auctionRoutes, mayWatchAuction, recordRoutes } from './auctions/public.ts';
import { contractRoutes, contractTermsRoutes, hasSigningCertificate } from './contracts/public.ts';
import { buildCore } from './core.ts';
import type { Deps } from './deps.ts';
import { demoRoutes } from './demo/routes.ts';
import { registerSocket } from './exchange/socket.ts';
import { freightRoutes } from './freight/public.ts';
import { listingBuyingRoutes, listingUploadRoutes } from './listings/public.ts';
import { listingRoutes } from './listings/routes.ts';
import { carriageRoutes } from './carriage/public.ts';
import { logisticsRoutes } from './logistics/public.ts';
import { qualityRoutes, resultReportHttp } from './quality/public.ts';
import { longTermRoutes } from './longterm/public.ts';
import { onSessionEnded } from './members/public.ts';
import { memberRoutes } from './members/routes.ts';
import { SESSION_COOKIE } from './platform/principal.ts';
import { checkFile, negotiationRoutes } from './negotiation/public.ts';
import { installDocs } from './platform/docs.ts';
import { negotiationPorts, openBusiness } from './ports.ts';
import { reputationHttp } from './reputation/public.ts';
import { requestBlendRoutes, requestRoutes } from './requests/public.ts';
import { searchRoutes } from './search/public.ts';
import {
  bankDeskRoutes,
  bankRoutes,
  invoiceRoutes,
  LedgerPoster,
  feeHttp,
  securityRoutes,
  disputeHttp,
  settlementRoutes,
  workDeskRoutes,
  settlementStage,
} from './settlement/public.ts';
import { TRADING, tradingRoutes } from './trading/public.ts';

export async function buildApp(deps: Deps): Promise<FastifyInstance> {
  const { sql, authenticate, publicUrl, clock, log } = deps;
  const app = await buildCore({ sql, authenticate, publicUrl, log });
  const socket = await registerSocket(app, {
    exchange: deps.exchange,
    allowedOrigins: [new URL(publicUrl).origin],
    log,
    mayWatch: mayWatchAuction({
      sql,
      requests: deps.auctionRequests,
      live: (id) => deps.exchange.auction(id),
    }),
    async authenticate(httpRequest) {
      const bearer = /^Bearer (\S+)$/.exec(httpRequest.headers.authorization ?? '')?.[1];
      const token = bearer ?? httpRequest.cookies[SESSION_COOKIE];
      return token ? authenticate(token) : null;
    },
  });
  const stopListening = await onSessionEnded(sql, (end) => {
    const reason = end.why === 'suspended' ? 'suspended' : 'session_ended';
    socket.closeWhere((principal) => principal.loginSessionId === end.sessionId, reason);
  });
  app.addHook('onClose', async () => stopListening());

  const http = {
    sql,
    clock,
    wake: () => {
      deps.search.feed.nudge();
      deps.wake();
    },
  };
  memberRoutes(app, {
    ...http,
    publicUrl,
    openBusiness,
    canSign: async (connection, id) => hasSigningCertificate(connection, id, clock.now()),
  });
  listingRoutes(app, { ...http, ...deps.listings });
  listingBuyingRoutes(app, { ...http, ...deps.listings });
  listingUploadRoutes(app, { ...http, ...deps.listings, reader: deps.lotReader });
  requestRoutes(app, { ...http, ...deps.listings, ...deps.requests });
  freightRoutes(app, { ...http, ...deps.freight, organisations: deps.listings.organisations });
  requestBlendRoutes(app, { ...http, ...deps.listings, ...deps.requests, blender: deps.blender });
  negotiationRoutes(app, { ...http, ...deps.listings, ...negotiationPorts });
  searchRoutes(app, {
    ...http,
    organisations: deps.searchOptions.organisations,
    freight: deps.freight.book,
    search: deps.search,
    mail: { secret: deps.mailSecret, isSent: deps.searchMail !== undefined },
  });
  auctionRoutes(app, {
    ...http,
    // Countdowns are drawn against the clock that closes auctions.
    clock: { now: () => deps.exchange.now() },
    market: deps.exchange.gateway,
    listings: deps.auctionListings,
    requests: deps.auctionRequests,
    live: (id) => deps.exchange.auction(id),
    namesOf: deps.namesOf,
    pseudonymSecret: deps.pseudonymSecret,
    caughtUp: async (place) => deps.exchange.waitForProjection('auctions', place),
  });
  recordRoutes(app, { ...http, secret: deps.pseudonymSecret, requests: deps.auctionRequests });
  tradingRoutes(app, {
    ...http,
    market: deps.exchange,
    lots: deps.tradingLots,
    namesOf: deps.namesOf,
    personNamesOf: deps.personNamesOf,
    caughtUp: async (place) => deps.exchange.waitForProjection(TRADING, place),
  });
  contractRoutes(app, {
    ...http,
    ...deps.signing,
    authorities: deps.authorities,
    ports: deps.contractPorts,
    proof: deps.signerProof,
  });
  contractTermsRoutes(app, {
    ...http,
    ports: deps.contractPorts,
    publicUrl,
    render: async (...input) => deps.signing.press.run('render', input),
    files: deps.signing.files,
    stageOf: settlementStage,
  });
  logisticsRoutes(app, { ...http, namesOf: deps.namesOf, passKey: deps.passKey });
  qualityRoutes(app, { ...http, namesOf: deps.namesOf });
  resultReportHttp(app, {
    ...http,
    namesOf: deps.namesOf,
    draw: async (paper) => deps.signing.press.run('paper', paper),
  });
  carriageRoutes(app, http);
  longTermRoutes(app, { ...http, namesOf: deps.namesOf });
  feeHttp(app, { ...http, namesOf: deps.namesOf });
  const poster = new LedgerPoster(sql);
  app.addHook('onClose', async () => poster.stop());
  securityRoutes(app, { ...http, namesOf: deps.namesOf, poster });
  invoiceRoutes(app, { ...http, draw: async (paper) => deps.signing.press.run('paper', paper) });
  bankDeskRoutes(app, {
    ...http,
    stepOf: deps.stepOf,
    namesOf: deps.namesOf,
    personNamesOf: deps.personNamesOf,
  });
  reputationHttp(app, { ...http, namesOf: deps.namesOf });
  disputeHttp(app, { ...http, ports: deps.tradePorts, stepOf: deps.stepOf, checkFile });
  settlementRoutes(app, { ...http, ports: deps.tradePorts, stepOf: deps.stepOf });
  workDeskRoutes(app, { ...http, personNamesOf: deps.personNamesOf });
  await app.register(async (scope) => bankRoutes(scope, deps.bank));
  demoRoutes(app, { ...http, demo: deps.demo, world: deps.world });
  await installDocs(app);
  return app;
}
