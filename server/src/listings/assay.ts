/**
 * Statements of quality between three forms: the wire (decimal text), packages/coal (integers), and the
 * columns of a listing. Nothing is derived here; what was stated comes out as it went in.
 */
import {
  type Assay,
  type AssayField,
  type AssayIssue,
  type CalorificValue,
  LISTING_FIELDS,
  type Share,
  parseRational,
  roundHalfEven,
  convertEnergy,
  validateAssay,
} from '@seam/coal';
import type { AssayStatement, ProblemCode } from '@seam/protocol';
import { formatScaled, parseScaled } from '@seam/units';
import type { ListingRow } from './tables.ts';

export type FieldErrors = Record<string, ProblemCode>;
export type Accepted = Record<string, string>;
export type ParsedAssay =
  { readonly assay: Assay } | { readonly fields: FieldErrors; readonly accepted: Accepted };

type HeatText = AssayStatement['calorificValue'];
type ShareText = AssayStatement['ash'];

/** Marks numbers with more digits than their unit keeps; the first of each field is reported. */
class Reader {
  readonly fields: FieldErrors = {};

  scaled(field: string, text: string, digits: number): number {
    const value = parseScaled(text, digits);
    if (value === undefined) this.fields[field] ??= 'listing.value_precision';
    return Number(value ?? 0n);
  }

  share(field: string, { value, basis }: ShareText): Share {
    return { basisPoints: this.scaled(field, value, 2), basis };
  }

  heat(field: string, { value, unit, kind, basis }: HeatText): CalorificValue {
    const stated = parseRational(value);
    if (!stated) this.fields[field] ??= 'listing.value_precision';
    const joules = stated ? roundHalfEven(convertEnergy(stated, unit, 'J/g')) : 0n;
    return { joulesPerGram: Number(joules), kind, basis };
  }
}

/** @param required what this use cannot do without; a listing needs LISTING_FIELDS. */
export function parseAssay(
  statement: AssayStatement,
  required: readonly AssayField[] = LISTING_FIELDS,
): ParsedAssay {
  const read = new Reader();
  const assay: Assay = {
    totalMoisture: {
      basisPoints: read.scaled('assay.totalMoisture', statement.totalMoisture, 2),
      basis: 'ar',
    },
    ash: read.share('assay.ash', statement.ash),
    sulphur: read.share('assay.sulphur', statement.sulphur),
    calorificValue: read.heat('assay.calorificValue', statement.calorificValue),
    ...optionalShares(read, statement),
    ...physical(read, statement),
    ...further(read, statement.also ?? {}),
  };
  if (Object.keys(read.fields).length > 0) return { fields: read.fields, accepted: {} };
  const { errors } = validateAssay(assay, required);
  if (errors.length === 0) return { assay };
  const fields: FieldErrors = {};
  const accepted: Accepted = {};
  for (const issue of errors) {
    const name = `assay.${issue.field}`;
    fields[name] ??= problemOf(issue);
    const range = rangeOf(issue);
    if (range) accepted[name] ??= range;
  }
  return { fields, accepted };
}

function optionalShares(read: Reader, statement: AssayStatement): Partial<Assay> {
  const { inherentMoisture, volatileMatter, fixedCarbon, hydrogen } = statement;
  return {
    ...(inherentMoisture !== undefined && {
      inherentMoisture: {
        basisPoints: read.scaled('assay.inherentMoisture', inherentMoisture, 2),
        basis: 'ad' as const,
      },
    }),
    ...(volatileMatter && { volatileMatter: read.share('assay.volatileMatter', volatileMatter) }),
    ...(fixedCarbon && { fixedCarbon: read.share('assay.fixedCarbon', fixedCarbon) }),
    ...(hydrogen && { hydrogen: read.share('assay.hydrogen', hydrogen) }),
  };
}

function physical(read: Reader, { hardgroveIndex, ashFusion, size }: AssayStatement): Partial<Assay> {
  const fusion = (text: string): number => read.scaled('assay.ashFusion', text, 0);
  return {
    ...(hardgroveIndex !== undefined && {
      hardgroveIndex: read.scaled('assay.hardgroveIndex', hardgroveIndex, 0),
    }),
    ...(size && {
      size: {
        minMm: read.scaled('assay.size', size.minMm, 0),
        maxMm: read.scaled('assay.size', size.maxMm, 0),
      },
    }),
    ...(ashFusion && {
      ashFusion: {
        atmosphere: ashFusion.atmosphere,
        ...(ashFusion.deformationCelsius && { deformationCelsius: fusion(ashFusion.deformationCelsius) }),
        ...(ashFusion.softeningCelsius && { softeningCelsius: fusion(ashFusion.softeningCelsius) }),
      },
    }),
  };
}

/** An empty list states nothing. */
function further(
  read: Reader,
  { ash, volatileMatter, sulphur, calorificValue }: NonNullable<AssayStatement['also']>,
): Pick<Assay, 'also'> {
  const shares = (field: string, list: ShareText[]): Share[] =>
    list.map((share) => read.share(`assay.also.${field}`, share));
  const also: NonNullable<Assay['also']> = {
    ...(ash?.length && { ash: shares('ash', ash) }),
    ...(volatileMatter?.length && { volatileMatter: shares('volatileMatter', volatileMatter) }),
    ...(sulphur?.length && { sulphur: shares('sulphur', sulphur) }),
    ...(calorificValue?.length && {
      calorificValue: calorificValue.map((heat) => read.heat('assay.also.calorificValue', heat)),
    }),
  };
  return Object.keys(also).length === 0 ? {} : { also };
}

