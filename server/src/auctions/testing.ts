/**
 * A market for the tests of this slice: the production routes, a real exchange and ledger, and one clock
 * that a test turns forward for all of them. Lots are rows of a table, so that a rollback takes them back.
 */
import { CENTRE_ROLES } from '@seam/protocol';
import { partyAccount, platformAccount } from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { buildCore } from '../core.ts';
import { type Exchange, createExchange } from '../exchange/exchange.ts';
import { shardIndex } from '../exchange/gateway.ts';
import { registerSocket } from '../exchange/socket.ts';
import { silentLog } from '../exchange/types.ts';
import { type WorkHandler, doWork, dueWork } from '../platform/outbox.ts';
import type { CommitLimits } from '../platform/commit-limit.ts';
import type { Principal } from '../platform/principal.ts';
import { refuse } from '../platform/refusal.ts';
import { balances, post } from '../settlement/public.ts';
import type { ListingPort } from './listing-port.ts';
import type { RequestPort } from './request-port.ts';
import { auctionProjection } from './projection.ts';
import { recordProjection } from './record/projection.ts';
import { recordRoutes } from './record/routes.ts';
import { auctionRoutes } from './routes.ts';
import { mayWatchAuction } from './visibility.ts';
import { auctionWork } from './work.ts';

// The answers are of every route; each test says what it expects of its own.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { readonly status: number; readonly body: any };

const PATIENCE = { timeout: 120_000 };
const PSEUDONYM_SECRET = 'of this test';

export class AuctionMarket {
  readonly db: TestDatabase;
  readonly exchange: Exchange;
  readonly handlers: ReadonlyMap<string, WorkHandler>;
  #app: FastifyInstance;
  #clock: { shiftMs: number };
  #unique = 0;
  /** Of whoever is connected. */
  readonly leaving: (() => void)[] = [];

  private constructor(
    db: TestDatabase,
    exchange: Exchange,
    of: { app: FastifyInstance; clock: { shiftMs: number } },
  ) {
    this.db = db;
    this.exchange = exchange;
    this.#app = of.app;
    this.#clock = of.clock;
    const work = auctionWork({ sql: db.sql, market: exchange.gateway, listings, requests });
    // Rendering the contract is the business of another slice.
    const others = [{ topic: 'contracts.issue', write: async () => {} }];
    this.handlers = new Map([...work, ...others].map((handler) => [handler.topic, handler]));
  }

  static async open(): Promise<AuctionMarket> {
    const db = await testDatabase();
    await db.sql`create table lot (id text primary key, seller text not null, kg bigint not null check (kg >= 0),
      reserved boolean not null default false)`;
    await db.sql`create table need (id text primary key, buyer text not null, kg bigint not null check (kg >= 0),
      auctioned bigint not null default 0 check (auctioned >= 0))`;
    const clock = { shiftMs: 0 };
    const exchange = await createExchange({
      url: db.url,
      sql: db.sql,
      projections: [auctionProjection, recordProjection(PSEUDONYM_SECRET)],
      pseudonymSecret: PSEUDONYM_SECRET,
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
      requestsPerMinute: 100_000,
      authenticate: async (token) => principalOf(token.replaceAll('-', '')),
    });
    await registerSocket(app, {
      exchange,
      authenticate: async ({ principal }) => principal,
      allowedOrigins: [],
      log: silentLog,
      mayWatch: mayWatchAuction({ sql: db.sql, requests, live: (id) => exchange.auction(id) }),
    });
    recordRoutes(app, { sql: db.sql, wake: () => {}, secret: PSEUDONYM_SECRET, requests });
    auctionRoutes(app, {
      sql: db.sql,
      wake: () => {},
      clock: { now: () => exchange.now() },
      market: exchange.gateway,
      listings,
      requests,
      live: (id) => exchange.auction(id),
      pseudonymSecret: PSEUDONYM_SECRET,
      namesOf: async (_connection, ids) =>
        // With more than is asked for, as the members slice gives it: no answer may pass it on.
        new Map(ids.map((id) => [id, { name: `Company of ${id}`, nameZh: null, country: 'CN' }])),
      caughtUp: async (place) => exchange.waitForProjection('auctions', place, PATIENCE.timeout),
    });
    return new AuctionMarket(db, exchange, { app, clock });
  }

  async close(): Promise<void> {
    for (const leave of this.leaving) leave();
    await this.#app.close();
    await this.exchange.stop();
    await this.db.close();
  }

