/**
 * A market for the tests of this slice: the production routes, a real exchange and ledger, and one clock
 * that a test turns forward for all of them. Lots are rows of a table, so that a rollback takes them back.
 */
import { partyAccount, platformAccount } from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { buildCore } from '../core.ts';
import { type Exchange, createExchange } from '../exchange/exchange.ts';
import { silentLog } from '../exchange/types.ts';
import { type WorkHandler, doWork, dueWork } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { refuse } from '../platform/refusal.ts';
import { balances, post } from '../settlement/public.ts';
import type { ListingPort } from './listing-port.ts';
import type { RequestPort } from './request-port.ts';
import { auctionProjection } from './projection.ts';
import { recordProjection } from './record/projection.ts';
import { recordRoutes } from './record/routes.ts';
import { auctionRoutes } from './routes.ts';
import { auctionWork } from './work.ts';

// The answers are of every route; each test says what it expects of its own.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { readonly status: number; readonly body: any };

const PATIENCE = { timeout: 60_000 };
const PSEUDONYM_SECRET = 'of this test';

export class AuctionMarket {
  readonly db: TestDatabase;
  readonly exchange: Exchange;
  readonly handlers: ReadonlyMap<string, WorkHandler>;
  #app: FastifyInstance;
  #clock: { shiftMs: number };
  #unique = 0;

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
    recordRoutes(app, { sql: db.sql, wake: () => {}, secret: PSEUDONYM_SECRET });
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
        new Map(ids.map((id) => [id, { name: `Company of ${id}`, nameZh: null }])),
      caughtUp: async (place) => exchange.waitForProjection('auctions', place, PATIENCE.timeout),
    });
    return new AuctionMarket(db, exchange, { app, clock });
  }

  async close(): Promise<void> {
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
    const asked = await this.call(seller, 'POST', '/v1/auctions', this.terms(listingId, more));
    expect(asked).toMatchObject({ status: 202, body: { state: 'requested' } });
    await this.work();
    this.turnClock(2);
    await this.inState(asked.body.id, 'open');
    return { id: asked.body.id, seller, listingId };
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
    this.turnClock(2 * 3600);
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

const requests: RequestPort = {
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

/** Everybody trades for a company of the same name, but `staff` and whoever is called a viewer. */
function principalOf(name: string): Principal {
  const staff = name === 'staff';
  return {
    personId: `person-of-${name}`,
    personName: name,
    organisationId: staff ? '' : name,
    organisationStatus: 'active',
    roles: staff ? [] : ['trader'],
    staff,
    robot: false,
    loginSessionId: name,
  };
}
