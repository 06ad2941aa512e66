/**
 * A formula as it is signed: its canonical text, the words it uses and the hash of both. Whoever prices
 * with it later shows by the hash that it is the one that was agreed.
 */
import { canonicalJson } from '@seam/units';
import { sha256Hex } from '../exact/sha256.ts';
import { type Expression, FORMULA_LIMITS } from './ast.ts';
import { type Declarations, type FormulaMeaning, checkFormula, childrenOf } from './check.ts';
import { type FormulaRefusal, type FormulaValue, type FrozenValues, evaluateFormula } from './evaluate.ts';
import { type FormulaSyntax, parseFormula } from './parse.ts';
import { printFormula } from './print.ts';

/** Plain JSON, part of the signed terms. */
export type FrozenFormula = {
  readonly schema: 'seam.price-formula.1';
  /** As printFormula writes it. */
  readonly expression: string;
  /** The declared words that the expression uses, sorted. */
  readonly indices: readonly string[];
  readonly parameters: readonly string[];
  /** SHA-256 of the canonical JSON of the fields above, lower case hexadecimal. */
  readonly hash: string;
};

export type Frozen = { readonly ok: true; readonly formula: FrozenFormula } | FormulaSyntax | FormulaMeaning;

/** Reads, checks and freezes what a person typed. */
export function freezeFormula(text: unknown, names: Declarations): Frozen {
  const parsed = parseFormula(text);
  if (!parsed.ok) return parsed;
  const refusal = checkFormula(parsed.expression, names);
  if (refusal) return refusal;
  const expression = printFormula(parsed.expression);
  // With the spaces of the canonical text it must still be one that can be read again.
  if (expression.length > FORMULA_LIMITS.characters) {
    return { ok: false, code: 'too_long', at: FORMULA_LIMITS.characters };
  }
  const words = wordsOf(parsed.expression);
  const unsigned = {
    schema: 'seam.price-formula.1',
    expression,
    indices: sorted(names.indices, words),
    parameters: sorted(names.parameters, words),
  } as const;
  return { ok: true, formula: { ...unsigned, hash: sha256Hex(canonicalJson(unsigned)) } };
}

export type FrozenPrice =
  | FormulaValue
  | FormulaRefusal
  | FormulaSyntax
  | FormulaMeaning
  | { readonly ok: false; readonly code: 'hash_differs'; readonly at: string };

/** The price by a signed formula. A formula that was changed after it was frozen is refused. */
export function priceByFormula(formula: FrozenFormula, values: FrozenValues): FrozenPrice {
  const again = freezeFormula(formula.expression, formula);
  if (!again.ok) return again;
  if (again.formula.hash !== formula.hash) return { ok: false, code: 'hash_differs', at: again.formula.hash };
  const parsed = parseFormula(formula.expression);
  return parsed.ok ? evaluateFormula(parsed.expression, values) : parsed;
}

function sorted(declared: readonly string[], words: ReadonlySet<string>): readonly string[] {
  return declared.filter((name) => words.has(name)).toSorted((a, b) => (a < b ? -1 : Number(a > b)));
}

function wordsOf(expression: Expression): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: Expression): void => {
    if (part.type === 'name') found.add(part.name);
    childrenOf(part).forEach(visit);
  };
  visit(expression);
  return found;
}

/**
 * Reads a frozen formula out of terms that somebody else stored.
 * @returns undefined unless it is exactly what freezeFormula writes: text, words and hash.
 */
export function readFrozenFormula(value: unknown): FrozenFormula | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { schema, expression, indices, parameters, hash, ...rest } = value as Record<string, unknown>;
  const complete =
    schema === 'seam.price-formula.1' && typeof hash === 'string' && Object.keys(rest).length === 0;
  if (!complete || !isNames(indices) || !isNames(parameters)) return undefined;
  const again = freezeFormula(expression, { indices, parameters });
  if (!again.ok) return undefined;
  const { formula } = again;
  const { hash: expected, ...unsigned } = formula;
  const same = canonicalJson({ schema, expression, indices, parameters }) === canonicalJson(unsigned);
  return same && hash === expected ? formula : undefined;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 256 && value.every((name) => typeof name === 'string');
}
