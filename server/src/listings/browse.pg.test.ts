import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listingsById } from './queries.ts';
import { type Market, assay, lot, openMarket } from './testing.ts';

let market: Market;
const id: Record<string, string> = {};
let plant = '';

const site = (name: string, country: string, latitude: string, longitude: string) => ({
  newMine: { name, country, region: '', latitude, longitude },
});
const heat = (value: string) =>
  assay({ calorificValue: { value, unit: 'kcal/kg', kind: 'net', basis: 'ar' } });

beforeAll(async () => {
  market = await openMarket();
  const lots: [name: string, patch: Record<string, unknown>][] = [
    ['near', { ...site('Near', 'CN', '32', '119'), price: '700', transport: 'rail', assay: heat('5500') }],
    ['far', { ...site('Far', 'CN', '40', '110'), price: '600', transport: 'rail', assay: heat('5500') }],
    ['lean', { ...site('Lean', 'CN', '32', '119'), price: '600', transport: 'rail', assay: heat('3800') }],
    [
      'sea',
      {
        ...site('Sea', 'ID', '-1', '117'),
        currency: 'USD',
        price: '60',
        transport: 'sea',
        assay: heat('4200'),
      },
    ],
    [
      'auction',
      { ...site('100%_Hill', 'CN', '39', '112'), saleMethod: 'auction', price: undefined, startPrice: '500' },
    ],
    [
      'sulphur',
      {
        ...site('Sulphur', 'IN', '23', '86'),
        currency: 'INR',
        price: '4000',
        coalRank: 'sub_bituminous',
        assay: assay({ sulphur: { value: '3.00', basis: 'd' }, ash: { value: '40', basis: 'd' } }),
      },
    ],
  ];
  for (const [name, patch] of lots) {
    const { body } = await market.call('seller', 'POST', '/v1/listings', lot(patch));
    id[name] = body.id;
  }
  const added = await market.call('buyer', 'POST', '/v1/places', {
    kind: 'plant',
    name: 'Yangzhou',
    nameZh: '扬州电厂',
    country: 'CN',
    latitude: '32.4',
    longitude: '119.4',
  });
  plant = added.body.id;
});
afterAll(async () => market.close());

const browse = async (query: string) => market.call(null, 'GET', `/v1/listings?${query}`);
const names = (items: { id: string }[]) =>
  items.map((item) => Object.entries(id).find(([, known]) => known === item.id)?.[0]);

describe('browsing', () => {
  it.each([
    ['', ['sulphur', 'auction', 'sea', 'lean', 'far', 'near']],
    ['country=CN', ['auction', 'lean', 'far', 'near']],
    ['rank=sub_bituminous', ['sulphur']],
    ['calorificMin=4000', ['sulphur', 'auction', 'sea', 'far', 'near']],
    ['calorificMax=4200&country=CN', ['lean']],
    ['sulphurMax=1', ['auction', 'sea', 'lean', 'far', 'near']],
    // 40 % dry is 36.08 % as received.
    ['ashMax=36.08', ['sulphur', 'auction', 'sea', 'lean', 'far', 'near']],
    ['ashMax=36.07', ['auction', 'sea', 'lean', 'far', 'near']],
    ['moistureMax=9.79', []],
    ['transport=sea', ['sea']],
    ['saleMethod=auction', ['auction']],
    ['text=hill', ['auction']],
    ['text=%25_', ['auction']],
    ['source=records', []],
    ['sort=price&currency=CNY', ['far', 'lean', 'near']],
  ])('%s', async (query, expected) => {
    const { status, body } = await browse(query);
    expect(status).toBe(200);
    const found = names(body.items);
    // Far and lean cost the same: then the older id comes first.
    expect(found).toEqual(expected);
  });

  it('orders by what a gigajoule costs at the plant, in the money of the plant, unknown costs last', async () => {
    const { body } = await browse(`sort=landed_cost&to=${plant}`);
    const costs = body.items.map(
      (item: { landed: { perGigajoule: string; currency: string } | null }) => item.landed,
    );
    const known = costs.filter(Boolean).map((cost: { perGigajoule: string }) => Number(cost.perGigajoule));
    expect(known).toEqual([...known].sort((a, b) => a - b));
    expect(names(body.items).at(-1)).toBe('auction');
    const near = body.items.find((item: { id: string }) => item.id === id['near']);
    // 58 km by rail: 3.00 USD + 0.024 USD per km on 1.2 × the way, at 7.2: 21.60 + 0.1728 × 69.6 CNY.
    expect(near.landed).toEqual({
      placeId: plant,
      currency: 'CNY',
      distanceKm: 58,
      freightBasis: 'estimate',
      freightPerTonne: '33.63',
      landedPerTonne: '733.63',
      // 5500 kcal/kg are 23.027 GJ/t.
      perGigajoule: '31.86',
    });
    // Cheaper per tonne, dearer per gigajoule: 3800 kcal/kg are 15.91 GJ/t.
    expect(names(body.items).indexOf('near')).toBeLessThan(names(body.items).indexOf('lean'));
  });

  it.each(['sort=newest', 'sort=price&currency=CNY', 'sort=landed_cost&to=PLANT'])(
    '%s: pages make the whole list, without gap or double',
    async (query) => {
      const url = query.replace('PLANT', plant);
      const whole = names((await browse(`${url}&limit=100`)).body.items);
      const paged: (string | undefined)[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { body } = await browse(`${url}&limit=2${cursor && `&cursor=${cursor}`}`);
        paged.push(...names(body.items));
        cursor = body.nextCursor;
      }
      expect(paged).toEqual(whole);
    },
  );

  it('400 and 422 for a foreign page mark, no currency, no destination, an unknown place', async () => {
    const { body } = await browse('limit=1');
    expect((await browse(`sort=price&currency=CNY&cursor=${body.nextCursor}`)).body.code).toBe(
      'listing.cursor_invalid',
    );
    expect((await browse('cursor=abc')).body).toMatchObject({ status: 400, code: 'listing.cursor_invalid' });
    expect((await browse('sort=price')).body).toMatchObject({
      status: 422,
      code: 'listing.currency_required',
    });
    expect((await browse('sort=landed_cost')).body.code).toBe('listing.destination_required');
    expect((await browse('to=nowhere')).body.code).toBe('listing.place_unknown');
    expect((await browse('limit=101')).status).toBe(400);
    expect((await browse('color=black')).status).toBe(400);
  });

  it('404 for a lot that does not exist, whatever its id looks like', async () => {
    for (const unknown of ['nowhere', 'mine.', '0'.repeat(64)]) {
      expect((await market.call(null, 'GET', `/v1/listings/${unknown}`)).status).toBeOneOf([400, 404]);
    }
  });
});

it('lots are read by any number of ids, more than one statement has parameters for', async () => {
  const many = Array.from({ length: 70_000 }, (_, index) => `none-${index}`);
  const found = await listingsById(market.db.sql, [id['near']!, ...many, id['far']!]);
  expect([...found.keys()].toSorted()).toEqual([id['near'], id['far']].toSorted());
});
