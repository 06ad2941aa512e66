/**
 * The real server for abuse: core, exchange, socket and PostgreSQL, an auction of each format and an order
 * book. Budgets are wide where a test is not about them.
 */
import { type AuctionTerms, type CommandBody, type InstrumentTerms, PLAIN_ENGLISH } from '@seam/engine';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { instant, ticks } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import { vi } from 'vitest';
import { buildCore } from '../../src/core.ts';
import { type Exchange, createExchange } from '../../src/exchange/exchange.ts';
import { marketRules } from '../../src/exchange/rules.ts';
import { type SocketControl, type SocketDeps, registerSocket } from '../../src/exchange/socket.ts';
import { auctionTerms } from '../../src/exchange/testing/market.ts';
import { SocketClient } from '../../src/exchange/testing/socket-client.ts';
import { silentLog } from '../../src/exchange/types.ts';
import { verifyShard } from '../../src/exchange/verify.ts';
import type { Principal } from '../../src/platform/principal.ts';

export const BOOK = 'book-1';
const WIDE = { burst: 1e6, perSecond: 1e6 };
const HOUR_MS = 3_600_000;

/** One auction of each format, all of 100 lots and open for an hour from 800.00. */
function formats(): AuctionTerms[] {
  const english = auctionTerms('english');
  // One reading of the clock for all: the length of some formats is fixed by their terms, to the millisecond.
  const { opensAt, closesAt } = english;
  const { bidIncrement: _i, maximumIncrement: _m, pricing: _p, ...common } = english;
  const plain = Object.fromEntries(Object.entries(common).filter(([name]) => !(name in PLAIN_ENGLISH)));
  const none = { softClose: { mode: 'none' } };
  const buying = { scoring: { mode: 'price' }, award: { mode: 'quantity' }, floor: null, reservePrice: null };
  const sealed = {
    ...plain,
    ...none,
    format: 'sealed_bid',
    direction: 'sell',
    pricing: 'pay_as_bid',
    ...buying,
    quantityBands: [100],
    unopenedPenalty: 0,
  };
  const split = {
    mode: 'split_key',
    publicKey: 'key',
    ownerShareDigest: 'a'.repeat(64),
    exchangeShareDigest: 'b'.repeat(64),
  };
  const all = [
    english,
    { ...english, auctionId: 'stepped', proxy: 'stepped' },
    {
      ...plain,
      ...none,
      auctionId: 'clock',
      format: 'clock',
      pricing: 'uniform',
      priceIncrements: [10],
      roundMs: HOUR_MS,
      roundsMax: 1,
      closesAt: instant(opensAt + HOUR_MS),
      demandVisible: true,
      marginRule: 'time',
    },
    {
      ...plain,
      ...none,
      auctionId: 'dutch',
      format: 'dutch',
      pricing: 'pay_as_accepted',
      floorPrice: 700,
      priceDecrement: 100,
      stepMs: HOUR_MS / 2,
      closesAt,
    },
    {
      ...plain,
      ...none,
      auctionId: 'dutch_hybrid',
      format: 'dutch_hybrid',
      minimumBidQuantity: 100,
      stepBasisPoints: 5_000,
      floorBasisPoints: 5_000,
      stepMs: 1_700_000,
      openingPauseMs: 0,
      sealedPauseMs: 0,
      sealedMs: 100_000,
      bestBidPauseMs: 0,
      bestBidMs: 100_000,
      bestBidIncrement: 1,
      closesAt,
    },
    { ...sealed, auctionId: 'commit', openingMs: 60_000, secrecy: { mode: 'commit_reveal' } },
    { ...sealed, auctionId: 'split', openingMs: 60_000, secrecy: split },
    {
      ...plain,
      ...buying,
      auctionId: 'reverse_open',
      format: 'reverse_open',
      decrement: { mode: 'absolute', amount: 1 },
    },
    {
      ...plain,
      ...none,
      ...buying,
      auctionId: 'reverse_rounds',
      format: 'reverse_rounds',
      startsAt: instant(opensAt + HOUR_MS / 2),
      biddersMax: 9,
      rounds: 1,
      firstPauseMs: 60_000,
      pauseMs: 60_000,
      turnMs: 60_000,
      announcementMs: 60_000,
      minimalStep: { mode: 'absolute', amount: 1 },
    },
  ];
  return all as unknown as AuctionTerms[];
}

function bookTerms(): InstrumentTerms {
  const now = Date.now();
  return {
    instrumentId: BOOK,
    gradeId: 'Q5500',
    specificationId: 'Q5500-1',
    deliveryTerm: 'fob',
    deliveryPlace: 'Qinhuangdao',
    deliveryPeriod: '2027-01',
    currency: 'CNY',
    tickSize: '100',
    lotSize: '50000',
    referencePrice: ticks(800),
    collar: { hardBasisPoints: 1_000, softBasisPoints: 500 },
    maximumOrderNotional: '100000000000',
    volatility: { basisPoints: 10_000, windowMs: 300_000, callMs: 60_000 },
    reopeningCallMs: 60_000,
    session: [
      { phase: 'continuous', startsAt: instant(now + 500) },
      { phase: 'closed', startsAt: instant(now + 24 * HOUR_MS) },
    ],
    rulesVersion: 1,
  };
}

