/**
 * Order books for the tests of this slice: the production routes and the live socket, a real exchange and
 * ledger, and one clock that a test turns forward.
 */
import { partyAccount, platformAccount } from '@seam/ledger';
import { CENTRE_ROLES, SOCKET_PATH, type SessionPhase } from '@seam/protocol';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { buildCore } from '../core.ts';
import { type Exchange, createExchange } from '../exchange/exchange.ts';
import { shardIndex } from '../exchange/gateway.ts';
import { readJournal } from '../exchange/journal-reader.ts';
import { registerSocket } from '../exchange/socket.ts';
import { type RefusalCode, silentLog } from '../exchange/types.ts';
import type { HttpDeps } from '../platform/http.ts';
import { type WorkHandler, doWork, dueWork } from '../platform/outbox.ts';
import type { CommitLimits } from '../platform/commit-limit.ts';
import type { Principal } from '../platform/principal.ts';
import { balances, post } from '../settlement/public.ts';
import type { LotPort } from './listing-port.ts';
import type { Market } from './market.ts';
import { TRADING, tradingProjection } from './projection.ts';
import { tradingRoutes } from './routes.ts';
import { tradingWork } from './work.ts';

// The answers are of every route; each test says what it expects of its own.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { readonly status: number; readonly body: any };
type Clock = { shiftMs: number };
type Parts = {
  readonly db: TestDatabase;
  readonly exchange: Exchange;
  readonly app: FastifyInstance;
  readonly clock: Clock;
  readonly socketUrl: string;
  readonly faults: { refuse: RefusalCode | null };
};

/** Of a test that sells no coal. */
const NO_LOTS: LotPort = { sellOwn: async () => 'not_yours' };

const PATIENCE = { timeout: 120_000 };
const HOUR_S = 3_600;

