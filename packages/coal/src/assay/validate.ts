/**
 * Ranges of an assay. An error means the numbers cannot be a coal, and the assay is refused; a warning
 * means they are unusual for traded coal, and a person looks again. Whether the numbers fit each other is
 * the audit's question (audit.ts).
 */
import { type Assay, type Basis, type Share, conditionsOf, percent } from './assay.ts';
import { shareOn } from './basis.ts';
import { heatOn } from '../heat/heat.ts';
import {
  type Rational,
  HUNDRED,
  add,
  compare,
  decimal,
  floor,
  multiply,
  rational,
  roundHalfEven,
} from '../exact/rational.ts';
import { type Parameter, parameterSpec } from './parameters.ts';

export type AssayField =
  | 'totalMoisture'
  | 'inherentMoisture'
  | 'ash'
  | 'volatileMatter'
  | 'sulphur'
  | 'fixedCarbon'
  | 'hydrogen'
  | 'calorificValue'
  | 'hardgroveIndex'
  | 'ashFusion'
  | 'size';

export type AssayIssueCode =
  /** Needed for this use and not stated. */
  | 'missing'
  /** Not a whole number in the unit of the field. */
  | 'not_integer'
  /** Outside what the parameter can be. */
  | 'out_of_range'
  /** The parameter is not reported on this basis. */
  | 'basis_not_allowed'
  /** Moisture, ash and volatile matter leave nothing (or less) for fixed carbon. */
  | 'over_hundred_percent'
  /** Possible, but unusual in trade. */
  | 'unusual';

/** `minimum` and `maximum` are in the unit of the field: basis points, J/g, °C, mm or index points. */
export type AssayIssue = {
  readonly field: AssayField;
  readonly code: AssayIssueCode;
  readonly value?: number;
  readonly minimum?: number;
  readonly maximum?: number;
};

export type AssayCheck = {
  readonly errors: readonly AssayIssue[];
  readonly warnings: readonly AssayIssue[];
};

type Range = readonly [minimum: number, maximum: number];
type ShareField = Exclude<AssayField, 'calorificValue' | 'hardgroveIndex' | 'ashFusion' | 'size'>;

const SHARE_FIELDS = [
  'totalMoisture',
  'inherentMoisture',
  'ash',
  'volatileMatter',
  'sulphur',
  'fixedCarbon',
  'hydrogen',
] as const satisfies readonly ShareField[];

/** Hard ranges in the integers of an assay, by parameter, basis and kind: read once, for bulk reading. */
const HARD_RANGES: ReadonlyMap<string, Range> = new Map(
  (
    [
      ...SHARE_FIELDS.map((field) => [field, 100] as const),
      ...(['calorificValue', 'hardgroveIndex', 'ashSoftening', 'sizeMax'] as const).map(
        (name) => [name, 1] as const,
      ),
    ] satisfies readonly (readonly [Parameter, number])[]
  ).flatMap(([parameter, scale]) =>
    parameterSpec(parameter).places.map(({ basis, kind, hard }): [string, Range] => {
      const [least, most] = hard.map((end) => Number(floor(multiply(decimal(end), rational(scale)))));
      return [placeKey(parameter, basis, kind), [least ?? 0, most ?? 0]];
    }),
  ),
);

function hardRange(parameter: Parameter, basis?: Basis, kind?: 'gross' | 'net'): Range | undefined {
  return HARD_RANGES.get(placeKey(parameter, basis, kind));
}

function placeKey(parameter: Parameter, basis?: Basis, kind?: 'gross' | 'net'): string {
  return `${parameter} ${basis ?? ''} ${kind ?? ''}`;
}

/** What a seller has to state in a listing beyond what every assay has. */
export const LISTING_FIELDS: readonly AssayField[] = ['inherentMoisture', 'volatileMatter', 'size'];

/**
 * @param required fields that this use cannot do without, for example LISTING_FIELDS.
 * @returns every issue found, in the order of the fields; no errors means that the assay may be stored.
 */
export function validateAssay(assay: Assay, required: readonly AssayField[] = []): AssayCheck {
  const errors = assayErrors(assay, required);
  const readable = errors.every((issue) => issue.code === 'missing');
  return { errors, warnings: readable ? unusual(assay) : [] };
}

/** The errors alone, for bulk reading. */
export function assayErrors(assay: Assay, required: readonly AssayField[] = []): readonly AssayIssue[] {
  const missing = required
    .filter((field) => assay[field] === undefined)
    .map((field): AssayIssue => ({ field, code: 'missing' }));
  const single = [...shareErrors(assay), ...heatErrors(assay), ...physicalErrors(assay)];
  // Sums mean something only when each number does.
  return [...missing, ...single, ...(single.length > 0 ? [] : sumErrors(assay))];
}

