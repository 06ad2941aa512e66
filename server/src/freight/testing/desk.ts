/** The exchange with lots and freight: the production core and routes, companies of every side, a clock to turn. */
import { CENTRE_ROLES } from '@seam/protocol';
import type { ListingInput } from '@seam/protocol';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { buildCore } from '../../core.ts';
import { createListing } from '../../listings/public.ts';
import { isRefusal } from '../../platform/refusal.ts';
import type { Principal } from '../../platform/principal.ts';
import { FreightBook } from '../book.ts';
import type { ContractFacts } from '../ports.ts';
import { freightRoutes } from '../routes.ts';

/** A Monday. */
export const NOW = new Date('2026-11-23T12:00:00Z');

const COMPANIES = {
  seller: { name: 'Datong Coal', nameZh: '大同煤业', sells: true, buys: false },
  buyer: { name: 'Jiangsu Power', nameZh: '江苏电力', sells: false, buys: true },
  other: { name: 'Bihar Cement', nameZh: null, sells: false, buys: true },
  railway: { name: 'Daqin Railway', nameZh: '大秦铁路', sells: false, buys: false },
  shipping: { name: 'Bohai Shipping', nameZh: '渤海航运', sells: false, buys: false },
  waiting: { name: 'Not Yet Certified', nameZh: null, sells: false, buys: false },
} as const;
const CARRIERS: readonly string[] = ['railway', 'shipping'];
export type Caller = keyof typeof COMPANIES | 'viewer' | 'staff' | null;
// The answers are of every route; each test says what it expects of its own.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = { readonly status: number; readonly body: any };

export type Desk = {
  readonly db: TestDatabase;
  readonly clock: { at: Date };
  readonly book: FreightBook;
  /** By id; a test puts in the contracts it is about. */
  readonly contracts: Map<string, ContractFacts>;
  /** Ids of places by their key. */
  readonly places: Readonly<Record<string, string>>;
  call(
    as: Caller,
    method: 'GET' | 'POST',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  text(as: Caller, url: string): Promise<string>;
  /** A lot of the seller's, handed over at the yard by rail. @returns its id. */
  lot(patch?: Partial<ListingInput>): Promise<string>;
  close(): Promise<void>;
};

const PLACES = {
  mine: ['station', 39.26, 110.23],
  yard: ['station', 39.28, 110.21],
  north: ['port', 38.32, 117.88],
  south: ['port', 22.9, 113.55],
  plant: ['plant', 22.75, 113.68],
  nowhere: ['plant', null, null],
} as const;

export async function openDesk(): Promise<Desk> {
  const db = await testDatabase();
  const clock = { at: NOW };
  const contracts = new Map<string, ContractFacts>();
  const book = new FreightBook({ sql: db.sql, clock: { now: () => clock.at } });
  const app = await buildCore({
    sql: db.sql,
    publicUrl: 'http://seam.test',
    requestsPerMinute: 100_000,
    authenticate: async (token) => principals.get(token) ?? null,
  });
  const common = {
    sql: db.sql,
    wake: () => {},
    clock: { now: () => clock.at },
    organisations: async (_connection: unknown, ids: readonly string[]) =>
      new Map(ids.flatMap((id) => (id in COMPANIES ? [[id, COMPANIES[id as keyof typeof COMPANIES]]] : []))),
  };
  freightRoutes(app, {
    ...common,
    book,
    isCarrier: async (_connection, id) => CARRIERS.includes(id),
    contractOf: async (_connection, id) => contracts.get(id),
  });
  for (const [key, [kind, latitude, longitude]] of Object.entries(PLACES))
    await db.sql`insert into place (id, kind, name, country, latitude, longitude, source, external_id)
      values (${`place-${key}`}, ${kind}, ${key}, 'CN', ${latitude}, ${longitude}, 'catalogue', ${`catalogue:${key}`})`;
  return {
    db,
    clock,
    book,
    contracts,
    places: Object.fromEntries(Object.keys(PLACES).map((key) => [key, `place-${key}`])),
    async call(as, method, url, body, headers = {}) {
      const answer = await app.inject({
        method,
        url,
        headers: { ...(as ? { authorization: `Bearer ${tokenOf(as)}` } : {}), ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      return { status: answer.statusCode, body: answer.json() };
    },
    async text(as, url) {
      const headers = as ? { authorization: `Bearer ${tokenOf(as)}` } : {};
      return (await app.inject({ method: 'GET', url, headers })).body;
    },
    async lot(patch = {}) {
      const actor = { personId: 'person-seller', organisationId: 'seller' };
      const made = await db.sql.begin(async (tx) => createListing(tx, common, actor, { ...LOT, ...patch }));
      if (isRefusal(made)) throw new Error(JSON.stringify(made));
      return made.id;
    },
    async close() {
      await app.close();
      await db.close();
    },
  };
}

function tokenOf(name: string): string {
  return name.padEnd(43, '-');
}

const principals = new Map<string, Principal>(
  [...Object.keys(COMPANIES), 'viewer', 'staff'].map((name) => [
    tokenOf(name),
    {
      personId: `person-${name}`,
      personName: name,
      organisationId: name === 'staff' ? '' : name === 'viewer' ? 'railway' : name,
      organisationStatus: name === 'waiting' ? 'under_review' : 'active',
      roles: name === 'staff' ? [] : [name === 'viewer' ? 'viewer' : 'trader'],
      staff: name === 'staff',
      centreRoles: name === 'staff' ? CENTRE_ROLES : [],
      robot: false,
      loginSessionId: `session-${name}`,
    },
  ]),
);

export function tariff(patch: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: 'per_tonne',
    currency: 'CNY',
    perTonne: '30.00',
    loading: '2.50',
    unloading: '3.00',
    hours: '24',
    validFrom: '2026-01-01',
    source: 'test',
    ...patch,
  };
}

/** Steam coal at 5,520 kcal/kg net as received. */
const LOT: ListingInput = {
  newMine: { name: 'Tashan', country: 'CN', region: 'Shanxi', latitude: '39.92', longitude: '113.07' },
  coalRank: 'bituminous',
  assay: {
    totalMoisture: '9.8',
    inherentMoisture: '3.2',
    ash: { value: '18.40', basis: 'd' },
    volatileMatter: { value: '38.10', basis: 'daf' },
    sulphur: { value: '0.72', basis: 'd' },
    calorificValue: { value: '5520', unit: 'kcal/kg', kind: 'net', basis: 'ar' },
    size: { minMm: '0', maxMm: '50' },
  },
  quantity: '10000',
  currency: 'CNY',
  saleMethod: 'fixed_price',
  price: '600.00',
  deliveryTerm: 'fca',
  deliveryPlaceId: 'place-yard',
  windowFrom: '2026-12-01',
  windowTo: '2026-12-31',
  transport: 'rail',
};
