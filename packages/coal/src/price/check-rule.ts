/**
 * Checks one rule of a clause. Both editions have the same grammar; the second knows more parameters, facts
 * and ways to pay.
 */
import { isParameter, parameterSpec } from '../assay/parameters.ts';
import { compare, decimal } from '../exact/rational.ts';
import { type AdjustmentRule, CLAUSE_PARAMETERS } from './clause.ts';
import { FACTS, isFact } from './measure.ts';
import { RATE_UNITS } from './price-clause.ts';
import { type Fields, type Report, array, choice, number, object, positive } from './read.ts';

export type Edition = 1 | 2;

const TIERS_MAX = 16;
const STAGES_MAX = 8;
const UNIT_DIGITS_MAX = 9;

const RULE_FIELDS = [
  'id',
  'parameter',
  'unit',
  'reference',
  'direction',
  'tiers',
  'per',
  'tierMode',
  'stepMode',
  'rateUnit',
  'stage',
] as const satisfies readonly (keyof AdjustmentRule)[];
const OPTIONAL_FIELDS = {
  1: ['basis', 'kind', 'cap', 'reject'],
  2: ['basis', 'kind', 'cap', 'reject', 'edge', 'unitDigits'],
} as const;
const CHANGES_PRICE: readonly unknown[] = ['money_per_tonne', 'percent_of_price', 'unit_price'];

export function checkRule(
  value: unknown,
  path: string,
  edition: Edition,
  report: Report,
): Fields | undefined {
  const rule = object(value, path, RULE_FIELDS, OPTIONAL_FIELDS[edition], report);
  if (!rule) return undefined;
  const { id } = rule;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9_]{0,39}$/.test(id)) report(`${path}.id`, 'not_text');
  checkMeasure(rule, path, edition, report);
  number(rule['reference'], `${path}.reference`, report);
  choice(rule['direction'], `${path}.direction`, ['above', 'below', 'both'], report);
  choice(rule['tierMode'], `${path}.tierMode`, ['marginal', 'whole'], report);
  choice(rule['stepMode'], `${path}.stepMode`, ['floor', 'ceil', 'prorata', 'flat'], report);
  positive(rule['per'], `${path}.per`, report);
  if (rule['cap'] !== undefined) positive(rule['cap'], `${path}.cap`, report);
  if (rule['edge'] !== undefined) choice(rule['edge'], `${path}.edge`, ['from', 'to'], report);
  checkRate(rule, path, edition, report);
  if (rule['reject'] !== undefined) {
    const limits = object(rule['reject'], `${path}.reject`, [], ['below', 'above'], report) ?? {};
    for (const [side, limit] of Object.entries(limits)) number(limit, `${path}.reject.${side}`, report);
  }
  checkTiers(rule['tiers'], `${path}.tiers`, report);
  return rule;
}

function checkRate(rule: Fields, path: string, edition: Edition, report: Report): void {
  const { rateUnit, stage, unitDigits, reference } = rule;
  const units: readonly string[] = edition === 1 ? RATE_UNITS.slice(0, 2) : RATE_UNITS;
  choice(rateUnit, `${path}.rateUnit`, units, report);
  const stages = CHANGES_PRICE.includes(rateUnit) ? STAGES_MAX : 1;
  if (!Number.isInteger(stage) || Number(stage) < 1 || Number(stage) > stages) {
    report(`${path}.stage`, 'out_of_range');
  }
  if (rateUnit !== 'unit_price') {
    if (unitDigits !== undefined) report(`${path}.unitDigits`, 'unknown_field');
    return;
  }
  // The price of one unit is the contract price divided by the reference.
  if (typeof reference === 'string')
    positive(reference, `${path}.reference`, () => report(`${path}.reference`, 'not_positive'));
  const digits = Number(unitDigits);
  if (unitDigits === undefined) report(`${path}.unitDigits`, 'missing_field');
  else if (!Number.isInteger(unitDigits) || digits < 0 || digits > UNIT_DIGITS_MAX) {
    report(`${path}.unitDigits`, 'out_of_range');
  }
}

/** The unit, basis and kind that go with each parameter: no more and no less than makes it one number. */
export function checkMeasure(rule: Fields, path: string, edition: Edition, report: Report): void {
  const { parameter, unit, basis, kind } = rule;
  const known =
    typeof parameter === 'string' &&
    (edition === 1
      ? (CLAUSE_PARAMETERS as readonly string[]).includes(parameter)
      : isParameter(parameter) || isFact(parameter));
  if (!known) return report(`${path}.parameter`, 'not_choice');
  if (isFact(parameter)) {
    if (unit !== FACTS[parameter]) report(`${path}.unit`, 'unit_not_allowed');
    if (basis !== undefined) report(`${path}.basis`, 'basis_not_allowed');
    if (kind !== undefined) report(`${path}.kind`, 'not_choice');
    return;
  }
  if (!isParameter(parameter)) return;
  const { units, places } = parameterSpec(parameter);
  if (!(units as readonly unknown[]).includes(unit)) report(`${path}.unit`, 'unit_not_allowed');
  const kinds: readonly unknown[] = [...new Set(places.map((place) => place.kind))];
  if (!kinds.includes(kind)) report(`${path}.kind`, 'not_choice');
  const bases: readonly unknown[] = places
    .filter((place) => !kinds.includes(kind) || place.kind === kind)
    .map((place) => place.basis);
  if (!bases.includes(basis)) report(`${path}.basis`, 'basis_not_allowed');
}

function checkTiers(value: unknown, path: string, report: Report): void {
  const tiers = array(value, path, TIERS_MAX, report);
  let end: unknown;
  tiers.forEach((entry, index) => {
    const at = `${path}[${index}]`;
    const tier = object(entry, at, ['from', 'to', 'rate'], [], report);
    if (!tier) return;
    const readable =
      number(tier['from'], `${at}.from`, report) &&
      number(tier['rate'], `${at}.rate`, report) &&
      (tier['to'] === null || number(tier['to'], `${at}.to`, report));
    if (!readable) return;
    const from = decimal(tier['from'] as string);
    const joins =
      index === 0 ? from.numerator >= 0n : typeof end === 'string' && compare(decimal(end), from) === 0;
    const ordered = tier['to'] === null || compare(from, decimal(tier['to'] as string)) < 0;
    if (!joins || !ordered) report(at, 'tiers_not_contiguous');
    end = tier['to'];
  });
}
