import { describe, expect, it } from 'vitest';
import {
  LISTING_FIELDS,
  auditAssay,
  compare,
  distanceKm,
  heatOn,
  matchListing,
  rational,
  validateAssay,
} from '@seam/coal';
import { minor, parseLegalId } from '@seam/units';
import { catalogue } from './index.ts';

const { producers, buyers, mines, places, lots, requests } = catalogue;
const find = <T extends { readonly key: string }>(list: readonly T[], key: string): T => {
  const found = list.find((item) => item.key === key);
  if (!found) throw new Error(`the catalogue has no ${key}`);
  return found;
};
const DAY = 86_400_000;

describe('the demo catalogue', () => {
  it('has more than sixty lots from more than six countries, six buyers and a dozen requests', () => {
    const countries = new Set(lots.map((lot) => find(mines, lot.mine).country));
    expect(lots.length).toBeGreaterThanOrEqual(64);
    expect(countries.size).toBeGreaterThanOrEqual(6);
    expect(producers.length).toBeGreaterThanOrEqual(12);
    expect(buyers).toHaveLength(6);
    expect(requests.length).toBeGreaterThanOrEqual(12);
  });

  it('has only lots that a seller may list, without a contradiction, and unusual only where nature is', () => {
    const unusual: Record<string, readonly string[]> = {
      // Coal of the eastern Barito basin has two percent of ash; lignite of Tamil Nadu is half water.
      'id-pasir-4900': ['ash'],
      'id-tutupan-5000': ['ash'],
      'id-wara-4150': ['ash'],
      'in-neyveli-lignite': ['totalMoisture', 'calorificValue'],
    };
    for (const lot of lots) {
      const { errors, warnings } = validateAssay(lot.assay, LISTING_FIELDS);
      expect({
        lot: lot.key,
        errors,
        flags: auditAssay(lot.assay, lot.rank),
        unusual: warnings.map((issue) => issue.field),
      }).toEqual({ lot: lot.key, errors: [], flags: [], unusual: unusual[lot.key] ?? [] });
    }
  });

  it('has heat in the dry ash free matter as coals of the rank have it', () => {
    const bands = {
      anthracite: [33_500, 36_500],
      coking: [33_500, 36_800],
      bituminous: [29_500, 36_000],
      sub_bituminous: [28_500, 31_500],
      lignite: [25_000, 29_500],
      waste: [20_000, 37_500],
    } as const;
    for (const lot of lots) {
      const heat = heatOn(lot.assay, 'gross', 'daf')?.joulesPerGram ?? rational(0);
      const [low, high] = bands[lot.rank];
      expect([lot.key, compare(heat, rational(low)), compare(heat, rational(high))]).toEqual([
        lot.key,
        1,
        -1,
      ]);
    }
  });

  it('names every thing once, in English and Chinese, and refers only to what it has', () => {
    for (const list of [[...producers, ...buyers], mines, places, lots, requests]) {
      expect(new Set(list.map((item) => item.key)).size).toBe(list.length);
    }
    for (const item of [...producers, ...buyers, ...mines, ...places]) {
      expect(item.name).toMatch(/^[\p{Script=Latin}0-9 .,'()-]+$/u);
      expect(item.nameZh).toMatch(/\p{Script=Han}/u);
    }
    for (const lot of lots) {
      expect(find(producers, lot.producer).kind).toBe('producer');
      expect(find(mines, lot.mine)).toBeDefined();
      for (const key of [lot.loadPlace, lot.deliveryPlace])
        if (key !== null) expect(find(places, key)).toBeDefined();
    }
    for (const buyer of buyers) for (const plant of buyer.plants) expect(find(places, plant)).toBeDefined();
    for (const request of requests) expect(find(buyers, request.buyer).plants).toContain(request.plant);
    for (const used of [
      ...mines.map((mine) => lots.some((lot) => lot.mine === mine.key)),
      ...producers.map((one) => lots.some((lot) => lot.producer === one.key)),
    ]) {
      expect(used).toBe(true);
    }
  });

  it('says that its companies are invented and gives them identities with valid checks, issued to nobody', () => {
    const companies = [...producers, ...buyers];
    expect(new Set(companies.map((company) => company.legalId)).size).toBe(companies.length);
    for (const company of companies) {
      expect(`${company.name} ${company.nameZh}`).toMatch(/\(Demo\).*（演示）/);
      const kind = company.country === 'CN' ? 'uscc' : 'lei';
      expect(parseLegalId(company.legalId)).toEqual({ ok: true, kind, value: company.legalId });
      // Organisation codes begin DEMA; no issuer of LEIs has the prefix 0000.
      expect(company.legalId).toMatch(kind === 'uscc' ? /^91\d{6}DEMA/ : /^000000DEMO/);
    }
  });

  it('lies where its countries are', () => {
    const boxes: Record<string, readonly [south: number, north: number, west: number, east: number]> = {
      CN: [18, 54, 73, 135],
      ID: [-11, 6, 95, 141],
      AU: [-44, -10, 113, 154],
      IN: [8, 36, 68, 97],
      ZA: [-35, -22, 16, 33],
      US: [24, 49.5, -125, -66],
      CO: [-4, 13, -79, -66],
      MN: [41, 52, 87, 120],
      NL: [50, 54, 3, 8],
    };
    for (const item of [...mines, ...places]) {
      const [south, north, west, east] = boxes[item.country] ?? [0, 0, 0, 0];
      expect([
        item.key,
        item.latitude >= south && item.latitude <= north && item.longitude >= west && item.longitude <= east,
      ]).toEqual([item.key, true]);
    }
  });

  it('loads coal at a place of its country that its term and transport fit', () => {
    for (const lot of lots) {
      const load = lot.loadPlace === null ? null : find(places, lot.loadPlace);
      const mine = find(mines, lot.mine);
      if (load) {
        expect([lot.key, load.country]).toEqual([lot.key, mine.country]);
        expect(distanceKm(load, mine)).toBeLessThan(1_600);
      }
      if (lot.deliveryTerm === 'ex_mine') expect([lot.key, load]).toEqual([lot.key, null]);
      if (lot.deliveryTerm === 'fob') expect([lot.key, load?.kind]).toEqual([lot.key, 'port']);
      if (lot.transport === 'sea') expect([lot.key, load?.kind]).toEqual([lot.key, 'port']);
    }
  });

  it('offers what can be sold: whole lots, prices of the right order, windows ahead, auctions in money that buyers have', () => {
    const perGigajoule = { CNY: [8, 60], USD: [0.5, 9], INR: [90, 400], ZAR: [20, 60] } as Record<
      string,
      readonly [number, number]
    >;
    for (const lot of lots) {
      expect(lot.quantity % 1_000_000n).toBe(0n);
      expect(lot.price).toBeGreaterThan(0n);
      const net =
        Number(heatOn(lot.assay, 'net', 'ar')?.joulesPerGram.numerator) /
        Number(heatOn(lot.assay, 'net', 'ar')?.joulesPerGram.denominator);
      const cost = Number(lot.price) / 100 / (net / 1000);
      const [low, high] = perGigajoule[lot.currency] ?? [0, 0];
      expect([lot.key, cost > low && cost < high]).toEqual([lot.key, true]);
      expect(lot.windowDays[0]).toBeGreaterThan(0);
      expect(lot.windowDays[1]).toBeGreaterThan(lot.windowDays[0]);
      if (lot.sale === 'auction')
        expect(buyers.filter((buyer) => buyer.currency === lot.currency).length).toBeGreaterThanOrEqual(2);
    }
    expect(lots.filter((lot) => lot.sale === 'auction').length).toBeGreaterThanOrEqual(20);
  });

  it('has lots that fit each request, and none that fits all', () => {
    const tariff = { fixed: minor(0n), perThousandTonneKm: minor(1n), detourPermille: 1000 };
    const market = {
      currency: 'CNY',
      referenceHeat: rational(23_027),
      tariffs: { rail: tariff, road: tariff, river: tariff, sea: tariff, conveyor: tariff },
      rates: { USD: rational(71, 10), INR: rational(8, 100), ZAR: rational(4, 10) },
    } as const;
    for (const request of requests) {
      const fits = lots.filter((lot) => {
        const at = lot.deliveryPlace ?? lot.loadPlace;
        const offer = {
          id: lot.key,
          assay: lot.assay,
          rank: lot.rank,
          quantity: lot.quantity,
          transport: lot.transport,
          place: at === null ? find(mines, lot.mine) : find(places, at),
          window: { from: lot.windowDays[0] * DAY, to: lot.windowDays[1] * DAY },
          price: { perTonne: lot.price, currency: lot.currency },
        };
        const needs = {
          ...request,
          place: find(places, request.plant),
          window: { from: request.windowDays[0] * DAY, to: request.windowDays[1] * DAY },
          ceiling: {
            perTonne: request.ceiling.price,
            currency: request.ceiling.currency,
            at: request.ceiling.at,
          },
        };
        return matchListing(needs, offer, market).fits;
      });
      expect([request.key, fits.length > 0 && fits.length < lots.length / 2]).toEqual([request.key, true]);
    }
  });
});
