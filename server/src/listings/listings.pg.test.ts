import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doWork } from '../platform/outbox.ts';
import { isRefusal } from '../platform/refusal.ts';
import { listingForContract, markSold, releaseFromAuction, reserveForAuction } from './public.ts';
import { type Market, NOW, assay, assayWithout, lot, openMarket } from './testing.ts';
import { listingWork } from './work.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(async () => market.close());

const publish = async (patch: Record<string, unknown> = {}, as: 'seller' | 'rival' = 'seller') => {
  const { status, body } = await market.call(as, 'POST', '/v1/listings', lot(patch));
  expect(body).toMatchObject({ state: 'published' });
  expect(status).toBe(201);
  return body;
};
const take = async (id: string, quantity: string, more: Record<string, unknown> = {}) =>
  market.call('buyer', 'POST', `/v1/listings/${id}/take`, { quantity, version: 1, ...more });
const counts = async () =>
  (
    await market.db.sql`select (select count(*)::int from listing) as listings,
      (select count(*)::int from mine) as mines, (select count(*)::int from place) as places,
      (select count(*)::int from sale) as sales, (select count(*)::int from outbox) as work,
      (select coalesce(sum(remaining_kg), 0) from listing) as kg`
  )[0];

describe('publishing a lot', () => {
  it('201 with every value on every basis, as it was stated and as it follows', async () => {
    const body = await publish();
    expect(body).toMatchObject({
      seller: { name: 'Datong Coal', nameZh: '大同煤业' },
      mine: { name: 'Tashan', country: 'CN' },
      // The mouth of the mine, made with the lot.
      deliveryPlace: { kind: 'mine_mouth', name: 'Tashan' },
      remaining: '10000.000',
      price: '612.50',
      totalMoistureAr: '9.80',
      netCalorificValue: 23111,
      flags: [],
      mineToSell: true,
    });
    expect(body.assay.calorificValue).toEqual({ value: '5520', unit: 'kcal/kg', kind: 'net', basis: 'ar' });
    // 18.40 dry: × 0.902 as received, × 0.968 air dried.
    expect(body.quality.ash).toEqual({ stated: 'd', ar: '16.60', ad: '17.81', d: '18.40', daf: '22.55' });
    expect(body.quality.netCalorificValue).toMatchObject({ stated: 'ar', ar: '23111', daf: null });
    expect(body.quality.hydrogen).toBe('from_volatile_matter');
    const again = await market.call(null, 'GET', `/v1/listings/${body.id}`);
    expect(again.body).toEqual({ ...body, mineToSell: false });
  });

  it('201 with the contradictions named when the values do not fit each other', async () => {
    const body = await publish({
      assay: assay({
        totalMoisture: '2.0',
        also: { ash: [{ value: '25.00', basis: 'ar' }] },
      }),
    });
    expect(body.flags.map((flag: { code: string }) => flag.code)).toEqual(
      expect.arrayContaining(['total_moisture_below_inherent', 'ash_bases_disagree']),
    );
    expect(body.flagCount).toBe(body.flags.length);
  });

  const far = { latitude: '95', longitude: '113' };
  const refused: [name: string, patch: Record<string, unknown>, code: string, field: string][] = [
    [
      'ash of 140 %',
      { assay: assay({ ash: { value: '140', basis: 'ar' } }) },
      'listing.ash_out_of_range',
      'assay.ash',
    ],
    [
      'negative ash',
      { assay: assay({ ash: { value: '-1', basis: 'ar' } }) },
      'listing.ash_out_of_range',
      'assay.ash',
    ],
    [
      'ash to three digits',
      { assay: assay({ ash: { value: '18.401', basis: 'd' } }) },
      'listing.value_precision',
      'assay.ash',
    ],
    [
      'ash without ash',
      { assay: assay({ ash: { value: '18.40', basis: 'daf' } }) },
      'listing.basis_not_allowed',
      'assay.ash',
    ],
    [
      'moisture of 0.1 %',
      { assay: assay({ totalMoisture: '0.1' }) },
      'listing.total_moisture_out_of_range',
      'assay.totalMoisture',
    ],
    [
      'inherent moisture of 55 %',
      { assay: assay({ inherentMoisture: '55' }) },
      'listing.inherent_moisture_out_of_range',
      'assay.inherentMoisture',
    ],
    [
      'sulphur of 41 %',
      { assay: assay({ sulphur: { value: '41', basis: 'd' } }) },
      'listing.sulphur_out_of_range',
      'assay.sulphur',
    ],
    [
      'volatile matter of 99.5 %',
      { assay: assay({ volatileMatter: { value: '99.5', basis: 'daf' } }) },
      'listing.volatile_matter_out_of_range',
      'assay.volatileMatter',
    ],
    [
      'ash and volatile matter above 100 %',
      { assay: assay({ ash: { value: '60', basis: 'd' }, volatileMatter: { value: '60', basis: 'd' } }) },
      'listing.over_hundred_percent',
      'assay.volatileMatter',
    ],
    [
      'calorific value of 50,000 J/g',
      { assay: assay({ calorificValue: { value: '50', unit: 'MJ/kg', kind: 'gross', basis: 'ad' } }) },
      'listing.calorific_value_out_of_range',
      'assay.calorificValue',
    ],
    [
      'a Hardgrove index of 300',
      { assay: assay({ hardgroveIndex: '300' }) },
      'listing.hardgrove_index_out_of_range',
      'assay.hardgroveIndex',
    ],
    [
      'a size of 50 to 0 mm',
      { assay: assay({ size: { minMm: '50', maxMm: '0' } }) },
      'listing.size_out_of_range',
      'assay.size',
    ],
    ['no size', { assay: assayWithout('size') }, 'listing.value_missing', 'assay.size'],
    ['negative tonnes', { quantity: '-5' }, 'listing.quantity_not_positive', 'quantity'],
    ['no tonnes', { quantity: '0' }, 'listing.quantity_not_positive', 'quantity'],
    ['half a kilogram', { quantity: '1.0005' }, 'listing.quantity_precision', 'quantity'],
    ['a billion tonnes', { quantity: '1000000000' }, 'listing.quantity_out_of_range', 'quantity'],
    ['a negative price', { price: '-612.50' }, 'listing.price_not_positive', 'price'],
    ['a price of zero', { price: '0.00' }, 'listing.price_not_positive', 'price'],
    ['a price of half a fen', { price: '612.505' }, 'listing.price_precision', 'price'],
    ['a price of a billion', { price: '1000000000' }, 'listing.price_out_of_range', 'price'],
    ['no price', { price: undefined }, 'listing.price_required', 'price'],
    ['a price in an auction', { saleMethod: 'auction' }, 'listing.price_not_for_auction', 'price'],
    [
      'a window that ends before it begins',
      { windowFrom: '2026-12-31', windowTo: '2026-12-01' },
      'listing.window_reversed',
      'windowTo',
    ],
    [
      'a window that is over',
      { windowFrom: '2026-11-01', windowTo: '2026-11-20' },
      'listing.window_past',
      'windowTo',
    ],
    ['30 February', { windowTo: '2027-02-30' }, 'listing.day_invalid', 'windowTo'],
    [
      'an offer that is over',
      { validUntil: '2026-11-23T11:59:59Z' },
      'listing.valid_until_past',
      'validUntil',
    ],
    [
      'an offer for two years',
      { validUntil: '2028-11-23T12:00:00Z' },
      'listing.valid_until_too_far',
      'validUntil',
    ],
    ['no mine', { newMine: undefined }, 'listing.mine_unknown', 'mineId'],
    ['an unknown mine', { newMine: undefined, mineId: 'nowhere' }, 'listing.mine_unknown', 'mineId'],
    [
      'a mine beyond the pole',
      { newMine: { name: 'X', country: 'CN', ...far } },
      'listing.coordinates_out_of_range',
      'newMine.latitude',
    ],
    ['an unknown place', { deliveryPlaceId: 'nowhere' }, 'listing.place_unknown', 'deliveryPlaceId'],
  ];
  it.each(refused)('422 for %s, the field named and nothing changed', async (_name, patch, code, field) => {
    const before = await counts();
    const { status, body } = await market.call('seller', 'POST', '/v1/listings', lot(patch));
    expect(body).toMatchObject({ status: 422, code, fields: { [field]: code } });
    expect(status).toBe(422);
    expect(await counts()).toEqual(before);
  });

  it('422 listing.invalid names every field at fault at once', async () => {
    const { body } = await market.call(
      'seller',
      'POST',
      '/v1/listings',
      lot({ quantity: '-1', price: '0', assay: assay({ ash: { value: '140', basis: 'ar' } }) }),
    );
    expect(body).toMatchObject({
      status: 422,
      code: 'listing.invalid',
      fields: {
        quantity: 'listing.quantity_not_positive',
        price: 'listing.price_not_positive',
        'assay.ash': 'listing.ash_out_of_range',
      },
      accepted: { 'assay.ash': '0.10 – 99.00 %' },
    });
  });

  it('400 for words, exponents and fields that do not exist', async () => {
    for (const patch of [
      { quantity: 'NaN' },
      { quantity: '1e9' },
      { price: '１２' },
      { assay: assay({ ash: { value: 18.4, basis: 'd' } }) },
      { coalRank: 'peat' },
      { sellerId: 'rival' },
      { transport: 'pipeline' },
    ]) {
      expect((await market.call('seller', 'POST', '/v1/listings', lot(patch))).status).toBe(400);
    }
  });

  it('403 for a company that is not certified for this side of a trade', async () => {
    expect((await market.call('other', 'POST', '/v1/listings', lot())).body).toMatchObject({
      status: 403,
      code: 'listing.sellers_only',
    });
    const { id } = await publish();
    const bought = await market.call('rival', 'POST', `/v1/listings/${id}/take`, {
      quantity: '1',
      version: 1,
    });
    expect(bought.body).toMatchObject({ status: 403, code: 'listing.buyers_only' });
  });

  it('401, 403 for visitors, viewers and companies that are not active', async () => {
    expect((await market.call(null, 'POST', '/v1/listings', lot())).status).toBe(401);
    expect((await market.call('viewer', 'POST', '/v1/listings', lot())).body.code).toBe('auth.forbidden');
    expect((await market.call('waiting', 'POST', '/v1/listings', lot())).body.code).toBe(
      'organisation.not_active',
    );
  });

  it('names one mine once, however many lots it gives', async () => {
    const [a, b] = [await publish(), await publish()];
    expect(a.mine.id).toBe(b.mine.id);
    expect(a.deliveryPlace.id).toBe(b.deliveryPlace.id);
    const register = await market.call(null, 'GET', `/v1/mines?q=${encodeURIComponent('塔山')}`);
    expect(register.body.items).toHaveLength(1);
    expect((await market.call(null, 'GET', '/v1/mines?q=%25')).body.items).toEqual([]);
  });
});

