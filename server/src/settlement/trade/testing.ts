/**
 * Bound contracts and what becomes of them: the production routes and work of settlement and logistics on one
 * database, the bank's messages as it writes them. After every step the ledger must prove itself.
 */
import { loadFont, renderPaper } from '@seam/esign';
import { CENTRE_ROLES } from '@seam/protocol';
import { applyBidSecurity, partyAccount, platformAccount } from '@seam/ledger';
import type { AnalysisValue } from '@seam/protocol';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { bindContract, termsBetween } from '../../../test/trade/binding-contract.ts';
import type { ContractTerms } from '../../contracts/public.ts';
import { carriageWork } from '../../carriage/public.ts';
import { buildCore } from '../../core.ts';
import { logisticsRoutes, logisticsWork, passKey } from '../../logistics/public.ts';
import { checkFile } from '../../negotiation/public.ts';
import { qualityRoutes, qualityWork, resultReportHttp } from '../../quality/public.ts';
import { type WorkHandler, doWork, dueWork, enqueue } from '../../platform/outbox.ts';
import type { Principal } from '../../platform/principal.ts';
import { type BankDeps, stepOf } from '../bank/deps.ts';
import { processInbox, receiveBankMessage } from '../bank/inbox.ts';
import type { TransactionStatus } from '../bank/iso20022/pain002.ts';
import { paymentById } from '../bank/payments.ts';
import { ExchangeSide, OWN_ACCOUNTS } from '../bank/testing/exchange-side.ts';
import { post } from '../ledger/ledger.ts';
import { LedgerPoster } from '../ledger/poster.ts';
import { balances, checkLedger } from '../ledger/read.ts';
import { invoiceRoutes } from '../invoices/routes.ts';
import { disputeHttp } from '../disputes/routes.ts';
import { disputeWork } from '../disputes/work.ts';
import { securityRoutes } from '../security/routes.ts';
import type { TradePorts } from './ports.ts';
import { settlementRoutes } from './routes.ts';
import { onPaymentFact, tradeWork } from './work.ts';

// The answers are of every route; each test says what it expects of its own.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { readonly status: number; readonly body: any };
export type Trade = { readonly id: string; readonly seller: string; readonly buyer: string };

const ports: TradePorts = {
  namesOf: async (_connection, ids) =>
    new Map(ids.map((id) => [id, { name: `Company of ${id}`, nameZh: null }])),
  creditorOf: async (_connection, id) =>
    id.startsWith('unbanked')
      ? undefined
      : { name: id, account: '6222000000002', bank: { kind: 'bic', code: 'SEAMCNB1XXX' } },
};

/** The certificate of coal exactly as promised. */
const PROMISED = { calorificValue: '23000', ash: '15.00', sulphur: '0.60', totalMoisture: '12.00' };
export type Found = Partial<typeof PROMISED> & { readonly inherentMoisture?: string };

export class Desk {
  readonly db: TestDatabase;
  readonly #app: FastifyInstance;
  readonly #handlers: ReadonlyMap<string, WorkHandler>;
  readonly #bank: BankDeps;
  readonly #side: ExchangeSide;
  #unique = 0;

  private constructor(side: ExchangeSide, app: FastifyInstance, bank: BankDeps) {
    this.db = side.db;
    this.#side = side;
    this.#app = app;
    this.#bank = bank;
    const { clock } = bank;
    const work = [
      ...tradeWork({ clock, ports, stepOf: (tx) => stepOf(bank, tx) }),
      ...disputeWork({ clock, ports, stepOf: (tx) => stepOf(bank, tx) }),
      ...logisticsWork({ clock }),
      ...qualityWork({ clock }),
      ...carriageWork({ clock }),
    ];
    this.#handlers = new Map(work.map((handler) => [handler.topic, handler]));
  }

