import { type ListingItem, SearchExplained, type SearchLot, SearchPage } from '@seam/protocol';
import postgres from 'postgres';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assay, lot } from '../listings/testing.ts';
import { Search } from './search.ts';
import { type SearchMarket, openSearchMarket } from './testing/market.ts';

let market: SearchMarket;
const id: Record<string, string> = {};
let plant = '';
const isPage = Compile(SearchPage);

const site = (name: string, country: string, latitude: string, longitude: string) => ({
  newMine: { name, nameZh: `${name}矿`, country, region: 'Somewhere', latitude, longitude },
});
const heat = (value: string) =>
  assay({ calorificValue: { value, unit: 'kcal/kg', kind: 'net', basis: 'ar' } });

beforeAll(async () => {
  market = await openSearchMarket();
  const lots: [name: string, patch: Record<string, unknown>][] = [
    ['near', { ...site('Near', 'CN', '32', '119'), price: '700', assay: heat('5500') }],
    ['far', { ...site('Far', 'CN', '40', '110'), price: '600', assay: heat('5500') }],
    ['lean', { ...site('Lean', 'CN', '32', '119'), price: '600', assay: heat('3800') }],
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
      { ...site('Hill', 'CN', '39', '112'), saleMethod: 'auction', price: undefined, startPrice: '500' },
    ],
    [
      'brown',
      {
        ...site('Brown', 'IN', '23', '86'),
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
    country: 'CN',
    latitude: '32.4',
    longitude: '119.4',
  });
  plant = added.body.id;
});
afterAll(async () => {
  await market.search.feed.stop();
  await market.close();
});

const ask = async (query: string) =>
  market.call(null, 'GET', `/v1/search/lots?${query.replace('PLANT', plant)}`);
const nameOf = (of: string) => Object.entries(id).find(([, known]) => known === of)?.[0] ?? of;
const names = (items: { id: string }[]) => items.map((item) => nameOf(item.id));