describe('taking a lot at its price', () => {
  it('201 with a sale of that quantity at that price, and less is left', async () => {
    const { id } = await publish({ quantity: '100.5' });
    const { status, body } = await take(id, '40.25');
    expect(status).toBe(201);
    const [sale] = await market.db.sql`select * from sale where id = ${body.saleId}`;
    expect(sale).toMatchObject({
      seller_id: 'seller',
      buyer_id: 'buyer',
      listing_id: id,
      quantity_kg: '40250',
      price_per_tonne: '61250',
      currency: 'CNY',
      origin_kind: 'listing',
    });
    expect((await market.call(null, 'GET', `/v1/listings/${id}`)).body).toMatchObject({
      remaining: '60.250',
      state: 'published',
    });
    expect((await take(id, '60.25')).status).toBe(201);
    expect((await market.call(null, 'GET', `/v1/listings/${id}`)).body).toMatchObject({
      remaining: '0.000',
      state: 'sold_out',
    });
    expect((await take(id, '0.001')).body.code).toBe('listing.not_published');
  });

  it('409 listing.quantity_unavailable tells what is left, and sells nothing', async () => {
    const { id } = await publish({ quantity: '10' });
    const before = await counts();
    expect((await take(id, '10.001')).body).toMatchObject({
      status: 409,
      code: 'listing.quantity_unavailable',
      accepted: { quantity: '10.000' },
    });
    expect(await counts()).toEqual(before);
  });

  it('never sells more than there is, with 20 takers at once on the last tonnes', async () => {
    const { id } = await publish({ quantity: '70' });
    const answers = await Promise.all(Array.from({ length: 20 }, async () => take(id, '10')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.status))).toEqual(
      new Set([409]),
    );
    const [sold] = await market.db
      .sql`select count(*)::int as n, sum(quantity_kg) as kg from sale where listing_id = ${id}`;
    expect(sold).toEqual({ n: 7, kg: '70000' });
  });

  it('409 for the own lot, an unseen version, an auction lot and an offer that is over', async () => {
    const { id } = await publish();
    const own = await market.call('seller', 'POST', `/v1/listings/${id}/take`, { quantity: '1', version: 1 });
    expect(own.body.code).toBe('listing.own');
    expect((await take(id, '1', { version: 2 })).body.code).toBe('listing.changed');
    const auction = await publish({ saleMethod: 'auction', price: undefined, startPrice: '500' });
    expect((await take(auction.id, '1')).body.code).toBe('listing.not_fixed_price');
    expect((await take('nowhere', '1')).body.code).toBe('resource.not_found');
    const brief = await publish({ validUntil: '2026-11-23T13:00:00Z' });
    market.clock.at = new Date('2026-11-23T13:00:00Z');
    expect((await take(brief.id, '1')).body.code).toBe('listing.not_published');
    market.clock.at = NOW;
  });

  it('422 for nothing, a negative and half a kilogram', async () => {
    const { id } = await publish();
    expect((await take(id, '0')).body.code).toBe('listing.quantity_not_positive');
    expect((await take(id, '-1')).body.code).toBe('listing.quantity_not_positive');
    expect((await take(id, '0.0001')).body.code).toBe('listing.quantity_precision');
  });
});

