/** All grades of one assay, each on the basis that its scheme names. */
import { type Assay, conditionsOf, percent } from '../assay/assay.ts';
import { convertBasis, shareOn } from '../assay/basis.ts';
import { type Rational, add } from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import { convertEnergy, isEnergyUnit } from '../heat/energy.ts';
import { heatOn } from '../heat/heat.ts';
import { CHINA_ASH_1994, CHINA_ASH_NEWER, CHINA_SULPHUR_1994, CHINA_SULPHUR_NEWER } from './china.ts';
import { INDIA_COKING, INDIA_GROSS, INDIA_SEMI_COKING, INDIA_USEFUL_HEAT, usefulHeatValue } from './india.ts';
import { type Grade, type GradeScheme, gradeOf } from './scheme.ts';

export const GRADE_SCHEMES: readonly GradeScheme[] = [
  INDIA_GROSS,
  INDIA_COKING,
  INDIA_SEMI_COKING,
  INDIA_USEFUL_HEAT,
  CHINA_ASH_1994,
  CHINA_SULPHUR_1994,
  CHINA_ASH_NEWER,
  CHINA_SULPHUR_NEWER,
];

/** The grade of `assay` in `scheme`, or why there is none. */
export function gradeAssay(scheme: GradeScheme, assay: Assay): Grade | Refusal<'not_stated'> {
  const value = gradedValue(scheme, assay);
  return value ? gradeOf(scheme, value) : refuse('not_stated', { at: scheme.measure.parameter });
}

function gradedValue({ measure }: GradeScheme, assay: Assay): Rational | undefined {
  const basis = measure.basis ?? 'ar';
  switch (measure.parameter) {
    case 'calorificValue': {
      const heat = heatOn(assay, measure.kind ?? 'gross', basis)?.joulesPerGram;
      return heat && isEnergyUnit(measure.unit) ? convertEnergy(heat, 'J/g', measure.unit) : undefined;
    }
    case 'ash':
    case 'sulphur':
      return shareOn(assay, measure.parameter, basis);
    case 'ashPlusMoisture':
    case 'usefulHeatValue': {
      const ash = convertBasis(percent(assay.ash), assay.ash.basis, basis, conditionsOf(assay));
      const moisture = assay.inherentMoisture && percent(assay.inherentMoisture);
      if (!ash || !moisture) return undefined;
      if (measure.parameter === 'ashPlusMoisture') return add(ash, moisture);
      const useful = usefulHeatValue(ash, moisture);
      return useful.ok ? useful.kcalPerKg : undefined;
    }
  }
}
