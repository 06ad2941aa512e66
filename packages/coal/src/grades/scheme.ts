/**
 * A grade scheme as data: bands of one measured number, with the edition it was taken from and where that can
 * be read. Every band is open below and closed above, (above, upTo], and they join without gaps, so that every
 * number has one grade or lies outside the scheme.
 */
import type { Basis } from '../assay/assay.ts';
import { type Rational, compare, decimal } from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import type { Unit } from '../assay/parameters.ts';

export type Band = {
  readonly code: string;
  readonly name?: string;
  /** Exclusive; left out: no lower end. */
  readonly above?: string;
  /** Inclusive; left out: no upper end. */
  readonly upTo?: string;
};

/** `ashPlusMoisture`: ash and moisture of one sample; `usefulHeatValue`: see usefulHeatValue(). */
export type GradedMeasure = {
  readonly parameter: 'calorificValue' | 'ash' | 'sulphur' | 'ashPlusMoisture' | 'usefulHeatValue';
  readonly unit: Unit;
  readonly basis?: Basis;
  readonly kind?: 'gross' | 'net';
};

export type GradeScheme = {
  readonly id: string;
  readonly title: string;
  readonly jurisdiction: 'IN' | 'CN';
  readonly measure: GradedMeasure;
  readonly edition: string;
  readonly source: string;
  /** `cited`: the limits were read in the source. `unverified`: they are said to be these, and nobody checked. */
  readonly status: 'cited' | 'unverified';
  readonly bands: readonly Band[];
};

export type Grade =
  | {
      readonly ok: true;
      readonly band: Band;
      readonly scheme: string;
      readonly edition: string;
      readonly status: GradeScheme['status'];
    }
  | Refusal<'ungraded'>;

/** The grade of `value`, in the unit of the scheme. */
export function gradeOf(scheme: GradeScheme, value: Rational): Grade {
  const band = scheme.bands.find(
    ({ above, upTo }) =>
      (above === undefined || compare(value, decimal(above)) > 0) &&
      (upTo === undefined || compare(value, decimal(upTo)) <= 0),
  );
  if (!band) return refuse('ungraded', { at: scheme.id });
  return { ok: true, band, scheme: scheme.id, edition: scheme.edition, status: scheme.status };
}

/** The code of a band that does not join the one before it, in rising or falling order; undefined when all do. */
export function brokenBand(scheme: GradeScheme): string | undefined {
  const ordered = scheme.bands.toSorted((a, b) => compare(lowEnd(a), lowEnd(b)));
  const broken = ordered.find((band, index) => {
    const before = ordered[index - 1];
    const reversed =
      band.above !== undefined &&
      band.upTo !== undefined &&
      compare(decimal(band.above), decimal(band.upTo)) >= 0;
    return reversed || (before !== undefined && before.upTo !== band.above);
  });
  return broken?.code;
}

function lowEnd(band: Band): Rational {
  return decimal(band.above ?? '-1000000');
}