describe('the seller', () => {
  it('404 for the lot of another company: it is not said to exist', async () => {
    const { id } = await publish();
    for (const [path, body] of [
      ['withdraw', undefined],
      ['price', { price: '1', version: 1 }],
    ] as const) {
      const answer = await market.call('rival', 'POST', `/v1/listings/${id}/${path}`, body);
      expect(answer.body).toMatchObject({ status: 404, code: 'resource.not_found' });
    }
    expect((await market.call(null, 'GET', `/v1/listings/${id}`)).body.state).toBe('published');
  });

  it('withdraws once; a withdrawn lot is off the list and cannot be taken', async () => {
    const { id } = await publish();
    expect((await market.call('seller', 'POST', `/v1/listings/${id}/withdraw`)).body.state).toBe('withdrawn');
    expect((await market.call('seller', 'POST', `/v1/listings/${id}/withdraw`)).body.code).toBe(
      'listing.not_published',
    );
    expect((await take(id, '1')).body.code).toBe('listing.not_published');
    const open = await market.call(null, 'GET', '/v1/listings?limit=100');
    expect(open.body.items.map((item: { id: string }) => item.id)).not.toContain(id);
    const own = await market.call('seller', 'GET', '/v1/listings/mine');
    expect(own.body.items.map((item: { id: string }) => item.id)).toContain(id);
  });

  it('binds a buyer to the price it has seen', async () => {
    const { id } = await publish();
    const repriced = await market.call('seller', 'POST', `/v1/listings/${id}/price`, {
      price: '700',
      version: 1,
    });
    expect(repriced.body).toMatchObject({ price: '700.00', version: 2 });
    expect((await take(id, '1', { version: 1 })).body).toMatchObject({
      code: 'listing.changed',
      accepted: { version: '2' },
    });
    expect((await take(id, '1', { version: 2 })).status).toBe(201);
    const stale = await market.call('seller', 'POST', `/v1/listings/${id}/price`, { price: '1', version: 1 });
    expect(stale.body.code).toBe('listing.changed');
  });
});

