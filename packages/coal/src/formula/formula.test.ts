import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type Declarations,
  type FrozenValues,
  FORMULA_LIMITS,
  QUOTATIONS_MAX,
  checkFormula,
  evaluateFormula,
  freezeFormula,
  parseFormula,
  priceByFormula,
  printFormula,
  readFrozenFormula,
  sha256Hex,
  shortDecimal,
} from '../index.ts';

const names: Declarations = { indices: ['CCTD', 'NCEI'], parameters: ['nar', 'base'] };
const days = (...values: [date: string, value: string][]) => ({
  quotations: values.map(([date, value]) => ({ date, value, source: `bulletin of ${date}` })),
});
const values: FrozenValues = {
  indices: {
    CCTD: days(['2026-01-05', '690'], ['2026-01-12', '700.5'], ['2026-01-19', '720']),
    NCEI: days(['2026-01-12', '703']),
  },
  parameters: { nar: '5430', base: '675.00' },
};

/** The value as text, or the code of the refusal. */
function worth(text: string, given = values): string {
  const frozen = freezeFormula(text, names);
  if (!frozen.ok) return frozen.code;
  const price = priceByFormula(frozen.formula, given);
  return price.ok ? shortDecimal(price.value, 9) : price.code;
}
const refusal = (text: unknown): string => {
  const parsed = parseFormula(text);
  return parsed.ok ? printFormula(parsed.expression) : `${parsed.code} at ${parsed.at}`;
};

