/**
 * Standard specifications of export and exchange coal, as data with source, and the check that says which
 * limit a coal fails. `standing` marks limits that were read in a source from those of general knowledge.
 */
import type { Assay } from '../assay/assay.ts';
import type { Stated } from '../assay/measurement.ts';
import { type Rational, compare, decimal } from '../exact/rational.ts';
import { shortDecimal } from '../exact/decimals.ts';
import { type HydrogenMethod, heatOn } from '../heat/heat.ts';
import { convertEnergy } from '../heat/energy.ts';
import { certifiedFromAssay, statedValue } from '../price/certified.ts';
import type { AnyMeasure } from '../price/measure.ts';

export type SpecLimit = AnyMeasure & {
  readonly minimum?: string;
  readonly maximum?: string;
  readonly standing: 'cited' | 'unverified';
};
export type ExportSpec = {
  readonly id: string;
  readonly title: string;
  /** The heat that the quoted price is for, kcal/kg net as received. */
  readonly reference?: string;
  readonly edition: string;
  readonly source: string;
  readonly limits: readonly SpecLimit[];
};

const HEAT = { parameter: 'calorificValue', kind: 'net', basis: 'ar', unit: 'kcal/kg' } as const;
const CITED = { standing: 'cited' } as const;
const SAID = { standing: 'unverified' } as const;
const onReceived = (parameter: 'ash' | 'volatileMatter' | 'sulphur') =>
  ({ parameter, basis: 'ar', unit: '%' }) as const;
const MOISTURE = { parameter: 'totalMoisture', basis: 'ar', unit: '%' } as const;

export const EXPORT_SPECS: readonly ExportSpec[] = [
  {
    id: 'RB1',
    title: 'Richards Bay 6000',
    reference: '6000',
    edition: 'RB1',
    source: 'a trader’s product page',
    limits: [
      { ...HEAT, minimum: '5850', ...CITED },
      { ...MOISTURE, maximum: '12', ...CITED },
      { ...onReceived('volatileMatter'), minimum: '22', ...CITED },
      { ...onReceived('ash'), maximum: '15', ...CITED },
      { ...onReceived('sulphur'), maximum: '1', ...CITED },
      { parameter: 'hardgroveIndex', unit: 'HGI', minimum: '45', maximum: '70', ...CITED },
      { parameter: 'sizeMax', unit: 'mm', maximum: '50', ...CITED },
      { parameter: 'ashDeformation', unit: '°C', minimum: '1250', ...CITED },
    ],
  },
  {
    id: 'RB3',
    title: 'Richards Bay 5500',
    reference: '5500',
    edition: 'RB3',
    source: 'a trader’s product page',
    limits: [
      { ...HEAT, minimum: '5300', ...CITED },
      { ...MOISTURE, maximum: '14', ...CITED },
      { ...onReceived('ash'), maximum: '23', ...CITED },
      { ...onReceived('sulphur'), maximum: '1', ...CITED },
    ],
  },
  {
    id: 'NEWC',
    title: 'Newcastle 6000',
    reference: '6000',
    edition: 'NEWC',
    source: 'aqcltd.com for moisture and heat',
    limits: [
      { ...MOISTURE, maximum: '15', ...CITED },
      { ...onReceived('ash'), maximum: '14', ...SAID },
      { ...onReceived('sulphur'), maximum: '0.75', ...SAID },
      { ...onReceived('volatileMatter'), minimum: '27', maximum: '35', ...SAID },
    ],
  },
  {
    id: 'HCCA',
    title: 'Hard coking coal, Australia',
    edition: 'HCCA',
    source: 'globalcoal.com, metallurgical coal',
    limits: [
      { ...MOISTURE, maximum: '13', ...CITED },
      { parameter: 'ash', basis: 'ad', unit: '%', maximum: '10.5', ...CITED },
      { parameter: 'volatileMatter', basis: 'ad', unit: '%', minimum: '21', maximum: '25', ...CITED },
      { parameter: 'sulphur', basis: 'ad', unit: '%', maximum: '0.80', ...CITED },
      { parameter: 'strengthAfterReaction', unit: '%', minimum: '62', ...CITED },
      { parameter: 'phosphorus', basis: 'ad', unit: '%', maximum: '0.090', ...CITED },
      { parameter: 'swellingIndex', unit: '1', minimum: '5', ...CITED },
    ],
  },
  {
    id: 'API2',
    title: 'Delivered to north-west Europe, 6000',
    reference: '6000',
    edition: 'API 2',
    source: 'globalcoal.com, financial coal trading',
    limits: [],
  },
  {
    id: 'API4',
    title: 'Free on board Richards Bay, 6000',
    reference: '6000',
    edition: 'API 4',
    source: 'globalcoal.com, financial coal trading',
    limits: [],
  },
  {
    id: 'ZCE',
    title: 'Zhengzhou thermal coal',
    reference: '5500',
    edition: '2013',
    source: 'huojim.com, contract of the exchange',
    limits: [
      { parameter: 'sulphur', basis: 'd', unit: '%', maximum: '1', ...CITED },
      { ...MOISTURE, maximum: '20', ...CITED },
    ],
  },
];

