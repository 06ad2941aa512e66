/**
 * Does a tree mean a number? Every name is declared, every function has the arguments it takes, dates and
 * whole indices stand only where they are asked for. What this accepts can fail in evaluation only for want
 * of quotations, by a division by zero or by a number beyond the limits.
 */
import { type Expression, FORMULA_LIMITS, FUNCTIONS } from './ast.ts';
import { parseRational } from '../exact/rational.ts';
import { isDay } from './lexer.ts';
import { printFormula } from './print.ts';

/** The words of a formula besides its functions. */
export type Declarations = {
  /** Published series: a name alone means the one quotation that is frozen for it. */
  readonly indices: readonly string[];
  /** Numbers the contract knows: a certified value, a notified price. */
  readonly parameters: readonly string[];
};

export type MeaningCode =
  | 'name_unknown'
  | 'name_declared_twice'
  | 'argument_count'
  | 'index_expected'
  | 'date_expected'
  | 'number_expected'
  | 'round_digits'
  | 'number_malformed'
  | 'too_many_nodes';
/** `at`: the text of the part it is about. */
export type FormulaMeaning = { readonly ok: false; readonly code: MeaningCode; readonly at: string };

/** @returns undefined when `expression` is a number under these declarations. */
export function checkFormula(expression: Expression, names: Declarations): FormulaMeaning | undefined {
  const all = [...names.indices, ...names.parameters];
  const twice = all.find((name, index) => all.indexOf(name) !== index || Object.hasOwn(FUNCTIONS, name));
  if (twice !== undefined) return { ok: false, code: 'name_declared_twice', at: twice };
  const size = { nodes: 0 };
  return oversize(expression, size) ?? numeric(expression, names);
}

/** Trees may come from elsewhere than the parser: the limits hold for them too. */
function oversize(expression: Expression, size: { nodes: number }): FormulaMeaning | undefined {
  size.nodes += 1;
  if (size.nodes > FORMULA_LIMITS.nodes) return { ok: false, code: 'too_many_nodes', at: '' };
  for (const child of childrenOf(expression)) {
    const refusal = oversize(child, size);
    if (refusal) return refusal;
  }
  return undefined;
}

export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.type) {
    case 'negate':
      return [expression.of];
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return expression.arguments;
    default:
      return [];
  }
}

function numeric(expression: Expression, names: Declarations): FormulaMeaning | undefined {
  const no = (code: MeaningCode): FormulaMeaning => ({ ok: false, code, at: printFormula(expression) });
  switch (expression.type) {
    case 'number':
      return isNumber(expression.value) ? undefined : no('number_malformed');
    case 'date':
      return no('number_expected');
    case 'name': {
      const known = names.indices.includes(expression.name) || names.parameters.includes(expression.name);
      return known ? undefined : no('name_unknown');
    }
    case 'call':
      return callMeaning(expression, names);
    default:
      return firstOf(childrenOf(expression), (child) => numeric(child, names));
  }
}

function callMeaning(
  call: Extract<Expression, { type: 'call' }>,
  names: Declarations,
): FormulaMeaning | undefined {
  const no = (code: MeaningCode): FormulaMeaning => ({ ok: false, code, at: printFormula(call) });
  const takes = FUNCTIONS[call.name];
  const count = call.arguments.length;
  if ('numbers' in takes) {
    const [least, most] = takes.numbers;
    if (count < least || count > most) return no('argument_count');
    if (call.name === 'round' && !isDigits(call.arguments[1])) return no('round_digits');
    return firstOf(call.arguments, (argument) => numeric(argument, names));
  }
  if (count !== takes.dates + 1) return no('argument_count');
  const [series, ...days] = call.arguments;
  if (series?.type !== 'name' || !names.indices.includes(series.name)) return no('index_expected');
  return days.every((day) => day.type === 'date' && isDay(day.value)) ? undefined : no('date_expected');
}

function firstOf(
  parts: readonly Expression[],
  check: (part: Expression) => FormulaMeaning | undefined,
): FormulaMeaning | undefined {
  for (const part of parts) {
    const refusal = check(part);
    if (refusal) return refusal;
  }
  return undefined;
}

function isNumber(text: string): boolean {
  return !text.startsWith('-') && parseRational(text) !== undefined;
}

function isDigits(expression: Expression | undefined): boolean {
  return expression?.type === 'number' && /^\d$/.test(expression.value);
}