describe('an auction', () => {
  it('has the lot to itself until it lets go', async () => {
    const { id } = await publish({ saleMethod: 'auction', price: undefined, quantity: '30' });
    const sql = market.db.sql;
    expect(isRefusal(await sql.begin(async (tx) => reserveForAuction(tx, id, 'rival')))).toBe(true);
    expect(await sql.begin(async (tx) => reserveForAuction(tx, id, 'seller'))).toMatchObject({
      remainingKg: 30_000n,
      currency: 'CNY',
      mineName: 'Tashan',
    });
    expect(await sql.begin(async (tx) => reserveForAuction(tx, id, 'seller'))).toMatchObject({
      refused: 'listing.in_auction',
    });
    expect((await take(id, '1')).body.code).toBe('listing.in_auction');
    expect((await market.call('seller', 'POST', `/v1/listings/${id}/withdraw`)).body.code).toBe(
      'listing.in_auction',
    );
    await expect(sql.begin(async (tx) => markSold(tx, id, 30_001n))).rejects.toThrow('invariant broken');
    await sql.begin(async (tx) => markSold(tx, id, 20_000n));
    await sql.begin(async (tx) => releaseFromAuction(tx, id, NOW));
    expect((await market.call(null, 'GET', `/v1/listings/${id}`)).body).toMatchObject({
      state: 'published',
      remaining: '10.000',
    });
    await sql.begin(async (tx) => reserveForAuction(tx, id, 'seller'));
    await sql.begin(async (tx) => markSold(tx, id, 10_000n));
    await sql.begin(async (tx) => releaseFromAuction(tx, id, NOW));
    expect((await market.call(null, 'GET', `/v1/listings/${id}`)).body.state).toBe('sold_out');
  });

  it('gives back an expired lot as expired', async () => {
    const { id } = await publish({ validUntil: '2026-11-23T13:00:00Z' });
    await market.db.sql.begin(async (tx) => reserveForAuction(tx, id, 'seller'));
    await market.db.sql.begin(async (tx) => releaseFromAuction(tx, id, new Date('2026-11-23T13:00:01Z')));
    expect((await market.call(null, 'GET', `/v1/listings/${id}`)).body.state).toBe('expired');
  });
});

