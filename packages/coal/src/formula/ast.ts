/**
 * A price formula as data: what two parties agree on is this tree, its text is only how they read it.
 * Plain JSON; numbers are canonical decimal texts, so that equal formulas are equal objects.
 */
export type Expression =
  /** Without sign, without leading or trailing zeros. */
  | { readonly type: 'number'; readonly value: string }
  /** YYYY-MM-DD; only as an argument of a function of an index. */
  | { readonly type: 'date'; readonly value: string }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'negate'; readonly of: Expression }
  | {
      readonly type: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: 'call'; readonly name: FunctionName; readonly arguments: readonly Expression[] };

export type Operator = '+' | '-' | '*' | '/';

/**
 * What each function takes. `numbers`: so many numbers. `index`: the name of an index, then so many dates.
 * min, max, mean: of their arguments. round(x, n): n fraction digits, halves away from zero. floor(x, low):
 * not below. cap(x, high): not above. clamp(x, low, high): both. avg(index, from, to): mean of the
 * quotations of these days, both included. on(index, day): the quotation of that very day.
 */
export const FUNCTIONS = {
  min: { numbers: [2, 16] },
  max: { numbers: [2, 16] },
  mean: { numbers: [2, 16] },
  round: { numbers: [2, 2] },
  floor: { numbers: [2, 2] },
  cap: { numbers: [2, 2] },
  clamp: { numbers: [3, 3] },
  avg: { dates: 2 },
  on: { dates: 1 },
} as const satisfies Record<string, { numbers: readonly [number, number] } | { dates: number }>;
export type FunctionName = keyof typeof FUNCTIONS;

/** Limits of a formula, so that none is slow to read, to print or to compute. */
export const FORMULA_LIMITS = {
  characters: 2_000,
  nodes: 256,
  /** Of parentheses, signs and calls in each other. */
  depth: 32,
  wholeDigits: 18,
  fractionDigits: 9,
  /** Bits of the numerator and of the denominator of any intermediate value. */
  bits: 8_192,
  /** Names are lower or upper case letters, digits and underscores, beginning with a letter. */
  nameCharacters: 40,
  roundDigits: 9,
} as const;

export function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}
