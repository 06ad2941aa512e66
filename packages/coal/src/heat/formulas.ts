/**
 * The formulas between gross and net calorific value that laboratories use, each by its name, with its inputs
 * checked. heat.ts is the rule of the exchange; these reproduce what a certificate says by its own method.
 * All heats are J/g, all shares percent.
 */
import { type Range, firstOutside } from '../exact/decimals.ts';
import {
  type Rational,
  HUNDRED,
  ONE,
  add,
  compare,
  decimal,
  divide,
  multiply,
  rational,
  subtract,
  ZERO,
} from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import { type EnergyUnit, convertEnergy } from './energy.ts';

/** The calorie in which the short formulas were written down: the certificate has to say which. */
export type Calorie = Extract<EnergyUnit, 'kcal/kg' | 'kcal20/kg'>;

/**
 * `gb_t_213`: net,ar = (gross,ad − 206·H,ad)·(100 − Mt)/(100 − Mad) − 23·Mt.
 * `inspection_short`, `world_coal_institute`: as received, in kcal/kg: gross − 50.7·H − 5.83·M, and
 * gross − 50.6·H − 5.85·M − 0.191·O. `world_coal_institute_mj`: the latter in MJ/kg, 0.212·H, 0.0245·M, 0.0008·O.
 * `iso_1928`: constant pressure, [gross,d − 212·H,d − 0.8·(O,d + N,d)]·(1 − Mt/100) − 24.43·Mt.
 */
export type GrossHeat =
  | {
      readonly method: 'gb_t_213';
      readonly grossAirDried: Rational;
      readonly hydrogenAirDried: Rational;
      readonly inherentMoisture: Rational;
      readonly totalMoisture: Rational;
    }
  | {
      readonly method: 'inspection_short';
      readonly calorie: Calorie;
      readonly gross: Rational;
      readonly hydrogen: Rational;
      readonly totalMoisture: Rational;
    }
  | {
      readonly method: 'world_coal_institute';
      readonly calorie: Calorie;
      readonly gross: Rational;
      readonly hydrogen: Rational;
      readonly totalMoisture: Rational;
      readonly oxygen: Rational;
    }
  | {
      readonly method: 'world_coal_institute_mj';
      readonly gross: Rational;
      readonly hydrogen: Rational;
      readonly totalMoisture: Rational;
      readonly oxygen: Rational;
    }
  | {
      readonly method: 'iso_1928';
      readonly grossDry: Rational;
      readonly hydrogenDry: Rational;
      readonly oxygenDry: Rational;
      readonly nitrogenDry: Rational;
      readonly totalMoisture: Rational;
    };
export type HeatMethod = GrossHeat['method'];
export type HeatCode =
  | 'out_of_range'
  | 'net_not_positive'
  /** Air drying cannot add water; 0.3 % are allowed to the laboratory. */
  | 'total_moisture_below_inherent';
export type NetHeat = { readonly ok: true; readonly joulesPerGram: Rational } | Refusal<HeatCode>;

const RANGES: Readonly<Record<string, Range>> = {
  gross: ['500', '40000'],
  net: ['0', '40000'],
  hydrogen: ['0', '20'],
  moisture: ['0', '60'],
  inherent: ['0', '30'],
  oxygen: ['0', '50'],
  nitrogen: ['0', '5'],
};

/** Net heat as received, J/g. */
export function netByFormula(of: GrossHeat): NetHeat {
  const refusal = inputsOutside(of);
  if (refusal) return refusal;
  const [gross, factor] = grossPart(of);
  const net = subtract(multiply(gross, factor), lossOf(of));
  return compare(net, ZERO) > 0
    ? { ok: true, joulesPerGram: net }
    : refuse('net_not_positive', { at: 'gross' });
}

/**
 * The other way: the gross heat, on the basis that the formula starts from, which gives `net` as received.
 * The gross heat inside `of` is not used.
 */
export function grossByFormula(of: GrossHeat, net: Rational): NetHeat {
  const refusal = inputsOutside(of) ?? firstOutside([['net', net, RANGES['net'] ?? ['0', '0']]]);
  if (refusal) return refusal;
  const [, factor] = grossPart(of);
  return { ok: true, joulesPerGram: divide(add(net, lossOf(of)), factor) };
}

/** The gross heat of the formula and the factor that brings it to as received. */
function grossPart(of: GrossHeat): readonly [gross: Rational, factor: Rational] {
  if (of.method === 'gb_t_213') return [of.grossAirDried, airDriedFactor(of)];
  if (of.method === 'iso_1928') return [of.grossDry, dryFactor(of.totalMoisture)];
  return [of.gross, ONE];
}

/** What lies between that product and net, J/g. */
function lossOf(of: GrossHeat): Rational {
  switch (of.method) {
    case 'gb_t_213':
      return add(
        multiply(rational(206), of.hydrogenAirDried, airDriedFactor(of)),
        multiply(rational(23), of.totalMoisture),
      );
    case 'inspection_short':
      return inJoules(
        of.calorie,
        terms([
          ['50.7', of.hydrogen],
          ['5.83', of.totalMoisture],
        ]),
      );
    case 'world_coal_institute':
      return inJoules(
        of.calorie,
        terms([
          ['50.6', of.hydrogen],
          ['5.85', of.totalMoisture],
          ['0.191', of.oxygen],
        ]),
      );
    case 'world_coal_institute_mj':
      return terms([
        ['212', of.hydrogen],
        ['24.5', of.totalMoisture],
        ['0.8', of.oxygen],
      ]);
    case 'iso_1928':
      return add(
        multiply(
          terms([
            ['212', of.hydrogenDry],
            ['0.8', add(of.oxygenDry, of.nitrogenDry)],
          ]),
          dryFactor(of.totalMoisture),
        ),
        multiply(decimal('24.43'), of.totalMoisture),
      );
  }
}

function terms(list: readonly (readonly [factor: string, value: Rational])[]): Rational {
  return add(...list.map(([factor, value]) => multiply(decimal(factor), value)));
}

function inJoules(calorie: Calorie, kcal: Rational): Rational {
  return convertEnergy(kcal, calorie, 'J/g');
}

function airDriedFactor(of: {
  readonly totalMoisture: Rational;
  readonly inherentMoisture: Rational;
}): Rational {
  return divide(subtract(HUNDRED, of.totalMoisture), subtract(HUNDRED, of.inherentMoisture));
}

function dryFactor(moisture: Rational): Rational {
  return divide(subtract(HUNDRED, moisture), HUNDRED);
}

function inputsOutside(of: GrossHeat): Refusal<HeatCode> | undefined {
  const kinds: readonly (readonly [prefix: string, range: string])[] = [
    ['gross', 'gross'],
    ['hydrogen', 'hydrogen'],
    ['inherent', 'inherent'],
    ['total', 'moisture'],
    ['oxygen', 'oxygen'],
    ['nitrogen', 'nitrogen'],
  ];
  const outside = firstOutside(
    Object.entries(of).flatMap(([name, value]) => {
      const kind = kinds.find(([prefix]) => name.startsWith(prefix));
      return kind && typeof value === 'object' ? [[name, value, RANGES[kind[1]] ?? ['0', '0']] as const] : [];
    }),
  );
  if (outside || of.method !== 'gb_t_213') return outside;
  const least = subtract(of.inherentMoisture, decimal('0.3'));
  return compare(of.totalMoisture, least) < 0
    ? refuse('total_moisture_below_inherent', { at: 'totalMoisture' })
    : undefined;
}
