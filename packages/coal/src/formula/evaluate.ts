/**
 * The value of a formula under frozen quotations. Total and exact: the answer is one fraction or one coded
 * refusal, and the work is bounded by the nodes of the tree and the quotations it names.
 */
import {
  type Rational,
  ZERO,
  add,
  compare,
  decimal,
  divide,
  maximum,
  minimum,
  multiply,
  negate,
  parseRational,
  rational,
  roundHalfUp,
  subtract,
} from '../exact/rational.ts';
import { type Expression, FORMULA_LIMITS } from './ast.ts';
import { isDay } from './lexer.ts';
import { printFormula } from './print.ts';

/** One published number: which day it is for, what it says, and where that can be read again. */
export type Quotation = { readonly date: string; readonly value: string; readonly source: string };
/** In the order of their days, one for a day at most. */
export type FrozenIndex = { readonly quotations: readonly Quotation[] };
export type FrozenValues = {
  readonly indices: Readonly<Record<string, FrozenIndex>>;
  readonly parameters: Readonly<Record<string, string>>;
};

export type ValueCode =
  | 'name_unknown'
  | 'quotation_missing'
  /** An index without a day, and more than one quotation is frozen for it. */
  | 'quotation_ambiguous'
  | 'quotations_unordered'
  | 'value_malformed'
  | 'period_reversed'
  | 'bounds_reversed'
  | 'division_by_zero'
  | 'number_too_large'
  /** The tree was not accepted by checkFormula. */
  | 'not_checked';
/** `at`: the text of the part that has no value. */
export type FormulaRefusal = { readonly ok: false; readonly code: ValueCode; readonly at: string };

/** A frozen quotation or parameter that the value rests on. */
export type Used =
  | { readonly index: string; readonly date: string; readonly value: string; readonly source: string }
  | { readonly parameter: string; readonly value: string };
export type FormulaValue =
  { readonly ok: true; readonly value: Rational; readonly used: readonly Used[] } | FormulaRefusal;

/** Quotations that may be frozen for one index: ten years of days. */
export const QUOTATIONS_MAX = 3_660;

/** @param expression as accepted by checkFormula. */
export function evaluateFormula(expression: Expression, values: FrozenValues): FormulaValue {
  const used = new Map<string, Used>();
  const result = valueOf(expression, { values, used });
  return isRefusal(result) ? result : { ok: true, value: result, used: [...used.values()] };
}

type Context = { readonly values: FrozenValues; readonly used: Map<string, Used> };
type Result = Rational | FormulaRefusal;

function isRefusal(result: Result): result is FormulaRefusal {
  return 'ok' in result;
}

function no(code: ValueCode, at: Expression): FormulaRefusal {
  return { ok: false, code, at: printFormula(at) };
}

function valueOf(expression: Expression, context: Context): Result {
  switch (expression.type) {
    case 'number': {
      const value = parseRational(expression.value);
      return value ?? no('not_checked', expression);
    }
    case 'date':
      return no('not_checked', expression);
    case 'name':
      return named(expression, context);
    case 'negate': {
      const value = valueOf(expression.of, context);
      return isRefusal(value) ? value : negate(value);
    }
    case 'binary':
      return binary(expression, context);
    case 'call':
      return called(expression, context);
  }
}

function binary(expression: Extract<Expression, { type: 'binary' }>, context: Context): Result {
  const left = valueOf(expression.left, context);
  if (isRefusal(left)) return left;
  const right = valueOf(expression.right, context);
  if (isRefusal(right)) return right;
  switch (expression.operator) {
    case '+':
      return bounded(add(left, right), expression);
    case '-':
      return bounded(subtract(left, right), expression);
    case '*':
      return bounded(multiply(left, right), expression);
    case '/':
      if (right.numerator === 0n) return no('division_by_zero', expression);
      return bounded(divide(left, right), expression);
  }
}

const TOO_LARGE = 1n << BigInt(FORMULA_LIMITS.bits);

function bounded(value: Rational, expression: Expression): Result {
  const { numerator, denominator } = value;
  const fits = numerator < TOO_LARGE && numerator > -TOO_LARGE && denominator < TOO_LARGE;
  return fits ? value : no('number_too_large', expression);
}

function called(call: Extract<Expression, { type: 'call' }>, context: Context): Result {
  if (call.name === 'avg' || call.name === 'on') return quoted(call, context);
  const numbers: Rational[] = [];
  for (const argument of call.arguments) {
    const value = valueOf(argument, context);
    if (isRefusal(value)) return value;
    numbers.push(value);
  }
  const [first = ZERO, second = ZERO, third = ZERO] = numbers;
  switch (call.name) {
    case 'min':
    case 'cap':
      return numbers.reduce(minimum);
    case 'max':
    case 'floor':
      return numbers.reduce(maximum);
    case 'mean':
      return bounded(divide(add(...numbers), rational(numbers.length)), call);
    case 'clamp':
      return compare(second, third) > 0
        ? no('bounds_reversed', call)
        : maximum(second, minimum(third, first));
    case 'round': {
      const digits = Number(second.numerator);
      const whole = second.denominator === 1n && digits >= 0 && digits <= FORMULA_LIMITS.roundDigits;
      if (!whole) return no('not_checked', call);
      return rational(roundHalfUp(first, digits), 10n ** BigInt(digits));
    }
  }
}

/** A name alone: a parameter, or the one quotation of an index. */
function named(expression: Extract<Expression, { type: 'name' }>, context: Context): Result {
  const { name } = expression;
  const { indices, parameters } = context.values;
  if (Object.hasOwn(parameters, name)) {
    const text = parameters[name] ?? '';
    const value = parseRational(text);
    if (!value) return no('value_malformed', expression);
    context.used.set(name, { parameter: name, value: text });
    return value;
  }
  if (!Object.hasOwn(indices, name)) return no('name_unknown', expression);
  const quotations = indices[name]?.quotations ?? [];
  if (quotations.length > 1) return no('quotation_ambiguous', expression);
  return meanOf(name, quotations, expression, context);
}

function quoted(call: Extract<Expression, { type: 'call' }>, context: Context): Result {
  const [series, first, last = first] = call.arguments;
  if (series?.type !== 'name' || first?.type !== 'date' || last?.type !== 'date')
    return no('not_checked', call);
  if (first.value > last.value) return no('period_reversed', call);
  if (!Object.hasOwn(context.values.indices, series.name)) return no('name_unknown', call);
  const frozen = context.values.indices[series.name]?.quotations ?? [];
  if (frozen.length > QUOTATIONS_MAX || !isOrdered(frozen)) return no('quotations_unordered', call);
  const within = frozen.filter(({ date }) => date >= first.value && date <= last.value);
  return meanOf(series.name, within, call, context);
}

function meanOf(
  index: string,
  quotations: readonly Quotation[],
  expression: Expression,
  context: Context,
): Result {
  if (quotations.length === 0) return no('quotation_missing', expression);
  if (!quotations.every(({ value }) => parseRational(value))) return no('value_malformed', expression);
  for (const { date, value, source } of quotations) {
    context.used.set(`${index} ${date}`, { index, date, value, source });
  }
  const sum = add(...quotations.map(({ value }) => decimal(value)));
  return bounded(divide(sum, rational(quotations.length)), expression);
}

function isOrdered(quotations: readonly Quotation[]): boolean {
  return quotations.every(({ date }, index) => {
    const before = quotations[index - 1];
    return isDay(date) && (!before || before.date < date);
  });
}
