import { TRANSPORT_MODES, rational } from '@seam/coal';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ARRIVED, Network, WaysTo } from './network.ts';
import { cheapestNaively, costOf } from './oracle/naive.ts';
import { type Lane, type TariffTerms } from './tariff.ts';

const PLACES = ['a', 'b', 'c', 'd', 'e'] as const;
const consignmentKg = 5_000_000n;
/** No rate for the rupiah: its lanes cannot be priced. */
const rates = { CNY: rational(1), USD: rational(36, 5), INR: rational(72, 850) };

const charge = fc.bigInt({ min: 0n, max: 60n });
const terms: fc.Arbitrary<TariffTerms> = fc.oneof(
  charge.map((perTonne) => ({ kind: 'per_tonne' as const, perTonne })),
  fc.tuple(charge, charge, charge).map(([perThousandTonneKm, terminal, minimum]) => ({
    kind: 'per_tonne_km' as const,
    perThousandTonneKm,
    terminal,
    minimum,
  })),
  fc.tuple(charge, charge, fc.bigInt({ min: 1n, max: 9_000_000n })).map(([light, heavy, step]) => ({
    kind: 'weight_steps' as const,
    steps: [
      { fromKg: step, perTonne: light },
      { fromKg: step + 1_000_000n, perTonne: heavy },
    ],
  })),
);
const lane = fc.record({
  from: fc.constantFrom(...PLACES),
  to: fc.constantFrom(...PLACES),
  mode: fc.constantFrom(...TRANSPORT_MODES.slice(0, 3)),
  carrierId: fc.constantFrom(null, 'x'),
  currency: fc.constantFrom('CNY' as const, 'USD' as const, 'IDR' as const),
  terms,
  loading: charge,
  unloading: charge,
  distanceKm: fc.integer({ min: 1, max: 3000 }),
  hours: fc.integer({ min: 0, max: 4 }),
});
const lanes = fc
  .array(lane, { maxLength: 9 })
  .map((all): Lane[] =>
    all
      .filter(({ from, to }) => from !== to)
      .map((each, n) => ({ ...each, id: `lane-${n}`, version: 1, lossPermille: 0 })),
  );

it('finds for every origin and first mode what trying all ways finds, and names lanes that cost just that', () => {
  fc.assert(
    fc.property(lanes, (all) => {
      const ways = new WaysTo(new Network(all, { consignmentKg, rates }), new Map([['e', ARRIVED]]));
      for (const from of PLACES.slice(0, 4)) {
        for (const mode of TRANSPORT_MODES.slice(0, 3)) {
          const found = ways.from(from, mode);
          const best = cheapestNaively(all, { from, to: 'e', mode, consignmentKg, rates });
          expect(found && { cost: BigInt(found.cost), legs: found.legs, hours: found.hours }).toEqual(best);
          if (!found) continue;
          expect(costOf(found.lanes, { consignmentKg, rates })).toEqual(best);
          expect(found.lanes[0]).toMatchObject({ from, mode });
          expect(found.lanes.at(-1)?.to).toBe('e');
        }
      }
    }),
    { numRuns: 400 },
  );
});

it('does not depend on the order in which lanes are given', () => {
  fc.assert(
    fc.property(
      lanes.chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        ),
      ),
      ([all, shuffled]) => {
        const [one, other] = [all, shuffled].map(
          (given) => new WaysTo(new Network(given, { consignmentKg, rates }), new Map([['e', ARRIVED]])),
        );
        for (const from of PLACES) {
          for (const mode of TRANSPORT_MODES) {
            expect(one!.from(from, mode)).toEqual(other!.from(from, mode));
          }
        }
      },
    ),
  );
});

it('a dearer tariff never makes a way cheaper', () => {
  fc.assert(
    fc.property(lanes, fc.nat(8), (all, n) => {
      const ways = (given: readonly Lane[]) =>
        new WaysTo(new Network(given, { consignmentKg, rates }), new Map([['e', ARRIVED]]));
      const dearer = all.map((each, index) =>
        index === n ? { ...each, unloading: each.unloading + 7n } : each,
      );
      const [before, after] = [ways(all), ways(dearer)];
      for (const from of PLACES) {
        for (const mode of TRANSPORT_MODES) {
          const [low, high] = [before.from(from, mode)?.cost, after.from(from, mode)?.cost];
          expect(high === undefined).toBe(low === undefined);
          if (low !== undefined && high !== undefined) expect(high).toBeGreaterThanOrEqual(low);
        }
      }
    }),
  );
});
