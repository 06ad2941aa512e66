import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kilograms } from '@seam/units';
import {
  type Assay,
  type Blend,
  type BlendPart,
  SHARE_PARAMETERS,
  blend,
  compare,
  dryShareOf,
  heatOn,
  multiply,
  rational,
  roundHalfEven,
  shareOn,
  toDecimal,
  weightedMean,
} from '../index.ts';

const coal = (rest: Partial<Assay> = {}): Assay => ({
  totalMoisture: { basisPoints: 1000, basis: 'ar' },
  inherentMoisture: { basisPoints: 400, basis: 'ad' },
  ash: { basisPoints: 1200, basis: 'ad' },
  volatileMatter: { basisPoints: 3000, basis: 'ad' },
  sulphur: { basisPoints: 80, basis: 'ad' },
  hydrogen: { basisPoints: 400, basis: 'ad' },
  calorificValue: { joulesPerGram: 26_000, kind: 'gross', basis: 'ad' },
  hardgroveIndex: 50,
  ashFusion: { softeningCelsius: 1250, atmosphere: 'reducing' },
  size: { minMm: 0, maxMm: 50 },
  ...rest,
});
const part = (tonnes: number, rest: Partial<Assay> = {}): BlendPart => ({
  mass: kilograms(BigInt(tonnes) * 1_000n),
  assay: coal(rest),
});
const mixed = (...parts: BlendPart[]): Blend => {
  const result = blend(parts);
  if (!result.ok) throw new Error(result.code);
  return result;
};