describe('what is found', () => {
  it.each([
    ['', ['brown', 'auction', 'sea', 'lean', 'far', 'near']],
    ['country=CN', ['auction', 'lean', 'far', 'near']],
    ['rank=sub_bituminous,anthracite', ['brown']],
    ['ranges=net:ar:5500~:kcal/kg&country=CN', ['auction', 'far', 'near']],
    ['ranges=net:ar:5501~:kcal/kg', ['brown', 'auction']],
    ['ranges=ash:d:40~', ['brown']],
    // 40 % dry is 36.08 % as received.
    ['ranges=ash:ar:36.08~', ['brown']],
    ['ranges=ash:ar:36.09~', []],
    ['ranges=sulphur:daf:~1,volatileMatter:daf:38.1~38.1', ['auction', 'sea', 'lean', 'far', 'near']],
    ['sort=price&currency=CNY&priceMax=600', ['far', 'lean']],
    ['near=32,119&radiusKm=0', ['lean', 'near']],
    ['near=32,119&radiusKm=1500&sort=distance', ['near', 'lean', 'auction', 'far']],
    ['text=hil', ['auction']],
    ['text=ill', []],
    ['text=近', []],
    ['text=矿 datong some', ['brown', 'auction', 'sea', 'lean', 'far', 'near']],
    ['windowFrom=2027-01-01', []],
    ['quantityMin=10000.001', []],
    ['source=records', []],
    ['to=PLANT&landedMax=32', ['sea', 'near']],
    ['to=PLANT&landedMax=31.86', ['sea', 'near']],
    ['to=PLANT&landedMax=31.85', ['sea']],
  ])('%s', async (query, expected) => {
    const { status, body } = await ask(query);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(names(body.items)).toEqual(expected);
  });

  it('is written as the schema says, and says of a lot what the page of lots says', async () => {
    for (const query of ['facets=yes', 'to=PLANT&facets=yes&limit=3', 'to=32.4,119.4&near=PLANT']) {
      const { body } = await ask(query);
      expect([...isPage.Errors(body)], query).toEqual([]);
    }
    const found = (await ask(`to=PLANT&sort=landed_cost`)).body.items;
    const listed = (await market.call(null, 'GET', `/v1/listings?sort=landed_cost&to=${plant}`)).body.items;
    const lots = found.map(
      ({ distanceKm: _km, landedUnknown: _why, shown: _shown, ...rest }: SearchLot) => rest,
    );
    // The page says besides by which channel a lot is sold.
    expect(
      listed.map(
        ({ channel: _by, tradingDay: _day, sessionId: _for, opensAt: _at, ...rest }: ListingItem) => rest,
      ),
    ).toEqual(lots);
    expect((await ask('')).body.items[0].expiresAt).toBe(
      (await market.call(null, 'GET', '/v1/listings')).body.items[0].expiresAt,
    );
  });

  it('is the same for everyone, and nothing is found that is off the market', async () => {
    for (const as of [null, 'buyer', 'seller', 'viewer'] as const) {
      const { body } = await market.call(as, 'GET', '/v1/search/lots');
      expect(body.items).toHaveLength(6);
    }
    const made = await market.call('seller', 'POST', '/v1/listings', lot(site('Brief', 'CN', '30', '110')));
    expect((await ask('text=brief')).body.items).toHaveLength(1);
    await market.call('seller', 'POST', `/v1/listings/${made.body.id}/withdraw`);
    expect((await ask('text=brief')).body.items).toEqual([]);
    // Nor by a process that starts now and reads everything.
    const fresh = new Search(market.options);
    expect(String(await fresh.page({ text: 'brief' }))).toContain('"items":[]');
  });

  it('has the new price at once where it was changed, and nothing that has expired', async () => {
    const made = await market.call(
      'seller',
      'POST',
      '/v1/listings',
      lot({ ...site('Fleeting', 'CN', '30', '110'), validUntil: '2026-11-23T13:00:00Z' }),
    );
    await market.call('seller', 'POST', `/v1/listings/${made.body.id}/price`, { price: '99.99', version: 1 });
    expect((await ask('text=fleeting')).body.items[0]).toMatchObject({ price: '99.99', version: 2 });
    const before = market.clock.at;
    market.clock.at = new Date('2026-11-23T13:00:00Z');
    expect((await ask('text=fleeting')).body.items).toEqual([]);
    market.clock.at = before;
  });

  it('leaves an answer as it was given while others are written', async () => {
    const first = await market.search.page({});
    const given = String(first);
    for (const query of [{ country: 'CN' }, { facets: 'yes' as const }, { limit: '1' }])
      await market.search.page(query);
    expect(String(first)).toBe(given);
  });

  it('pages make the whole list, without gap or double', async () => {
    for (const query of [
      'sort=newest',
      'sort=price&currency=CNY',
      'sort=landed_cost&to=PLANT',
      'sort=distance&near=PLANT',
    ]) {
      const whole = names((await ask(`${query}&limit=100`)).body.items);
      const paged: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body } = await ask(`${query}&limit=2${cursor && `&cursor=${cursor}`}`);
        paged.push(...names(body.items));
        cursor = body.nextCursor;
      }
      expect(paged, query).toEqual(whole);
    }
  });
});

