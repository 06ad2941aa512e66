/**
 * Reads the terms of a contract from the text that was signed. What this accepts, settlement carries out
 * without a further question; everything else is refused: an unknown clause, a wording that is not the
 * published one, a number outside its range, a field nobody knows, a text that is not canonical.
 */
import { parseQualityClause, readFrozenFormula } from '@seam/coal';
import { canonicalJson } from '@seam/units';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Clause, Parameter } from './clause.ts';
import { computedPrice, isComputed } from './formula-price.ts';
import {
  CLAUSES,
  EDITIONS,
  PRICE_CLAUSES,
  type PriceClauseId,
  clauseAt,
  clauseReference,
  clausesOfTemplate,
  librarySha256,
} from './library.ts';
import { line } from './parameters.ts';
import { leavesOf, valueAt } from './path.ts';
import type { ContractTerms, LibraryTerms } from './terms.ts';

export type TermsProblemCode =
  | 'not_json'
  | 'not_canonical'
  | 'schema_unknown'
  | 'not_valid'
  | 'missing'
  | 'unknown_field'
  | 'template_unknown'
  | 'clause_unknown'
  | 'wording_changed'
  | 'same_party'
  | 'window_reversed'
  | 'not_a_day'
  | 'months_do_not_add_up'
  | 'months_not_rising'
  | 'price_not_by_index'
  | 'price_not_by_formula'
  | 'formula_not_frozen'
  | 'floor_above_cap'
  | 'months_outside_window'
  | 'price_not_by_steps'
  | 'steps_not_rising'
  | 'series_not_in_formula'
  | 'shares_do_not_add_up';

export type TermsProblem = { readonly path: string; readonly code: TermsProblemCode };
export type ParsedTerms =
  | { readonly ok: true; readonly terms: ContractTerms }
  | { readonly ok: false; readonly problems: readonly TermsProblem[] };

const TEXT_MAX = 200_000;

export function parseTerms(text: string): ParsedTerms {
  const no = (code: TermsProblemCode): ParsedTerms => ({ ok: false, problems: [{ path: '', code }] });
  if (text.length > TEXT_MAX) return no('not_valid');
  let value: unknown;
  try {
    value = JSON.parse(text);
    // A key written twice, or in another place, could be read in two ways.
    if (canonicalJson(value) !== text) return no('not_canonical');
  } catch {
    return no('not_json');
  }
  const problems = checkTerms(value);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, terms: value as ContractTerms };
}

/** @returns every problem found, with its place. */
export function checkTerms(value: unknown): readonly TermsProblem[] {
  const schema = valueAt(value, 'schema');
  if (schema === 'seam.contract.1') return checkFirst(value);
  if (schema === 'seam.contract.2') return checkLibrary(value);
  return [{ path: 'schema', code: 'schema_unknown' }];
}

const hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });
const exact = { additionalProperties: false };
const HEAD = { contractId: line(64), number: line(64), issuedAt: instant };
const FIRST_HEAD = Type.Object({ ...HEAD, templateVersion: Type.Integer({ minimum: 1, maximum: 1 }) });
const LIBRARY_HEAD = Type.Object({
  ...HEAD,
  template: Type.Object(
    {
      id: line(40),
      version: Type.Integer({ minimum: 1 }),
      edition: Type.Integer({ minimum: 1 }),
      librarySha256: hash,
      clauses: Type.Array(
        Type.Object({ id: line(40), version: Type.Integer({ minimum: 1 }), sha256: hash }, exact),
      ),
    },
    exact,
  ),
  version: Type.Integer({ minimum: 1, maximum: 1000 }),
  supersedes: Type.Union([Type.Null(), Type.Object({ sha256: hash, termsSha256: hash }, exact)]),
});

/** The parameters that contracts without a library had. */
const FIRST_PATHS =
  /^(seller|buyer|origin|goods\..+|quantityKg|toleranceBasisPoints|pricePerTonne|currency|quality|payment\.(provisional.+|payoutWithinDays)|fees\..+|inspection\.challengeDays)$/;

function checkFirst(value: unknown): TermsProblem[] {
  if (!Value.Check(FIRST_HEAD, value)) return [{ path: '', code: 'not_valid' }];
  const parameters = CLAUSES.filter((clause) => clause.version === 1)
    .flatMap((clause) => clause.parameters)
    .filter((parameter) => FIRST_PATHS.test(parameter.path));
  return checkParameters(value, unique(parameters), ['schema', ...Object.keys(FIRST_HEAD.properties)]);
}

const unique = (parameters: readonly Parameter[]): Parameter[] => [
  ...new Map(parameters.map((parameter) => [parameter.path, parameter])).values(),
];

function checkLibrary(value: unknown): readonly TermsProblem[] {
  if (!Value.Check(LIBRARY_HEAD, value)) return [{ path: '', code: 'not_valid' }];
  const terms = value as unknown as LibraryTerms;
  const clauses = agreedClauses(terms);
  if (!Array.isArray(clauses)) return [clauses as TermsProblem];
  const parameters = clauses.flatMap((clause) => clause.parameters);
  const problems = checkParameters(terms, parameters, ['schema', ...Object.keys(LIBRARY_HEAD.properties)]);
  // What belongs together is only compared once each part can be read.
  return problems.length > 0 ? problems : checkTogether(terms);
}

