/**
 * Reads a quality clause from JSON that somebody else wrote. What this accepts, `adjustPrice` computes
 * without a further question; anything ambiguous (gaps between bands, a heat without its basis, fields
 * nobody knows) is refused, because a contract must not be read two ways.
 */
import { BASES } from '../assay/assay.ts';
import {
  type AdjustmentRule,
  type ClauseParameter,
  type QualityClause,
  CLAUSE_PARAMETERS,
} from './clause.ts';
import { ENERGY_UNITS } from '../heat/energy.ts';
import { compare, decimal, parseRational } from '../exact/rational.ts';

export type ClauseProblemCode =
  | 'not_object'
  | 'not_array'
  | 'unknown_field'
  | 'missing_field'
  | 'not_text'
  | 'not_decimal'
  | 'not_choice'
  | 'not_positive'
  | 'out_of_range'
  | 'too_many'
  | 'duplicate_id'
  | 'unit_not_allowed'
  | 'basis_not_allowed'
  | 'tiers_not_contiguous';

/** `path` as in `rules[0].tiers[1].from`. */
export type ClauseProblem = { readonly path: string; readonly code: ClauseProblemCode };
export type ParsedClause =
  | { readonly ok: true; readonly clause: QualityClause }
  | { readonly ok: false; readonly problems: readonly ClauseProblem[] };

type Fields = Record<string, unknown>;
type Report = (path: string, code: ClauseProblemCode) => void;

const RULES_MAX = 32;
const TIERS_MAX = 16;
const STAGES_MAX = 8;

/** @returns the clause, or every problem found with its place. */
export function parseQualityClause(value: unknown): ParsedClause {
  const problems: ClauseProblem[] = [];
  const report: Report = (path, code) => problems.push({ path, code });
  const clause = object(value, '', ['schema', 'rounding', 'rules'], ['weight', 'limits'], report);
  if (clause) {
    choice(clause['schema'], 'schema', ['seam.quality-clause.1'], report);
    choice(clause['rounding'], 'rounding', ['half_up'], report);
    checkRules(clause['rules'], report);
    if (clause['weight'] !== undefined) checkWeight(clause['weight'], report);
    if (clause['limits'] !== undefined) checkLimits(clause['limits'], report);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, clause: value as QualityClause };
}

function checkRules(value: unknown, report: Report): void {
  const rules = array(value, 'rules', RULES_MAX, report);
  const ids = new Set<unknown>();
  rules.forEach((rule, index) => {
    const path = `rules[${index}]`;
    const fields = checkRule(rule, path, report);
    if (!fields) return;
    if (ids.has(fields['id'])) report(`${path}.id`, 'duplicate_id');
    ids.add(fields['id']);
  });
}

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

function checkRule(value: unknown, path: string, report: Report): Fields | undefined {
  const rule = object(value, path, RULE_FIELDS, ['basis', 'kind', 'cap', 'reject'], report);
  if (!rule) return undefined;
  const { id, stage } = rule;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9_]{0,39}$/.test(id)) report(`${path}.id`, 'not_text');
  choice(rule['parameter'], `${path}.parameter`, CLAUSE_PARAMETERS, report);
  checkMeasure(rule, path, report);
  number(rule['reference'], `${path}.reference`, report);
  choice(rule['direction'], `${path}.direction`, ['above', 'below', 'both'], report);
  choice(rule['tierMode'], `${path}.tierMode`, ['marginal', 'whole'], report);
  choice(rule['stepMode'], `${path}.stepMode`, ['floor', 'ceil', 'prorata', 'flat'], report);
  choice(rule['rateUnit'], `${path}.rateUnit`, ['money_per_tonne', 'percent_of_price'], report);
  positive(rule['per'], `${path}.per`, report);
  if (!Number.isInteger(stage) || Number(stage) < 1 || Number(stage) > STAGES_MAX) {
    report(`${path}.stage`, 'out_of_range');
  }
  if (rule['cap'] !== undefined) positive(rule['cap'], `${path}.cap`, report);
  if (rule['reject'] !== undefined) {
    const limits = object(rule['reject'], `${path}.reject`, [], ['below', 'above'], report) ?? {};
    for (const [side, limit] of Object.entries(limits)) number(limit, `${path}.reject.${side}`, report);
  }
  checkTiers(rule['tiers'], `${path}.tiers`, report);
  return rule;
}

