/** Units of calorific value. Every factor is exact by definition, so unit changes lose nothing. */
import { type Rational, decimal, divide, multiply, rational, roundHalfEven } from '../exact/rational.ts';

/**
 * `kcal/kg` is the International Table calorie (4.1868 J); `kcal20/kg` is the 20 °C calorie of Chinese
 * practice (4.1816 J). They differ by 0.124 %, about 7 kcal/kg in 5500: a contract has to say which.
 * `MMBtu/st` is million Btu per short ton, 500 Btu/lb.
 */
export const ENERGY_UNITS = ['J/g', 'MJ/kg', 'kcal/kg', 'kcal20/kg', 'Btu/lb', 'MMBtu/st'] as const;
export type EnergyUnit = (typeof ENERGY_UNITS)[number];

export function isEnergyUnit(unit: string): unit is EnergyUnit {
  return (ENERGY_UNITS as readonly string[]).includes(unit);
}

const JOULES_PER_GRAM: Readonly<Record<EnergyUnit, Rational>> = {
  'J/g': rational(1),
  'MJ/kg': rational(1000),
  'kcal/kg': decimal('4.1868'),
  'kcal20/kg': decimal('4.1816'),
  'Btu/lb': decimal('2.326'),
  'MMBtu/st': rational(1163),
};

/** `value` in `from`, expressed in `to`. */
export function convertEnergy(value: Rational, from: EnergyUnit, to: EnergyUnit): Rational {
  return divide(multiply(value, JOULES_PER_GRAM[from]), JOULES_PER_GRAM[to]);
}

/** Whole joules per gram, rounded half to even: the form in which an assay holds a calorific value. */
export function toJoulesPerGram(value: Rational, unit: EnergyUnit): number {
  return Number(roundHalfEven(convertEnergy(value, unit, 'J/g')));
}