export class Venue {
  readonly sessions = new Map<string, Principal>();
  readonly #db: TestDatabase;
  readonly exchange: Exchange;
  readonly control: SocketControl;
  readonly url: string;
  readonly app: FastifyInstance;
  readonly #close: () => Promise<void>;
  #made = 0;

  private constructor(
    db: TestDatabase,
    exchange: Exchange,
    of: {
      control: SocketControl;
      url: string;
      app: FastifyInstance;
      close: () => Promise<void>;
      sessions: Map<string, Principal>;
    },
  ) {
    this.#db = db;
    this.exchange = exchange;
    this.control = of.control;
    this.url = of.url;
    this.app = of.app;
    this.#close = of.close;
    this.sessions = of.sessions;
  }

  static async open(
    limits: Partial<Pick<SocketDeps, 'bidRate' | 'frameRate' | 'recheckMs'>> = {},
  ): Promise<Venue> {
    const db = await testDatabase();
    const sessions = new Map<string, Principal>();
    const exchange = await createExchange({
      url: db.url,
      sql: db.sql,
      projections: [],
      pseudonymSecret: 's',
      log: silentLog,
    });
    await exchange.start();
    const authenticate = async (token: string): Promise<Principal | null> => sessions.get(token) ?? null;
    const app = await buildCore({
      sql: db.sql,
      authenticate,
      publicUrl: 'http://127.0.0.1',
      requestsPerMinute: 1e9,
    });
    const control = await registerSocket(app, {
      exchange,
      allowedOrigins: [],
      log: silentLog,
      bidRate: WIDE,
      frameRate: WIDE,
      authenticate: async ({ principal }) => (principal && sessions.get(tokenOf(principal.personId))) ?? null,
      ...limits,
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    const url = `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1/socket`;
    const venue = new Venue(db, exchange, { control, url, app, sessions, close: () => app.close() });
    await venue.#stock();
    return venue;
  }

  async close(): Promise<void> {
    await this.#close();
    await this.exchange.stop();
    await this.#db.close();
  }

  async #stock(): Promise<void> {
    for (const terms of formats()) await this.submit({ type: 'schedule_auction', terms });
    await this.submit({ type: 'list_instrument', terms: bookTerms() });
    await vi.waitUntil(() => this.exchange.market(BOOK)?.phase === 'continuous', 120_000);
  }

  /** A company that may trade in the book, with money for it. */
  async admit(accountId: string): Promise<void> {
    const to = { instrumentId: BOOK, accountId };
    await this.submit({ type: 'admit_account', ...to, ownerGroup: accountId, settlementClass: 'escrow' });
    await this.submit({ type: 'allocate_exposure', ...to, amount: '900000000000000' });
  }

  scheduled(auctionId: string): CommandBody {
    return { type: 'schedule_auction', terms: auctionTerms(auctionId) };
  }

  async submit(body: CommandBody): Promise<void> {
    this.#made += 1;
    const outcome = await this.exchange.gateway.submit({
      actor: 'exchange',
      cmdId: `venue-${this.#made}`,
      body,
    });
    if (outcome.status !== 'accepted') throw new Error(`${body.type}: ${JSON.stringify(outcome)}`);
  }

  signIn(name: string): Record<string, string> {
    this.sessions.set(tokenOf(name), {
      personId: name,
      personName: name,
      organisationId: `org-${name}`,
      organisationStatus: 'active',
      roles: ['trader'],
      staff: false,
      centreRoles: [],
      robot: false,
      loginSessionId: `login-${name}`,
    });
    return { authorization: `Bearer ${tokenOf(name)}` };
  }

  async connect(name: string): Promise<SocketClient> {
    const client = new SocketClient(this.url, { headers: this.signIn(name) });
    await client.next('welcome');
    return client;
  }

  /** Commands of members that the journal has. */
  async journaled(): Promise<number> {
    const [row] = await this.#db.sql<
      { n: number }[]
    >`select count(*)::int as n from journal where actor like 'org:%'`;
    return row?.n ?? -1;
  }

  async commandIds(): Promise<readonly string[]> {
    const rows = await this.#db.sql<
      { cmd_id: string }[]
    >`select cmd_id from journal where actor like 'org:%'`;
    return rows.map(({ cmd_id }) => cmd_id);
  }

  /** Every shard from its first entry: chain, seq, and the rules run again. */
  async verified(): Promise<number> {
    const shards = await this.#db.sql<{ shard_id: number }[]>`select shard_id from shard order by shard_id`;
    let entries = 0;
    for (const { shard_id: shard } of shards)
      entries += (await verifyShard(this.#db.sql, { shard, rules: marketRules })).entries;
    return entries;
  }
}

export const tokenOf = (person: string): string => person.padEnd(43, '-');