describe('the end of an offer', () => {
  const expire = async (id: string) => {
    const [due] = await market.db.sql`update outbox set not_before = now()
      where effect_key = ${`listing:${id}:expire`} returning id`;
    const handlers = new Map(listingWork(market.deps).map((handler) => [handler.topic, handler]));
    return doWork(market.db.sql, handlers, String(due?.['id']));
  };

  it('comes by itself when its time is over, and not before', async () => {
    const early = await publish({ validUntil: '2026-11-24T00:00:00Z' });
    const late = await publish({ validUntil: '2026-11-24T00:00:00Z' });
    expect(await expire(early.id)).toBe('done');
    expect((await market.call(null, 'GET', `/v1/listings/${early.id}`)).body.state).toBe('published');
    market.clock.at = new Date('2026-11-24T00:00:00Z');
    expect(await expire(late.id)).toBe('done');
    market.clock.at = NOW;
    expect((await market.call(null, 'GET', `/v1/listings/${late.id}`)).body.state).toBe('expired');
  });
});

describe('what a contract binds', () => {
  it('is the lot as it was stated', async () => {
    const { id } = await publish();
    expect(await listingForContract(market.db.sql, id)).toMatchObject({
      listingVersion: 1,
      sellerId: 'seller',
      mine: { name: 'Tashan', nameZh: '塔山', country: 'CN' },
      assay: { ash: { basisPoints: 1840, basis: 'd' }, size: { minMm: 0, maxMm: 50 } },
      deliveryTerm: 'ex_mine',
      windowFrom: '2026-12-01',
      windowTo: '2026-12-31',
    });
    expect(await listingForContract(market.db.sql, 'nowhere')).toBeUndefined();
  });
});
