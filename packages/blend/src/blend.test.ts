import {
  type Limit,
  blend as mix,
  compare,
  divide,
  dryShareOf,
  multiply,
  rational,
  HUNDRED,
  toDecimal,
} from '@seam/coal';
import { kilograms } from '@seam/units';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBlend } from './blend.ts';
import { lpText } from './lp.ts';
import type { Blend, BlendLot, BlendProblem } from './problem.ts';
import { eligible } from './rows.ts';
import { type Solver, openSolver } from './solver.ts';
import { assayOf, randomLots } from './testing.ts';

let solve: Solver;
beforeAll(async () => {
  solve = await openSolver();
});

const tonnes = (count: number) => kilograms(BigInt(count) * 1000n);
const lot = (
  id: string,
  price: number,
  of: Partial<Parameters<typeof assayOf>[0]>,
  most = 50_000,
): BlendLot => ({
  id,
  assay: assayOf({ moisture: 1000, ash: 1500, sulphur: 80, volatile: 2800, net: 23_000, ...of }),
  available: tonnes(most),
  costPerTonne: rational(price),
});
const plant: Limit[] = [
  { parameter: 'calorificValue', kind: 'net', basis: 'ar', minimum: 22_500 },
  { parameter: 'ash', basis: 'd', maximum: 2200 },
  { parameter: 'sulphur', basis: 'd', maximum: 100 },
  { parameter: 'totalMoisture', maximum: 1400 },
  { parameter: 'volatileMatter', basis: 'daf', minimum: 3000, maximum: 4200 },
];

function good(problem: BlendProblem): Blend {
  const found = findBlend(problem, solve);
  if (!found.ok) throw new Error(found.code);
  return found;
}

describe('two coals', () => {
  const high = lot('high', 80_000, { sulphur: 150 });
  const low = lot('low', 100_000, { sulphur: 50 });
  const sulphur = { parameter: 'sulphur', basis: 'ar', maximum: 100 } as const;

  it('are mixed half and half where the limit lies half way', () => {
    const found = good({ lots: [high, low], limits: [sulphur], quantity: tonnes(10_000) });
    expect(found.parts.map(({ id, quantity }) => [id, quantity])).toEqual([
      ['high', 5_000_000n],
      ['low', 5_000_000n],
    ]);
    expect(toDecimal(found.costPerTonne, 2)).toBe('90000.00');
    expect(found.values).toEqual([{ limit: sulphur, value: rational(100) }]);
    expect(found.bestSingle).toEqual({ id: 'low', costPerTonne: rational(100_000) });
  });

  it('say what a tenth more sulphur would save, and that it is so', () => {
    const of = (maximum: number) =>
      good({ lots: [high, low], limits: [{ ...sulphur, maximum }], quantity: tonnes(10_000) });
    const [price] = of(100).prices;
    expect(price).toMatchObject({ limit: sulphur, end: 'maximum', step: 10 });
    expect(toDecimal(price!.savingPerTonne, 2)).toBe('2000.00');
    expect(price!.marginalPerTonne).toBeCloseTo(2000, 6);
    expect(toDecimal(of(110).costPerTonne, 2)).toBe('88000.00');
  });

  it('are not mixed by air dried values: each must keep such a limit by itself', () => {
    const found = good({
      lots: [high, low],
      limits: [{ parameter: 'sulphur', basis: 'ad', maximum: 120 }],
      quantity: tonnes(10_000),
    });
    expect(found.parts.map(({ id }) => id)).toEqual(['low']);
    expect(found.leftOut).toEqual([{ id: 'high', reason: 'does_not_blend', parameter: 'sulphur' }]);
  });

  it('taken whole or not at all: the smallest takes are kept', () => {
    const least = { ...low, minimumTake: tonnes(7_000) };
    const found = good({ lots: [high, least], limits: [sulphur], quantity: tonnes(10_000) });
    expect(found.parts.map(({ id, quantity }) => [id, quantity])).toEqual([
      ['low', 7_000_000n],
      ['high', 3_000_000n],
    ]);
  });

  it('only one allowed: the one that does alone', () => {
    const found = good({ lots: [high, low], limits: [sulphur], quantity: tonnes(10_000), maximumLots: 1 });
    expect(found.parts.map(({ id }) => id)).toEqual(['low']);
  });
});

