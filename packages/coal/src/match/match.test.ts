import { describe, expect, it } from 'vitest';
import { kilograms, minor } from '@seam/units';
import {
  type Assay,
  type Limit,
  type ListingOffer,
  type Market,
  type MatchReason,
  type RequestNeeds,
  convertEnergy,
  distanceKm,
  divide,
  freightPerTonne,
  landedCost,
  matchListing,
  rankListings,
  rational,
  toDecimal,
  toJoulesPerGram,
} from '../index.ts';

const assay: Assay = {
  totalMoisture: { basisPoints: 1400, basis: 'ar' },
  inherentMoisture: { basisPoints: 600, basis: 'ad' },
  ash: { basisPoints: 1200, basis: 'ad' },
  volatileMatter: { basisPoints: 3116, basis: 'ad' },
  sulphur: { basisPoints: 80, basis: 'ad' },
  hydrogen: { basisPoints: 380, basis: 'ad' },
  calorificValue: { joulesPerGram: 25_200, kind: 'gross', basis: 'ad' },
  hardgroveIndex: 55,
  size: { minMm: 0, maxMm: 50 },
};
const DAY = 86_400_000;
const datong = { latitude: 40.08, longitude: 113.3 };
const qinhuangdao = { latitude: 39.93, longitude: 119.61 };
const request: RequestNeeds = {
  limits: [],
  quantity: kilograms(20_000_000n),
  place: qinhuangdao,
  window: { from: 10 * DAY, to: 40 * DAY },
};
const listing: ListingOffer = {
  id: 'a',
  assay,
  rank: 'bituminous',
  quantity: kilograms(50_000_000n),
  price: { perTonne: minor(60_000n), currency: 'CNY' },
  place: datong,
  window: { from: 0, to: 30 * DAY },
  transport: 'rail',
};
const market: Market = {
  currency: 'CNY',
  tariffs: { rail: { fixed: minor(2_000n), perThousandTonneKm: minor(15_000n), detourPermille: 1300 } },
  rates: { USD: rational(71, 10) },
  referenceHeat: rational(23_027),
};
const judge = (needs: Partial<RequestNeeds>, offer: Partial<ListingOffer> = {}) =>
  matchListing({ ...request, ...needs }, { ...listing, ...offer }, market);
const limited = (limit: Limit, of: Assay = assay): MatchReason | undefined =>
  judge({ limits: [limit] }, { assay: of }).reasons[0];

describe('distance', () => {
  it('follows the great circle', () => {
    const pairs = [
      [{ latitude: -32.92, longitude: 151.79 }, qinhuangdao, 8751],
      [{ latitude: 51.9, longitude: 4.14 }, { latitude: -28.8, longitude: 32.05 }, 9378],
      [{ latitude: 43.66, longitude: -105.3 }, { latitude: 38.3, longitude: -85.1 }, 1792],
      [{ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 180 }, 20_015],
      [{ latitude: 90, longitude: 0 }, { latitude: -90, longitude: 0 }, 20_015],
      [{ latitude: 0, longitude: 179 }, { latitude: 0, longitude: -179 }, 222],
      [datong, datong, 0],
    ] as const;
    for (const [from, to, km] of pairs) {
      expect(distanceKm(from, to)).toBe(km);
      expect(distanceKm(to, from)).toBe(km);
    }
  });
  it('refuses what is not on the globe', () => {
    expect(() => distanceKm(datong, { latitude: 91, longitude: 0 })).toThrow(RangeError);
    expect(() => distanceKm(datong, { latitude: Number.NaN, longitude: 0 })).toThrow(RangeError);
    expect(() => distanceKm(datong, { latitude: 0, longitude: -180.1 })).toThrow(RangeError);
  });
});

describe('landed cost', () => {
  it('ranks coal by energy: the dearest per tonne can be the cheapest', () => {
    const normalised = (price: number, freight: number, kcal: number, penalties = 0): string => {
      const heat = convertEnergy(rational(kcal), 'kcal/kg', 'J/g');
      const cost = landedCost({
        price: rational(price * 100),
        freight: rational(freight * 100),
        heat,
        referenceHeat: convertEnergy(rational(5500), 'kcal/kg', 'J/g'),
        penalties: rational(penalties * 100),
      });
      return toDecimal(divide(cost.normalised, rational(100)), 4);
    };
    expect([normalised(642, 58, 5500), normalised(571, 61, 4950, 6), normalised(690, 40, 5820)]).toEqual([
      '700.0000',
      '708.2222',
      '689.8625',
    ]);
  });
  it('adds freight for the real way, per tonne and per gigajoule', () => {
    const tariff = { fixed: minor(2_000n), perThousandTonneKm: minor(15_000n), detourPermille: 1300 };
    expect(toDecimal(freightPerTonne(tariff, 500), 2)).toBe('11750.00'); // 20.00 + 650 km × 0.15
    const cost = landedCost({
      price: rational(60_000),
      freight: rational(11_750),
      heat: rational(20_000),
      referenceHeat: rational(25_000),
    });
    expect(toDecimal(cost.perTonne, 2)).toBe('71750.00');
    expect(toDecimal(cost.perGigajoule, 2)).toBe('3587.50'); // 20 GJ in a tonne
    expect(toDecimal(cost.normalised, 2)).toBe('89687.50');
  });
});