export class TradingMarket {
  readonly db: TestDatabase;
  readonly exchange: Exchange;
  readonly socketUrl: string;
  readonly baseUrl: string;
  readonly #parts: Parts;
  readonly #handlers: ReadonlyMap<string, WorkHandler>;
  #unique = 0;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.db = parts.db;
    this.exchange = parts.exchange;
    this.socketUrl = parts.socketUrl;
    this.baseUrl = `http://${new URL(parts.socketUrl).host}`;
    const work = tradingWork({ sql: parts.db.sql, market: parts.exchange });
    // Rendering the contract is the business of another slice, and lots expire in another.
    const others = ['contracts.issue', 'listings.expire'].map((topic) => ({ topic, write: async () => {} }));
    this.#handlers = new Map([...work, ...others].map((handler) => [handler.topic, handler]));
  }

  static async open(
    of: {
      readonly lots?: LotPort;
      /** Routes of other slices that a test needs. */
      readonly register?: (app: FastifyInstance, http: HttpDeps) => void;
    } = {},
  ): Promise<TradingMarket> {
    const db = await testDatabase();
    const clock = { shiftMs: 0 };
    const exchange = await createExchange({
      url: db.url,
      sql: db.sql,
      projections: [tradingProjection],
      pseudonymSecret: 'of this test',
      log: silentLog,
      clock: {
        wallMs: () => Date.now() + clock.shiftMs,
        monotonicMs: () => performance.now() + clock.shiftMs,
      },
    });
    await exchange.start();
    const app = await buildCore({
      sql: db.sql,
      publicUrl: 'http://seam.test',
      requestsPerMinute: 1_000_000,
      authenticate: async (token) => principalOf(token.replaceAll('-', '')),
    });
    await registerSocket(app, {
      exchange,
      allowedOrigins: [],
      log: silentLog,
      authenticate: async ({ principal }) => principal,
    });
    const http = { sql: db.sql, wake: () => {} };
    const faults: Parts['faults'] = { refuse: null };
    const market: Market = {
      market: (id) => exchange.market(id),
      now: () => exchange.now(),
      gateway: {
        submit: async (submission) =>
          faults.refuse === null
            ? exchange.gateway.submit(submission)
            : { status: 'refused', code: faults.refuse },
      },
    };
    of.register?.(app, http);
    tradingRoutes(app, {
      ...http,
      market,
      lots: of.lots ?? NO_LOTS,
      namesOf: async (_connection, ids) =>
        new Map(
          ids
            .filter((id) => !id.startsWith('nobody'))
            .map((id) => [id, { name: `Company of ${id}`, nameZh: null }]),
        ),
      personNamesOf: async (_connection, ids) => new Map(ids.map((id) => [id, `Name of ${id}`])),
      caughtUp: async (place) => exchange.waitForProjection(TRADING, place, PATIENCE.timeout),
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return new TradingMarket({
      db,
      exchange,
      app,
      clock,
      socketUrl: `ws://127.0.0.1:${port}${SOCKET_PATH}`,
      faults,
    });
  }

  async close(): Promise<void> {
    await this.#parts.app.close();
    await this.exchange.stop();
    await this.db.close();
  }

  /** Meanwhile no command of the routes reaches the journal. */
  async whileRefusing<T>(code: RefusalCode, work: () => Promise<T>): Promise<T> {
    this.#parts.faults.refuse = code;
    try {
      return await work();
    } finally {
      this.#parts.faults.refuse = null;
    }
  }

  /** Nobody was told of this name before. Letters and digits only: it is part of a token. */
  fresh(name: string): string {
    this.#unique += 1;
    return `${name}${this.#unique}`;
  }

  async call(as: string | null, method: 'GET' | 'POST', url: string, body?: object): Promise<Answer> {
    const answer = await this.#parts.app.inject({
      method,
      url,
      headers: as ? { authorization: `Bearer ${tokenOf(as)}` } : {},
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, body: answer.json() };
  }

  /** All clocks of the exchange go forward; nothing waits. */
  turnClock(seconds: number): void {
    this.#parts.clock.shiftMs += seconds * 1000;
  }

  /** Does what is due. A row that failed waits for its next try. */
  async work(): Promise<string[]> {
    const results: string[] = [];
    for (;;) {
      const due = await dueWork(this.db.sql, 50);
      if (due.length === 0) return results;
      for (const id of due) results.push(await doWork(this.db.sql, this.#handlers, id));
    }
  }

  /** What was to be done later is due now. */
  async workLater(topic: string): Promise<string[]> {
    await this.db.sql`update outbox set not_before = now() where topic = ${topic} and done_at is null`;
    return this.work();
  }

  /** A company with this much free money, in yuan. */
  async company(name: string, yuan: number): Promise<string> {
    const id = this.fresh(name);
    await this.fund(id, yuan);
    return id;
  }

  async fund(id: string, yuan: number): Promise<void> {
    const outcome = await post(this.db.sql, {
      effectKey: this.fresh(`fund.${id}.`),
      reason: 'correction',
      subject: 'test',
      legs: [
        {
          phase: 'posted',
          debit: platformAccount('CNY', 'bank_clearing'),
          credit: partyAccount(id, 'CNY', 'free'),
          amount: minor(BigInt(yuan) * 100n),
        },
      ],
    });
    expect(outcome.ok).toBe(true);
  }

  /** Free and held money of a company, in yuan. */
  async money(id: string): Promise<{ free: number; held: number }> {
    const free = (await balances(this.db.sql, id)).find(({ kind }) => kind === 'free');
    return { free: Number(free?.available ?? 0n) / 100, held: Number(free?.held ?? 0n) / 100 };
  }

  /** An instant so many seconds from now, as the market reckons. */
  at(seconds: number): string {
    return new Date(this.exchange.now().getTime() + seconds * 1000).toISOString();
  }

  /** What staff types: 600.00 a tonne, ticks of 1.00, lots of 100 t, the collars 5 and 10 % away. */
  terms(id: string, session: SessionPhase[], more: object = {}): object {
    return {
      id,
      grade: 'Q5500',
      specification: 'RSS-1',
      deliveryTerm: 'ex_mine',
      deliveryPlace: 'Qinhuangdao',
      deliveryPeriod: '2027-01',
      currency: 'CNY',
      tickSize: '1.00',
      lotSize: '100',
      referencePrice: '600.00',
      hardCollarPercent: '10',
      softCollarPercent: '5',
      maximumOrderValue: '5000000.00',
      volatilityPercent: '50',
      volatilityWindowSeconds: 60,
      volatilityCallSeconds: 60,
      reopeningCallSeconds: 30,
      session,
      ...more,
    };
  }

  /** An instrument that trades for a year. */
  async instrument(more: object = {}): Promise<string> {
    const id = this.fresh('Q5500-');
    const session: SessionPhase[] = [
      { phase: 'continuous', startsAt: this.at(5) },
      { phase: 'closed', startsAt: this.at(365 * 24 * HOUR_S) },
    ];
    const listed = await this.call('staff1', 'POST', '/v1/staff/instruments', this.terms(id, session, more));
    expect(listed, JSON.stringify(listed.body)).toMatchObject({ status: 201 });
    this.turnClock(6);
    // Whoever sends something has the deadlines before it journaled first.
    await this.order('passerby', id, {});
    await this.inPhase(id, 'continuous');
    return id;
  }

  async inPhase(id: string, phase: string): Promise<void> {
    const now = async () => (await this.call(null, 'GET', `/v1/instruments/${id}`)).body.status.phase;
    await expect.poll(now, PATIENCE).toBe(phase);
  }

  async hold(who: string, id: string, amount: string): Promise<Answer> {
    return this.call(who, 'POST', `/v1/instruments/${id}/exposure`, { amount });
  }

  async release(
    who: string,
    id: string,
    amount: string,
    commandId = this.fresh('release-'),
  ): Promise<Answer> {
    return this.call(who, 'POST', `/v1/instruments/${id}/exposure/release`, { commandId, amount });
  }

  /** A company that may trade for so many yuan in this market. */
  async trader(name: string, id: string, yuan = 10_000_000): Promise<string> {
    const who = await this.company(name, yuan);
    expect(await this.hold(who, id, `${yuan}.00`)).toMatchObject({ status: 201 });
    return who;
  }

  async order(who: string, id: string, order: object): Promise<Answer> {
    return this.call(who, 'POST', `/v1/instruments/${id}/orders`, {
      commandId: this.fresh('order-id-'),
      side: 'buy',
      price: '600.00',
      quantity: '100',
      timeInForce: 'good_till_cancel',
      ...order,
    });
  }

  async mine(who: string, id: string): Promise<Answer['body']> {
    return (await this.call(who, 'GET', `/v1/instruments/${id}/mine`)).body;
  }

  /** Empties the derived tables and applies the whole journal again. */
  async rebuild(tables: readonly string[]): Promise<void> {
    const { sql } = this.db;
    for (const table of tables) await sql.unsafe(`truncate ${table}`);
    const shards = this.exchange.health().map(({ shard }) => shard);
    for (const shard of shards)
      for await (const { entry } of readJournal(sql, shard, 0))
        await sql.begin(async (tx) => tradingProjection.apply(tx, entry));
  }

  /** The views have everything that was acknowledged about this market. */
  async caughtUp(id: string): Promise<void> {
    const shards = this.exchange.health();
    const { shard } = shards[shardIndex(id, shards.length)]!;
    const seq = this.exchange.market(id)?.seq ?? 0;
    await this.exchange.waitForProjection(TRADING, { shard, seq }, PATIENCE.timeout);
  }
}

export const tokenOf = (who: string): string => who.padEnd(43, '-');

/** Everybody trades for a company of the same name, but staff and whoever is called a viewer. */
/** What the person of a company may bind it to; whoever is not named may anything. */
export const personLimits = new Map<string, CommitLimits>();

function principalOf(name: string): Principal {
  const limits = personLimits.get(name);
  const staff = name.startsWith('staff');
  return {
    personId: `person-of-${name}`,
    personName: name,
    organisationId: staff ? '' : name,
    organisationStatus: 'active',
    roles: staff ? [] : ['trader'],
    staff,
    centreRoles: staff ? CENTRE_ROLES : [],
    robot: false,
    loginSessionId: name,
    ...(limits && { commitLimits: limits }),
  };
}