  /** Nobody was told of this name before. Letters and digits only: it is part of a token. */
  fresh(name: string): string {
    this.#unique += 1;
    return `${name}${this.#unique}`;
  }

  async call(as: string | null, method: 'GET' | 'POST', url: string, body?: object): Promise<Answer> {
    const answer = await this.#app.inject({
      method,
      url,
      headers: as ? { authorization: `Bearer ${as.padEnd(43, '-')}` } : {},
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, body: answer.json() };
  }

  /** All clocks of the exchange go forward; nothing waits. */
  turnClock(seconds: number): void {
    this.#clock.shiftMs += seconds * 1000;
  }

  /** As `turnClock`, and the market of this auction looks at the clock at once: by a command about nothing. */
  async pass(id: string, seconds: number): Promise<void> {
    this.turnClock(seconds);
    const { length: shards } = this.exchange.health();
    let auctionId = this.fresh('nothing');
    while (shardIndex(auctionId, shards) !== shardIndex(id, shards)) auctionId = this.fresh('nothing');
    const body = { type: 'resume_auction', auctionId } as const;
    await this.exchange.gateway.submit({ actor: 'test', cmdId: this.fresh('look-'), body });
  }

  /** Does what is due. A row that failed waits for its next try. */
  async work(): Promise<string[]> {
    const results: string[] = [];
    for (;;) {
      const due = await dueWork(this.db.sql, 50);
      if (due.length === 0) return results;
      for (const id of due) results.push(await doWork(this.db.sql, this.handlers, id));
    }
  }

  /** A company with this much free money, in yuan. */
  async company(name: string, yuan: number): Promise<string> {
    const id = this.fresh(name);
    if (yuan === 0) return id;
    const outcome = await post(this.db.sql, {
      effectKey: `fund.${id}`,
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
    return id;
  }

  /** What a company has, in yuan, by kind of account; `held` is on hold and not `free`. */
  async money(id: string): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const account of await balances(this.db.sql, id)) {
      if (account.available !== 0n) found[account.kind] = Number(account.available) / 100;
      if (account.held !== 0n) found['held'] = Number(account.held) / 100;
    }
    return found;
  }

  async lot(seller: string, tonnes = 1000): Promise<string> {
    const id = this.fresh('lot');
    await this.db.sql`insert into lot (id, seller, kg) values (${id}, ${seller}, ${tonnes * 1000})`;
    return id;
  }

  async lotNow(id: string): Promise<{ tonnes: number; reserved: boolean }> {
    const [row] = await this.db.sql<{ kg: string; reserved: boolean }[]>`select * from lot where id = ${id}`;
    return { tonnes: Number(row!.kg) / 1000, reserved: row!.reserved };
  }

  /** What a seller types: 1,000 t in lots of 50 t from 600.00, one yuan a tonne up, 10.00 a tonne secured. */
  terms(listingId: string, more: object = {}): object {
    return {
      listingId,
      startingPrice: '600.00',
      bidIncrement: '5.00',
      closesAt: new Date(this.exchange.now().getTime() + 3_600_000).toISOString(),
      softClose: { windowSeconds: 0, extensionSeconds: 0, extensionsMax: 0, hardEndAfterSeconds: 0 },
      bidSecurity: { mode: 'per_tonne', amountPerTonne: '10.00' },
      ...more,
    };
  }

  async inState(id: string, state: string): Promise<Answer['body']> {
    let view: Answer['body'];
    await expect
      .poll(async () => (view = (await this.call(null, 'GET', `/v1/auctions/${id}`)).body).state, PATIENCE)
      .toBe(state);
    return view;
  }

  /** An auction that is open for an hour. */
  async open(more: object = {}): Promise<{ id: string; seller: string; listingId: string }> {
    const seller = this.fresh('seller');
    const listingId = await this.lot(seller);
    return { id: await this.put(seller, this.terms(listingId, more)), seller, listingId };
  }

  /** An auction of any format, open. */
  async put(owner: string, body: object): Promise<string> {
    const asked = await this.call(owner, 'POST', '/v1/auctions', body);
    expect(asked).toMatchObject({ status: 202, body: { state: 'requested' } });
    await this.work();
    await this.pass(asked.body.id, 2);
    await this.inState(asked.body.id, 'open');
    return asked.body.id;
  }

  /** A buyer's published need. */
  async need(buyer: string, tonnes = 1000): Promise<string> {
    const id = this.fresh('need');
    await this.db.sql`insert into need (id, buyer, kg) values (${id}, ${buyer}, ${tonnes * 1000})`;
    return id;
  }

  async needNow(id: string): Promise<{ tonnes: number; auctioned: number }> {
    const [row] = await this.db.sql<{ kg: string; auctioned: string }[]>`select * from need where id = ${id}`;
    return { tonnes: Number(row!.kg) / 1000, auctioned: Number(row!.auctioned) / 1000 };
  }

  /** A supplier with money and a lot, admitted to a purchase. */
  async supplier(name: string, auctionId: string, security: string): Promise<{ id: string; lot: string }> {
    const id = await this.company(name, 100_000);
    const lot = await this.lot(id);
    const body = { amount: security, listingId: lot };
    expect((await this.call(id, 'POST', `/v1/auctions/${auctionId}/security`, body)).status).toBe(201);
    return { id, lot };
  }

  /** The sales an auction led to, in the order of their price. */
  async sales(id: string): Promise<readonly object[]> {
    return this.db.sql`select s.buyer_id as buyer, s.seller_id as seller, s.listing_id as lot,
        quantity_kg::int / 1000 as tonnes, price_per_tonne::int / 100 as price
      from sale s join contract c on c.sale_id = s.id and c.buyer_id = s.buyer_id and c.seller_id = s.seller_id
      where origin_id = ${id} order by price_per_tonne, quantity_kg`;
  }

  /** Where the live socket listens, from the first time somebody asks. */
  async socketUrl(): Promise<string> {
    if (!this.#app.server.listening) await this.#app.listen({ host: '127.0.0.1', port: 0 });
    const address = this.#app.server.address();
    return `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1/socket`;
  }

  async secure(who: string, auctionId: string, amount: string): Promise<Answer> {
    return this.call(who, 'POST', `/v1/auctions/${auctionId}/security`, { amount });
  }

  async bid(who: string, auctionId: string, bid: { price: string; quantity: string; commandId?: string }) {
    const body = { commandId: this.fresh('command-'), ...bid };
    return this.call(who, 'POST', `/v1/auctions/${auctionId}/bids`, body);
  }

  /** The clock passes the close, and everything that follows is done. */
  async closeByClock(id: string, state: 'awarded' | 'unsold'): Promise<void> {
    await this.pass(id, 2 * 3600);
    await this.inState(id, state);
    await this.work();
  }
}

