/** The robots on a real exchange: login, security, socket and ledger as in production. */
import { partyAccount, platformAccount } from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ListingPort, RequestPort } from '../../auctions/public.ts';
import { auctionProjection, auctionRoutes, auctionWork } from '../../auctions/public.ts';
import { outsideWorld } from '../../bank-simulator/client.ts';
import { buildCore } from '../../core.ts';
import { type Exchange, createExchange } from '../../exchange/exchange.ts';
import { type SocketControl, registerSocket } from '../../exchange/socket.ts';
import { silentLog } from '../../exchange/types.ts';
import { authenticate, createDemoMember, createStaff, organisationsByIds } from '../../members/public.ts';
import { memberRoutes } from '../../members/routes.ts';
import { systemClock } from '../../platform/clock.ts';
import { orm } from '../../platform/db.ts';
import { doWork, dueWork } from '../../platform/outbox.ts';
import { refuse } from '../../platform/refusal.ts';
import { balances, post } from '../../settlement/public.ts';
import { auction } from '../../auctions/tables.ts';
import { type DemoCompanyAccount, SECOND_STAFF, STAFF, demoCompanies } from '../companies.ts';
import { demoRoutes } from '../routes.ts';
import { startRobots } from './index.ts';

const LOT_KG = 2_000_000n;
const PATIENCE = { timeout: 120_000, interval: 200 };
let db: TestDatabase;
let exchange: Exchange;
let app: FastifyInstance;
let sockets: SocketControl;
let baseUrl: string;
/** The market's clock goes forward when the test says so; the robots' stays. */
let shiftMs = 0;
const companies = demoCompanies();
const robots = companies.filter((company) => company.robot);
const producer = companies.find(
  (company) => company.currency === 'CNY' && company.sells,
) as DemoCompanyAccount;
const organisations = new Map<string, string>();

const listings: ListingPort = {
  reserveForAuction: async () => ({ title: 'Coal', currency: 'CNY', quantityKg: LOT_KG }),
  concludeAuction: async () => {},
};

/** Nobody here buys by auction. */
const requests: RequestPort = {
  reserveForAuction: async () => refuse('auction.request_unavailable'),
  shownTo: async (_connection, ids) => new Set(ids),
  concludeAuction: async () => {},
};