describe('a price formula', () => {
  it.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['10 - 4 - 3', '3'],
    ['100 / 10 / 5', '2'],
    ['-2 * -3', '6'],
    ['--2', '2'],
    ['1 / 3 * 3', '1'],
    ['0.1 + 0.2', '0.3'],
    ['min(3, 1, 2) + max(3, 1, 2)', '4'],
    ['mean(1, 2)', '1.5'],
    ['round(2.345, 2)', '2.35'],
    ['round(-2.345, 2)', '-2.35'],
    ['round(2.5, 0)', '3'],
    ['floor(10, 12)', '12'],
    ['cap(10, 8)', '8'],
    ['clamp(10, 1, 8)', '8'],
    ['clamp(0, 1, 8)', '1'],
    ['avg(CCTD, 2026-01-05, 2026-01-12)', '695.25'],
    ['on(CCTD, 2026-01-19)', '720'],
    ['NCEI', '703'],
    ['base * nar / 5500', '666.409090909'],
    ['2026 - 10 - 10', '2006'],
  ])('%s is %s', (text, expected) => expect(worth(text)).toBe(expected));

  it.each([
    ['1 / (nar - nar)', 'division_by_zero'],
    ['CCTD', 'quotation_ambiguous'],
    ['on(CCTD, 2026-01-06)', 'quotation_missing'],
    ['avg(CCTD, 2026-02-01, 2026-02-28)', 'quotation_missing'],
    ['avg(CCTD, 2026-02-01, 2026-01-01)', 'period_reversed'],
    ['clamp(1, 3, 2)', 'bounds_reversed'],
    ['moon', 'name_unknown'],
    ['avg(nar, 2026-01-01, 2026-01-02)', 'index_expected'],
    ['avg(CCTD, 1, 2)', 'date_expected'],
    ['2026-01-01', 'number_expected'],
    ['2026-01-01 + 1', 'number_expected'],
    ['min(1)', 'argument_count'],
    ['avg(CCTD, 2026-01-01)', 'argument_count'],
    ['round(1, nar)', 'round_digits'],
    ['round(1, 10)', 'round_digits'],
    ['round(1, 1.5)', 'round_digits'],
  ])('%s is refused as %s', (text, code) => expect(worth(text)).toBe(code));

  it('names the place of what it cannot read', () => {
    expect(refusal('')).toBe('empty at 0');
    expect(refusal('   ')).toBe('empty at 0');
    expect(refusal('1 + ')).toBe('unexpected at 4');
    expect(refusal('1 + * 2')).toBe('unexpected at 4');
    expect(refusal('(1 + 2')).toBe('unexpected at 6');
    expect(refusal('1 2')).toBe('unexpected at 2');
    expect(refusal('1 + €')).toBe('unknown_character at 4');
    expect(refusal('1e9')).toBe('unexpected at 1');
    expect(refusal('007')).toBe('number_malformed at 0');
    expect(refusal('1.2.3')).toBe('number_malformed at 0');
    expect(refusal('2026-02-30')).toBe('date_unknown at 0');
    expect(refusal('2100-02-29')).toBe('date_unknown at 0');
    expect(refusal('2000-02-29')).toBe('2000-02-29');
    expect(refusal('while(1)')).toBe('unknown_function at 0');
    expect(refusal('constructor(1)')).toBe('unknown_function at 0');
    expect(refusal('x = x + 1')).toBe('unknown_character at 2');
    expect(refusal(null)).toBe('not_text at 0');
    expect(refusal('a'.repeat(FORMULA_LIMITS.nameCharacters + 1))).toBe('name_too_long at 0');
  });

  it('refuses a billion digits, deep nesting and endless sums before it reads on', () => {
    expect(refusal('9'.repeat(1_000_000))).toBe(`too_long at ${FORMULA_LIMITS.characters}`);
    expect(refusal('9'.repeat(19))).toBe('too_many_digits at 0');
    expect(refusal('0.1234567891')).toBe('too_many_digits at 0');
    expect(refusal(`${'('.repeat(33)}1${')'.repeat(33)}`)).toBe('too_deep at 32');
    expect(refusal(`${'('.repeat(32)}1${')'.repeat(32)}`)).toBe('1');
    expect(refusal(`${'-'.repeat(33)}1`)).toBe('too_deep at 32');
    expect(refusal(`${'min(1,'.repeat(33)}1${')'.repeat(33)}`)).toBe('too_deep at 192');
    expect(refusal(Array(129).fill('1').join('+'))).toMatch(/^too_many_nodes/);
    expect(refusal(Array(128).fill('1').join('+'))).toMatch(/^1 \+ 1/);
  });

  it('refuses numbers that grow beyond the limit', () => {
    const long = { ...values, parameters: { nar: '123456789012345678.123456789', base: '0.000000001' } };
    const power = (name: string, times: number): string => Array(times).fill(name).join('*');
    expect(worth(power('nar', 90), long)).toMatch(/^\d{1500,}/);
    expect(worth(power('nar', 128), long)).toBe('number_too_large');
    expect(worth(`1/(${power('base', 126)})`, long)).toMatch(/^10{1000,}$/);
    // Every step is bounded, not only the last: the same product times zero is refused as well.
    expect(worth(`0*(${power('nar', 126)})`, long)).toBe('number_too_large');
    expect(worth(`${'9'.repeat(18)}*`.repeat(104) + '9'.repeat(18))).toBe('too_long');
  });

  it('refuses quotations that nobody could have frozen', () => {
    const of = (quotations: [string, string][]): string =>
      worth('avg(CCTD, 2026-01-01, 2026-12-31)', { ...values, indices: { CCTD: days(...quotations) } });
    expect(
      of([
        ['2026-01-12', '1'],
        ['2026-01-05', '2'],
      ]),
    ).toBe('quotations_unordered');
    expect(
      of([
        ['2026-01-05', '1'],
        ['2026-01-05', '2'],
      ]),
    ).toBe('quotations_unordered');
    expect(of([['2026-13-05', '1']])).toBe('quotations_unordered');
    expect(of([['2026-01-05', '1e3']])).toBe('value_malformed');
    expect(of(Array.from({ length: QUOTATIONS_MAX + 1 }, () => ['2026-01-05', '1']))).toBe(
      'quotations_unordered',
    );
    expect(worth('nar', { ...values, parameters: { nar: 'NaN' } })).toBe('value_malformed');
    expect(worth('nar', { indices: {}, parameters: {} })).toBe('name_unknown');
    expect(worth('on(CCTD, 2026-01-05)', { indices: {}, parameters: {} })).toBe('name_unknown');
  });

  it('says which quotations and parameters the price rests on', () => {
    const frozen = freezeFormula('avg(CCTD, 2026-01-05, 2026-01-12) + nar - nar', names);
    if (!frozen.ok) throw new Error(frozen.code);
    expect(priceByFormula(frozen.formula, values)).toMatchObject({
      used: [
        { index: 'CCTD', date: '2026-01-05', value: '690', source: 'bulletin of 2026-01-05' },
        { index: 'CCTD', date: '2026-01-12', value: '700.5', source: 'bulletin of 2026-01-12' },
        { parameter: 'nar', value: '5430' },
      ],
    });
  });

  it('takes a name for one thing only', () => {
    const expression = { type: 'name', name: 'a' } as const;
    expect(checkFormula(expression, { indices: ['a'], parameters: ['a'] })?.code).toBe('name_declared_twice');
    expect(checkFormula(expression, { indices: ['a', 'min'], parameters: [] })?.code).toBe(
      'name_declared_twice',
    );
    expect(checkFormula({ type: 'number', value: '1e5' }, names)?.code).toBe('number_malformed');
    expect(checkFormula({ type: 'number', value: '-1' }, names)?.code).toBe('number_malformed');
  });

  it('keeps its limits for a tree that no text was read for', () => {
    let deep: Parameters<typeof checkFormula>[0] = { type: 'number', value: '1' };
    for (let i = 0; i < 300; i++) deep = { type: 'negate', of: deep };
    expect(checkFormula(deep, names)?.code).toBe('too_many_nodes');
    expect(evaluateFormula({ type: 'date', value: '2026-01-01' }, values)).toMatchObject({
      code: 'not_checked',
    });
  });
});

