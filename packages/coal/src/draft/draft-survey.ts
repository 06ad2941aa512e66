/**
 * What a ship took or gave, read from the water at her side before and after: six drafts, their trim corrections,
 * the density of the water, and what is on board besides cargo. Exact to the one rounding to kilograms.
 *
 * Constants: hydrostatic tables are for sea water of 1.025 t/m³; the mean of means is (forward + 6 × midships + aft)
 * ÷ 8; the second trim correction takes the moment to change trim over 50 cm either side. All as is usual in the
 * trade (the UN/ECE code of draft surveys describes them).
 */
import { type Kilograms, kilograms } from '@seam/units';
import {
  type Rational,
  absolute,
  add,
  compare,
  divide,
  multiply,
  rational,
  roundHalfUp,
  subtract,
} from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';

/** One reading of the ship: millimetres and kilograms, whole. */
export type DraftReading = {
  /** Port and starboard of each. */
  readonly forward: readonly [number, number];
  readonly midships: readonly [number, number];
  readonly aft: readonly [number, number];
  /** Of the water, tenths of a kilogram in a cubic metre: 10250 is sea water. */
  readonly density: number;
  /** Two lines of the ship's table, the mean draft between them. */
  readonly below: { readonly draft: number; readonly displacement: number };
  readonly above: { readonly draft: number; readonly displacement: number };
  /** For one centimetre of draft. */
  readonly perCentimetre: number;
  /** Centre of flotation from midships; positive towards the stern. */
  readonly flotation: number;
  /** Moment to change trim one centimetre, 50 cm deeper less 50 cm shallower: kilogram metres. */
  readonly momentDifference: number;
  /** On board and no cargo. */
  readonly ballast: number;
  readonly freshWater: number;
  readonly fuel: number;
  readonly stores: number;
};

export type DraftSurveyInput = {
  /** Length between perpendiculars. */
  readonly length: number;
  readonly initial: DraftReading;
  readonly final: DraftReading;
};

export type DraftSurveyCode =
  'out_of_range' | 'sides_apart' | 'table_not_rising' | 'draft_outside_table' | 'no_cargo';

export type ReadDisplacement = {
  readonly meanDraft: Rational;
  /** Aft less forward. */
  readonly trim: Rational;
  readonly tabled: Rational;
  readonly firstCorrection: Rational;
  readonly secondCorrection: Rational;
  /** In the water she lies in. */
  readonly displaced: Rational;
  readonly deducted: Rational;
  readonly net: Rational;
};

export type DraftSurvey = {
  readonly ok: true;
  readonly initial: ReadDisplacement;
  readonly final: ReadDisplacement;
  readonly cargo: Kilograms;
};

const SEA_WATER = 10_250;
/** Half a kilometre of ship, thirty metres of draft: beyond that a figure stands in the wrong unit. */
const LENGTH = [10_000, 500_000] as const;
const DRAFT = [1, 30_000] as const;
const DENSITY = [9_900, 10_400] as const;
const TRIM_MAX = 10_000;
/** Between port and starboard: a list of more than that is no condition for a survey. */
const LIST_MAX = 1_000;
const TABLE_GAP_MAX = 1_000;
const WEIGHT_MAX = 1_000_000_000;

/**
 * @param of.operation what was done with the cargo between the two readings.
 * @returns every step of both readings, or the input at fault: `initial.density`.
 */
export function draftSurvey(
  of: DraftSurveyInput & { readonly operation: 'loading' | 'discharge' },
): DraftSurvey | Refusal<DraftSurveyCode> {
  if (!within(of.length, LENGTH)) return refuse('out_of_range', { at: 'length' });
  const initial = displacement(of.length, of.initial, 'initial');
  if (!initial.ok) return initial;
  const final = displacement(of.length, of.final, 'final');
  if (!final.ok) return final;
  const gained = subtract(final.read.net, initial.read.net);
  const moved = of.operation === 'loading' ? gained : subtract(initial.read.net, final.read.net);
  const cargo = roundHalfUp(moved);
  if (cargo <= 0n) return refuse('no_cargo', { at: 'final' });
  return { ok: true, initial: initial.read, final: final.read, cargo: kilograms(cargo) };
}

