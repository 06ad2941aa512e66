/**
 * The nine checks of a certificate of analysis: five on its numbers, the declared class, the heat of the
 * organic matter, the mine's own past, and the paper itself. A check without its inputs says so; silence is
 * not consent.
 */
import { type Assay, percent } from '../assay/assay.ts';
import { shareOn } from '../assay/basis.ts';
import { shortDecimal } from '../exact/decimals.ts';
import type { Rational } from '../exact/rational.ts';
import { type ClassInputs, classify } from '../grades/gbt5751.ts';
import { heatOn } from '../heat/heat.ts';
import { type AuditCode, auditAssay } from './audit.ts';
import { type HistoryParameter, HISTORY_LEAST, outlierOf } from './outlier.ts';

/** A certificate besides its numbers. Instants are milliseconds since the epoch. */
export type CertificateFacts = {
  readonly number: string;
  readonly sampledAt?: number;
  readonly preparedAt?: number;
  readonly analysedAt?: number;
  readonly issuedAt?: number;
  readonly sampleGrams?: number;
  /** Seals set at sampling and found at opening. */
  readonly sealsSet?: readonly string[];
  readonly sealsFound?: readonly string[];
};
export type CertificateAudit = {
  readonly assay: Assay;
  readonly certificate: CertificateFacts;
  /** GB/T 5751 code or name, and what the class rests on besides volatile matter. */
  readonly declaredClass?: string;
  readonly classInputs?: Omit<ClassInputs, 'volatileDaf'>;
  /** Numbers of this laboratory's other certificates. */
  readonly knownNumbers?: ReadonlySet<string>;
  /** The mine's certificates before this one, newest first; the last 20 count. */
  readonly history?: readonly Assay[];
};

export type CertificateCheck = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
export type CertificateCode =
  | AuditCode
  | 'class_disagrees'
  | 'outlier'
  | 'number_missing'
  | 'number_known'
  | 'sample_mass_too_small'
  | 'seals_differ'
  | 'time_order';
export type CertificateFlag = {
  readonly check: CertificateCheck;
  readonly code: CertificateCode;
  /** Decimal texts and names that show it. */
  readonly values: Readonly<Record<string, string>>;
};
export type CertificateReport = {
  readonly flags: readonly CertificateFlag[];
  /** Checks that could not be made, and what they lacked. */
  readonly open: readonly { readonly check: CertificateCheck; readonly missing: readonly string[] }[];
};

/** The smallest general analysis sample of 0.2 mm that a laboratory can repeat everything on. */
const SAMPLE_GRAMS_LEAST = 60;

export function auditCertificate(of: CertificateAudit): CertificateReport {
  const flags = [...numberFlags(of), ...classFlags(of), ...historyFlags(of), ...paperFlags(of)];
  return { flags: flags.toSorted((a, b) => a.check - b.check), open: openChecks(of) };
}

const CHECKS: Readonly<Record<Exclude<AuditCode, 'rank_disagrees'>, CertificateCheck>> = {
  proximate_sum: 1,
  ash_bases_disagree: 2,
  volatile_matter_bases_disagree: 2,
  sulphur_bases_disagree: 2,
  total_moisture_below_inherent: 3,
  gross_air_dried_below_as_received: 4,
  gross_not_above_net: 4,
  calorific_value_bases_disagree: 4,
  net_calorific_value_disagrees: 5,
  calorific_value_daf_implausible: 7,
};

function numberFlags({ assay }: CertificateAudit): CertificateFlag[] {
  return auditAssay(assay).flatMap(({ code, basis, numbers }) => {
    if (code === 'rank_disagrees') return [];
    const texts = Object.entries(numbers).map(([name, value]) => [name, String(value)]);
    return [{ check: CHECKS[code], code, values: { ...(basis && { basis }), ...Object.fromEntries(texts) } }];
  });
}

/** 6: the class that volatile matter, G and the rest give, against the declared one. */
function classFlags({ assay, declaredClass, classInputs }: CertificateAudit): CertificateFlag[] {
  const volatileDaf = shareOn(assay, 'volatileMatter', 'daf');
  if (!declaredClass || !volatileDaf) return [];
  const result = classify({ volatileDaf, ...classInputs });
  const possible = result.ok ? [result.class] : result.code === 'incomplete' ? result.candidates : [];
  if (possible.some(({ name, code }) => name === declaredClass || code === declaredClass)) return [];
  const computed = possible.map(({ name, code }) => `${name} ${code}`).join(', ');
  const values = { declared: declaredClass, computed, volatileDaf: shortDecimal(volatileDaf, 2) };
  return [{ check: 6, code: 'class_disagrees', values }];
}

