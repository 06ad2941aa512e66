import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FreightBook } from '../freight/public.ts';
import { systemClock } from '../platform/clock.ts';
import { catalogue } from './catalogue/index.ts';
import { demoLanes } from './catalogue/lanes.ts';
import { seedLanes } from './seed-lanes.ts';
import { seedListings } from './seed-listings.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  await db.close();
});

it('every lane of the demo is one the exchange takes, made once, and coal comes by them to the plants', async () => {
  const everybody = [...catalogue.producers, ...catalogue.buyers].map(({ key }) => key);
  const members = new Map(
    [...everybody, 'carrier_1', 'carrier_2'].map((key) => [key, { organisationId: key, personId: key }]),
  );
  const organisations = async (_connection: unknown, ids: readonly string[]) =>
    new Map(ids.map((id) => [id, { name: id, nameZh: null, sells: true, buys: true }]));
  await seedListings(db.sql, { clock: systemClock, organisations } as never, {
    catalogue: { ...catalogue, requests: [] },
    members,
  });
  const deps = { clock: systemClock, isCarrier: async () => true };
  const seed = async () => seedLanes(db.sql, deps, { staffPersonId: 'staff', members });
  const made = await seed();
  expect(made).toBeGreaterThan(40);
  expect(made).toBeLessThanOrEqual(demoLanes.length);
  expect(await seed()).toBe(0);
  const book = new FreightBook({ sql: db.sql, clock: systemClock });
  await book.refresh();
  const place = async (key: string) => {
    const [row] = await db.sql<{ id: string; latitude: number; longitude: number }[]>`
      select id, latitude, longitude from place where external_id = ${`catalogue:${key}`}`;
    return row!;
  };
  const figure = book.to(await place('shajiao'), 'CNY').from(await place('daliuta_station'), 'rail');
  expect(figure?.legs.map((leg) => leg.basis)).toEqual(['lane', 'lane', 'lane']);
  // Shenmu to the Pearl River: some 200 to 350 yuan a tonne.
  expect(Number(figure?.minorPerTonne)).toBeGreaterThan(20_000);
  expect(Number(figure?.minorPerTonne)).toBeLessThan(35_000);
});