describe('no blend', () => {
  const lots = [lot('a', 80_000, { ash: 1800 }, 8_000), lot('b', 90_000, { ash: 1600 }, 8_000)];

  it('of too little coal: says how much there is, and who was left out', () => {
    const { hardgroveIndex: _, ...rest } = { ...lots[0]!.assay, hardgroveIndex: 40 };
    const hard = { ...lots[0]!, id: 'hard', assay: { ...rest, hardgroveIndex: 40 } };
    const limits: Limit[] = [{ parameter: 'hardgroveIndex', minimum: 45 }];
    expect(findBlend({ lots: [hard, ...lots], limits, quantity: tonnes(20_000) }, solve)).toEqual({
      ok: false,
      code: 'quantity_short',
      available: 0n,
      leftOut: [
        { id: 'hard', reason: 'does_not_blend', parameter: 'hardgroveIndex' },
        { id: 'a', reason: 'not_stated', parameter: 'hardgroveIndex' },
        { id: 'b', reason: 'not_stated', parameter: 'hardgroveIndex' },
      ],
    });
  });

  it('within the limits: says how near each could come, the others kept', () => {
    const ash: Limit = { parameter: 'ash', basis: 'd', maximum: 1500 };
    const found = findBlend({ lots, limits: [ash], quantity: tonnes(12_000) }, solve);
    // 8,000 t of 16.00 % and 4,000 t of 18.00 %, a tenth of each water.
    const value = divide(rational(8 * 1600 + 4 * 1800, 12), rational(9, 10));
    expect(found).toEqual({
      ok: false,
      code: 'limits_out_of_reach',
      nearest: [{ limit: ash, end: 'maximum', value }],
      leftOut: [],
    });
  });

  it('under limits that exclude each other', () => {
    const limit: Limit = { parameter: 'ash', minimum: 20, maximum: 10 };
    expect(findBlend({ lots, limits: [limit], quantity: tonnes(1) }, solve)).toEqual({
      ok: false,
      code: 'limit_contradictory',
      limit,
    });
  });
});

describe('any blend', () => {
  it('keeps every limit to the last fraction, adds up, takes no more than there is, and is no dearer than the best lot alone', () => {
    let blended = 0;
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 90_000 }),
        (seed, count, size) => {
          const lots = randomLots(count, seed);
          const problem = {
            lots,
            limits: plant,
            quantity: kilograms(BigInt(size) * 1000n + BigInt(seed % 1000)),
          };
          const found = findBlend(problem, solve);
          if (!found.ok) return;
          blended += Number(found.parts.length > 1);
          const parts = found.parts.map(({ id, quantity }) => ({
            mass: quantity,
            assay: lots.find((one) => one.id === id)!.assay,
          }));
          // Judged by the package that knows blends, not by the rows that were solved.
          const coal = mix(parts);
          if (!coal.ok) throw new Error(coal.code);
          expect(coal.mass).toBe(problem.quantity);
          for (const { id, quantity } of found.parts) {
            expect(quantity <= lots.find((one) => one.id === id)!.available).toBe(true);
          }
          expect(compare(coal.net!, rational(22_500))).toBeGreaterThanOrEqual(0);
          expect(compare(dryShareOf(coal, 'ash')!, rational(22))).toBeLessThanOrEqual(0);
          expect(compare(dryShareOf(coal, 'sulphur')!, rational(1))).toBeLessThanOrEqual(0);
          expect(compare(coal.totalMoisture, rational(14))).toBeLessThanOrEqual(0);
          for (const { limit, value } of found.values.filter(
            (one) => one.limit.parameter === 'totalMoisture',
          )) {
            expect([limit.parameter, value]).toEqual([
              'totalMoisture',
              multiply(coal.totalMoisture, HUNDRED),
            ]);
          }
          if (found.bestSingle)
            expect(compare(found.costPerTonne, found.bestSingle.costPerTonne)).toBeLessThanOrEqual(0);
        },
      ),
      { numRuns: 60, seed: 20_261_123 },
    );
    expect(blended).toBeGreaterThan(10);
  });

  const glpsol = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].some((folder) =>
    fs.existsSync(path.join(folder, 'glpsol')),
  );
  it.skipIf(!glpsol)(
    'is the optimum that another solver finds for the same programme (NEEDS glpsol ON THIS MACHINE)',
    () => {
      const lots = randomLots(300, 7);
      const quantity = tonnes(120_000);
      const found = good({ lots, limits: plant, quantity });
      const some = eligible(lots, plant);
      const programme = { lots: some.lots, rows: some.rows, quantity: 120_000 };
      const text = lpText(programme);
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-blend-'));
      fs.writeFileSync(path.join(folder, 'blend.lp'), text);
      execFileSync('glpsol', [
        '--exact',
        '--lp',
        path.join(folder, 'blend.lp'),
        '-o',
        path.join(folder, 'out'),
      ]);
      const objective = /Objective: +cost = ([\d.e+]+)/.exec(
        fs.readFileSync(path.join(folder, 'out'), 'utf8'),
      )?.[1];
      fs.rmSync(folder, { recursive: true });
      const answer = solve(programme);
      if (answer.status !== 'optimal') throw new Error(answer.status);
      const optimum = Number(objective);
      expect(Math.abs(answer.objective - optimum) / optimum).toBeLessThan(2e-9);
      // Whole kilograms cost a hair more than the solver's fractions.
      expect(Math.abs(Number(toDecimal(found.costPerTonne, 9)) * 120_000 - optimum) / optimum).toBeLessThan(
        1e-6,
      );
    },
  );

  it('of a few among many lots costs what all lots together would give', () => {
    const lots = randomLots(160, 5);
    const found = good({ lots, limits: plant, quantity: tonnes(60_000), maximumLots: 3 });
    expect(found.parts.length).toBeLessThanOrEqual(3);
    const all = eligible(lots, plant);
    const answer = solve({ lots: all.lots, rows: all.rows, quantity: 60_000, maximumLots: 3 });
    if (answer.status !== 'optimal') throw new Error(answer.status);
    const perTonne = Number(toDecimal(found.costPerTonne, 6));
    // The solver proves its answer to a ten-thousandth.
    expect(Math.abs(perTonne * 60_000 - answer.objective) / answer.objective).toBeLessThan(2e-4);
  });
});
