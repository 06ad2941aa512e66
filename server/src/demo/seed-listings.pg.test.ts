import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RequestMarket, openRequestMarket } from '../requests/testing/market.ts';
import { catalogue } from './catalogue/index.ts';
import { seedListings } from './seed-listings.ts';

let market: RequestMarket;
beforeAll(async () => {
  market = await openRequestMarket();
});
afterAll(async () => market.close());

/** Every company of the catalogue acts as one that may sell and buy. */
const seed = async () => {
  const keys = [...catalogue.producers, ...catalogue.buyers].map(({ key }) => key);
  const members = new Map(
    keys.map((key) => [key, { organisationId: `org-${key}`, personId: `person-${key}` }]),
  );
  const organisations: typeof market.deps.organisations = async (_connection, ids) =>
    new Map(ids.map((id) => [id, { name: id, nameZh: null, sells: true, buys: true }]));
  const accountOf: typeof market.requests.accountOf = async (_connection, id) => ({
    id,
    bankName: 'Bank',
    bankCode: 'TESTCNBJ',
    ending: '0001',
    currency: 'CNY',
  });
  return seedListings(market.db.sql, { ...market.deps, organisations, accountOf }, { catalogue, members });
};
const rows = async () =>
  market.db.sql`select to_jsonb(listing) as row from listing union all select to_jsonb(request) from request
    union all select to_jsonb(mine) from mine union all select to_jsonb(place) from place order by 1`;

it('puts at least 60 lots from 6 countries on the market, without contradictions, and requests that some fit', async () => {
  const seeded = await seed();
  expect(seeded.lots).toBe(catalogue.lots.length);
  expect(seeded.requests).toBe(catalogue.requests.length);
  expect(seeded.listingIds.size).toBe(catalogue.lots.length);
  const [found] = await market.db.sql`select count(*)::int as lots, count(distinct country)::int as countries
    from listing join mine on mine.id = mine_id where state = 'published'`;
  expect(found?.['lots']).toBeGreaterThanOrEqual(60);
  expect(found?.['countries']).toBeGreaterThanOrEqual(6);
  const flagged = await market.db
    .sql`select mine.name, audit_flags from listing join mine on mine.id = mine_id
    where audit_flags <> '[]'`;
  expect(flagged).toEqual([]);
});

it('changes nothing when it is run again', async () => {
  const before = await rows();
  expect(await seed()).toMatchObject({ lots: 0, requests: 0 });
  expect(await rows()).toEqual(before);
});