/** The unit, basis and kind that go with each parameter: no more and no less than makes it one number. */
function checkMeasure(rule: Fields, path: string, report: Report): void {
  const parameter = rule['parameter'] as ClauseParameter;
  const heat = parameter === 'calorificValue';
  const share = !heat && parameter !== 'hardgroveIndex' && parameter !== 'ashSoftening';
  const units: readonly string[] = heat
    ? ENERGY_UNITS
    : share
      ? ['%']
      : [parameter === 'hardgroveIndex' ? 'HGI' : '°C'];
  if (!units.includes(rule['unit'] as string)) report(`${path}.unit`, 'unit_not_allowed');
  const net = heat && rule['kind'] === 'net';
  const bases: readonly unknown[] = {
    totalMoisture: ['ar'],
    inherentMoisture: ['ad'],
    ash: ['ar', 'ad', 'd'],
    volatileMatter: BASES,
    sulphur: BASES,
    fixedCarbon: BASES,
    calorificValue: net ? ['ar', 'ad', 'd'] : BASES,
    hardgroveIndex: [undefined],
    ashSoftening: [undefined],
  }[parameter] ?? [rule['basis']];
  if (!bases.includes(rule['basis'])) report(`${path}.basis`, 'basis_not_allowed');
  const kinds: readonly unknown[] = heat ? ['gross', 'net'] : [undefined];
  if (!kinds.includes(rule['kind'])) report(`${path}.kind`, 'not_choice');
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

function checkWeight(value: unknown, report: Report): void {
  const weight = object(value, 'weight', ['method', 'reference'], ['factor'], report);
  if (!weight) return;
  choice(weight['method'], 'weight.method', ['dry_equivalent', 'simple'], report);
  if (number(weight['reference'], 'weight.reference', report)) {
    const reference = decimal(weight['reference'] as string);
    if (reference.numerator < 0n || compare(reference, decimal('60')) > 0)
      report('weight.reference', 'out_of_range');
  }
  if (weight['factor'] === undefined) return;
  if (weight['method'] !== 'simple') report('weight.factor', 'unknown_field');
  else positive(weight['factor'], 'weight.factor', report);
}

function checkLimits(value: unknown, report: Report): void {
  const names = ['maximumBonus', 'maximumPenalty', 'minimumPrice', 'maximumPrice'] as const;
  const limits = object(value, 'limits', [], names, report) ?? {};
  for (const [name, limit] of Object.entries(limits)) {
    if (number(limit, `limits.${name}`, report) && decimal(limit as string).numerator < 0n) {
      report(`limits.${name}`, 'out_of_range');
    }
  }
  const [low, high] = [limits['minimumPrice'], limits['maximumPrice']];
  const both =
    typeof low === 'string' && typeof high === 'string' && parseRational(low) && parseRational(high);
  if (both && compare(decimal(low), decimal(high)) > 0) report('limits.maximumPrice', 'out_of_range');
}

function object(
  value: unknown,
  path: string,
  required: readonly string[],
  optional: readonly string[],
  report: Report,
): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(path, 'not_object');
    return undefined;
  }
  const fields = value as Fields;
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of required) if (fields[name] === undefined) report(at(name), 'missing_field');
  for (const name of Object.keys(fields)) {
    if (!required.includes(name) && !optional.includes(name)) report(at(name), 'unknown_field');
  }
  return fields;
}

function array(value: unknown, path: string, most: number, report: Report): readonly unknown[] {
  if (!Array.isArray(value)) {
    report(path, 'not_array');
    return [];
  }
  if (value.length > most) report(path, 'too_many');
  return value.slice(0, most);
}

function choice(value: unknown, path: string, options: readonly string[], report: Report): void {
  if (typeof value !== 'string' || !options.includes(value)) report(path, 'not_choice');
}

function number(value: unknown, path: string, report: Report): boolean {
  const readable = typeof value === 'string' && parseRational(value) !== undefined;
  if (!readable) report(path, 'not_decimal');
  return readable;
}

function positive(value: unknown, path: string, report: Report): void {
  if (number(value, path, report) && decimal(value as string).numerator <= 0n) report(path, 'not_positive');
}
