/**
 * Reads a quality clause from JSON that somebody else wrote. What this accepts, `adjustPrice` and
 * `evaluateClause` compute without a further question; anything ambiguous (gaps between bands, a heat without
 * its basis, fields nobody knows) is refused, because a contract must not be read two ways.
 */
import { compare, decimal, parseRational } from '../exact/rational.ts';
import { type Edition, checkMeasure, checkRule } from './check-rule.ts';
import type { QualityClause } from './clause.ts';
import type { AnyClause } from './price-clause.ts';
import {
  type ClauseProblem,
  type Fields,
  type Report,
  array,
  choice,
  number,
  object,
  positive,
} from './read.ts';

export type ParsedClause =
  | { readonly ok: true; readonly clause: QualityClause }
  | { readonly ok: false; readonly problems: readonly ClauseProblem[] };
export type ParsedAnyClause =
  | { readonly ok: true; readonly clause: AnyClause }
  | { readonly ok: false; readonly problems: readonly ClauseProblem[] };

const RULES_MAX = 32;
const DAYS_MAX = 3_650;
const SCHEMAS = { 1: 'seam.quality-clause.1', 2: 'seam.quality-clause.2' } as const;

/** Reads a clause of the first edition. @returns the clause, or every problem found with its place. */
export function parseQualityClause(value: unknown): ParsedClause {
  const problems = problemsOf(value, 1);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, clause: value as QualityClause };
}

/** Reads a clause of either edition, by the schema it names. */
export function parseClause(value: unknown): ParsedAnyClause {
  const schema = typeof value === 'object' && value !== null && (value as Fields)['schema'];
  const problems = problemsOf(value, schema === SCHEMAS[1] ? 1 : 2);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, clause: value as AnyClause };
}

function problemsOf(value: unknown, edition: Edition): readonly ClauseProblem[] {
  const problems: ClauseProblem[] = [];
  const report: Report = (path, code) => problems.push({ path, code });
  const optional = edition === 1 ? ['weight', 'limits'] : ['weight', 'limits', 'payment'];
  const clause = object(value, '', ['schema', 'rounding', 'rules'], optional, report);
  if (!clause) return problems;
  choice(clause['schema'], 'schema', [SCHEMAS[edition]], report);
  choice(clause['rounding'], 'rounding', ['half_up'], report);
  checkRules(clause['rules'], edition, report);
  if (clause['weight'] !== undefined) checkWeight(clause['weight'], edition, report);
  if (clause['limits'] !== undefined) checkLimits(clause['limits'], edition, report);
  if (clause['payment'] !== undefined && edition === 2) checkPayment(clause['payment'], report);
  return problems;
}

function checkRules(value: unknown, edition: Edition, report: Report): void {
  const rules = array(value, 'rules', RULES_MAX, report);
  const ids = new Set<unknown>();
  rules.forEach((rule, index) => {
    const path = `rules[${index}]`;
    const fields = checkRule(rule, path, edition, report);
    if (!fields) return;
    if (ids.has(fields['id'])) report(`${path}.id`, 'duplicate_id');
    ids.add(fields['id']);
  });
}

function checkWeight(value: unknown, edition: Edition, report: Report): void {
  const weight = object(value, 'weight', ['method', 'reference'], ['factor'], report);
  if (!weight) return;
  const methods = ['dry_equivalent', 'simple', ...(edition === 2 ? ['contract_moisture'] : [])];
  choice(weight['method'], 'weight.method', methods, report);
  if (number(weight['reference'], 'weight.reference', report)) {
    const reference = decimal(weight['reference'] as string);
    if (reference.numerator < 0n || compare(reference, decimal('60')) > 0)
      report('weight.reference', 'out_of_range');
  }
  if (weight['factor'] === undefined) return;
  if (weight['method'] !== 'simple') report('weight.factor', 'unknown_field');
  else positive(weight['factor'], 'weight.factor', report);
}

function checkLimits(value: unknown, edition: Edition, report: Report): void {
  const names = ['maximumBonus', 'maximumPenalty', 'minimumPrice', 'maximumPrice'];
  const limits = object(value, 'limits', [], edition === 2 ? [...names, 'band'] : names, report) ?? {};
  for (const [name, limit] of Object.entries(limits)) {
    if (name === 'band' && edition === 2) continue;
    if (number(limit, `limits.${name}`, report) && decimal(limit as string).numerator < 0n) {
      report(`limits.${name}`, 'out_of_range');
    }
  }
  if (limits['band'] !== undefined && edition === 2) checkBand(limits['band'], report);
  if (reversed(limits['minimumPrice'], limits['maximumPrice'])) report('limits.maximumPrice', 'out_of_range');
}

/** A band of prices by heat: at least one limit, the lower not above the upper. */
function checkBand(value: unknown, report: Report): void {
  const optional = ['basis', 'kind', 'minimum', 'maximum'];
  const band = object(value, 'limits.band', ['parameter', 'unit', 'reference'], optional, report);
  if (!band) return;
  if (band['parameter'] !== 'calorificValue') report('limits.band.parameter', 'not_choice');
  checkMeasure(band, 'limits.band', 2, report);
  positive(band['reference'], 'limits.band.reference', report);
  const { minimum, maximum } = band;
  if (minimum === undefined && maximum === undefined) report('limits.band.maximum', 'missing_field');
  for (const [name, limit] of Object.entries({ minimum, maximum })) {
    if (limit !== undefined) positive(limit, `limits.band.${name}`, report);
  }
  if (reversed(minimum, maximum)) report('limits.band.maximum', 'out_of_range');
}

function checkPayment(value: unknown, report: Report): void {
  const payment = object(value, 'payment', ['provisionalPercent', 'finalWithinDays'], [], report);
  if (!payment) return;
  const { provisionalPercent: part, finalWithinDays: days } = payment;
  positive(part, 'payment.provisionalPercent', report);
  if (reversed(part, '100')) report('payment.provisionalPercent', 'out_of_range');
  if (!Number.isInteger(days) || Number(days) < 1 || Number(days) > DAYS_MAX) {
    report('payment.finalWithinDays', 'out_of_range');
  }
}

/** Both readable, and the lower above the higher. */
function reversed(low: unknown, high: unknown): boolean {
  const both =
    typeof low === 'string' && typeof high === 'string' && parseRational(low) && parseRational(high);
  return Boolean(both) && compare(decimal(low as string), decimal(high as string)) > 0;
}
