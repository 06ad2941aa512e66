/** Quality that a visitor wants to see of each lot, written as in `ranges` without the numbers: `ash:d,net:ar:kcal/kg`. */
import { type EnergyUnit, convertEnergy, rational, roundHalfEven } from '@seam/coal';
import type { ProblemCode } from '@seam/protocol';
import { formatScaled } from '@seam/units';
import { MISSING, type ParameterKind } from './quality-columns.ts';
import { readColumn } from './ranges.ts';

export type Shown = { readonly column: number; readonly kind: ParameterKind; readonly unit: EnergyUnit };

const SHOWN_MAX = 12;

/** What is wrong is written into `fields` as `show.PARAMETER`, what would be right into `accepted`. */
export function readShown(
  text: string | undefined,
  fields: Record<string, ProblemCode>,
  accepted: Record<string, string>,
): Shown[] {
  if (text === undefined || text === '') return [];
  const parts = text.split(',');
  if (parts.length > SHOWN_MAX) {
    fields['show'] = 'search.parameter_unknown';
    accepted['show'] = `${SHOWN_MAX}`;
    return [];
  }
  return parts.flatMap((part) => {
    const [parameter = '', basis = '', ...unit] = part.split(':');
    const read = readColumn(parameter, basis, unit.join(':'));
    if ('column' in read) return [{ column: read.column, kind: read.kind, unit: read.energy }];
    const name = read.parameter ? `show.${read.parameter}` : 'show';
    fields[name] = read.problem;
    if (read.accepted) accepted[name] = read.accepted;
    return [];
  });
}

/** Percent and MJ/kg with two digits, all else whole. @returns undefined for what is not known. */
export function shownText({ kind, unit }: Shown, value: number): string | undefined {
  if (value === MISSING) return undefined;
  if (kind === 'share') return formatScaled(BigInt(value), 2);
  return kind === 'heat' && unit !== 'J/g' ? heatText(unit, value) : String(value);
}

/** Fractions are dear, and there are only so many J/g. */
const heats = new Map<string, string>();
const HEATS_MAX = 100_000;

function heatText(unit: EnergyUnit, joulesPerGram: number): string {
  const key = `${unit} ${joulesPerGram}`;
  const known = heats.get(key);
  if (known !== undefined) return known;
  if (heats.size >= HEATS_MAX) heats.clear();
  const value = convertEnergy(rational(BigInt(joulesPerGram)), 'J/g', unit);
  const text =
    unit === 'MJ/kg'
      ? formatScaled(roundHalfEven(rational(value.numerator * 100n, value.denominator)), 2)
      : String(roundHalfEven(value));
  heats.set(key, text);
  return text;
}