describe('matching a request', () => {
  it('compares on the basis the buyer wrote, not on the one the seller stated', () => {
    // Sulphur 0.80 % air dried is 0.851 % dry and 0.732 % as received.
    expect(limited({ parameter: 'sulphur', basis: 'd', maximum: 85 })).toEqual({
      code: 'above_maximum',
      met: false,
      parameter: 'sulphur',
      basis: 'd',
      values: { maximum: '0.85', offered: '0.85' },
    });
    expect(limited({ parameter: 'sulphur', basis: 'd', maximum: 86 })?.met).toBe(true);
    expect(limited({ parameter: 'sulphur', basis: 'ar', maximum: 74 })?.met).toBe(true);
    expect(limited({ parameter: 'ash', maximum: 1097 })).toMatchObject({
      met: false,
      basis: 'ar',
      values: { offered: '10.98' },
    });
    expect(limited({ parameter: 'volatileMatter', basis: 'daf', minimum: 3800, maximum: 3800 })?.code).toBe(
      'within_limit',
    );
  });

  it('compares net heat with what the gross value gives, and says when hydrogen was estimated', () => {
    const least = toJoulesPerGram(rational(5258), 'kcal/kg');
    expect(limited({ parameter: 'calorificValue', minimum: least })).toEqual({
      code: 'within_limit',
      met: true,
      parameter: 'calorificValue',
      basis: 'ar',
      kind: 'net',
      values: { minimum: '22014', offered: '22017', unit: 'J/g' },
    });
    expect(limited({ parameter: 'calorificValue', minimum: 22_018 })?.code).toBe('below_minimum');
    expect(limited({ parameter: 'calorificValue', kind: 'gross', basis: 'ad', minimum: 25_200 })?.met).toBe(
      true,
    );
    const { hydrogen: _, ...without } = assay;
    expect(limited({ parameter: 'calorificValue', minimum: least }, without)?.values['hydrogen']).toBe(
      'from_volatile_matter',
    );
  });

  it('takes both ends of a limit as allowed', () => {
    expect(limited({ parameter: 'totalMoisture', minimum: 1400, maximum: 1400 })?.met).toBe(true);
    expect(limited({ parameter: 'totalMoisture', maximum: 1399 })?.code).toBe('above_maximum');
    expect(limited({ parameter: 'inherentMoisture', minimum: 601 })?.code).toBe('below_minimum');
    // Moistures have one basis each, whatever was asked.
    expect(limited({ parameter: 'totalMoisture', basis: 'd', maximum: 1400 })?.basis).toBe('ar');
    expect(limited({ parameter: 'inherentMoisture', basis: 'd', maximum: 600 })?.basis).toBe('ad');
    expect(limited({ parameter: 'hardgroveIndex', minimum: 56 })?.code).toBe('below_minimum');
    expect(limited({ parameter: 'sizeMax', maximum: 50 })).toEqual({
      code: 'within_limit',
      met: true,
      parameter: 'sizeMax',
      values: { maximum: '50', offered: '50' },
    });
  });

  it('does not take silence for fitness', () => {
    expect(limited({ parameter: 'ashSoftening', minimum: 1150 })).toEqual({
      code: 'not_stated',
      met: false,
      parameter: 'ashSoftening',
      values: { minimum: '1150' },
    });
    const { volatileMatter: _, ...receipt } = assay;
    expect(limited({ parameter: 'volatileMatter', minimum: 2000 }, receipt)?.code).toBe('not_stated');
  });

  it('wants the whole quantity, or the least that is of use', () => {
    const short = { quantity: kilograms(19_999_999n) };
    expect(judge({}, short).fits).toBe(false);
    expect(judge({}, short).reasons[0]).toEqual({
      code: 'quantity_short',
      met: false,
      values: { offered: '19999.999', wanted: '20000.000' },
    });
    expect(judge({ minimumQuantity: kilograms(10_000_000n) }, short).reasons[0]?.code).toBe(
      'quantity_partial',
    );
    expect(judge({}, { quantity: kilograms(20_000_000n) }).fits).toBe(true);
  });

  it('wants windows that overlap', () => {
    const code = (window: RequestNeeds['window']) => judge({ window }).reasons[1];
    expect(code({ from: 30 * DAY, to: 40 * DAY })).toEqual({
      code: 'window_overlaps',
      met: true,
      values: { days: '0' },
    });
    expect(code({ from: 30 * DAY + 1, to: 40 * DAY })).toEqual({
      code: 'window_disjoint',
      met: false,
      values: { gapDays: '1' },
    });
    expect(code({ from: 10 * DAY, to: 40 * DAY })?.values).toEqual({ days: '20' });
    expect(code({ from: 10 * DAY + 1, to: 40 * DAY })?.values).toEqual({ days: '19' });
  });

  it('wants a rank that was asked for', () => {
    expect(judge({ ranks: ['lignite'] }).fits).toBe(false);
    expect(judge({ ranks: ['lignite', 'bituminous'] }).fits).toBe(true);
  });

  it('holds the price ceiling with freight or without, in any currency with a rate', () => {
    // Freight: 538 km × 1.3 × 0.15 + 20.00 = 124.91 per tonne.
    const at = (perTonne: bigint, place: 'delivered' | 'listed', currency: 'CNY' | 'USD' | 'INR' = 'CNY') =>
      judge({ ceiling: { perTonne: minor(perTonne), currency, at: place } }).reasons.at(-1);
    expect(at(72_491n, 'delivered')).toEqual({
      code: 'price_within_ceiling',
      met: true,
      values: { price: '724.91', ceiling: '724.91', currency: 'CNY', at: 'delivered' },
    });
    expect(at(72_490n, 'delivered')?.code).toBe('price_above_ceiling');
    expect(at(60_000n, 'listed')?.met).toBe(true);
    expect(at(59_999n, 'listed')?.met).toBe(false);
    expect(at(8_451n, 'listed', 'USD')?.met).toBe(true); // 84.51 × 7.1 = 600.02
    expect(at(8_450n, 'listed', 'USD')?.met).toBe(false);
    expect(at(999_999n, 'listed', 'INR')).toEqual({
      code: 'ceiling_not_comparable',
      met: false,
      values: { currency: 'CNY' },
    });
  });

  it('says so when no cost can be computed, and keeps a lot whose price the auction will find', () => {
    const noTariff = judge({}, { transport: 'sea' });
    expect([noTariff.fits, noTariff.landed]).toEqual([true, undefined]);
    expect(noTariff.reasons.at(-1)?.code).toBe('landed_cost_unknown');
    const { inherentMoisture: __, ...receipt } = assay;
    expect(judge({}, { assay: receipt }).reasons.at(-1)?.code).toBe('landed_cost_unknown');
    const { price: _, ...open } = listing;
    const match = matchListing(
      { ...request, ceiling: { perTonne: minor(1n), currency: 'CNY', at: 'delivered' } },
      open,
      market,
    );
    expect([match.fits, match.reasons.at(-1)?.code]).toEqual([true, 'price_open']);
  });

  it('tells the landed cost in money', () => {
    expect(judge({}).reasons.at(-1)).toEqual({
      code: 'landed_cost',
      met: true,
      values: {
        currency: 'CNY',
        freightPerTonne: '124.91',
        perTonne: '724.91',
        perGigajoule: '32.92',
        normalised: '758.16',
        referenceHeat: '23027',
      },
    });
  });

  it('puts the cheapest energy first, unknown cost after known, and misses last by how much is missing', () => {
    const offers: ListingOffer[] = [
      { ...listing, id: 'twice_wrong', rank: 'lignite', quantity: kilograms(1n) },
      { ...listing, id: 'unknown', transport: 'sea' },
      { ...listing, id: 'dear', price: { perTonne: minor(61_000n), currency: 'CNY' } },
      { ...listing, id: 'wrong_rank', rank: 'lignite', price: { perTonne: minor(1n), currency: 'CNY' } },
      { ...listing, id: 'b_same' },
      { ...listing, id: 'a_same' },
      {
        ...listing,
        id: 'cheap_energy',
        price: { perTonne: minor(62_000n), currency: 'CNY' },
        assay: { ...assay, calorificValue: { joulesPerGram: 27_500, kind: 'gross', basis: 'ad' } },
      },
    ];
    const order = (list: readonly ListingOffer[]) =>
      rankListings({ ...request, ranks: ['bituminous'] }, list, market).map((match) => match.listingId);
    const expected = ['cheap_energy', 'a_same', 'b_same', 'dear', 'unknown', 'wrong_rank', 'twice_wrong'];
    expect(order(offers)).toEqual(expected);
    expect(order(offers.toReversed())).toEqual(expected);
  });
});