beforeAll(async () => {
  db = await testDatabase();
  const { sql } = db;
  exchange = await createExchange({
    url: db.url,
    sql,
    projections: [auctionProjection],
    pseudonymSecret: 's',
    log: silentLog,
    clock: {
      wallMs: () => Date.now() + shiftMs,
      monotonicMs: () => performance.now() + shiftMs,
    },
  });
  await exchange.start();
  const knows = authenticate(sql, systemClock);
  app = await buildCore({ sql, authenticate: knows, publicUrl: 'http://seam.test' });
  sockets = await registerSocket(app, {
    exchange,
    authenticate: async ({ principal }) => principal,
    allowedOrigins: [],
    log: silentLog,
  });
  const http = { sql, wake: () => {}, clock: systemClock };
  memberRoutes(app, {
    ...http,
    publicUrl: 'http://seam.test',
    openBusiness: async () => ({}),
    canSign: async () => false,
  });
  // No robot has anything to do with the bank.
  const world = outsideWorld({ url: 'http://127.0.0.1:9', secret: 'unused', clock: systemClock });
  demoRoutes(app, { ...http, demo: true, world });
  auctionRoutes(app, {
    ...http,
    market: exchange.gateway,
    listings,
    requests,
    live: (id) => exchange.auction(id),
    namesOf: organisationsByIds,
    pseudonymSecret: 's',
    caughtUp: async (place) => exchange.waitForProjection('auctions', place),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const staffPersonId = await createStaff(sql, STAFF, systemClock);
  await createStaff(sql, SECOND_STAFF, systemClock);
  for (const company of [producer, ...robots]) await member(company, staffPersonId);
});
afterAll(async () => {
  await app?.close();
  await exchange?.stop();
  await db?.close();
});

async function member(company: DemoCompanyAccount, staffPersonId: string): Promise<void> {
  const { email } = company.login;
  const made = await createDemoMember(db.sql, company.registration, { staffPersonId, robots: [email] });
  organisations.set(company.key, made.organisationId);
  await post(db.sql, {
    effectKey: `fund.${company.key}`,
    reason: 'correction',
    subject: 'test',
    legs: [
      {
        phase: 'posted',
        debit: platformAccount('CNY', 'bank_clearing'),
        credit: partyAccount(made.organisationId, 'CNY', 'free'),
        amount: minor(100_000_000n),
      },
    ],
  });
}

async function call(method: string, url: string, body?: object, token?: string): Promise<never> {
  const answer = await fetch(baseUrl + url, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect([200, 202]).toContain(answer.status);
  return (await answer.json()) as never;
}

type Seen = { id: string; state: string; bidCount: number; bidderCount: number; bestPrice: string | null };

/** Open for half a minute: robots decide within seconds. */
async function openAuction(): Promise<string> {
  const { token } = await call('POST', '/v1/login', { ...producer.login, token: true });
  const { id }: Seen = await call(
    'POST',
    '/v1/auctions',
    {
      listingId: 'lot',
      startingPrice: '600.00',
      bidIncrement: '5.00',
      closesAt: new Date(Date.now() + 30_000).toISOString(),
      softClose: { windowSeconds: 0, extensionSeconds: 0, extensionsMax: 0, hardEndAfterSeconds: 0 },
      bidSecurity: { mode: 'per_tonne', amountPerTonne: '10.00' },
    },
    token,
  );
  const handlers = new Map(
    auctionWork({ sql: db.sql, market: exchange.gateway, listings, requests }).map((handler) => [
      handler.topic,
      handler,
    ]),
  );
  for (const due of await dueWork(db.sql, 1_000)) await doWork(db.sql, handlers, due);
  return id;
}

it('robots bid while the switch is on, with money set aside, and not after it is off', async () => {
  const id = await openAuction();
  const seen = async (): Promise<Seen> => call('GET', `/v1/auctions/${id}`);
  await call('POST', '/v1/demo/robots', { on: false });
  const complaints: string[] = [];
  const log = { debug: () => {}, warn: (_facts: object, message: string) => complaints.push(message) };
  const stopping = new AbortController();
  const nobody = { email: 'nobody@seam.example', password: 'not-the-password' };
  const running = startRobots({
    baseUrl,
    robots: [nobody, ...robots.map((robot) => robot.login)],
    log,
    signal: stopping.signal,
    seed: 1,
  });
  await call('POST', '/v1/demo/robots', { on: true });
  await expect.poll(async () => (await seen()).bidderCount, PATIENCE).toBeGreaterThanOrEqual(2);
  await expect.poll(async () => (await seen()).bidCount, PATIENCE).toBeGreaterThanOrEqual(3);
  // The one that cannot log in says so, and harms nobody.
  expect(complaints).toContain('robot keeps quiet for a while');
  for (const robot of robots) {
    const accounts = await balances(db.sql, organisations.get(robot.key) ?? '');
    const [free] = accounts.filter((account) => account.kind === 'free');
    expect(free?.held).toBeGreaterThan(0n);
  }

  await call('POST', '/v1/demo/robots', { on: false });
  await expect.poll(() => sockets.size, PATIENCE).toBe(0);
  const resting = (await seen()).bidCount;
  shiftMs = 60_000;
  await expect.poll(async () => (await seen()).state, PATIENCE).toBe('awarded');
  expect((await seen()).bidCount).toBe(resting);
  const [row] = await orm(db.sql).select().from(auction);
  expect(row?.bestTicks).toBeLessThanOrEqual(684);

  stopping.abort();
  await running;
});
