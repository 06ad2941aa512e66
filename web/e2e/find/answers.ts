/** What an exchange with two lots answers to the searches of the test: the pages are real, the exchange is not there. */
import type { LotComparison, SearchLot, SearchPage } from '@seam/protocol';

const place = {
  id: 'port',
  kind: 'port' as const,
  name: 'Qinhuangdao',
  nameZh: '秦皇岛港',
  country: 'CN',
  latitude: 39.93,
  longitude: 119.61,
};
const plant = { ...place, id: 'plant', kind: 'plant' as const, name: 'Waigaoqiao', nameZh: '外高桥电厂' };

function lot(id: string, name: string, patch: Partial<SearchLot>): SearchLot {
  return {
    id,
    state: 'published',
    version: 1,
    source: 'member',
    seller: { id: 'seller', name: 'Datong Coal', nameZh: '大同煤业' },
    mine: {
      id: `mine-${id}`,
      name,
      nameZh: '塔山',
      country: 'CN',
      region: 'Shanxi',
      latitude: 39.92,
      longitude: 113.07,
      source: 'catalogue',
    },
    coalRank: 'bituminous',
    totalMoistureAr: '9.80',
    ashAr: '12.00',
    sulphurAr: '0.65',
    netCalorificValue: 23_027,
    quantity: '10000.000',
    remaining: '10000.000',
    currency: 'CNY',
    price: '349.20',
    startPrice: null,
    saleMethod: 'fixed_price',
    deliveryTerm: 'fob',
    deliveryPlace: place,
    windowFrom: '2026-12-01',
    windowTo: '2026-12-31',
    transport: 'sea',
    flagCount: 0,
    expiresAt: '2026-12-31T23:59:59.999Z',
    landed: null,
    landedUnknown: 'no_place',
    shown: ['5500', '9.80', '13.30', '0.65', '28.00'],
    distanceKm: null,
    ...patch,
  };
}

const landed = {
  placeId: 'plant',
  currency: 'CNY',
  distanceKm: 1_100,
  freightPerTonne: '112.46',
  landedPerTonne: '461.66',
  perGigajoule: '28.86',
  freightBasis: 'estimate',
};
const lots = [
  lot('lot-1', 'Tashan', { landed, landedUnknown: null, distanceKm: 1_100 } as Partial<SearchLot>),
  lot('lot-2', 'Hongliulin', { price: null, saleMethod: 'auction', landedUnknown: 'price_by_auction' }),
];
const counts = (value: string) => [{ value, lots: 2 }];

function page(items: SearchLot[]): SearchPage {
  return {
    items,
    nextCursor: null,
    costCurrency: 'CNY',
    asOf: '2026-11-23T12:00:00.000Z',
    facets: {
      lots: items.length,
      country: counts('CN'),
      rank: counts('bituminous'),
      transport: counts('sea'),
      saleMethod: counts('fixed_price'),
      deliveryTerm: counts('fob'),
      currency: counts('CNY'),
      spans: Array.from({ length: 5 }, () => ({ low: '1', high: '9' })),
    },
  };
}

const comparison: LotComparison = {
  referenceHeat: 25_121,
  costCurrency: 'CNY',
  bestId: 'lot-1',
  lots: [
    {
      lot: lots[0]!,
      normalised: '725.01',
      best: ['normalised'],
      reasons: [
        {
          code: 'best',
          values: { perGigajoule: '28.86', price: '349.20', freight: '112.46', heat: '23027' },
        },
      ],
    },
    {
      lot: lots[1]!,
      normalised: null,
      best: [],
      reasons: [{ code: 'price_by_auction', values: {} }],
    },
  ],
};

/** By how the path begins. */
export function searchAnswers(): Readonly<Record<string, () => Uint8Array>> {
  const json = (value: unknown) => (): Uint8Array => Buffer.from(JSON.stringify(value));
  const none = json(page([]));
  const answers: Record<string, () => Uint8Array> = {
    '/v1/places?kind=plant': json({ items: [plant] }),
    '/v1/places?kind=port': json({ items: [place] }),
    '/v1/places?kind=station': json({ items: [] }),
    '/v1/mines': json({ items: [] }),
    '/v1/search/places': json({
      items: [
        {
          id: 'mine-lot-1',
          name: 'Tashan',
          nameZh: '塔山',
          country: 'CN',
          latitude: 39.92,
          longitude: 113.07,
          lots: 2,
          perGigajoule: '28.86',
        },
      ],
      unplaced: 0,
      costCurrency: 'CNY',
    }),
    '/v1/search/conditions': json({
      onMarket: 2,
      lots: 0,
      conditions: [
        { name: 'ranges.ash', alone: 0, without: 2 },
        { name: 'near', alone: 2, without: 0 },
      ],
    }),
    '/v1/search/compare': json(comparison),
    '/v1/search/lots': json(page(lots)),
  };
  return new Proxy(answers, {
    get(known, name) {
      if (typeof name !== 'string') return undefined;
      if (name.startsWith('/v1/search/lots') && name.includes('ranges=ash')) return none;
      return known[name] ?? known[name.split('?')[0] ?? ''];
    },
  });
}
