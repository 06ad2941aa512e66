/** Whatever is typed, the work is bounded by the limits: counted in steps, for a clock would count the machine. */
import { afterEach, expect, it, vi } from 'vitest';
import { type Expression, FORMULA_LIMITS, checkFormula, evaluateFormula, parseFormula } from '../index.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** How often the reader looks at `text`, and what comes of it. */
function looksAt(text: string): { code: string; looks: number } {
  const exec = vi.spyOn(RegExp.prototype, 'exec');
  const parsed = parseFormula(text);
  const looks = exec.mock.calls.length;
  exec.mockRestore();
  return { code: parsed.ok ? 'ok' : parsed.code, looks };
}

it.each([
  ['a billion digits', '9'.repeat(100_000_000), 'too_long'],
  ['digits to the last character', '9'.repeat(FORMULA_LIMITS.characters), 'too_many_digits'],
  ['parentheses', '('.repeat(1_900), 'too_deep'],
  ['signs', `${'-'.repeat(1_900)}1`, 'too_deep'],
  ['functions in functions', 'min('.repeat(450), 'too_deep'],
  ['a sum without an end', `${'1+'.repeat(999)}1`, 'too_many_nodes'],
  ['a name of itself', 'x(x(x))', 'unknown_function'],
])(
  '%s: a text that is too long is not read, and no character is looked at more than a few times',
  (_what, text, code) => {
    const { code: found, looks } = looksAt(text);
    expect(found).toBe(code);
    expect(looks).toBeLessThanOrEqual(text.length > FORMULA_LIMITS.characters ? 0 : 6 * text.length);
  },
);

it('the largest formula there can be is computed in a few steps for each of its parts', () => {
  const parsed = parseFormula(Array.from({ length: 120 }, () => '123456789012').join('*'));
  if (!parsed.ok) throw new Error(parsed.code);
  let visits = 0;
  const counted = (of: Expression): Expression =>
    new Proxy(of, {
      get(target, key) {
        if (key === 'type') visits += 1;
        const value = Reflect.get(target, key) as unknown;
        return typeof value === 'object' && value !== null && 'type' in value
          ? counted(value as Expression)
          : value;
      },
    });
  const names = { indices: [], parameters: [] };
  expect(checkFormula(counted(parsed.expression), names)).toBeUndefined();
  const value = evaluateFormula(counted(parsed.expression), { indices: {}, parameters: {} });
  expect(value.ok || value.code).toBe(true);
  const parts = 239;
  expect(visits).toBeGreaterThan(parts);
  expect(visits).toBeLessThanOrEqual(12 * parts);
});

it('a number beyond every limit ends the computation where it appears', () => {
  const parsed = parseFormula(Array.from({ length: 120 }, () => 'a').join('*'));
  if (!parsed.ok) throw new Error(parsed.code);
  const value = evaluateFormula(parsed.expression, {
    indices: {},
    parameters: { a: '999999999999999999.999999999' },
  });
  expect(value).toMatchObject({ ok: false, code: 'number_too_large' });
});
