/** Gate, weighbridge and laboratory of the tests: the production routes on real contracts, with a clock to turn. */
import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';
import { CENTRE_ROLES, deviceMessageText } from '@seam/protocol';
import type { AnalysisValue, DeliveryCase, DeviceKind, DeviceMessage, DevicePurpose } from '@seam/protocol';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import type { FastifyInstance } from 'fastify';
import { bindContract, termsBetween } from '../../test/trade/binding-contract.ts';
import { carriageRoutes, carriageWork } from '../carriage/public.ts';
import type { ChosenTerms, GoodsTerms } from '../contracts/public.ts';
import { buildCore } from '../core.ts';
import { type WorkHandler, doWork, enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type QualityDeps, qualityRoutes } from '../quality/public.ts';
import { passKey } from './pass-token.ts';
import { logisticsRoutes } from './routes.ts';
import { logisticsWork } from './work.ts';

// The answers are of every route; each test says what it expects of its own.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { readonly status: number; readonly body: any };
export type Order = {
  readonly id: string;
  readonly contractId: string;
  readonly seller: string;
  readonly buyer: string;
};

const START = Date.parse('2026-12-10T08:00:00Z');
const key = passKey(Buffer.alloc(32, 7).toString('base64url'));

export class Yard {
  readonly db: TestDatabase;
  readonly #app: FastifyInstance;
  readonly #clock: { now: number };
  readonly #handlers: ReadonlyMap<string, WorkHandler>;
  #unique = 0;

  private constructor(db: TestDatabase, app: FastifyInstance, clock: { now: number }) {
    this.db = db;
    this.#app = app;
    this.#clock = clock;
    const own = { clock: { now: () => this.now } };
    this.#handlers = new Map(
      [...logisticsWork(own), ...carriageWork(own)].map((handler) => [handler.topic, handler]),
    );
  }

  static async open(): Promise<Yard> {
    const db = await testDatabase();
    const clock = { now: START };
    const app = await buildCore({
      sql: db.sql,
      publicUrl: 'http://seam.test',
      requestsPerMinute: 100_000,
      authenticate: async (token) => principalOf(token.replaceAll('-', '')),
    });
    const http: QualityDeps = {
      sql: db.sql,
      wake: () => {},
      clock: { now: () => new Date(clock.now) },
      namesOf: async (_connection, ids) =>
        new Map(ids.map((id) => [id, { name: `Company of ${id}`, nameZh: null }])),
    };
    logisticsRoutes(app, { ...http, passKey: key });
    qualityRoutes(app, http);
    carriageRoutes(app, http);
    return new Yard(db, app, clock);
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.db.close();
  }

  get now(): Date {
    return new Date(this.#clock.now);
  }

  turnClock(hours: number): void {
    this.#clock.now += hours * 3600_000;
  }

  fresh(name: string): string {
    this.#unique += 1;
    return `${name}${this.#unique}`;
  }

  async call(as: string, method: 'GET' | 'POST', url: string, body?: object): Promise<Answer> {
    const answer = await this.#app.inject({
      method,
      url,
      headers: as === '' ? {} : { authorization: `Bearer ${as.padEnd(43, '-')}` },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, body: answer.json() };
  }

  /** A delivery order for 100 t of a contract that was funded just now. @param seller otherwise a new one. */
  async order(
    seller = this.fresh('seller'),
    more: {
      readonly quantityKg?: bigint;
      readonly goods?: Partial<GoodsTerms>;
      readonly chosen?: ChosenTerms;
      readonly edition?: number;
    } = {},
  ): Promise<Order> {
    const buyer = this.fresh('buyer');
    const terms = termsBetween(seller, buyer, more);
    const goods = { ...terms.goods, windowFrom: '2026-11-01', windowTo: '2026-12-31' };
    const contractId = await bindContract(this.db.sql, { ...terms, goods });
    await this.issueOrder(contractId);
    const [row] = await this.db.sql<{ id: string }[]>`
      select id from delivery_order where contract_id = ${contractId}`;
    return { id: row!.id, contractId, seller, buyer };
  }

  /** What the funding of the escrow asks for. */
  async issueOrder(contractId: string): Promise<string> {
    const effectKey = this.fresh(`logistics:${contractId}:order`);
    await enqueue(this.db.sql, {
      effectKey,
      topic: 'logistics.issue_delivery_order',
      payload: { contractId },
    });
    const [work] = await this.db.sql<{ id: string }[]>`select id from outbox where effect_key = ${effectKey}`;
    return doWork(this.db.sql, this.#handlers, work!.id);
  }

  /** Does the work under this key now, whenever it was due. */
  async run(effectKey: string): Promise<string> {
    const [work] = await this.db.sql<
      { id: string }[]
    >`update outbox set not_before = now(), done_at = null, leased_until = '-infinity'
      where effect_key = ${effectKey} returning id`;
    return doWork(this.db.sql, this.#handlers, work!.id);
  }

  async pass(order: Order, maximum: string): Promise<Answer> {
    return this.call(order.buyer, 'POST', `/v1/delivery-orders/${order.id}/passes`, {
      plate: '晋B 12345',
      driver: 'Li Qiang',
      maximum,
    });
  }

  /** Weighs out 20 t of truck and `net` tonnes of coal unless told otherwise. */
  async weigh(order: Order, pass: string, more: { net?: number; [field: string]: unknown }): Promise<Answer> {
    const { net = 30, ...rest } = more;
    return this.call(order.seller, 'POST', `/v1/delivery-orders/${order.id}/tickets`, {
      pass,
      number: this.fresh('T-'),
      gross: String(net + 20),
      tare: '20',
      weighedAt: this.now.toISOString(),
      ...rest,
    });
  }

  /** A step of a truck by hand. */
  async move(as: string, order: Order, passId: string, move: string): Promise<Answer> {
    return this.call(as, 'POST', `/v1/delivery-orders/${order.id}/passes/${passId}/moves`, { move });
  }

  /** A device of this company with a key of its own. */
  async device(seller: string, kind: DeviceKind, more: object = {}): Promise<TestDevice> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64url');
    const answer = await this.call(seller, 'POST', '/v1/devices', {
      kind,
      name: this.fresh(`${kind} `),
      publicKey: raw,
      ...more,
    });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer));
    return new TestDevice(answer.body.id, raw, privateKey);
  }

  /** What a device without a session sends. */
  async send(url: string, message: DeviceMessage): Promise<Answer> {
    return this.call('', 'POST', url, message);
  }

  /** The gate has network again. */
  async sync(gate: TestDevice, events: readonly DeviceMessage[], at = this.now): Promise<Answer> {
    return this.send('/v1/gate/sync', gate.sign('gate_sync', { events }, at));
  }

  /** Open cases about this order. */
  async cases(order: Order): Promise<string[]> {
    const { body } = await this.call('staff', 'GET', '/v1/staff/delivery-cases');
    return body.items
      .filter((one: DeliveryCase) => one.deliveryOrderId === order.id && one.closedAt === null)
      .map(({ kind }: DeliveryCase) => kind);
  }

  async complete(order: Order): Promise<Answer> {
    return this.call(order.buyer, 'POST', `/v1/delivery-orders/${order.id}/completion`);
  }

  async certify(order: Order, more: object = {}): Promise<Answer> {
    return this.call('staff', 'POST', `/v1/staff/delivery-orders/${order.id}/certificate-of-analysis`, {
      number: this.fresh('COA-'),
      laboratory: 'Independent Laboratory',
      sampledOn: '2026-12-10',
      values: AS_PROMISED,
      ...more,
    });
  }

  async view(order: Order): Promise<Answer['body']> {
    return (await this.call(order.buyer, 'GET', `/v1/delivery-orders/${order.id}`)).body;
  }

  /** How often settlement was asked to go on with this contract. */
  async results(order: Order): Promise<number> {
    const rows = await this.db.sql`select 1 from outbox where topic = 'settlement.result'
      and payload ->> 'contractId' = ${order.contractId}`;
    return rows.length;
  }
}

