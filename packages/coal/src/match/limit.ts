/** One limit of a request against one assay, compared exactly on the basis the buyer wrote. */
import type { Assay, Basis } from '../assay/assay.ts';
import { shareOn } from '../assay/basis.ts';
import { fixedCarbonOn } from '../audit/audit.ts';
import { heatOn } from '../heat/heat.ts';
import { type Rational, compare, multiply, rational, toDecimal, HUNDRED } from '../exact/rational.ts';
import type { LimitParameter, MatchReason } from './reason.ts';

/** Integers in the unit of the assay: basis points, J/g, index points, °C, mm. Both ends are allowed values. */
export type Limit = {
  readonly parameter: LimitParameter;
  /** For shares and heat; 'ar' when left out. */
  readonly basis?: Basis;
  /** For heat; 'net' when left out. */
  readonly kind?: 'gross' | 'net';
  readonly minimum?: number;
  readonly maximum?: number;
};

export function limitReason(limit: Limit, assay: Assay): MatchReason {
  const offered = offeredValue(limit, assay);
  const share = isShare(limit.parameter);
  const show = (value: Rational): string =>
    share ? toDecimal(multiply(value, rational(1, 100)), 2) : toDecimal(value, 0);
  const values: Record<string, string> = {
    ...(limit.minimum !== undefined && { minimum: show(rational(limit.minimum)) }),
    ...(limit.maximum !== undefined && { maximum: show(rational(limit.maximum)) }),
  };
  const heat = limit.parameter === 'calorificValue';
  const about = {
    parameter: limit.parameter,
    ...((share || heat) && { basis: basisOf(limit) }),
    ...(heat && { kind: limit.kind ?? 'net' }),
  } as const;
  if (!offered) return { code: 'not_stated', met: false, ...about, values };
  if (heat) values['unit'] = 'J/g';
  if (offered.estimated) values['hydrogen'] = offered.estimated;
  values['offered'] = show(offered.value);
  const low = limit.minimum !== undefined && compare(offered.value, rational(limit.minimum)) < 0;
  const high = limit.maximum !== undefined && compare(offered.value, rational(limit.maximum)) > 0;
  return {
    code: low ? 'below_minimum' : high ? 'above_maximum' : 'within_limit',
    met: !low && !high,
    ...about,
    values,
  };
}

type Offered = { readonly value: Rational; readonly estimated?: string };

function offeredValue(limit: Limit, assay: Assay): Offered | undefined {
  const whole = (value: number | undefined): Offered | undefined =>
    value === undefined ? undefined : { value: rational(value) };
  switch (limit.parameter) {
    case 'totalMoisture':
      return whole(assay.totalMoisture.basisPoints);
    case 'inherentMoisture':
      return whole(assay.inherentMoisture?.basisPoints);
    case 'hardgroveIndex':
      return whole(assay.hardgroveIndex);
    case 'ashSoftening':
      return whole(assay.ashFusion?.softeningCelsius);
    case 'sizeMax':
      return whole(assay.size?.maxMm);
    case 'calorificValue': {
      const heat = heatOn(assay, limit.kind ?? 'net', basisOf(limit));
      const estimated = heat?.hydrogen === 'measured' ? undefined : heat?.hydrogen;
      return heat && { value: heat.joulesPerGram, ...(estimated && { estimated }) };
    }
    case 'fixedCarbon': {
      // Nobody measures it: it is what the other three leave.
      const basis = basisOf(limit);
      const percent = assay.fixedCarbon ? shareOn(assay, 'fixedCarbon', basis) : fixedCarbonOn(assay, basis);
      return percent && { value: multiply(percent, HUNDRED) };
    }
    default: {
      const percent = shareOn(assay, limit.parameter, basisOf(limit));
      return percent && { value: multiply(percent, HUNDRED) };
    }
  }
}

/** Moistures have one basis each, whatever the limit says. */
function basisOf(limit: Limit): Basis {
  if (limit.parameter === 'totalMoisture') return 'ar';
  if (limit.parameter === 'inherentMoisture') return 'ad';
  return limit.basis ?? 'ar';
}

function isShare(parameter: LimitParameter): boolean {
  return !['calorificValue', 'hardgroveIndex', 'ashSoftening', 'sizeMax'].includes(parameter);
}