describe('what cannot be asked', () => {
  it.each([
    ['ranges=ash:daf:~10', 'search.basis_not_allowed', 'ranges.ash', 'ar, ad, d'],
    ['ranges=ash::~10', 'search.basis_not_allowed', 'ranges.ash', 'ar, ad, d'],
    ['ranges=net:daf:5000~', 'search.basis_not_allowed', 'ranges.net', 'ar, ad, d'],
    ['ranges=totalMoisture:ad:~10', 'search.basis_not_allowed', 'ranges.totalMoisture', 'ar'],
    ['ranges=hardgrove:ar:45~', 'search.basis_not_allowed', 'ranges.hardgrove', ''],
    ['ranges=gold:ar:1~', 'search.parameter_unknown', 'ranges', undefined],
    ['ranges=toString:ar:1~', 'search.parameter_unknown', 'ranges', undefined],
    ['ranges=ash:d:20~10', 'search.range_impossible', 'ranges.ash', '0.00 – 100.00 %'],
    ['ranges=ash:d:100.01~', 'search.range_impossible', 'ranges.ash', '0.00 – 100.00 %'],
    ['ranges=hardgrove::~19', 'search.range_impossible', 'ranges.hardgrove', '20 – 130'],
    ['ranges=net:ar:9999~:kcal/kg', 'search.range_impossible', 'ranges.net', '0 – 40000'],
    ['ranges=net:ar:9~:lb', 'search.unit_not_allowed', 'ranges.net', undefined],
    ['ranges=ash:d:~9:kcal/kg', 'search.unit_not_allowed', 'ranges.ash', undefined],
    ['ranges=ash:d:~', 'search.range_malformed', 'ranges', undefined],
    ['ranges=ash', 'search.range_malformed', 'ranges', undefined],
    ['ranges=ash:d:~1.234', 'search.range_malformed', 'ranges.ash', undefined],
    ['ranges=ash:d:~1..2', 'search.range_malformed', 'ranges.ash', undefined],
    ['radiusKm=100', 'search.radius_without_place', 'near', undefined],
    ['sort=distance', 'search.radius_without_place', 'near', undefined],
    ['near=91,0&radiusKm=5', 'search.coordinates_out_of_range', 'near', undefined],
    ['sort=landed_cost', 'search.destination_required', 'to', undefined],
    ['landedMax=30', 'search.destination_required', 'to', undefined],
    ['sort=price', 'search.currency_required', 'currency', undefined],
    ['priceMax=600&currency=CNY,USD', 'search.currency_required', 'currency', undefined],
    ['priceMin=7&priceMax=6&currency=CNY', 'search.range_impossible', 'priceMax', undefined],
    ['rank=granite', 'search.value_unknown', 'rank', undefined],
    ['country=China', 'search.value_unknown', 'country', undefined],
    ['windowFrom=2026-02-30', 'search.day_invalid', 'windowFrom', undefined],
    ['windowFrom=2026-12-02&windowTo=2026-12-01', 'search.day_invalid', 'windowTo', undefined],
    ['to=nowhere', 'listing.place_unknown', 'to', undefined],
  ])('422 %s: %s', async (query, code, field, accepted) => {
    const { status, body } = await ask(query);
    expect({ status, code: body.code, fields: Object.keys(body.fields) }).toEqual({
      status: 422,
      code,
      fields: [field],
    });
    if (accepted) expect(body.accepted[field]).toBe(accepted);
  });

  it('422 search.invalid names every field when several are wrong', async () => {
    const { body } = await ask('ranges=ash:daf:~10&radiusKm=5');
    expect(body).toMatchObject({
      code: 'search.invalid',
      fields: { 'ranges.ash': 'search.basis_not_allowed', near: 'search.radius_without_place' },
    });
  });

  it('400 for a parameter that does not exist, and for a mark of nobody or of another search', async () => {
    expect((await ask('color=black')).status).toBe(400);
    expect((await ask('cursor=abc')).body.code).toBe('listing.cursor_invalid');
    const { body } = await ask('limit=1');
    expect((await ask(`sort=landed_cost&to=PLANT&cursor=${body.nextCursor}`)).body.code).toBe(
      'listing.cursor_invalid',
    );
  });
});

describe('what a visitor wants to see', () => {
  it('is shown of each lot in the order asked, in the unit asked, with the least and most of all', async () => {
    const { body } = await ask('to=PLANT&facets=yes&show=net:ar:kcal/kg,net:ar:MJ/kg,ash:d,hardgrove:');
    expect([...isPage.Errors(body)]).toEqual([]);
    for (const item of body.items as SearchLot[]) {
      const heat = item.netCalorificValue!;
      expect(item.shown).toHaveLength(4);
      expect(item.shown[0]).toBe(String(Math.round(heat / 4.1868)));
      expect(Number(item.shown[1])).toBeCloseTo(heat / 1000, 1);
      expect((item.landed === null) !== (item.landedUnknown === null)).toBe(true);
    }
    const kcal = (body.items as SearchLot[]).map(({ shown }) => Number(shown[0]));
    expect(body.facets.spans[0]).toEqual({
      low: String(Math.min(...kcal)),
      high: String(Math.max(...kcal)),
    });
    expect(body.facets.spans).toHaveLength(4);
  });

  it.each([
    ['show=gold:ar', 'search.parameter_unknown', 'show'],
    ['show=ash:daf', 'search.basis_not_allowed', 'show.ash'],
    ['show=ash:d:kcal/kg', 'search.unit_not_allowed', 'show.ash'],
    [`show=${Array.from({ length: 13 }, () => 'ash:d').join(',')}`, 'search.parameter_unknown', 'show'],
  ])('422 %s: %s', async (query, code, field) => {
    const { status, body } = await ask(query);
    expect({ status, code: body.code, fields: Object.keys(body.fields) }).toEqual({
      status: 422,
      code,
      fields: [field],
    });
  });

  it('is explained: which condition lets how many through, and where on the map they are', async () => {
    const explain = async (query: string) => market.call(null, 'GET', `/v1/search/conditions?${query}`);
    const there = (await ask('')).body.items.length;
    const { body } = await explain('ranges=ash:d:~0.5&country=CN,US,IN,ID');
    expect([...Compile(SearchExplained).Errors(body)]).toEqual([]);
    expect(body).toMatchObject({ onMarket: there, lots: 0 });
    expect(body.conditions[0]).toMatchObject({ name: 'ranges.ash', alone: 0 });
    expect(body.conditions[0].without).toBeGreaterThan(0);
    expect((await explain('ranges=ash:daf:~10')).body.code).toBe('search.basis_not_allowed');
    const { body: map } = await market.call(null, 'GET', `/v1/search/places?to=${plant}`);
    const counted = map.items.reduce((sum: number, { lots }: { lots: number }) => sum + lots, map.unplaced);
    expect(counted).toBe(there);
  });
});