const OUT_OF_RANGE = {
  totalMoisture: 'listing.total_moisture_out_of_range',
  inherentMoisture: 'listing.inherent_moisture_out_of_range',
  ash: 'listing.ash_out_of_range',
  volatileMatter: 'listing.volatile_matter_out_of_range',
  sulphur: 'listing.sulphur_out_of_range',
  fixedCarbon: 'listing.fixed_carbon_out_of_range',
  hydrogen: 'listing.hydrogen_out_of_range',
  calorificValue: 'listing.calorific_value_out_of_range',
  hardgroveIndex: 'listing.hardgrove_index_out_of_range',
  ashFusion: 'listing.ash_fusion_out_of_range',
  size: 'listing.size_out_of_range',
} as const satisfies Record<AssayField, ProblemCode>;

function problemOf({ field, code }: AssayIssue): ProblemCode {
  switch (code) {
    case 'missing':
      return 'listing.value_missing';
    case 'not_integer':
      return 'listing.value_precision';
    case 'basis_not_allowed':
      return 'listing.basis_not_allowed';
    case 'over_hundred_percent':
      return 'listing.over_hundred_percent';
    case 'out_of_range':
    case 'unusual':
      return OUT_OF_RANGE[field];
  }
}

const NOT_A_SHARE = new Set<AssayField>(['calorificValue', 'hardgroveIndex', 'ashFusion', 'size']);

function rangeOf({ field, minimum, maximum }: AssayIssue): string | undefined {
  if (minimum === undefined || maximum === undefined) return undefined;
  const unit = { calorificValue: ' J/g', ashFusion: ' °C', size: ' mm' }[field as string] ?? '';
  if (NOT_A_SHARE.has(field)) return `${minimum} – ${maximum}${unit}`;
  return `${percentText(minimum)} – ${percentText(maximum)} %`;
}

/** Basis points as percent with two digits. */
export function percentText(basisPoints: number): string {
  return formatScaled(BigInt(basisPoints), 2);
}

type AssayColumns = Pick<
  ListingRow,
  | 'totalMoistureBp'
  | 'inherentMoistureBp'
  | 'ashBp'
  | 'ashBasis'
  | 'volatileBp'
  | 'volatileBasis'
  | 'sulphurBp'
  | 'sulphurBasis'
  | 'calorificJPerG'
  | 'calorificKind'
  | 'calorificBasis'
  | 'hardgroveIndex'
  | 'sizeMinMm'
  | 'sizeMaxMm'
  | 'assayMore'
>;

export function columnsOf(assay: Assay): AssayColumns {
  const { fixedCarbon, hydrogen, ashFusion, also } = assay;
  return {
    totalMoistureBp: assay.totalMoisture.basisPoints,
    inherentMoistureBp: assay.inherentMoisture?.basisPoints ?? null,
    ashBp: assay.ash.basisPoints,
    ashBasis: assay.ash.basis,
    volatileBp: assay.volatileMatter?.basisPoints ?? null,
    volatileBasis: assay.volatileMatter?.basis ?? null,
    sulphurBp: assay.sulphur.basisPoints,
    sulphurBasis: assay.sulphur.basis,
    calorificJPerG: assay.calorificValue.joulesPerGram,
    calorificKind: assay.calorificValue.kind,
    calorificBasis: assay.calorificValue.basis,
    hardgroveIndex: assay.hardgroveIndex ?? null,
    sizeMinMm: assay.size?.minMm ?? null,
    sizeMaxMm: assay.size?.maxMm ?? null,
    assayMore: {
      ...(fixedCarbon && { fixedCarbon }),
      ...(hydrogen && { hydrogen }),
      ...(ashFusion && { ashFusion }),
      ...(also && { also }),
    },
  };
}

export function assayOf(row: AssayColumns): Assay {
  return {
    totalMoisture: { basisPoints: row.totalMoistureBp, basis: 'ar' },
    ...(row.inherentMoistureBp !== null && {
      inherentMoisture: { basisPoints: row.inherentMoistureBp, basis: 'ad' as const },
    }),
    ash: { basisPoints: row.ashBp, basis: row.ashBasis },
    ...(row.volatileBp !== null &&
      row.volatileBasis && { volatileMatter: { basisPoints: row.volatileBp, basis: row.volatileBasis } }),
    sulphur: { basisPoints: row.sulphurBp, basis: row.sulphurBasis },
    calorificValue: {
      joulesPerGram: row.calorificJPerG,
      kind: row.calorificKind,
      basis: row.calorificBasis,
    },
    ...(row.hardgroveIndex !== null && { hardgroveIndex: row.hardgroveIndex }),
    ...(row.sizeMinMm !== null &&
      row.sizeMaxMm !== null && { size: { minMm: row.sizeMinMm, maxMm: row.sizeMaxMm } }),
    ...row.assayMore,
  };
}