/** Gate or weighbridge as a maker would build it: a key, and a number that counts. */
export class TestDevice {
  readonly id: string;
  readonly publicKey: string;
  readonly #key: KeyObject;
  #sequence = 0;

  constructor(id: string, publicKey: string, key: KeyObject) {
    this.id = id;
    this.publicKey = publicKey;
    this.#key = key;
  }

  /** @param sequence the next one unless named. */
  sign(purpose: DevicePurpose, payload: object, at: Date, sequence?: number): DeviceMessage {
    if (sequence === undefined) this.#sequence += 1;
    const message = {
      device: this.id,
      sequence: sequence ?? this.#sequence,
      sentAt: at.toISOString(),
      payload: JSON.stringify(payload),
    };
    const text = Buffer.from(deviceMessageText(purpose, message));
    return { ...message, signature: sign(null, text, this.#key).toString('base64url') };
  }

  admits(token: string, at: Date, more: object = {}): DeviceMessage {
    const event = { decision: 'admitted', token, at: at.toISOString(), reason: null, ...more };
    return this.sign('gate_event', event, at);
  }
}

/** What the contracts of these tests promise, as a certificate says it. */
export const AS_PROMISED: readonly AnalysisValue[] = [
  { parameter: 'calorificValue', kind: 'net', basis: 'ar', unit: 'J/g', value: '23000' },
  { parameter: 'ash', basis: 'ar', unit: '%', value: '15.00' },
  { parameter: 'sulphur', basis: 'ar', unit: '%', value: '0.60' },
  { parameter: 'totalMoisture', basis: 'ar', unit: '%', value: '12.00' },
];

/** `AS_PROMISED` with one value changed. */
export function but(parameter: AnalysisValue['parameter'], change: Partial<AnalysisValue>): AnalysisValue[] {
  return AS_PROMISED.map((value) => (value.parameter === parameter ? { ...value, ...change } : value));
}

function principalOf(name: string): Principal {
  const staff = name === 'staff';
  return {
    personId: `person-of-${name}`,
    personName: name,
    organisationId: staff ? '' : name,
    organisationStatus: 'active',
    roles: staff ? [] : name.endsWith('Clerk') ? ['dispatcher'] : ['dispatcher', 'trader', 'admin'],
    staff,
    centreRoles: staff ? CENTRE_ROLES : [],
    robot: false,
    loginSessionId: name,
  };
}