  static async open(): Promise<Desk> {
    const side = new ExchangeSide(await testDatabase());
    const { sql } = side.db;
    for (const [currency, number] of Object.entries(OWN_ACCOUNTS)) {
      await sql`insert into bank_own_account (currency, number, holder_name, bank_code_kind, bank_code)
        values (${currency}, ${number}, 'Seam', 'bic', 'SEAMCNB1XXX')`;
    }
    const bank: BankDeps = {
      ...side.deps,
      onFact: async (tx, fact) => onPaymentFact(tx, fact, side.deps.clock.now()),
    };
    const app = await buildCore({
      sql,
      publicUrl: 'http://seam.test',
      requestsPerMinute: 100_000,
      authenticate: async (token) => principalOf(token.replaceAll('-', '')),
    });
    const http = { sql, wake: () => {}, clock: bank.clock };
    settlementRoutes(app, { ...http, ports, stepOf: (tx) => stepOf(bank, tx) });
    disputeHttp(app, { ...http, ports, stepOf: (tx) => stepOf(bank, tx), checkFile });
    const poster = new LedgerPoster(sql);
    app.addHook('onClose', async () => poster.stop());
    securityRoutes(app, { ...http, namesOf: ports.namesOf, poster });
    invoiceRoutes(app, {
      ...http,
      draw: async (paper) => renderPaper({ ...paper, fonts: await loadFont() }),
    });
    const key = passKey(Buffer.alloc(32, 7).toString('base64url'));
    logisticsRoutes(app, { ...http, namesOf: ports.namesOf, passKey: key });
    qualityRoutes(app, { ...http, namesOf: ports.namesOf });
    resultReportHttp(app, {
      ...http,
      namesOf: ports.namesOf,
      draw: async (paper) => renderPaper({ ...paper, fonts: await loadFont() }),
    });
    return new Desk(side, app, bank);
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.db.close();
  }

  fresh(name: string): string {
    this.#unique += 1;
    return `${name}${this.#unique}`;
  }