function agreedClauses({ template }: LibraryTerms): readonly Clause[] | TermsProblem {
  const edition = EDITIONS.find((one) => one.edition === template.edition);
  const published = edition?.templates.find(
    (one) => one.id === template.id && one.version === template.version,
  );
  if (!edition || !published) return { path: 'template', code: 'template_unknown' };
  const price = template.clauses
    .map(({ id }) => id)
    .find(
      (id): id is PriceClauseId =>
        Object.hasOwn(PRICE_CLAUSES, id) && PRICE_CLAUSES[id as PriceClauseId] <= edition.edition,
    );
  // Prices for each call-off need call-offs.
  if ((price === 'price_steps' || price === 'price_later') && published.kind !== 'long_term')
    return { path: 'template', code: 'wording_changed' };
  const clauses = clausesOfTemplate(published, { price: price ?? 'price_fixed' });
  for (const [at, { id, version }] of template.clauses.entries())
    if (!clauseAt(id, version)) return { path: `template.clauses.${at}`, code: 'clause_unknown' };
  const same =
    template.librarySha256 === librarySha256(edition) &&
    canonicalJson(template.clauses) === canonicalJson(clauses.map(clauseReference));
  return same ? clauses : { path: 'template', code: 'wording_changed' };
}

function checkParameters(
  terms: unknown,
  parameters: readonly Parameter[],
  head: readonly string[],
): TermsProblem[] {
  const problems = parameters.flatMap(({ path, schema, form }): TermsProblem[] => {
    const value = valueAt(terms, path);
    if (value === undefined) return [{ path, code: 'missing' }];
    if (!Value.Check(schema, value)) return [{ path, code: 'not_valid' }];
    if (form === 'day' && !isDay(value as string)) return [{ path, code: 'not_a_day' }];
    if (form !== 'quality') return [];
    const parsed = parseQualityClause(value);
    return parsed.ok
      ? []
      : parsed.problems.map((problem) => ({ path: `${path}.${problem.path}`, code: 'not_valid' }));
  });
  const known = [...head, ...parameters.map((parameter) => parameter.path)];
  const strangers = leavesOf(terms).filter(
    ({ path }) => !known.some((name) => path === name || path.startsWith(`${name}.`)),
  );
  return [...problems, ...strangers.map(({ path }) => ({ path, code: 'unknown_field' as const }))];
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function checkTogether(terms: LibraryTerms) {
  const { seller, buyer, goods, index, formula, callOff, quantityKg, pricePerTonne } = terms;
  const problems: TermsProblem[] = [];
  const demand = (holds: boolean, path: string, code: TermsProblemCode) => {
    if (!holds) problems.push({ path, code });
  };
  demand(seller.organisationId !== buyer.organisationId, 'buyer', 'same_party');
  demand(goods.windowFrom <= goods.windowTo, 'goods.windowTo', 'window_reversed');
  if (index) {
    demand(BigInt(index.floorPerTonne) <= BigInt(index.capPerTonne), 'index.capPerTonne', 'floor_above_cap');
  }
  if (formula)
    demand(readFrozenFormula(formula.frozen) !== undefined, 'formula.frozen', 'formula_not_frozen');
  if (isComputed(terms) && problems.length === 0) {
    const code = index ? 'price_not_by_index' : 'price_not_by_formula';
    demand(BigInt(pricePerTonne) === computedPrice(terms), 'pricePerTonne', code);
  }
  if (callOff) {
    const sum = callOff.months.reduce((total, { kg }) => total + BigInt(kg), 0n);
    demand(sum === BigInt(quantityKg), 'callOff.months', 'months_do_not_add_up');
    const rising = callOff.months.every(({ month }, at) => at === 0 || callOff.months[at - 1]!.month < month);
    demand(rising, 'callOff.months', 'months_not_rising');
    const inside = callOff.months.every(
      ({ month }) => month >= goods.windowFrom.slice(0, 7) && month <= goods.windowTo.slice(0, 7),
    );
    if (callOff.window !== undefined) demand(inside, 'callOff.months', 'months_outside_window');
    checkPrices(terms, demand);
  }
  return problems;
}

type Demand = (holds: boolean, path: string, code: TermsProblemCode) => void;

/** A price that differs from month to month has one for the first, and follows only what can be looked up. */
function checkPrices(terms: LibraryTerms, demand: Demand): void {
  const { callOff, priceSteps, priceLater, pricePerTonne } = terms;
  const [first] = priceSteps ?? [];
  if (priceSteps && first) {
    demand(first.pricePerTonne === pricePerTonne, 'priceSteps', 'price_not_by_steps');
    const rising = priceSteps.every(({ from }, at) => at === 0 || priceSteps[at - 1]!.from < from);
    demand(rising && first.from <= callOff!.months[0]!.month, 'priceSteps', 'steps_not_rising');
  }
  const formula = priceLater && readFrozenFormula(priceLater.formula);
  if (!priceLater) return;
  demand(formula !== undefined, 'priceLater.formula', 'formula_not_frozen');
  if (!formula) return;
  const names = priceLater.series.map(({ name }) => name);
  const same =
    names.length === formula.indices.length && formula.indices.every((name) => names.includes(name));
  demand(same, 'priceLater.series', 'series_not_in_formula');
  demand(
    formula.parameters.every((name) => name === 'base'),
    'priceLater.formula',
    'formula_not_frozen',
  );
}
