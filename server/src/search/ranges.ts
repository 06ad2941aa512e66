/** Ranges of quality as they are written in an address: `ash:d:~12.5,net:ar:5500~:kcal/kg,hardgrove::45~`. */
import {
  BASES,
  type Basis,
  ENERGY_UNITS,
  type EnergyUnit,
  convertEnergy,
  parseRational,
  roundHalfEven,
} from '@seam/coal';
import type { ProblemCode } from '@seam/protocol';
import { formatScaled, parseScaled } from '@seam/units';
import {
  MISSING,
  PARAMETERS,
  type ParameterKind,
  type ParameterName,
  qualityColumn,
} from './quality-columns.ts';

/** Whole numbers in the unit of the column, both ends allowed. */
export type Range = { readonly column: number; readonly low: number; readonly high: number };

/** Beyond these no coal lies; the ranges in which statements are accepted (packages/coal, validate.ts). */
const POSSIBLE: Readonly<Record<ParameterName, readonly [number, number]>> = {
  totalMoisture: [50, 6_000],
  inherentMoisture: [20, 3_000],
  ash: [0, 10_000],
  volatileMatter: [0, 10_000],
  sulphur: [0, 10_000],
  fixedCarbon: [0, 10_000],
  hydrogen: [0, 2_500],
  gross: [0, 40_000],
  net: [0, 40_000],
  hardgrove: [20, 130],
  ashDeformation: [900, 1_600],
  ashSoftening: [900, 1_600],
  sizeMin: [0, 300],
  sizeMax: [0, 300],
};
/** More conditions than there are columns are a mistake or an attack. */
const RANGES_MAX = 20;

/** What is wrong is written into `fields` as `ranges.PARAMETER`, what would be right into `accepted`. */
export function readRanges(
  text: string | undefined,
  fields: Record<string, ProblemCode>,
  accepted: Record<string, string>,
): Range[] {
  if (text === undefined) return [];
  const parts = text.split(',');
  if (parts.length > RANGES_MAX) {
    fields['ranges'] = 'search.range_malformed';
    return [];
  }
  return parts.flatMap((part) => {
    const read = readRange(part);
    if ('column' in read) return [read];
    const name = read.parameter ? `ranges.${read.parameter}` : 'ranges';
    fields[name] = read.problem;
    if (read.accepted) accepted[name] = read.accepted;
    return [];
  });
}

export type Wrong = {
  readonly problem: ProblemCode;
  readonly parameter?: string;
  readonly accepted?: string;
};

function readRange(text: string): Range | Wrong {
  const [, parameter = '', basis = '', low = '', high = '', unit = ''] =
    /^(\w*):(\w*):([\d.]*)~([\d.]*)(?::(.*))?$/.exec(text) ?? [];
  if (!text.includes(':') || (low === '' && high === '')) return { problem: 'search.range_malformed' };
  const read = readColumn(parameter, basis, unit);
  if ('problem' in read) return read;
  const { kind, energy } = read;
  const from = low === '' ? undefined : wholeOf(low, kind, energy);
  const to = high === '' ? undefined : wholeOf(high, kind, energy);
  if (from === null || to === null) return { problem: 'search.range_malformed', parameter };
  const [least, most] = POSSIBLE[read.parameter];
  const isImpossible = (from ?? least) > (to ?? most) || (from ?? least) > most || (to ?? most) < least;
  if (isImpossible) return { problem: 'search.range_impossible', parameter, accepted: shown(read.parameter) };
  return { column: read.column, low: from ?? MISSING + 1, high: to ?? 0x7fff_ffff };
}

type Column = {
  readonly parameter: ParameterName;
  readonly column: number;
  readonly kind: ParameterKind;
  readonly energy: EnergyUnit;
};

/** A parameter on its basis; `unit` is only for a calorific value, J/g when left out. */
export function readColumn(parameter: string, basis: string, unit: string): Column | Wrong {
  if (!isParameter(parameter)) {
    return { problem: 'search.parameter_unknown', accepted: Object.keys(PARAMETERS).join(', ') };
  }
  const { bases, kind } = PARAMETERS[parameter];
  const column = qualityColumn(parameter, basis === '' ? undefined : basisOf(basis));
  const isBasis = basis === '' ? bases.length === 0 : basisOf(basis) !== undefined && bases.length > 0;
  if (column === undefined || !isBasis)
    return { problem: 'search.basis_not_allowed', parameter, accepted: bases.join(', ') };
  const energy = ENERGY_UNITS.find((name) => name === (unit === '' ? 'J/g' : unit));
  if (!energy || (unit !== '' && kind !== 'heat'))
    return {
      problem: 'search.unit_not_allowed',
      parameter,
      ...(kind === 'heat' && { accepted: ENERGY_UNITS.join(', ') }),
    };
  return { parameter, column, kind, energy };
}

/**
 * In the unit of the column. A calorific value is rounded as a statement of it is, so that 5,500 kcal/kg as
 * a limit lets 5,500 kcal/kg as a statement through.
 * @returns null when it is no number, or has more digits than the column keeps.
 */
function wholeOf(text: string, kind: ParameterKind, unit: EnergyUnit): number | null {
  // Most limits are short whole numbers of the column's own unit: read without big integers.
  if (kind !== 'share' && unit === 'J/g' && /^\d{1,6}$/.test(text)) return Number(text);
  if (kind === 'heat') {
    const value = parseRational(text);
    return value ? Number(roundHalfEven(convertEnergy(value, unit, 'J/g'))) : null;
  }
  const value = parseScaled(text, kind === 'share' ? 2 : 0);
  return value === undefined || value > 1_000_000n ? null : Number(value);
}

function shown(parameter: ParameterName): string {
  const [least, most] = POSSIBLE[parameter];
  if (PARAMETERS[parameter].kind !== 'share') return `${least} – ${most}`;
  return `${formatScaled(BigInt(least), 2)} – ${formatScaled(BigInt(most), 2)} %`;
}

function isParameter(text: string): text is ParameterName {
  return Object.hasOwn(PARAMETERS, text);
}

function basisOf(text: string): Basis | undefined {
  return BASES.find((basis) => basis === text);
}