const listings: ListingPort = {
  async reserveForAuction(tx, { listingId, sellerId }) {
    const [row] = await tx<{ kg: string }[]>`update lot set reserved = true
      where id = ${listingId} and seller = ${sellerId} and not reserved returning kg`;
    if (!row) return refuse('auction.listing_unavailable');
    return { title: `Coal of ${listingId}`, currency: 'CNY', quantityKg: BigInt(row.kg) };
  },
  async concludeAuction(tx, { listingId, soldKg }) {
    const { count } = await tx`update lot set reserved = false, kg = kg - ${soldKg.toString()}::bigint
      where id = ${listingId} and reserved`;
    expect(count).toBe(1);
  },
};

/** Requests to invited companies, and which those are. */
export const invitedTo = new Map<string, ReadonlySet<string>>();

const requests: RequestPort = {
  shownTo: async (_connection, ids, viewer) =>
    new Set(ids.filter((id) => invitedTo.get(id)?.has(viewer?.organisationId ?? '') ?? true)),
  async reserveForAuction(tx, { requestId, buyerId, quantityKg }) {
    const [row] = await tx<
      { kg: string }[]
    >`update need set auctioned = auctioned + coalesce(${quantityKg?.toString() ?? null}::bigint, kg)
      where id = ${requestId} and buyer = ${buyerId} and auctioned = 0
        and coalesce(${quantityKg?.toString() ?? null}::bigint, kg) <= kg returning auctioned as kg`;
    if (!row) return refuse('auction.request_unavailable');
    return { title: `Need of ${buyerId}`, currency: 'CNY', quantityKg: BigInt(row.kg) };
  },
  async concludeAuction(tx, { requestId, quantityKg, boughtKg }) {
    const { count } = await tx`update need set auctioned = auctioned - ${quantityKg.toString()}::bigint,
      kg = kg - ${boughtKg.toString()}::bigint where id = ${requestId}`;
    expect(count).toBe(1);
  },
};

/** What the person of a company may bind it to; whoever is not named may anything. */
export const personLimits = new Map<string, CommitLimits>();

/** Everybody trades for a company of the same name, but those called `staff`. */
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