describe('the feed', () => {
  it('finds what another process committed, also when that began before something already found', async () => {
    const other = postgres(market.db.url, { max: 2, onnotice: () => {} });
    const slow = await other.reserve();
    await slow`begin`;
    await slow`update listing set remaining_kg = remaining_kg - 1000 where id = ${id['near']!}`;
    await other`update listing set remaining_kg = remaining_kg - 2000 where id = ${id['far']!}`;
    await market.search.feed.look();
    const left = async (name: string) =>
      (await ask('')).body.items.find((item: { id: string }) => item.id === id[name]).remaining;
    expect([await left('near'), await left('far')]).toEqual(['10000.000', '9998.000']);
    await slow`commit`;
    await market.search.feed.look();
    expect([await left('near'), await left('far')]).toEqual(['9999.000', '9998.000']);
    slow.release();
    await other.end();
  });

  it.each([
    ['after a look that failed', '3'],
    ['when another server answers', '4'],
  ])('heals what no sign of a change tells of, %s', async (when, oldXid) => {
    let isTroubled = false;
    const reached = new Proxy(market.db.sql, {
      apply: (target, self, args) => {
        if (!isTroubled) return Reflect.apply(target, self, args);
        isTroubled = false;
        if (when === 'after a look that failed') return Promise.reject(new Error('away'));
        return Reflect.apply(target, self, args).then((rows: object[]) =>
          rows.map((row) => ({ ...row, server: 'promoted a moment ago' })),
        );
      },
    });
    const search = new Search({ ...market.options, sql: reached });
    const left = async () => {
      search.feed.nudge();
      const page = JSON.parse(String(await search.page({}))) as {
        items: { id: string; remaining: string }[];
      };
      return page.items.find((item) => item.id === id['near'])!.remaining;
    };
    const before = await left();
    const { body: silent } = await market.call('seller', 'POST', '/v1/listings', lot());
    search.feed.nudge();
    const isFound = async () => String(await search.page({})).includes(silent.id as string);
    expect(await isFound()).toBe(true);
    const other = postgres(market.db.url, { max: 1, onnotice: () => {} });
    // A change that bears the number of an old transaction, as one does that another server has seen.
    await other.begin(async (tx) => {
      await tx`alter table listing disable trigger listing_marks_change`;
      await tx`update listing set remaining_kg = remaining_kg - 1000, changed_xid = ${oldXid}
                  where id = ${id['near']!}`;
      await tx`update listing set state = 'withdrawn' where id = ${silent.id as string}`;
      await tx`alter table listing enable trigger listing_marks_change`;
    });
    await other.end();
    expect(await left()).toBe(before);
    expect(await isFound()).toBe(true);
    isTroubled = true;
    await search.feed.look().catch(() => {});
    expect(await left()).toBe((Number(before) - 1).toFixed(3));
    expect(await isFound()).toBe(false);
  });

  it('503 search.behind rather than an old price while the database does not answer', async () => {
    let isAway = false;
    const away = new Proxy(market.db.sql, {
      apply: (target, self, args) =>
        isAway ? Promise.reject(new Error('away')) : Reflect.apply(target, self, args),
    });
    const search = new Search({ ...market.options, sql: away });
    expect(String(await search.page({}))).toContain('"items"');
    isAway = true;
    search.feed.nudge();
    await expect(search.page({})).rejects.toMatchObject({ code: 'search.behind' });
    isAway = false;
    expect(String(await search.page({}))).toContain('"items"');
  });
});
