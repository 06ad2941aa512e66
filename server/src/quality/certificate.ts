/** What a laboratory wrote, checked before anything rests on it: values that can be, and all that the contract needs. */
import { type CertifiedQuality, type ClauseParameter, type EnergyUnit, certifiedValue } from '@seam/coal';
import type { AnalysisValue } from '@seam/protocol';
import type { ContractTerms } from '../contracts/public.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';

export type Written = {
  readonly number: string;
  readonly laboratory: string;
  readonly sampledOn: string;
  readonly values: readonly AnalysisValue[];
};

/** @returns the values as the price rules read them, or what is wrong, field by field. */
export function readCertificate(
  written: Written,
  terms: ContractTerms,
  now: Date,
): CertifiedQuality | Refusal {
  const fields = implausible(written.values);
  if (!isPastDay(written.sampledOn, now)) fields['sampledOn'] = 'out_of_range';
  if (Object.keys(fields).length > 0) return refuse('certificate_of_analysis.value_invalid', { fields });
  const quality: CertifiedQuality = {
    values: written.values.map((value) => ({
      parameter: value.parameter as ClauseParameter,
      unit: value.unit as '%' | 'HGI' | EnergyUnit,
      ...(value.basis === undefined ? {} : { basis: value.basis }),
      ...(value.kind === undefined ? {} : { kind: value.kind }),
      value: value.value,
    })),
  };
  const lacking = terms.quality.rules.filter((rule) => certifiedValue(quality, rule) === undefined);
  if (lacking.length === 0) return quality;
  return refuse('certificate_of_analysis.incomplete', {
    fields: Object.fromEntries(lacking.map(({ parameter }) => [parameter, 'required'])),
  });
}

/** The day is in the calendar, and has begun somewhere on earth. */
function isPastDay(day: string, now: Date): boolean {
  const start = Date.parse(`${day}T00:00:00+14:00`);
  // V8 takes the 31st of every month and goes on into the next one.
  const exists = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ?? false;
  return exists && start <= now.getTime();
}

/** The hard range of the quality rules for grindability. */
const HGI_LEAST = 20;
const HGI_MOST = 130;

/** Values no laboratory can have found, by parameter. */
function implausible(values: readonly AnalysisValue[]): Record<string, string> {
  const fields: Record<string, string> = {};
  const stated = new Set<string>();
  for (const value of values) {
    const measure = `${value.parameter} ${value.basis} ${value.kind}`;
    // Two answers to one question: nobody may choose between them later.
    if (stated.has(measure)) fields[value.parameter] = 'duplicate';
    stated.add(measure);
    if (value.parameter === 'hardgroveIndex') {
      if (value.unit !== 'HGI' || value.basis || value.kind) fields[value.parameter] = 'unit_or_basis';
      else if (!(Number(value.value) >= HGI_LEAST && Number(value.value) <= HGI_MOST))
        fields[value.parameter] = 'out_of_range';
      continue;
    }
    const heat = value.parameter === 'calorificValue';
    const share = value.unit === '%';
    if (heat === share || value.unit === 'HGI' || (heat && !value.kind) || !value.basis)
      fields[value.parameter] = 'unit_or_basis';
    else if (share && Number(value.value) > 100) fields[value.parameter] = 'above_100_percent';
    else if (heat && !heatPlausible(value)) fields[value.parameter] = 'out_of_range';
  }
  return fields;
}

/** 500 to 40,000 J/g, the hard range of the quality rules. */
function heatPlausible({ unit, value }: AnalysisValue): boolean {
  const factor = unit === 'MJ/kg' ? 1000 : unit === 'kcal/kg' ? 4.1868 : 1;
  const joules = Number(value) * factor;
  return joules >= 500 && joules <= 40_000;
}