describe('a frozen formula', () => {
  const frozen = (text: string, given = names) => {
    const result = freezeFormula(text, given);
    if (!result.ok) throw new Error(result.code);
    return result.formula;
  };
  it('is the same however it was typed and whatever else was declared', () => {
    const one = frozen('base*( nar/5500.0 )');
    expect(frozen('base * (nar / 5500)', { indices: [], parameters: ['base', 'nar'] })).toEqual(one);
    expect(one).toMatchObject({
      expression: 'base * (nar / 5500)',
      indices: [],
      parameters: ['base', 'nar'],
    });
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(frozen('base * (nar / 5501)').hash).not.toBe(one.hash);
  });
  it('can be read again, so a text that only its canonical spaces make too long is refused', () => {
    const typed = Array.from({ length: 104 }, () => '9'.repeat(18)).join('*');
    expect(parseFormula(typed).ok).toBe(true);
    expect(freezeFormula(typed, names)).toMatchObject({ ok: false, code: 'too_long' });
  });
  it('is refused once anything in it was changed', () => {
    const one = frozen('base * nar / 5500');
    const changed = { ...one, expression: 'base * nar / 5000' };
    expect(priceByFormula(changed, values)).toMatchObject({ code: 'hash_differs' });
    expect(readFrozenFormula(one)).toEqual(one);
    expect(readFrozenFormula(JSON.parse(JSON.stringify(one)))).toEqual(one);
    for (const other of [
      changed,
      { ...one, expression: ' base * nar / 5500' },
      { ...one, hash: 'f'.repeat(64) },
      { ...one, parameters: ['nar', 'base'] },
      { ...one, parameters: ['base', 'nar', 'moon'] },
      { ...one, indices: 'CCTD' },
      { ...one, more: 1 },
      { ...one, schema: 'seam.price-formula.2' },
      null,
      'text',
    ]) {
      expect(readFrozenFormula(other)).toBeUndefined();
    }
  });
  it('has the SHA-256 that everybody else computes', () => {
    for (const text of ['', 'abc', 'a'.repeat(55), 'a'.repeat(56), 'a'.repeat(64), '煤'.repeat(500)]) {
      expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
    }
  });
});
