import type { BlendView } from '@seam/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RequestMarket, assay, lot, openRequestMarket } from '../testing/market.ts';
import { type Blender, openBlender } from './blender.ts';
import { requestBlendRoutes } from './routes.ts';

let market: RequestMarket;
let blender: Blender;
beforeAll(async () => {
  blender = openBlender();
  market = await openRequestMarket((app, deps) => {
    requestBlendRoutes(app, { ...deps, blender });
  });
});
afterAll(async () => {
  await market.close();
  await blender.close();
});

type Part = BlendView['parts'][number];
const sulphurAtMost = (maximum: string) => [{ parameter: 'sulphur', basis: 'ar', maximum }];
const ask = async (patch: Record<string, unknown> = {}) =>
  (
    await market.call('buyer', 'POST', '/v1/requests', {
      coalRanks: [],
      limits: sulphurAtMost('0.90'),
      quantity: '4000',
      newPlant: { kind: 'plant', name: 'Yangzhou', country: 'CN', latitude: '32.4', longitude: '119.4' },
      windowFrom: '2026-12-10',
      windowTo: '2027-01-10',
      currency: 'CNY',
      ...patch,
    })
  ).body.id as string;
const publish = async (patch: Record<string, unknown>) => {
  const { status, body } = await market.call('seller', 'POST', '/v1/listings', lot(patch));
  expect(status).toBe(201);
  return body;
};

describe('the blend for a request', () => {
  it('takes of each lot what the limit allows, and says what the limit costs', async () => {
    const of = (percent: string, price: string) =>
      publish({ assay: assay({ sulphur: { value: percent, basis: 'ar' } }), price });
    const [dirty, clean] = [await of('1.20', '500'), await of('0.60', '560')];
    const id = await ask();
    const { status, body } = await market.call('buyer', 'GET', `/v1/requests/${id}/blend`);
    expect([status, body.outcome, body.lots]).toEqual([200, 'blended', 2]);
    expect(body.parts.map((part: Part) => [part.listing.id, part.quantity]).toSorted()).toEqual(
      [
        [dirty.id, '2000.000'],
        [clean.id, '2000.000'],
      ].toSorted(),
    );
    expect(body.values).toEqual([{ limit: sulphurAtMost('0.90')[0], value: '0.90' }]);
    expect(body.bestSingle.id).toBe(clean.id);
    // 60 a tonne for 0.60 %: a tenth of a percent more saves ten.
    expect(body.prices).toEqual([
      { limit: sulphurAtMost('0.90')[0], end: 'maximum', step: '0.10', savingPerTonne: '10.00' },
    ]);
    const saved = Number(body.bestSingle.landed.landedPerTonne) - Number(body.costPerTonne);
    expect(saved).toBeCloseTo(30, 2);

    const one = await market.call('buyer', 'GET', `/v1/requests/${id}/blend?maximumLots=1`);
    expect(one.body.parts.map((part: Part) => part.listing.id)).toEqual([clean.id]);
    const least = await market.call('buyer', 'GET', `/v1/requests/${id}/blend?minimumTake=2500`);
    expect(least.body.parts.map((part: Part) => part.listing.id)).toEqual([clean.id]);
  });

  it('counts a price in another currency by a rate that it states', async () => {
    const limits = [{ parameter: 'ash', basis: 'd', maximum: '2.50' }];
    const clean = assay({ ash: { value: '2.50', basis: 'd' } });
    const lot = await publish({ assay: clean, price: '70', currency: 'USD' });
    const id = await ask({ limits, quantity: '1000' });
    const { body } = await market.call('buyer', 'GET', `/v1/requests/${id}/blend`);
    expect(body.parts.map((part: Part) => part.listing.id)).toEqual([lot.id]);
    expect(body.rates).toEqual([{ from: 'USD', rate: '7.200000' }]);
    const freight = Number(body.costPerTonne) - 504;
    const plain = await publish({ assay: clean, price: '503' });
    const cheaper = (await market.call('buyer', 'GET', `/v1/requests/${id}/blend`)).body;
    expect([cheaper.parts[0].listing.id, cheaper.rates]).toEqual([plain.id, []]);
    expect(Number(cheaper.costPerTonne) - 503).toBeCloseTo(freight, 2);
  });

  it('says how near the market comes to limits it cannot meet, and how much coal there is', async () => {
    const near = await market.call(
      'buyer',
      'GET',
      `/v1/requests/${await ask({ limits: sulphurAtMost('0.30') })}/blend`,
    );
    expect(near.body).toMatchObject({
      outcome: 'limits_out_of_reach',
      parts: [],
      costPerTonne: null,
      nearest: [{ end: 'maximum', value: '0.60' }],
    });
    const much = await market.call('buyer', 'GET', `/v1/requests/${await ask({ quantity: '900000' })}/blend`);
    expect(much.body.outcome).toBe('quantity_short');
  });

  it.each([
    ['maximumLots=0', 400, 'request.invalid'],
    ['maximumLots=21', 400, 'request.invalid'],
    ['minimumTake=-1', 422, 'listing.quantity_not_positive'],
    ['minimumTake=1.2345', 422, 'listing.quantity_precision'],
  ])('refuses %s', async (query, status, code) => {
    const answer = await market.call('buyer', 'GET', `/v1/requests/${await ask()}/blend?${query}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('is nobody else’s to see, and ends with the request', async () => {
    const id = await ask();
    const url = `/v1/requests/${id}/blend`;
    expect((await market.call('seller', 'GET', url)).body.code).toBe('resource.not_found');
    expect((await market.call('other', 'GET', url)).body.code).toBe('resource.not_found');
    expect((await market.call(null, 'GET', url)).body.code).toBe('auth.required');
    await market.call('buyer', 'POST', `/v1/requests/${id}/close`);
    expect((await market.call('buyer', 'GET', url)).body.code).toBe('purchase_request.not_open');
  });

  it('is worked out for as many as can wait, and the others are told to come back', async () => {
    const id = await ask();
    const many = await Promise.all(
      Array.from({ length: 40 }, () => market.call('buyer', 'GET', `/v1/requests/${id}/blend`)),
    );
    const codes = new Set(many.map(({ status, body }) => `${status} ${body.code ?? body.outcome}`));
    expect([...codes].toSorted()).toEqual(['200 blended', '503 purchase_request.blend_busy']);
  });
});
