/** Lots and places for tests: few of everything, so that ties, gaps and edges come up often. */
import { type Assay, type Basis, COAL_RANKS, TRANSPORT_MODES, heatOn, roundHalfEven } from '@seam/coal';
import { CURRENCIES } from '@seam/units';
import fc from 'fast-check';
import type { LotRow, Seller, Site } from '../lot-row.ts';
import { searchSite } from '../site.ts';

export const SITES: readonly Site[] = [
  ['m1', 'Tashan', '塔山', 'CN', 39.92, 113.07, 'Shanxi'],
  ['m2', 'Black Thunder', null, 'US', 43.67, -105.29, 'Wyoming'],
  ['m3', 'Hidden', null, 'ID', null, null, 'Kalimantan'],
  ['p1', 'Qinhuangdao', '秦皇岛', 'CN', 39.93, 119.6, ''],
  ['p2', 'Taboneo', null, 'ID', -3.7, 114.45, ''],
  // Where Qinhuangdao is: the same way, the same cost.
  ['p3', 'Qinhuangdao East', null, 'CN', 39.93, 119.6, ''],
  ['p4', 'Nowhere', null, 'CN', null, null, ''],
].map(([id, name, nameZh, country, latitude, longitude, region]) =>
  searchSite({ id, name, nameZh, country, latitude, longitude, region } as Omit<Site, 'json'>, {}),
);
export const SELLERS: readonly Seller[] = [
  { id: 's1', name: 'Datong Coal', nameZh: '大同煤业' },
  { id: 's2', name: 'Powder River Fuels', nameZh: null },
];

const share = (bases: readonly Basis[], low: number, high: number) =>
  fc.record({
    basisPoints: fc.integer({ min: low / 50, max: high / 50 }).map((steps) => steps * 50),
    basis: fc.constantFrom(...bases),
  });

export const assays: fc.Arbitrary<Assay> = fc
  .record(
    {
      totalMoisture: share(['ar'], 500, 2_000),
      inherentMoisture: share(['ad'], 100, 500),
      ash: share(['ar', 'ad', 'd'], 800, 2_400),
      volatileMatter: share(['ar', 'daf'], 2_000, 3_800),
      sulphur: share(['ar', 'd', 'daf'], 50, 200),
      calorificValue: fc.record({
        joulesPerGram: fc.constantFrom(20_000, 22_000, 23_027, 25_121),
        kind: fc.constantFrom('gross' as const, 'net' as const),
        basis: fc.constantFrom('ar' as const, 'd' as const),
      }),
      hardgroveIndex: fc.constantFrom(45, 50),
    },
    { requiredKeys: ['totalMoisture', 'ash', 'sulphur', 'calorificValue'] },
  )
  .map((assay) => assay as Assay);

/** @param id rises as the ids of the exchange do. */
export const rows = (id: string): fc.Arbitrary<LotRow> =>
  fc
    .record({
      assay: assays,
      source: fc.constantFrom('member', 'member', 'member', 'eia923'),
      state: fc.constantFrom('published' as const, 'published' as const, 'in_auction' as const),
      sellerId: fc.constantFrom('s1', 's2'),
      mineId: fc.constantFrom('m1', 'm2', 'm3'),
      deliveryPlaceId: fc.constantFrom('p1', 'p2', 'p3', 'p4', null),
      coalRank: fc.constantFrom(...COAL_RANKS.slice(0, 3)),
      transport: fc.constantFrom(...TRANSPORT_MODES),
      currency: fc.constantFrom(...CURRENCIES.slice(0, 3)),
      price: fc.constantFrom(60_000, 60_001, 61_250, 900_000, null),
      remainingKg: fc.constantFrom(1_000, 5_000_000, 10_000_000),
      window: fc.constantFrom([20_780, 20_810], [20_800, 20_800], [20_830, 20_900]),
      expiresAt: fc.constantFrom(0, 1_000, 2_000),
      version: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ window, price, ...rest }) => {
      const heat = heatOn(rest.assay, 'net', 'ar');
      return {
        id,
        changedXid: '1',
        loadPlaceId: null,
        searchHeat: heat ? Number(roundHalfEven(heat.joulesPerGram)) : null,
        quantityKg: 10_000_000,
        price,
        startPrice: null,
        saleMethod: price === null ? 'auction' : 'fixed_price',
        deliveryTerm: 'fob',
        windowFrom: window[0],
        windowTo: window[1],
        flagCount: 0,
        ...rest,
      };
    });
