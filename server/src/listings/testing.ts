/** The exchange with the slices of this test: the production core and routes, three companies, a clock to turn. */
import { CENTRE_ROLES } from '@seam/protocol';
import { testDatabase, type TestDatabase } from '@seam/testkit';
import type { FastifyInstance } from 'fastify';
import { type ContractPorts, contractBeforehand, createSale } from '../contracts/public.ts';
import { buildCore } from '../core.ts';
import { beyondLimit } from '../platform/commit-limit.ts';
import { contractPorts } from '../ports.ts';
import type { Principal } from '../platform/principal.ts';
import type { ListingDeps } from './ports.ts';
import { listingRoutes } from './routes.ts';

/** Noon of a day on which every window in these tests lies ahead. */
export const NOW = new Date('2026-11-23T12:00:00Z');

export const COMPANIES = {
  seller: { name: 'Datong Coal', nameZh: '大同煤业', sells: true, buys: true },
  rival: { name: 'Powder River Fuels', nameZh: null, sells: true, buys: false },
  buyer: { name: 'Jiangsu Power', nameZh: '江苏电力', sells: true, buys: true },
  other: { name: 'Bihar Cement', nameZh: null, sells: false, buys: true },
  waiting: { name: 'Not Yet Certified', nameZh: null, sells: true, buys: true },
} as const;
export type Company = keyof typeof COMPANIES;

export type Caller = Company | 'viewer' | 'staff';

export type Market = {
  readonly db: TestDatabase;
  readonly app: FastifyInstance;
  readonly deps: ListingDeps;
  readonly clock: { at: Date };
  /** What a person may bind its company to, in fen: `person-buyer`. Whoever is not named may anything. */
  readonly limits: Map<string, bigint>;
  call(as: Caller | null, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
};
// The answers are of every route; each test says what it expects of its own.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { readonly status: number; readonly body: any };

export async function openMarket(
  register: (app: FastifyInstance, deps: ListingDeps) => void = listingRoutes,
): Promise<Market> {
  const db = await testDatabase();
  const clock = { at: NOW };
  const limits = new Map<string, bigint>();
  const deps: ListingDeps = {
    sql: db.sql,
    wake: () => {},
    clock: { now: () => clock.at },
    createSale,
    mayCommit: async (_connection, { personId, ...of }) => {
      const limit = limits.get(personId);
      return limit === undefined ? undefined : beyondLimit({ CNY: String(limit) }, of);
    },
    contractBeforehand: async (connection, sale) =>
      contractBeforehand(connection, certifiedParties, sale, clock.at),
    personNames: async (_connection, ids) => new Map(ids.map((id) => [id, `Name of ${id}`])),
    organisations: async (_connection, ids) =>
      new Map(ids.flatMap((id) => (id in COMPANIES ? [[id, COMPANIES[id as Company]]] : []))),
  };
  const app = await buildCore({
    sql: db.sql,
    publicUrl: 'http://seam.test',
    requestsPerMinute: 100_000,
    authenticate: async (token) => principals.get(token) ?? null,
  });
  register(app, deps);
  return {
    db,
    app,
    deps,
    clock,
    limits,
    async call(as, method, url, body) {
      const answer = await app.inject({
        method,
        url,
        headers: as ? { authorization: `Bearer ${tokenOf(as)}` } : {},
        ...(body === undefined ? {} : { payload: body as object }),
      });
      return { status: answer.statusCode, body: answer.json() };
    },
    async close() {
      await app.close();
      await db.close();
    },
  };
}

/** The certified record of the test's companies. */
export const certifiedParties: Pick<ContractPorts, 'partyOf' | 'goodsOf' | 'feesOf'> = {
  async partyOf(_connection, organisationId) {
    const { name, nameZh } = COMPANIES[organisationId as Company];
    return {
      organisationId,
      name,
      nameZh,
      legalIdKind: 'uscc',
      legalId: '91140100MA0KX7T2C2',
      address: '1 Coal Street',
      bankAccount: '6222 0000 0000 0001',
    };
  },
  goodsOf: contractPorts.goodsOf,
  feesOf: contractPorts.feesOf,
};

function tokenOf(name: string): string {
  return name.padEnd(43, '-');
}

const principals = new Map<string, Principal>(
  [...(Object.keys(COMPANIES) as Company[]), 'viewer', 'staff'].map((name) => [
    tokenOf(name),
    {
      personId: `person-${name}`,
      personName: name,
      organisationId: name === 'staff' ? '' : name === 'viewer' ? 'buyer' : name,
      organisationStatus: name === 'waiting' ? 'under_review' : 'active',
      roles: name === 'staff' ? [] : [name === 'viewer' ? 'viewer' : 'trader'],
      staff: name === 'staff',
      centreRoles: name === 'staff' ? CENTRE_ROLES : [],
      robot: false,
      loginSessionId: `session-${name}`,
    },
  ]),
);

/** A lot of steam coal whose values fit each other; `patch` changes what a test is about. */
export function lot(patch: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    newMine: {
      name: 'Tashan',
      nameZh: '塔山',
      country: 'CN',
      region: 'Shanxi',
      latitude: '39.92',
      longitude: '113.07',
    },
    coalRank: 'bituminous',
    assay: assay(),
    quantity: '10000',
    currency: 'CNY',
    saleMethod: 'fixed_price',
    price: '612.50',
    deliveryTerm: 'ex_mine',
    windowFrom: '2026-12-01',
    windowTo: '2026-12-31',
    transport: 'rail',
    ...patch,
  };
}

export function assay(patch: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    totalMoisture: '9.8',
    inherentMoisture: '3.2',
    ash: { value: '18.40', basis: 'd' },
    volatileMatter: { value: '38.10', basis: 'daf' },
    sulphur: { value: '0.72', basis: 'd' },
    calorificValue: { value: '5520', unit: 'kcal/kg', kind: 'net', basis: 'ar' },
    size: { minMm: '0', maxMm: '50' },
    ...patch,
  };
}

/** `assay` without one of its statements. */
export function assayWithout(name: string): Record<string, unknown> {
  const { [name]: _gone, ...rest } = assay();
  return rest;
}