function shareErrors(assay: Assay): AssayIssue[] {
  const stated = SHARE_FIELDS.flatMap((field) => {
    const further = assay.also?.[field as keyof typeof assay.also] as readonly Share[] | undefined;
    return [assay[field], ...(further ?? [])].map((share) => ({ field, share }));
  });
  return stated.flatMap(({ field, share }) => {
    if (!share) return [];
    const range = hardRange(field, share.basis);
    return range ? inRange(field, share.basisPoints, range) : [{ field, code: 'basis_not_allowed' } as const];
  });
}

function heatErrors(assay: Assay): AssayIssue[] {
  return [assay.calorificValue, ...(assay.also?.calorificValue ?? [])].flatMap((value) => {
    const field = 'calorificValue';
    const range = hardRange(field, value.basis, value.kind);
    return range
      ? inRange(field, value.joulesPerGram, range)
      : [{ field, code: 'basis_not_allowed' } as const];
  });
}

const NOWHERE: Range = [0, 0];
/** Of grindability, ash fusion and size. */
const PHYSICAL = [
  hardRange('hardgroveIndex') ?? NOWHERE,
  hardRange('ashSoftening') ?? NOWHERE,
  hardRange('sizeMax') ?? NOWHERE,
] as const;

function physicalErrors(assay: Assay): AssayIssue[] {
  const { hardgroveIndex, ashFusion, size } = assay;
  const [HARDGROVE, FUSION, SIZE] = PHYSICAL;
  const issues: AssayIssue[] = [];
  if (hardgroveIndex !== undefined) issues.push(...inRange('hardgroveIndex', hardgroveIndex, HARDGROVE));
  for (const celsius of [ashFusion?.deformationCelsius, ashFusion?.softeningCelsius]) {
    if (celsius !== undefined) issues.push(...inRange('ashFusion', celsius, FUSION));
  }
  if (size) {
    issues.push(...inRange('size', size.minMm, SIZE), ...inRange('size', size.maxMm, SIZE));
    if (size.minMm >= size.maxMm) issues.push({ field: 'size', code: 'out_of_range', value: size.minMm });
  }
  return issues;
}

/** Moisture and ash (and volatile matter, where stated) have to leave something on each stated basis. */
function sumErrors(assay: Assay): AssayIssue[] {
  const { ashDry } = conditionsOf(assay);
  if (!ashDry) return [];
  if (compare(ashDry, HUNDRED) >= 0) return [{ field: 'ash', code: 'over_hundred_percent' }];
  const volatile = shareOn(assay, 'volatileMatter', 'd');
  if (!volatile || compare(add(ashDry, volatile), HUNDRED) <= 0) return [];
  return [{ field: 'volatileMatter', code: 'over_hundred_percent' }];
}

function unusual(assay: Assay): AssayIssue[] {
  const inBasisPoints = (value: Rational | undefined): number | undefined =>
    value && Number(roundHalfEven(value, 2));
  const net = heatOn(assay, 'net', 'ar');
  const soft: readonly (readonly [AssayField, number | undefined, Range])[] = [
    ['totalMoisture', assay.totalMoisture.basisPoints, [400, 3_800]],
    ['ash', inBasisPoints(percent(assay.ash)), [300, 5_000]],
    ['volatileMatter', inBasisPoints(shareOn(assay, 'volatileMatter', 'daf')), [200, 5_500]],
    ['sulphur', inBasisPoints(percent(assay.sulphur)), [10, 500]],
    ['hydrogen', inBasisPoints(shareOn(assay, 'hydrogen', 'daf')), [200, 650]],
    // 2,500 to 7,200 kcal/kg net as received
    ['calorificValue', net && Number(roundHalfEven(net.joulesPerGram)), [10_467, 30_145]],
    ['hardgroveIndex', assay.hardgroveIndex, [35, 100]],
    ['ashFusion', assay.ashFusion?.softeningCelsius, [1_150, 1_600]],
  ];
  return soft.flatMap(([field, value, range]) =>
    value === undefined ? [] : inRange(field, value, range, 'unusual'),
  );
}

function inRange(
  field: AssayField,
  value: number,
  [minimum, maximum]: Range,
  code: AssayIssueCode = 'out_of_range',
): AssayIssue[] {
  if (!Number.isSafeInteger(value)) return [{ field, code: 'not_integer' }];
  return value >= minimum && value <= maximum ? [] : [{ field, code, value, minimum, maximum }];
}
