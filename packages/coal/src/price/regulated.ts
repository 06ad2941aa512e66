/**
 * Price bands that a jurisdiction sets, as data: where, since when, for which heat, and who says so. The band
 * of another heat is in proportion. Exact: compared unrounded, shown to the minor unit.
 */
import { type Minor, minor } from '@seam/units';
import {
  type Rational,
  compare,
  decimal,
  divide,
  multiply,
  rational,
  roundHalfUp,
} from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import { isDay } from '../formula/lexer.ts';
import { type EnergyUnit, convertEnergy } from '../heat/energy.ts';

/** Days are YYYY-MM-DD, both included. Prices are decimal texts, money per tonne at `reference`. */
export type RegulatedArea = {
  readonly id: string;
  readonly reference: string;
  readonly low: string;
  readonly high: string;
};
export type JurisdictionPack = {
  readonly id: string;
  readonly title: string;
  readonly currency: 'CNY';
  /** What the band is about: the heat is net as received, the price that of the place. */
  readonly unit: EnergyUnit;
  readonly validFrom: string;
  readonly validTo?: string;
  readonly edition: string;
  readonly source: string;
  readonly areas: readonly RegulatedArea[];
};

export const JURISDICTION_PACKS: readonly JurisdictionPack[] = [
  {
    id: 'cn-2022-303',
    title: 'Medium and long-term prices of thermal coal, ex mine or port',
    currency: 'CNY',
    unit: 'kcal20/kg',
    validFrom: '2022-05-01',
    edition: '发改价格〔2022〕303号',
    source: 'copies of the notice at dongmingdx.com 56327 and zdm5.com 189004',
    areas: [
      { id: 'qinhuangdao', reference: '5500', low: '570', high: '770' },
      { id: 'shanxi', reference: '5500', low: '370', high: '570' },
      { id: 'shaanxi', reference: '5500', low: '320', high: '520' },
      { id: 'inner_mongolia_west', reference: '5500', low: '260', high: '460' },
      { id: 'inner_mongolia_east', reference: '3500', low: '200', high: '300' },
    ],
  },
];

export type RegulatedCode = 'area_unknown' | 'not_in_force' | 'not_day' | 'heat_not_positive';
export type RegulatedBand = {
  readonly ok: true;
  /** Minor units per tonne, exact. */
  readonly low: Rational;
  readonly high: Rational;
  readonly shown: { readonly low: Minor; readonly high: Minor };
};

/** The band of a coal of this net heat as received, in `area` on `day`. */
export function regulatedBand(
  pack: JurisdictionPack,
  of: { readonly area: string; readonly day: string; readonly heat: Rational; readonly unit: EnergyUnit },
): RegulatedBand | Refusal<RegulatedCode> {
  const area = pack.areas.find(({ id }) => id === of.area);
  if (!area) return refuse('area_unknown', { at: of.area });
  if (!isDay(of.day)) return refuse('not_day', { at: of.day });
  const over = pack.validTo !== undefined && of.day > pack.validTo;
  if (of.day < pack.validFrom || over) {
    return refuse('not_in_force', {
      at: of.day,
      minimum: pack.validFrom,
      ...(pack.validTo && { maximum: pack.validTo }),
    });
  }
  if (of.heat.numerator <= 0n) return refuse('heat_not_positive', { at: 'heat' });
  const ratio = divide(convertEnergy(of.heat, of.unit, pack.unit), decimal(area.reference));
  const [low, high] = [area.low, area.high].map((money) =>
    multiply(decimal(money), ratio, rational(100)),
  ) as [Rational, Rational];
  return { ok: true, low, high, shown: { low: minor(roundHalfUp(low)), high: minor(roundHalfUp(high)) } };
}

/** Where a price, minor units per tonne, stands in a band. */
export function placeInBand(band: RegulatedBand, price: Minor): 'below' | 'within' | 'above' {
  if (compare(rational(price), band.low) < 0) return 'below';
  return compare(rational(price), band.high) > 0 ? 'above' : 'within';
}
