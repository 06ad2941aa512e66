import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Expression,
  type FrozenValues,
  FORMULA_LIMITS,
  FUNCTIONS,
  type FunctionName,
  checkFormula,
  evaluateFormula,
  freezeFormula,
  parseFormula,
  printFormula,
} from '../index.ts';

const names = { indices: ['CCTD', 'NCEI'], parameters: ['nar', 'base'] };
const values: FrozenValues = {
  indices: {
    CCTD: { quotations: [{ date: '2026-01-05', value: '690', source: 'a' }] },
    NCEI: { quotations: [] },
  },
  parameters: { nar: '5430', base: '0' },
};

const plainNumber = fc
  .tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 999 }))
  .map(([whole, part]): Expression => {
    const fraction = String(part).padStart(3, '0').replace(/0+$/, '');
    return { type: 'number', value: fraction === '' ? String(whole) : `${whole}.${fraction}` };
  });
const name = fc.constantFrom<Expression>(
  { type: 'name', name: 'nar' },
  { type: 'name', name: 'base' },
  { type: 'name', name: 'CCTD' },
  { type: 'name', name: 'NCEI' },
);
const day = fc.constantFrom<Expression>(
  { type: 'date', value: '2026-01-05' },
  { type: 'date', value: '2026-02-28' },
);
const numeric = (Object.keys(FUNCTIONS) as FunctionName[]).filter((key) => 'numbers' in FUNCTIONS[key]);

/** Trees that mean a number, small enough for every limit. */
const { tree } = fc.letrec<{ tree: Expression; leaf: Expression }>((tie) => ({
  leaf: fc.oneof(
    plainNumber,
    name,
    fc.record({
      type: fc.constant('call' as const),
      name: fc.constant('avg' as const),
      arguments: fc.tuple(fc.constant<Expression>({ type: 'name', name: 'CCTD' }), day, day),
    }),
  ),
  tree: fc.oneof(
    { depthSize: 'small', maxDepth: 5, withCrossShrink: true },
    tie('leaf'),
    fc.record({ type: fc.constant('negate' as const), of: tie('tree') }),
    fc.record({
      type: fc.constant('binary' as const),
      operator: fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const),
      left: tie('tree'),
      right: tie('tree'),
    }),
    fc
      .tuple(
        fc.constantFrom(...numeric),
        tie('tree'),
        tie('tree'),
        tie('tree'),
        fc.integer({ min: 0, max: 9 }),
      )
      .map(([call, a, b, c, digits]): Expression => {
        const last: Expression = { type: 'number', value: String(digits) };
        const list = call === 'round' ? [a, last] : call === 'clamp' ? [a, b, c] : [a, b];
        return { type: 'call', name: call, arguments: list };
      }),
  ),
}));

describe('a price formula', () => {
  it('is the same after being printed and read again', () => {
    fc.assert(
      fc.property(tree, (expression) => {
        fc.pre(printFormula(expression).length <= FORMULA_LIMITS.characters);
        expect(parseFormula(printFormula(expression))).toEqual({ ok: true, expression });
      }),
      { numRuns: 500 },
    );
  });

  it('has a value or a coded refusal under any frozen numbers, never an exception', () => {
    fc.assert(
      fc.property(tree, fc.string(), (expression, text) => {
        expect(checkFormula(expression, names)).toBeUndefined();
        for (const nar of ['5430', '0', '-1.5', text]) {
          const result = evaluateFormula(expression, { ...values, parameters: { nar, base: '0' } });
          expect(result.ok ? typeof result.value.numerator : typeof result.code).toBe(
            result.ok ? 'bigint' : 'string',
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('answers any text whatsoever', () => {
    const piece = fc.constantFrom(
      ...'0123456789.+-*/(), \n',
      'min(',
      'avg(',
      'nar',
      'CCTD',
      '2026-01-05',
      '€',
      '__proto__',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const frozen = freezeFormula(typed, names);
        if (frozen.ok) expect(freezeFormula(frozen.formula.expression, names)).toEqual(frozen);
        else expect(frozen.code).toMatch(/^[a-z_]+$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does work in proportion to its nodes: no operand outgrows the limit', () => {
    fc.assert(
      fc.property(
        fc.array(plainNumber, { minLength: 1, maxLength: 128 }),
        fc.constantFrom('*', '/', '+'),
        (list, sign) => {
          const frozen = freezeFormula(list.map(printFormula).join(` ${sign} `), names);
          if (!frozen.ok) throw new Error(frozen.code);
          const parsed = parseFormula(frozen.formula.expression);
          const result = parsed.ok && evaluateFormula(parsed.expression, values);
          if (result && result.ok) {
            expect(result.value.denominator < 1n << BigInt(FORMULA_LIMITS.bits)).toBe(true);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
