/**
 * Years of long-term contracts: the production routes and work of call-offs, settlement and logistics on one
 * database with a clock to turn. After every step the ledger must prove itself.
 */
import { CENTRE_ROLES } from '@seam/protocol';
import { freezeFormula } from '@seam/coal';
import { partyAccount, platformAccount } from '@seam/ledger';
import type { CallOffView, LongTermView } from '@seam/protocol';
import { testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { bindContract, termsBetween } from '../../../test/trade/binding-contract.ts';
import { carriageWork } from '../../carriage/public.ts';
import type { ChosenTerms } from '../../contracts/public.ts';
import { buildCore } from '../../core.ts';
import { logisticsRoutes, logisticsWork, passKey } from '../../logistics/public.ts';
import { qualityRoutes, qualityWork } from '../../quality/public.ts';
import { type WorkHandler, doWork, dueWork, enqueue } from '../../platform/outbox.ts';
import type { Principal } from '../../platform/principal.ts';
import {
  type BankDeps,
  type TradePorts,
  balances,
  checkLedger,
  onPaymentFact,
  post,
  processInbox,
  settlementRoutes,
  stepOf,
  tradeWork,
} from '../../settlement/public.ts';
import { receiveBankMessage } from '../../settlement/bank/inbox.ts';
import { paymentById } from '../../settlement/bank/payments.ts';
import { ExchangeSide, OWN_ACCOUNTS } from '../../settlement/bank/testing/exchange-side.ts';
import { addMonths } from '../rules/calendar.ts';
import { longTermRoutes } from '../routes.ts';
import { longTermWork } from '../work.ts';

// The answers are of every route; each test says what it expects of its own.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { readonly status: number; readonly body: any };
export type Deal = { readonly id: string; readonly seller: string; readonly buyer: string };

const ports: TradePorts = {
  namesOf: async (_connection, ids) =>
    new Map(ids.map((id) => [id, { name: `Company of ${id}`, nameZh: null }])),
  creditorOf: async (_connection, id) => ({
    name: id,
    account: '6222000000002',
    bank: { kind: 'bic', code: 'SEAMCNB1XXX' },
  }),
};

const PROMISED = [
  { parameter: 'calorificValue', kind: 'net', basis: 'ar', unit: 'J/g', value: '23000' },
  { parameter: 'ash', basis: 'ar', unit: '%', value: '15.00' },
  { parameter: 'sulphur', basis: 'ar', unit: '%', value: '0.60' },
  { parameter: 'totalMoisture', basis: 'ar', unit: '%', value: '12.00' },
];

/** Base and half of what the index of an earlier month is above 700, between 550 and 850. */
export function priceLater(lagMonths = 1): NonNullable<ChosenTerms['priceLater']> {
  const frozen = freezeFormula('clamp(base + 0.5 * (BSPI - 700), 550, 850)', {
    indices: ['BSPI'],
    parameters: ['base'],
  });
  if (!frozen.ok) throw new Error(frozen.code);
  const series = [{ name: 'BSPI', seriesId: 'bspi', title: 'Bohai-Rim 5500', unit: 'CNY/t' }];
  return { formula: frozen.formula, series, lagMonths };
}

/** The same tonnes every month from January 2027. */
export const evenly = (tonnes: number, months = 12) =>
  Array.from({ length: months }, (_none, at) => ({
    month: addMonths('2027-01', at),
    kg: String(tonnes * 1000),
  }));

export class Years {
  readonly #side: ExchangeSide;
  readonly #app: FastifyInstance;
  readonly #handlers: ReadonlyMap<string, WorkHandler>;
  readonly #bank: BankDeps;
  #unique = 0;

  private constructor(side: ExchangeSide, app: FastifyInstance, bank: BankDeps) {
    this.#side = side;
    this.#app = app;
    this.#bank = bank;
    const { clock } = bank;
    const work = [
      ...tradeWork({ clock, ports, stepOf: (tx) => stepOf(bank, tx) }),
      ...logisticsWork({ clock }),
      ...carriageWork({ clock }),
      ...qualityWork({ clock }),
      ...longTermWork({ clock }),
    ];
    this.#handlers = new Map(work.map((handler) => [handler.topic, handler]));
  }

  static async open(): Promise<Years> {
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
      requestsPerMinute: 1_000_000,
      authenticate: async (token) => principalOf(token.replaceAll('-', '')),
    });
    const http = { sql, wake: () => {}, clock: bank.clock };
    settlementRoutes(app, { ...http, ports, stepOf: (tx) => stepOf(bank, tx) });
    const key = passKey(Buffer.alloc(32, 7).toString('base64url'));
    logisticsRoutes(app, { ...http, namesOf: ports.namesOf, passKey: key });
    qualityRoutes(app, { ...http, namesOf: ports.namesOf });
    longTermRoutes(app, { ...http, namesOf: ports.namesOf });
    const years = new Years(side, app, bank);
    years.turnTo('2026-12-10');
    return years;
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.#side.db.close();
  }

  get sql() {
    return this.#side.db.sql;
  }

  /** Ten in the morning of that day, where the centre is. */
  turnTo(day: string): void {
    this.#side.shiftMs = Date.parse(`${day}T10:00:00+08:00`) - Date.now();
  }

  get now(): Date {
    return this.#bank.clock.now();
  }

  fresh(name: string): string {
    this.#unique += 1;
    return `${name}${this.#unique}`;
  }

  async call(as: string, method: 'GET' | 'POST', url: string, body?: object, key?: string): Promise<Answer> {
    const answer = await this.#app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${as.padEnd(43, '-')}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, body: answer.json() };
  }

  /** Does what is due by the turned clock. A step that fails is an error of the test. */
  async work(): Promise<void> {
    for (;;) {
      await this.sql`update outbox set not_before = now() where done_at is null and not_before > now()
        and not_before <= ${this.now}`;
      const due = await dueWork(this.sql, 200);
      if (due.length === 0) break;
      for (const id of due) {
        await doWork(this.sql, this.#handlers, id);
        const [row] = await this.sql`select topic, last_error from outbox where id = ${id}`;
        expect(row).toMatchObject({ last_error: null });
      }
    }
    expect(await checkLedger(this.sql)).toEqual([]);
  }

  /** The day, and everything that its dawn brings. */
  async live(day: string): Promise<void> {
    this.turnTo(day);
    await this.work();
  }

  async fund(orgId: string, yuan: number): Promise<void> {
    const outcome = await post(this.sql, {
      effectKey: this.fresh(`fund.${orgId}.`),
      reason: 'correction',
      subject: 'test',
      legs: [
        {
          phase: 'posted',
          debit: platformAccount('CNY', 'bank_clearing'),
          credit: partyAccount(orgId, 'CNY', 'free'),
          amount: minor(BigInt(Math.round(yuan * 100))),
        },
      ],
    });
    expect(outcome.ok).toBe(true);
  }

  async free(orgId: string): Promise<number> {
    const accounts = await balances(this.sql, orgId);
    return Number(accounts.find(({ kind }) => kind === 'free')?.available ?? 0n) / 100;
  }

  /** `tonnes` a month at 600.00 for a year unless told otherwise, bound now; both have money. */
  async deal(tonnes: number, chosen: ChosenTerms = {}, yuan = 10_000_000): Promise<Deal> {
    const [seller, buyer] = [this.fresh('seller'), this.fresh('buyer')];
    const months = chosen.callOff?.months ?? evenly(tonnes);
    const terms = termsBetween(seller, buyer, {
      quantityKg: months.reduce((sum, { kg }) => sum + BigInt(kg), 0n),
      chosen: { kind: 'long_term', ...chosen, callOff: { ...chosen.callOff, months } },
    });
    const id = await bindContract(this.sql, terms);
    if (yuan > 0) for (const org of [seller, buyer]) await this.fund(org, yuan);
    await enqueue(this.sql, {
      effectKey: `settlement:${id}:open`,
      topic: 'settlement.open',
      payload: { contractId: id },
    });
    await this.work();
    return { id, seller, buyer };
  }

  async view(deal: Deal, as = deal.buyer): Promise<LongTermView> {
    const answer = await this.call(as, 'GET', `/v1/contracts/${deal.id}/long-term`);
    expect(answer.status).toBe(200);
    return answer.body as LongTermView;
  }

  async request(
    deal: Deal,
    month: string,
    tonnes: number,
    days: readonly [string, string] = ['10', '20'],
  ): Promise<Answer> {
    return this.call(deal.buyer, 'POST', `/v1/contracts/${deal.id}/call-offs`, {
      windowFrom: `${month}-${days[0]}`,
      windowTo: `${month}-${days[1]}`,
      quantity: String(tonnes),
    });
  }

  async confirm(deal: Deal, id: string): Promise<Answer> {
    return this.call(deal.seller, 'POST', `/v1/call-offs/${id}/confirmation`);
  }

  async decline(deal: Deal, id: string): Promise<Answer> {
    return this.call(deal.seller, 'POST', `/v1/call-offs/${id}/decline`, { reason: 'the shaft is closed' });
  }

  /** Asks and confirms. */
  async callOff(
    deal: Deal,
    month: string,
    tonnes: number,
    days?: readonly [string, string],
  ): Promise<CallOffView> {
    const asked = await this.request(deal, month, tonnes, days);
    expect(asked).toMatchObject({ status: 201 });
    const { id } = (asked.body as LongTermView).callOffs[0]!;
    expect((await this.confirm(deal, id)).status).toBe(200);
    await this.work();
    return (await this.view(deal)).callOffs.find((one) => one.id === id)!;
  }

  async pay(deal: Deal, id: string): Promise<Answer> {
    const paid = await this.call(deal.buyer, 'POST', `/v1/settlements/${id}/provisional-payment`);
    await this.work();
    return paid;
  }

  /** Pays and lifts `tonnes`, truck by truck. @returns the address of the delivery order. */
  async lift(deal: Deal, id: string, tonnes: number): Promise<string> {
    expect(await this.pay(deal, id)).toMatchObject({ status: 200 });
    const settlement = (await this.call(deal.buyer, 'GET', `/v1/settlements/${id}`)).body;
    const url = `/v1/delivery-orders/${settlement.deliveryOrderId}`;
    for (let left = tonnes; left > 0; left -= 100) {
      const load = Math.min(left, 100);
      const truck = { plate: 'JIN B1', driver: 'Li', maximum: String(load) };
      const pass = await this.call(deal.buyer, 'POST', `${url}/passes`, truck);
      expect(pass.status).toBeLessThan(300);
      const weighed = await this.call(deal.seller, 'POST', `${url}/tickets`, {
        pass: pass.body.token,
        number: this.fresh('T'),
        gross: String(load + 20),
        tare: '20',
        weighedAt: this.now.toISOString(),
      });
      expect(weighed.status).toBeLessThan(300);
    }
    return url;
  }

  /** Pays, lifts and ends, with coal as promised: money is settled and the bank has paid out. */
  async deliver(deal: Deal, id: string, tonnes: number): Promise<void> {
    const url = await this.lift(deal, id, tonnes);
    const order = (await this.call(deal.buyer, 'GET', url)).body;
    if (order.state === 'active') await this.call(deal.buyer, 'POST', `${url}/completion`);
    await this.settle(deal, id);
  }

  /** The laboratory's certificate, the buyer's acceptance, the bank's payment. */
  async settle(deal: Deal, id: string): Promise<void> {
    const settlement = (await this.call(deal.buyer, 'GET', `/v1/settlements/${id}`)).body;
    const url = `/v1/staff/delivery-orders/${settlement.deliveryOrderId}/certificate-of-analysis`;
    const paper = { number: this.fresh('COA'), laboratory: 'Laboratory', sampledOn: '2026-12-01' };
    const certified = await this.call('staff', 'POST', url, { ...paper, values: PROMISED });
    expect(certified.status).toBeLessThan(300);
    await this.work();
    expect(await this.call(deal.buyer, 'POST', `/v1/settlements/${id}/acceptance`)).toMatchObject({
      status: 200,
    });
    await this.bankPays(id);
  }

  /** The bank books every part: what the trucks released, and the rest. */
  async bankPays(id: string): Promise<void> {
    const rows = await this.sql<{ id: string }[]>`
      select id from payment where obligation_key like ${`payout:${id}%`}`;
    expect(rows.length).toBeGreaterThan(0);
    const entries = await Promise.all(
      rows.map(async (row) => {
        const { amount, endToEndId } = (await paymentById(this.sql, row.id))!;
        return this.#side.entry({ amount, endToEndId, ref: this.fresh('REF'), direction: 'debit' });
      }),
    );
    await receiveBankMessage(this.sql, {
      source: 'bank',
      eventId: this.fresh('event'),
      raw: Buffer.from(this.#side.notification(entries)),
      gotAt: new Date(),
    });
    expect(await processInbox(this.#bank, 100)).toMatchObject({ failed: 0 });
    await this.work();
  }

  /** Values of the series that `priceLater` follows, month by month from `from` on. */
  async publish(values: readonly string[], from = '2026-12'): Promise<void> {
    const known = await this.call('staff', 'GET', '/v1/indices/bspi');
    const series = { id: 'bspi', title: 'Bohai-Rim 5500', unit: 'CNY/t', source: 'published weekly' };
    if (known.status === 404) await this.call('staff', 'POST', '/v1/staff/indices', series);
    for (const [at, value] of values.entries()) {
      const answer = await this.enter({ month: addMonths(from, at), value });
      expect(answer).toMatchObject({ status: 200 });
    }
    await this.work();
  }

  async enter(more: { month: string; value: string; corrects?: number }): Promise<Answer> {
    return this.call('staff', 'POST', '/v1/staff/indices/bspi/values', {
      publishedOn: this.now.toISOString().slice(0, 10),
      note: 'bulletin',
      corrects: null,
      ...more,
    });
  }
}

function principalOf(name: string): Principal {
  const staff = name === 'staff';
  return {
    personId: `person-of-${name}`,
    personName: name,
    organisationId: staff ? '' : name,
    organisationStatus: 'active',
    roles: staff ? [] : ['finance', 'trader', 'dispatcher', 'signatory'],
    staff,
    centreRoles: staff ? CENTRE_ROLES : [],
    robot: false,
    loginSessionId: name,
  };
}
