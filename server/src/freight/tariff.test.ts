import { rational } from '@seam/coal';
import { describe, expect, it } from 'vitest';
import { type Lane, chargesOf, haulagePerTonne, runsThrough } from './tariff.ts';

const rail: Lane = {
  id: 'lane-1',
  version: 1,
  from: 'mine',
  to: 'port',
  mode: 'rail',
  carrierId: null,
  currency: 'CNY',
  terms: { kind: 'per_tonne_km', perThousandTonneKm: 17_000n, terminal: 1_650n, minimum: 4_000n },
  loading: 250n,
  unloading: 300n,
  lossPermille: 8,
  distanceKm: 653,
  hours: 30,
};

describe('a tariff', () => {
  it('by the tonne-kilometre is terminal and way, rounded half up once, and never under the minimum', () => {
    // 16.50 + 653 × 0.17 = 127.51.
    expect(haulagePerTonne(rail, 5_000_000n)).toBe(12_751n);
    expect(haulagePerTonne({ ...rail, distanceKm: 10 }, 5_000_000n)).toBe(4_000n);
    const half = { ...rail, distanceKm: 1, terms: { ...rail.terms, perThousandTonneKm: 500n, minimum: 0n } };
    expect(haulagePerTonne(half as Lane, 1n)).toBe(1_651n);
  });

  it('by weight takes the whole consignment at the step it reaches, and nothing lighter than the first', () => {
    const lane: Lane = {
      ...rail,
      terms: {
        kind: 'weight_steps',
        steps: [
          { fromKg: 1_000_000n, perTonne: 9_000n },
          { fromKg: 3_000_000n, perTonne: 7_500n },
        ],
      },
    };
    expect(haulagePerTonne(lane, 999_999n)).toBeUndefined();
    expect(haulagePerTonne(lane, 1_000_000n)).toBe(9_000n);
    expect(haulagePerTonne(lane, 2_999_999n)).toBe(9_000n);
    expect(haulagePerTonne(lane, 3_000_000n)).toBe(7_500n);
  });

  it('is turned into another currency charge by charge, and has no price in one without a rate', () => {
    const charges = chargesOf(rail, 1n, { CNY: rational(10, 72) });
    // 12,751 / 7.2 = 1,770.97; 250 / 7.2 = 34.7; 300 / 7.2 = 41.7.
    expect(charges).toEqual({ haulage: 1_771n, loading: 35n, unloading: 42n });
    expect(chargesOf(rail, 1n, { USD: rational(1) })).toBeUndefined();
  });

  it('is paid with handling unless coal runs through: one mode in one hand', () => {
    expect(runsThrough(rail, { ...rail, id: 'lane-2' })).toBe(true);
    expect(runsThrough(rail, { ...rail, mode: 'sea' })).toBe(false);
    expect(runsThrough(rail, { ...rail, carrierId: 'somebody' })).toBe(false);
  });
});
