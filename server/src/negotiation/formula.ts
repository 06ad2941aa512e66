/** A price formula that somebody typed, with the quotations it is computed with. Pure. */
import { childrenOf, type Expression, freezeFormula, parseFormula, type FrozenFormula } from '@seam/coal';
import type { Quotation } from '@seam/protocol';
import type { FormulaTerms } from '../contracts/public.ts';
import { formulaPrice, formulaPricePerTonne } from '../contracts/public.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';

export type ReadFormula = { readonly formula: FormulaTerms; readonly pricePerTonne: bigint };

/** Words of every language a contract is printed in; no control characters, nothing that turns the line. */
const SOURCE = /^[\p{Script=Han}\p{Script=Latin}\p{Nd} .,:;()/_%+\-–（）：，、。第]{1,120}$/u;

/**
 * @returns the frozen formula and what it comes to; else why not, under `price.expression` or
 *   `price.quotations`, with the place: `at` is the character from 0, or the part it is about.
 */
export function readFormula(expression: string, quotations: readonly Quotation[]): ReadFormula | Refusal {
  const typed = expression.replaceAll(/\s+/gu, ' ').trim();
  const parsed = parseFormula(expression);
  if (!parsed.ok) return no('price.expression', parsed.code, { at: String(parsed.at) });
  const indices = namesOf(parsed.expression);
  const quoted = new Set(quotations.map(({ index }) => index));
  const missing = indices.find((name) => !quoted.has(name));
  if (missing !== undefined) return no('price.quotations', 'quotation_missing', { index: missing });
  const frozen = freezeFormula(expression, { indices, parameters: [] });
  if (!frozen.ok) return no('price.expression', frozen.code, { at: String(frozen.at) });
  const used = quotations.filter(({ index }) => indices.includes(index));
  const sloppy = used.find(({ source }) => !SOURCE.test(source));
  if (sloppy) return no('price.quotations', 'source_unreadable', { index: sloppy.index });
  return priced(typed, frozen.formula, used);
}

function priced(typed: string, frozen: FrozenFormula, used: readonly Quotation[]): ReadFormula | Refusal {
  const quotations = used.map(({ index, date, value, source }) => ({ index, date, value, source }));
  const formula: FormulaTerms = { typed, frozen, quotations };
  const value = formulaPrice(formula);
  if (!value.ok) return no('price.quotations', value.code, { at: String(value.at) });
  const pricePerTonne = formulaPricePerTonne(formula);
  return pricePerTonne === undefined || pricePerTonne <= 0n
    ? no('price.expression', 'price_not_positive', {})
    : { formula, pricePerTonne };
}

/** The words of an expression that are no functions, each once, in the order they appear. */
export function namesOf(expression: Expression): readonly string[] {
  const names = new Set<string>();
  const visit = (part: Expression): void => {
    if (part.type === 'name') names.add(part.name);
    childrenOf(part).forEach(visit);
  };
  visit(expression);
  return [...names];
}

function no(field: string, code: string, accepted: Readonly<Record<string, string>>): Refusal {
  return refuse('negotiation.formula_refused', { fields: { [field]: code }, accepted });
}