  async call(as: string, method: 'GET' | 'POST', url: string, body?: object): Promise<Answer> {
    const answer = await this.#app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${as.padEnd(43, '-')}` },
      ...(body === undefined ? {} : { payload: body }),
    });
    await this.#proveLedger();
    const isJson = /json/.test(String(answer.headers['content-type']));
    return { status: answer.statusCode, body: isJson ? answer.json() : answer.rawPayload };
  }

  async #proveLedger(): Promise<void> {
    expect(await checkLedger(this.db.sql)).toEqual([]);
  }

  /** Does what is due; what failed waits for its next try. */
  async work(): Promise<string[]> {
    const results: string[] = [];
    for (;;) {
      const due = await dueWork(this.db.sql, 50);
      if (due.length === 0) return results;
      for (const id of due) {
        results.push(await doWork(this.db.sql, this.#handlers, id));
        await this.#proveLedger();
      }
    }
  }

  /** The challenge period of this contract ends now. */
  async timePasses(trade: Trade): Promise<string[]> {
    await this.db.sql`update outbox set not_before = now()
      where effect_key = ${`settlement:${trade.id}:accept`} and done_at is null`;
    return this.work();
  }

  async fund(orgId: string, yuan: number, kind: 'free' | 'bid_security' = 'free'): Promise<void> {
    const outcome = await post(this.db.sql, {
      effectKey: this.fresh(`fund.${orgId}.`),
      reason: 'correction',
      subject: 'test',
      legs: [
        {
          phase: 'posted',
          debit: platformAccount('CNY', 'bank_clearing'),
          credit: partyAccount(orgId, 'CNY', kind),
          amount: minor(BigInt(Math.round(yuan * 100))),
        },
      ],
    });
    expect(outcome.ok).toBe(true);
  }

  /** A contract of 100 t at 600.00, bound just now. The buyer has won it with 1,000.00 of security. */
  async trade(
    buyerYuan: number,
    sellerName = 'seller',
    change = (terms: ContractTerms): ContractTerms => terms,
  ): Promise<Trade> {
    const seller = this.fresh(sellerName);
    const buyer = this.fresh('buyer');
    const standard = termsBetween(seller, buyer);
    // Everything at the end, unless a test asks for releases at the gate.
    const terms = { ...standard, payment: { ...standard.payment, releaseBasisPoints: 0 } };
    const windowTo = new Date(Date.now() + 30 * 24 * 3600_000).toISOString().slice(0, 10);
    const id = await bindContract(this.db.sql, change({ ...terms, goods: { ...terms.goods, windowTo } }));
    if (buyerYuan > 0) await this.fund(buyer, buyerYuan);
    await this.fund(buyer, 1000, 'bid_security');
    const security = { contractId: id, orgId: buyer, currency: 'CNY', amount: minor(100_000n) } as const;
    expect(await post(this.db.sql, applyBidSecurity(security))).toMatchObject({ ok: true });
    await this.ask('settlement.open', id);
    return { id, seller, buyer };
  }

  /** Enqueues a topic about a contract and does it. */
  async ask(topic: string, contractId: string): Promise<string[]> {
    await enqueue(this.db.sql, { effectKey: this.fresh(topic), topic, payload: { contractId } });
    return this.work();
  }

  async pay(trade: Trade): Promise<Answer> {
    return this.call(trade.buyer, 'POST', `/v1/settlements/${trade.id}/provisional-payment`);
  }

  /** As if its contract had said so. */
  async releases(trade: Trade, basisPoints: number): Promise<Trade> {
    await this.db
      .sql`update settlement set release_basis_points = ${basisPoints} where contract_id = ${trade.id}`;
    return trade;
  }

  /** The weighing of its only truck. */
  async ticketOf(trade: Trade): Promise<string> {
    const [row] = await this.db.sql<{ id: string }[]>`select t.id::text as id from weighbridge_ticket t
      join delivery_order o on o.id = t.delivery_order_id where o.contract_id = ${trade.id}`;
    return row!.id;
  }

  /** A truck with so many tonnes is told to have left. */
  async gateOut(trade: Trade, ticketId: string, tonnes: number): Promise<string[]> {
    await enqueue(this.db.sql, {
      effectKey: this.fresh(`test:gate_out:${ticketId}`),
      topic: 'logistics.gate_out',
      payload: { contractId: trade.id, ticketId, netKg: Math.round(tonnes * 1000) },
    });
    return this.work();
  }

  async accept(trade: Trade, as = trade.buyer): Promise<Answer> {
    return this.call(as, 'POST', `/v1/settlements/${trade.id}/acceptance`);
  }

  /** Filed with what the other side does not concede. */
  async dispute(trade: Trade, as = trade.buyer, amount = '50000.00'): Promise<Answer> {
    const claim = { cause: 'weight', statement: 'wet coal', amount };
    return this.call(as, 'POST', `/v1/settlements/${trade.id}/disputes`, claim);
  }

  async view(trade: Trade): Promise<Answer['body']> {
    return (await this.call(trade.buyer, 'GET', `/v1/settlements/${trade.id}`)).body;
  }

  async openWork(subject: string): Promise<{ kind: string; detail: string }[]> {
    const { items } = (await this.call('staff', 'GET', '/v1/staff/open-work')).body;
    return items.filter((item: { subject: string }) => item.subject === subject);
  }

  /** Pays, lifts `tonnes` and certifies what was found: the result is out afterwards. */
  async deliver(trade: Trade, tonnes: string, found: Found = {}): Promise<void> {
    expect((await this.pay(trade)).status).toBe(200);
    await this.work();
    const url = `/v1/delivery-orders/${(await this.view(trade)).deliveryOrderId}`;
    const done = async (as: string, path: string, body?: object) => {
      const answer = await this.call(as, 'POST', path, body);
      expect(answer.status).toBeLessThan(300);
      return answer.body;
    };
    const pass = await done(trade.buyer, `${url}/passes`, { plate: 'JIN B1', driver: 'Li', maximum: tonnes });
    await done(trade.seller, `${url}/tickets`, {
      pass: pass.token,
      number: 'T-1',
      gross: String(Number(tonnes) + 20),
      tare: '20',
      weighedAt: new Date().toISOString(),
    });
    if (Number(tonnes) < 100) await done(trade.buyer, `${url}/completion`);
    await done('staff', `/v1/staff${url.slice(3)}/certificate-of-analysis`, {
      number: this.fresh('COA'),
      laboratory: 'Laboratory',
      sampledOn: '2026-01-01',
      values: valuesOf({ ...PROMISED, ...found }),
    });
    expect(new Set(await this.work())).toEqual(new Set(['done']));
  }

  /** What a company has by kind of account, in yuan; `held` is on hold and in no other. */
  async money(orgId: string): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const account of await balances(this.db.sql, orgId)) {
      if (account.available !== 0n) found[account.kind] = Number(account.available) / 100;
      if (account.held !== 0n) found['held'] = Number(account.held) / 100;
    }
    return found;
  }

  /** The bank tells of money under a reference; `back`: that it took it away again. Nothing is worked off yet. */
  async moneyComes(reference: string, yuan: number, back = false): Promise<void> {
    const entry = this.#side.entry({
      amount: minor(BigInt(Math.round(yuan * 100))),
      reference,
      ref: this.fresh('IN'),
      ...(back && { direction: 'debit', returnReason: 'AC04' }),
    });
    const raw = Buffer.from(this.#side.notification([entry]));
    await receiveBankMessage(this.db.sql, {
      source: 'bank',
      eventId: this.fresh('event'),
      raw,
      gotAt: new Date(),
    });
    expect(await processInbox(this.#bank, 100)).toMatchObject({ failed: 0 });
    await this.#proveLedger();
  }

  /** The bank's word on the payout of a contract, as a message of its own. */
  async bankSays(
    trade: Trade,
    word: 'booked' | 'returned' | Extract<TransactionStatus, 'RJCT'>,
    ticketId?: string,
  ): Promise<void> {
    const key = `payout:${trade.id}${ticketId === undefined ? '' : `:${ticketId}`}`;
    const [row] = await this.db.sql<{ id: string }[]>`
      select id from payment where obligation_key = ${key} order by created_at desc limit 1`;
    const payment = (await paymentById(this.db.sql, row!.id))!;
    const { amount, endToEndId } = payment;
    const line = { amount, endToEndId, ref: this.fresh('REF') };
    const xml =
      word === 'RJCT'
        ? this.#side.status(payment, 'RJCT', 'AC04')
        : this.#side.notification([
            this.#side.entry(
              word === 'booked'
                ? { ...line, direction: 'debit' }
                : { ...line, direction: 'credit', returnReason: 'AC04' },
            ),
          ]);
    const eventId = this.fresh('event');
    const raw = Buffer.from(xml);
    await receiveBankMessage(this.db.sql, { source: 'bank', eventId, raw, gotAt: new Date() });
    expect(await processInbox(this.#bank, 100)).toMatchObject({ failed: 0 });
    await this.#proveLedger();
  }
}

export function valuesOf(found: Record<string, string>): AnalysisValue[] {
  return Object.entries(found).map(([parameter, value]) => ({
    parameter: parameter as AnalysisValue['parameter'],
    basis: 'ar',
    ...(parameter === 'calorificValue' ? { unit: 'J/g', kind: 'net' } : { unit: '%' }),
    value,
  }));
}

function principalOf(name: string): Principal {
  const staff = name.startsWith('staff');
  return {
    personId: `person-of-${name}`,
    personName: name,
    organisationId: staff ? '' : name,
    organisationStatus: 'active',
    roles: staff ? [] : ['finance', 'trader', 'dispatcher'],
    staff,
    centreRoles: staff ? CENTRE_ROLES : [],
    robot: false,
    loginSessionId: name,
  };
}
