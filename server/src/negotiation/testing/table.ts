/** Two companies at one table: the market of the listings' tests with talks, requests and contracts added. */
import type { OfferTerms } from '@seam/protocol';
import { type Answer, type Company, certifiedParties, lot } from '../../listings/testing.ts';
import { negotiationPorts, startNegotiation } from '../../ports.ts';
import { type RequestMarket, openRequestMarket } from '../../requests/testing/market.ts';
import type { NegotiationDeps } from '../ports.ts';
import { negotiationRoutes } from '../routes.ts';

export type Table = Omit<RequestMarket, 'deps'> & {
  /** Companies that may not trade. */
  readonly suspended: Set<string>;
  readonly deps: NegotiationDeps;
  publish(patch?: Record<string, unknown>): Promise<string>;
  /** A talk about a new lot. */
  begin(patch?: Record<string, unknown>): Promise<{ id: string; listingId: string }>;
  offer(as: Company, id: string, patch?: Partial<OfferTerms>, more?: OfferMore): Promise<Answer>;
  accept(as: Company, id: string, sha256: string): Promise<Answer>;
  /** What is left of a lot, kg. */
  left(listingId: string): Promise<bigint>;
};
export type OfferMore = { readonly answers?: string | null; readonly validUntil?: string };

export async function openTable(): Promise<Table> {
  const suspended = new Set<string>();
  let deps: NegotiationDeps | undefined;
  const market = await openRequestMarket((app, own) => {
    deps = {
      ...own,
      ...negotiationPorts,
      contracts: {
        ...certifiedParties,
        personNamesOf: async (_connection, ids) => new Map(ids.map((id) => [id, `Name of ${id}`])),
      },
      isActive: async (_connection, id) => !suspended.has(id),
      mayCommit: own.mayCommit,
    };
    negotiationRoutes(app, deps);
  });
  market.negotiate.with = startNegotiation({ now: () => market.clock.at });
  const table: Table = {
    ...market,
    deps: deps!,
    suspended,
    publish: async (patch = {}) =>
      ((await market.call('seller', 'POST', '/v1/listings', lot(patch))).body as { id: string }).id,
    async begin(patch) {
      const listingId = await table.publish(patch);
      const { body } = await market.call('buyer', 'POST', '/v1/negotiations', { listingId });
      return { id: (body as { id: string }).id, listingId };
    },
    async offer(as, id, patch = {}, more = {}) {
      const seen = (await market.call(as, 'GET', `/v1/negotiations/${id}`)).body;
      const answers = more.answers === undefined ? (seen.offers?.at(-1)?.sha256 ?? null) : more.answers;
      const validUntil = more.validUntil ?? new Date(market.clock.at.getTime() + 3600_000).toISOString();
      const terms = { ...(seen.startingTerms as OfferTerms), ...patch };
      return market.call(as, 'POST', `/v1/negotiations/${id}/offers`, { terms, validUntil, answers });
    },
    accept: async (as, id, sha256) =>
      market.call(as, 'POST', `/v1/negotiations/${id}/acceptance`, { sha256 }),
    async left(listingId) {
      const [row] = await market.db.sql<{ kg: string }[]>`
        select remaining_kg::text as kg from listing where id = ${listingId}`;
      return BigInt(row!.kg);
    },
  };
  return table;
}

/** base + half of what the index is above 700, between 550 and 850. */
export const FORMULA = 'clamp(700 + 0.5 * (CCTD - 700), 550, 850)';
export const formulaPrice = (expression = FORMULA, value = '795'): OfferTerms['price'] => ({
  kind: 'formula',
  expression,
  quotations: [{ index: 'CCTD', date: '2026-11-20', value, source: 'CCTD 周报 2026-47' }],
});
