import { type Rational, compare, landedCost, rational } from '@seam/coal';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Freight, carriage, referenceMarket } from '../listings/public.ts';
import { type AcceptedQuote } from './accepted.ts';
import { withQuotes } from './agreed.ts';
import { FreightMap, type FreightPlace, FreightTo } from './route.ts';
import type { Lane } from './tariff.ts';

const MINE: FreightPlace = { id: 'mine', latitude: 39.28, longitude: 110.21 };
const PLANT: FreightPlace = { id: 'plant', latitude: 32.4, longitude: 119.4 };
const WAY = { mode: 'rail', market: referenceMarket('CNY') } as const;
const places = new Map([MINE, PLANT].map((place) => [place.id!, place]));

function lane(perTonne: number, lossPermille: number): Lane {
  return {
    id: 'lane',
    version: 1,
    from: 'mine',
    to: 'plant',
    mode: 'rail',
    carrierId: null,
    currency: 'CNY',
    terms: { kind: 'per_tonne', perTonne: BigInt(perTonne) },
    loading: 0n,
    unloading: 0n,
    lossPermille,
    distanceKm: 900,
    hours: 30,
  };
}

function freightBy(lanes: readonly Lane[]): Freight {
  return {
    name: 'everyone',
    to(place, currency) {
      const { rates } = referenceMarket(currency);
      const map = new FreightMap({ lanes, places, currency, rates, consignmentKg: 5_000_000n });
      return new FreightTo(map, place);
    },
  };
}

const accepted = fc.record({
  pricePerTonne: fc.bigInt({ min: 1n, max: 40_000n }),
  lossPermille: fc.integer({ min: 0, max: 100 }),
  fromPlaceId: fc.constantFrom('mine', 'mine', 'elsewhere'),
  mode: fc.constantFrom('rail' as const, 'road' as const, null),
  currency: fc.constantFrom('CNY' as const, 'USD' as const),
});
const market = fc.record({
  price: fc.bigInt({ min: 100n, max: 200_000n }),
  tariff: fc.option(fc.tuple(fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: 0, max: 100 })), {
    nil: undefined,
  }),
  quotes: fc.array(accepted, { maxLength: 4 }),
});
type Accepted = typeof accepted extends fc.Arbitrary<infer T> ? T : never;

function quoteOf(of: Accepted, at: number): AcceptedQuote {
  return {
    ...of,
    quoteId: `quote-${at}`,
    version: 1,
    requestId: `request-${at}`,
    carrierId: 'carrier',
    shipperId: 'buyer',
    contractId: null,
    toPlaceId: 'plant',
    quantityKg: 1_000_000n,
    hours: 40,
    windowTo: '2027-01-01',
  };
}

/** What a tonne at the plant costs by this freight. */
function landed(freight: Freight, perTonne: bigint): Rational | undefined {
  const price = rational(perTonne);
  const way = carriage(MINE, { ...PLANT, freight }, { ...WAY, price });
  const heat = rational(23_000);
  return way && landedCost({ ...way, price, heat, referenceHeat: heat }).perTonne;
}

it('a lot costs the least of what its company agreed on and what the tariff charges, and is never guessed then', () => {
  fc.assert(
    fc.property(market, ({ price, tariff, quotes: given }) => {
      const everyone = freightBy(tariff ? [lane(...tariff)] : []);
      const quotes = given.map(quoteOf);
      const suiting = quotes.filter(({ fromPlaceId, mode }) => fromPlaceId === 'mine' && mode !== 'road');
      const own = landed(withQuotes(everyone, quotes), price)!;
      // Each of them as if it were the only way there is.
      const alone = [
        ...suiting.map((quote) => landed(withQuotes(freightBy([]), [quote]), price)!),
        ...(tariff || suiting.length === 0 ? [landed(everyone, price)!] : []),
      ];
      for (const cost of alone) expect(compare(own, cost)).toBeLessThanOrEqual(0);
      expect(alone.some((cost) => compare(own, cost) === 0)).toBe(true);
      const way = carriage(MINE, { ...PLANT, freight: withQuotes(everyone, quotes) }, WAY)!;
      expect(way.basis === 'estimate').toBe(!tariff && suiting.length === 0);
    }),
  );
});

it('without quotes it is the freight that everyone has, by the same name', () => {
  const everyone = freightBy([lane(100, 0)]);
  expect(withQuotes(everyone, [])).toBe(everyone);
  const quote = quoteOf(
    { pricePerTonne: 1n, lossPermille: 0, fromPlaceId: 'mine', mode: null, currency: 'CNY' },
    1,
  );
  expect(withQuotes(everyone, [quote]).name).not.toBe(everyone.name);
  expect(withQuotes(everyone, [quote]).name).not.toBe(
    withQuotes(everyone, [{ ...quote, quoteId: 'another' }]).name,
  );
});