describe('a blend', () => {
  it('brings every part to as received with its own moisture before it averages', () => {
    const wet = part(10_000, {
      totalMoisture: { basisPoints: 2800, basis: 'ar' },
      ash: { basisPoints: 2000, basis: 'd' },
    });
    const dry = part(30_000, { ash: { basisPoints: 1000, basis: 'ar' } });
    const result = mixed(wet, dry);
    // (10 × 20 × 0.72 + 30 × 10)/40, and (10 × 28 + 30 × 10)/40
    expect(toDecimal(result.shares.ash ?? rational(0), 4)).toBe('11.1000');
    expect(toDecimal(result.totalMoisture, 4)).toBe('14.5000');
    expect(toDecimal(dryShareOf(result, 'ash') ?? rational(0), 4)).toBe('12.9825');
    expect(result.mass).toBe(40_000_000n);
  });

  it('adds heat up as heat: net is the sum of the net of its parts', () => {
    const net = { calorificValue: { joulesPerGram: 20_000, kind: 'net', basis: 'ar' } as const };
    const gross = { calorificValue: { joulesPerGram: 26_000, kind: 'gross', basis: 'ad' } as const };
    const result = mixed(part(1_000, net), part(3_000, gross));
    const second = heatOn(coal(gross), 'net', 'ar')?.joulesPerGram ?? rational(0);
    expect(
      compare(multiply(result.net ?? rational(0), rational(4)), {
        numerator: 20_000n * second.denominator + 3n * second.numerator,
        denominator: second.denominator,
      }),
    ).toBe(0);
    expect(result.hydrogen).toBe('measured');
    const { hydrogen: _, ...unmeasured } = coal();
    expect(mixed(part(1_000), { ...part(1_000), assay: unmeasured }).hydrogen).toBe('from_volatile_matter');
  });

  it('names what does not add up and what only some parts state', () => {
    const soft = part(1_000, {
      hardgroveIndex: 70,
      ashFusion: { softeningCelsius: 1400, atmosphere: 'reducing' },
      size: { minMm: 5, maxMm: 80 },
    });
    const result = mixed(part(1_000), soft);
    expect(result.notAdditive).toEqual([
      { parameter: 'hardgroveIndex', least: 50, most: 70 },
      { parameter: 'ashSoftening', least: 1250, most: 1400 },
    ]);
    expect(result.size).toEqual({ minMm: 0, maxMm: 80 });
    const { volatileMatter: _, hydrogen: __, hardgroveIndex: ___, size: ____, ...poor } = coal();
    expect(mixed(part(1_000), { ...part(1_000), assay: poor })).toMatchObject({
      unknown: ['volatileMatter', 'hydrogen', 'hardgroveIndex', 'size', 'inherentMoisture'],
      notAdditive: [{ parameter: 'ashSoftening' }],
    });
  });

  it('refuses what cannot be brought to one basis, naming the part', () => {
    const { inherentMoisture: _, ...receipt } = coal();
    expect(blend([part(1_000), { ...part(1_000), assay: receipt }])).toMatchObject({
      code: 'not_convertible',
      at: 'ash',
      part: 1,
    });
    const received = {
      ...receipt,
      ash: { basisPoints: 1200, basis: 'ar' as const },
      volatileMatter: { basisPoints: 2800, basis: 'ar' as const },
      sulphur: { basisPoints: 60, basis: 'ar' as const },
      hydrogen: { basisPoints: 400, basis: 'ar' as const },
    };
    expect(blend([part(1_000), { ...part(1_000), assay: received }])).toMatchObject({
      code: 'not_convertible',
      at: 'calorificValue',
      part: 1,
    });
    expect(blend([])).toMatchObject({ code: 'no_parts' });
    expect(blend([part(1_000), part(0)])).toMatchObject({ code: 'mass_not_positive', part: 1 });
    expect(weightedMean([])).toBeUndefined();
  });

  const share = (min: number, max: number) => fc.integer({ min, max });
  const anyPart = fc
    .record({
      tonnes: share(1, 100_000),
      moisture: share(300, 4_000),
      ash: share(200, 4_000),
      volatile: share(500, 4_000),
      sulphur: share(0, 500),
      basis: fc.constantFrom('ar' as const, 'ad' as const, 'd' as const),
      heat: share(15_000, 35_000),
      kind: fc.constantFrom('gross' as const, 'net' as const),
    })
    .map(({ tonnes, moisture, ash, volatile, sulphur, basis, heat, kind }) =>
      part(tonnes, {
        totalMoisture: { basisPoints: moisture, basis: 'ar' },
        ash: { basisPoints: ash, basis },
        volatileMatter: { basisPoints: volatile, basis },
        sulphur: { basisPoints: sulphur, basis },
        calorificValue: { joulesPerGram: heat, kind, basis: 'ar' },
      }),
    );

  it('never leaves the hull of its parts, in any value that adds up', () => {
    fc.assert(
      fc.property(fc.array(anyPart, { minLength: 1, maxLength: 6 }), (parts) => {
        const result = mixed(...parts);
        const values = [
          ...SHARE_PARAMETERS.map(
            (parameter) =>
              [result.shares[parameter], parts.map(({ assay }) => shareOn(assay, parameter, 'ar'))] as const,
          ),
          [result.gross, parts.map(({ assay }) => heatOn(assay, 'gross', 'ar')?.joulesPerGram)] as const,
          [result.net, parts.map(({ assay }) => heatOn(assay, 'net', 'ar')?.joulesPerGram)] as const,
        ];
        for (const [value, all] of values) {
          const known = all.flatMap((one) => one ?? []);
          if (!value || known.length < parts.length) continue;
          expect(known.some((one) => compare(one, value) <= 0)).toBe(true);
          expect(known.some((one) => compare(one, value) >= 0)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('of one coal is that coal, and mixing blends is mixing their parts', () => {
    fc.assert(
      fc.property(anyPart, fc.array(anyPart, { minLength: 1, maxLength: 4 }), (one, more) => {
        const alone = mixed(one, { ...one });
        expect(alone.shares.ash).toEqual(shareOn(one.assay, 'ash', 'ar'));
        const together = mixed(one, ...more);
        const rest = mixed(...more);
        const again = weightedMean([
          { mass: one.mass, value: heatOn(one.assay, 'net', 'ar')?.joulesPerGram ?? rational(0) },
          { mass: kilograms(rest.mass), value: rest.net ?? rational(0) },
        ]);
        expect(again).toEqual(together.net);
        expect(roundHalfEven(together.totalMoisture, 6) > 0n).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