export type SpecItem = {
  readonly limit: SpecLimit;
  readonly code: 'met' | 'below_minimum' | 'above_maximum' | 'not_stated';
  /** In the unit of the limit, at most four fraction digits. */
  readonly measured?: string;
  /** For heat computed from another statement: how hydrogen was known. Not for money. */
  readonly hydrogen?: HydrogenMethod;
};
export type SpecCheck = {
  readonly spec: string;
  /** `open`: nothing fails, something is not stated. */
  readonly result: 'met' | 'failed' | 'open';
  readonly items: readonly SpecItem[];
};

/** A certificate against a specification: only what it states, or what follows from it without an estimate. */
export function checkSpec(spec: ExportSpec, values: readonly Stated[]): SpecCheck {
  return judged(spec, (limit) => ({ value: statedValue(values, limit) }));
}

/** A listing against a specification; net heat may be estimated, and says so. */
export function checkAssaySpec(spec: ExportSpec, assay: Assay): SpecCheck {
  const values: readonly Stated[] = [...certifiedFromAssay(assay).values, ...physical(assay)];
  return judged(spec, (limit) => {
    const value = statedValue(values, limit);
    if (value || limit.parameter !== 'calorificValue' || !limit.kind || !limit.basis) return { value };
    const heat = heatOn(assay, limit.kind, limit.basis);
    const inKcal = heat && convertEnergy(heat.joulesPerGram, 'J/g', 'kcal/kg');
    return { value: inKcal, ...(heat?.hydrogen && { hydrogen: heat.hydrogen }) };
  });
}

function physical(assay: Assay): readonly Stated[] {
  const { ashFusion, size } = assay;
  return [
    ...(ashFusion?.deformationCelsius === undefined
      ? []
      : [{ parameter: 'ashDeformation', unit: '°C', value: String(ashFusion.deformationCelsius) } as const]),
    ...(size ? [{ parameter: 'sizeMax', unit: 'mm', value: String(size.maxMm) } as const] : []),
  ];
}

type Read = { readonly value: Rational | undefined; readonly hydrogen?: HydrogenMethod };

function judged(spec: ExportSpec, read: (limit: SpecLimit) => Read): SpecCheck {
  const items = spec.limits.map((limit): SpecItem => {
    const { value, hydrogen } = read(limit);
    if (!value) return { limit, code: 'not_stated' };
    const low = limit.minimum !== undefined && compare(value, decimal(limit.minimum)) < 0;
    const high = limit.maximum !== undefined && compare(value, decimal(limit.maximum)) > 0;
    const code = low ? 'below_minimum' : high ? 'above_maximum' : 'met';
    return { limit, code, measured: shortDecimal(value, 4), ...(hydrogen && { hydrogen }) };
  });
  const failed = items.some(({ code }) => code === 'below_minimum' || code === 'above_maximum');
  const open = items.some(({ code }) => code === 'not_stated');
  return { spec: spec.id, result: failed ? 'failed' : open ? 'open' : 'met', items };
}