function displacement(
  length: number,
  from: DraftReading,
  name: string,
): { readonly ok: true; readonly read: ReadDisplacement } | Refusal<DraftSurveyCode> {
  const fault = faultOf(from, length);
  if (fault) return refuse(fault.code, { at: `${name}.${fault.at}` });
  const mean = ([port, starboard]: readonly [number, number]): Rational => rational(port + starboard, 2);
  const [forward, midships, aft] = [mean(from.forward), mean(from.midships), mean(from.aft)];
  const trim = subtract(aft, forward);
  if (compare(absolute(trim), rational(TRIM_MAX)) > 0) return refuse('out_of_range', { at: `${name}.aft` });
  const meanDraft = divide(add(forward, add(multiply(rational(6), midships), aft)), rational(8));
  const { below, above } = from;
  if (compare(meanDraft, rational(below.draft)) < 0 || compare(meanDraft, rational(above.draft)) > 0)
    return refuse('draft_outside_table', { at: `${name}.below.draft` });
  const share = divide(subtract(meanDraft, rational(below.draft)), rational(above.draft - below.draft));
  const tabled = add(
    rational(below.displacement),
    multiply(share, rational(above.displacement - below.displacement)),
  );
  // Trim in metres × flotation in metres × kilograms a centimetre × 100 ÷ length in metres.
  const firstCorrection = divide(
    multiply(trim, rational(from.flotation * from.perCentimetre)),
    rational(length * 10),
  );
  // 50 × trim² in square metres × kilogram metres ÷ length in metres.
  const secondCorrection = divide(
    multiply(multiply(trim, trim), rational(50 * from.momentDifference)),
    rational(length * 1000),
  );
  const corrected = add(tabled, add(firstCorrection, secondCorrection));
  const displaced = divide(multiply(corrected, rational(from.density)), rational(SEA_WATER));
  const deducted = rational(from.ballast + from.freshWater + from.fuel + from.stores);
  const net = subtract(displaced, deducted);
  const read = { meanDraft, trim, tabled, firstCorrection, secondCorrection, displaced, deducted, net };
  return { ok: true, read };
}

function faultOf(
  from: DraftReading,
  length: number,
): { readonly code: DraftSurveyCode; readonly at: string } | undefined {
  for (const at of ['forward', 'midships', 'aft'] as const) {
    const [port, starboard] = from[at];
    if (!within(port, DRAFT) || !within(starboard, DRAFT)) return { code: 'out_of_range', at };
    if (Math.abs(port - starboard) > LIST_MAX) return { code: 'sides_apart', at };
  }
  if (!within(from.density, DENSITY)) return { code: 'out_of_range', at: 'density' };
  const { below, above } = from;
  if (!within(below.draft, DRAFT) || !within(below.displacement, [1, WEIGHT_MAX]))
    return { code: 'out_of_range', at: 'below' };
  if (!within(above.draft, DRAFT) || !within(above.displacement, [1, WEIGHT_MAX]))
    return { code: 'out_of_range', at: 'above' };
  const rises = above.draft > below.draft && above.displacement > below.displacement;
  if (!rises || above.draft - below.draft > TABLE_GAP_MAX) return { code: 'table_not_rising', at: 'above' };
  if (!within(from.perCentimetre, [1, WEIGHT_MAX / 1000]))
    return { code: 'out_of_range', at: 'perCentimetre' };
  if (!within(from.flotation, [-length / 2, length / 2])) return { code: 'out_of_range', at: 'flotation' };
  if (!within(from.momentDifference, [-1_000_000, 1_000_000]))
    return { code: 'out_of_range', at: 'momentDifference' };
  for (const at of ['ballast', 'freshWater', 'fuel', 'stores'] as const)
    if (!within(from[at], [0, WEIGHT_MAX])) return { code: 'out_of_range', at };
  return undefined;
}

function within(value: number, [from, to]: readonly [number, number]): boolean {
  return Number.isSafeInteger(value) && value >= from && value <= to;
}