/** 8: further from the mine's mean than chance explains. */
function historyFlags({ assay, history = [] }: CertificateAudit): CertificateFlag[] {
  const readers = Object.entries(READERS) as [HistoryParameter, (of: Assay) => Rational | undefined][];
  return readers.flatMap(([parameter, read]) => {
    const value = read(assay);
    const past = history.slice(0, 20).flatMap((before) => read(before) ?? []);
    const outlier = value && outlierOf(parameter, value, past);
    if (!value || !outlier) return [];
    const values = {
      parameter,
      value: shortDecimal(value, 2),
      mean: shortDecimal(outlier.mean, 2),
      count: String(past.length),
    };
    return [{ check: 8, code: 'outlier', values } as const];
  });
}

const READERS: Readonly<Record<HistoryParameter, (of: Assay) => Rational | undefined>> = {
  totalMoisture: (of) => percent(of.totalMoisture),
  ash: (of) => shareOn(of, 'ash', 'd'),
  volatileMatter: (of) => shareOn(of, 'volatileMatter', 'daf'),
  sulphur: (of) => shareOn(of, 'sulphur', 'd'),
  calorificValue: (of) => heatOn(of, 'gross', 'daf')?.joulesPerGram,
};

/** 9: the number, the sample and the order of its days. */
function paperFlags({ certificate, knownNumbers }: CertificateAudit): CertificateFlag[] {
  const flags: CertificateFlag[] = [];
  const flag = (code: CertificateCode, values: Record<string, string>): void => {
    flags.push({ check: 9, code, values });
  };
  const { number, sampleGrams, sealsSet, sealsFound } = certificate;
  if (number.trim() === '') flag('number_missing', {});
  else if (knownNumbers?.has(number)) flag('number_known', { number });
  if (sampleGrams !== undefined && !(Number.isFinite(sampleGrams) && sampleGrams >= SAMPLE_GRAMS_LEAST)) {
    flag('sample_mass_too_small', { grams: String(sampleGrams), minimum: String(SAMPLE_GRAMS_LEAST) });
  }
  if (sealsSet && sealsFound && !sameSeals(sealsSet, sealsFound)) {
    flag('seals_differ', { set: sealsSet.join(' '), found: sealsFound.join(' ') });
  }
  const steps = STEPS.flatMap((name) => {
    const at = certificate[name];
    return at === undefined ? [] : [{ name, at }];
  });
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    if (before && !(before.at <= step.at)) flag('time_order', { before: before.name, after: step.name });
  }
  return flags;
}

const STEPS = ['sampledAt', 'preparedAt', 'analysedAt', 'issuedAt'] as const;

function sameSeals(set: readonly string[], found: readonly string[]): boolean {
  return set.toSorted().join('\n') === found.toSorted().join('\n');
}

function openChecks(of: CertificateAudit): CertificateReport['open'] {
  const { assay, certificate } = of;
  const lacks = (check: CertificateCheck, ...needs: readonly (readonly [string, unknown])[]) => {
    const missing = needs.flatMap(([name, value]) => (value === undefined ? [name] : []));
    return missing.length > 0 ? [{ check, missing }] : [];
  };
  const stated = [assay.calorificValue, ...(assay.also?.calorificValue ?? [])];
  const further = [
    ...(assay.also?.ash ?? []),
    ...(assay.also?.volatileMatter ?? []),
    ...(assay.also?.sulphur ?? []),
  ];
  const kind = (wanted: 'gross' | 'net'): unknown => stated.find((value) => value.kind === wanted);
  const past = (of.history ?? []).length >= HISTORY_LEAST ? true : undefined;
  return [
    ...lacks(1, ['fixedCarbon', assay.fixedCarbon], ['volatileMatter', assay.volatileMatter]),
    ...lacks(2, ['inherentMoisture', assay.inherentMoisture], ['secondBasis', further[0]]),
    ...lacks(3, ['inherentMoisture', assay.inherentMoisture]),
    ...lacks(4, ['secondCalorificValue', stated[1]]),
    ...lacks(5, ['gross', kind('gross')], ['net', kind('net')]),
    ...lacks(6, ['declaredClass', of.declaredClass], ['volatileMatter', assay.volatileMatter]),
    ...lacks(7, ['calorificValueDaf', heatOn(assay, 'gross', 'daf')]),
    ...lacks(8, ['history', past]),
    ...lacks(
      9,
      ['knownNumbers', of.knownNumbers],
      ['sampleGrams', certificate.sampleGrams],
      ['sealsSet', certificate.sealsSet],
      ['sealsFound', certificate.sealsFound],
      ...STEPS.map((name) => [name, certificate[name]] as const),
    ),
  ];
}
