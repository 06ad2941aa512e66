/**
 * A price formula that somebody typed, with the quotations it is computed with. Pure. Of a series that the
 * exchange publishes there is one source: its values are found here, and one that was typed must be among them.
 */
import {
  childrenOf,
  compare,
  type Expression,
  freezeFormula,
  parseFormula,
  parseRational,
  type FrozenFormula,
} from '@seam/coal';
import type { Quotation } from '@seam/protocol';
import type { FormulaTerms } from '../contracts/public.ts';
import { formulaPrice, formulaPricePerTonne } from '../contracts/public.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';

/** In the order of their days; `source` says where the value can be read again. */
export type PublishedValue = Pick<Quotation, 'date' | 'value' | 'source'>;
/** By the name that a formula calls the series by. */
export type PublishedSeries = ReadonlyMap<string, readonly PublishedValue[]>;

export type ReadFormula = { readonly formula: FormulaTerms; readonly pricePerTonne: bigint };

/** Words of every language a contract is printed in; no control characters, nothing that turns the line. */
const SOURCE = /^[\p{Script=Han}\p{Script=Latin}\p{Nd} .,:;()/_%+\-–（）：，、。第]{1,120}$/u;

/**
 * @returns the frozen formula and what it comes to; else why not, under `price.expression` or
 *   `price.quotations`, with the place: `at` is the character from 0, or the part it is about.
 */
export function readFormula(
  expression: string,
  quotations: readonly Quotation[],
  published: PublishedSeries = new Map(),
): ReadFormula | Refusal {
  const typed = expression.replaceAll(/\s+/gu, ' ').trim();
  const parsed = parseFormula(expression);
  if (!parsed.ok) return no('price.expression', parsed.code, { at: String(parsed.at) });
  const indices = namesOf(parsed.expression);
  const given = quotationsOf(parsed.expression, indices, quotations, published);
  if (isRefusal(given)) return given;
  const quoted = new Set(given.map(({ index }) => index));
  const missing = indices.find((name) => !quoted.has(name));
  if (missing !== undefined) return no('price.quotations', 'quotation_missing', { index: missing });
  const frozen = freezeFormula(expression, { indices, parameters: [] });
  if (!frozen.ok) return no('price.expression', frozen.code, { at: String(frozen.at) });
  const used = given.filter(({ index }) => indices.includes(index));
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

function quotationsOf(
  expression: Expression,
  indices: readonly string[],
  typed: readonly Quotation[],
  published: PublishedSeries,
): readonly Quotation[] | Refusal {
  const all: Quotation[] = typed.filter(({ index }) => !published.has(index));
  for (const index of indices) {
    const series = published.get(index);
    if (!series) continue;
    const own = typed.filter((one) => one.index === index);
    const differs = own.find((one) => !series.some((value) => isSame(value, one)));
    if (differs) return no('price.quotations', 'quotation_differs', differing(differs, series));
    const days = own.map(({ date }) => date);
    const wanted =
      own.length > 0 ? series.filter(({ date }) => days.includes(date)) : demanded(expression, index, series);
    all.push(...wanted.map((value) => ({ index, ...value })));
  }
  return all;
}

const isSame = (one: PublishedValue, typed: Quotation): boolean => {
  const [value, other] = [parseRational(one.value), parseRational(typed.value)];
  return one.date === typed.date && value !== undefined && other !== undefined && compare(value, other) === 0;
};

/** What the exchange published for that day, else the day and value it published last. */
function differing({ index, date }: Quotation, series: readonly PublishedValue[]): Record<string, string> {
  const right = series.find((one) => one.date === date) ?? series.at(-1);
  return { index, ...(right && { day: right.date, value: right.value }) };
}

/** What an expression asks of a series: the newest value for its bare name, else those of the days it names. */
function demanded(
  expression: Expression,
  index: string,
  series: readonly PublishedValue[],
): readonly PublishedValue[] {
  const newest = series.at(-1);
  const wanted = new Set<string>();
  const visit = (part: Expression): void => {
    if (part.type === 'name' && part.name === index && newest) wanted.add(newest.date);
    const [head, from, to = from] = part.type === 'call' ? part.arguments : [];
    if (head?.type === 'name' && head.name === index && from?.type === 'date' && to?.type === 'date')
      series
        .filter(({ date }) => from.value <= date && date <= to.value)
        .forEach(({ date }) => wanted.add(date));
    else childrenOf(part).forEach(visit);
  };
  visit(expression);
  return series.filter(({ date }) => wanted.has(date));
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
