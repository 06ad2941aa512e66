/** The exchange with listings and requests, a search that follows the market, and companies with accounts. */
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { listingRoutes } from '../../listings/routes.ts';
import { type Answer, COMPANIES, type Company, type Market, openMarket } from '../../listings/testing.ts';
import { type WorkHandler, doWork } from '../../platform/outbox.ts';
import { Search } from '../../search/public.ts';
import type { RequestDeps, StartNegotiation } from '../ports.ts';
import { requestRoutes } from '../routes.ts';
import { requestWork } from '../work.ts';

export { NOW, assay, lot } from '../../listings/testing.ts';
export type { Answer, Company };

export type RequestMarket = Market & {
  readonly requests: RequestDeps;
  /** Companies whose bank has confirmed nothing. */
  readonly unbanked: Set<string>;
  /** What a negotiation is opened by, when somebody negotiates here. */
  negotiate: { with?: StartNegotiation };
  /** Does the work of this key as if its time had come. */
  due(effectKey: string): Promise<void>;
};

/**
 * @param register more routes; `deps.search` follows every write of this market.
 * @param freightOf left out: every way is estimated by its distance.
 */
export async function openRequestMarket(
  register: (app: FastifyInstance, deps: RequestDeps) => void = () => {},
  freightOf: (deps: Market['deps']) => Market['deps']['freight'] = () => undefined,
): Promise<RequestMarket> {
  const unbanked = new Set<string>();
  const negotiate: RequestMarket['negotiate'] = {};
  let requests: RequestDeps | undefined;
  const market = await openMarket((app, given) => {
    const freight = freightOf(given);
    const deps = { ...given, ...(freight && { freight }) };
    const search = new Search({ ...deps, log: pino({ level: 'silent' }) });
    requests = {
      ...deps,
      wake: () => search.feed.nudge(),
      search,
      accountOf: async (_connection, id) =>
        id in COMPANIES && !unbanked.has(id)
          ? {
              id: `account-${id}`,
              bankName: 'Bank of Testing',
              bankCode: 'TESTCNBJ',
              ending: '0042',
              currency: 'CNY',
            }
          : undefined,
      get startNegotiation() {
        return negotiate.with;
      },
    };
    listingRoutes(app, requests);
    requestRoutes(app, requests);
    register(app, requests);
  });
  const deps = requests!;
  return {
    ...market,
    requests: deps,
    unbanked,
    negotiate,
    async due(effectKey) {
      await market.db.sql`insert into outbox (effect_key, topic, payload)
        select effect_key || ':' || random(), topic, payload from outbox where effect_key = ${effectKey}`;
      const [due] = await market.db.sql<{ id: string }[]>`
        select id::text from outbox where effect_key like ${`${effectKey}:0.%`} order by id desc limit 1`;
      const handlers = new Map<string, WorkHandler>(requestWork(deps).map((one) => [one.topic, one]));
      const outcome = await doWork(market.db.sql, handlers, due!.id);
      if (outcome !== 'done') {
        const [row] = await market.db.sql`select last_error from outbox where id = ${due!.id}`;
        throw new Error(`${effectKey}: ${outcome}: ${String(row?.['last_error'])}`);
      }
    },
  };
}

export const PLANT = { kind: 'plant', name: 'Yangzhou', country: 'CN', latitude: '32.4', longitude: '119.4' };

/** A need that the lot of `lot()` meets; `patch` changes what a test is about. */
export function need(patch: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    coalRanks: ['bituminous'],
    limits: [
      { parameter: 'calorificValue', kind: 'net', basis: 'ar', unit: 'kcal/kg', minimum: '5000' },
      { parameter: 'sulphur', basis: 'd', maximum: '1.00' },
      { parameter: 'totalMoisture', maximum: '14' },
    ],
    quantity: '5000',
    minimumQuantity: '1000',
    newPlant: PLANT,
    windowFrom: '2026-12-10',
    windowTo: '2027-01-10',
    currency: 'CNY',
    priceCeiling: '700',
    ...patch,
  };
}
