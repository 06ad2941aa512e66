import { describe, expect, it } from 'vitest';
import { parseQualityClause } from '../index.ts';

const rule = {
  id: 'ash',
  parameter: 'ash',
  basis: 'ar',
  unit: '%',
  reference: '12',
  direction: 'above',
  tiers: [
    { from: '0', to: '2', rate: '-3' },
    { from: '2', to: null, rate: '-6' },
  ],
  per: '1',
  tierMode: 'marginal',
  stepMode: 'floor',
  rateUnit: 'money_per_tonne',
  stage: 1,
  reject: { above: '18' },
};
const clause = {
  schema: 'seam.quality-clause.1',
  rounding: 'half_up',
  rules: [rule],
  weight: { method: 'simple', reference: '14', factor: '1.5' },
  limits: { minimumPrice: '100', maximumPrice: '900' },
};
const problems = (value: unknown): string[] => {
  const parsed = parseQualityClause(value);
  return parsed.ok ? [] : parsed.problems.map(({ path, code }) => `${path} ${code}`);
};
const withRule = (changes: object): unknown => ({ ...clause, rules: [{ ...rule, ...changes }] });

describe('a quality clause', () => {
  it('is accepted when it can be read one way only', () => {
    expect(parseQualityClause(clause)).toEqual({ ok: true, clause });
    expect(problems({ schema: clause.schema, rounding: 'half_up', rules: [] })).toEqual([]);
    expect(problems({ ...clause, limits: { minimumPrice: '5', maximumPrice: '5' } })).toEqual([]);
    expect(
      problems(withRule({ parameter: 'calorificValue', unit: 'J/g', kind: 'gross', basis: 'daf' })),
    ).toEqual([]);
    expect(problems({ ...clause, weight: { method: 'dry_equivalent', reference: '60' } })).toEqual([]);
  });

  it.each([
    ['nothing', null, [' not_object']],
    ['a list', [], [' not_object']],
    ['an unknown version', { ...clause, schema: 'other' }, ['schema not_choice']],
    ['a text', 'clause', [' not_object']],
    [
      'a rule that is none',
      { ...clause, rules: [null, 'x'] },
      ['rules[0] not_object', 'rules[1] not_object'],
    ],
    [
      'a tier that is none',
      withRule({ tiers: [5, null] }),
      ['rules[0].tiers[0] not_object', 'rules[0].tiers[1] not_object'],
    ],
    ['a weight that is none', { ...clause, weight: '14' }, ['weight not_object']],
    ['limits that are none', { ...clause, limits: 3 }, ['limits not_object']],
    ['a refusal that is none', withRule({ reject: '18' }), ['rules[0].reject not_object']],
    [
      'a rate that is none',
      withRule({ tiers: [{ from: '0', to: null, rate: 'x' }] }),
      ['rules[0].tiers[0].rate not_decimal'],
    ],
    [
      'a band to nowhere',
      withRule({ tiers: [{ from: '0', to: 'x', rate: '1' }] }),
      ['rules[0].tiers[0].to not_decimal'],
    ],
    [
      'a band from nowhere',
      withRule({ tiers: [{ from: 'x', to: '1', rate: '1' }] }),
      ['rules[0].tiers[0].from not_decimal'],
    ],
    [
      'negative moisture',
      { ...clause, weight: { method: 'simple', reference: '-1' } },
      ['weight.reference out_of_range'],
    ],
    [
      'a limit that is no text',
      { ...clause, limits: { minimumPrice: 5, maximumPrice: '1' } },
      ['limits.minimumPrice not_decimal'],
    ],
    ['a field nobody knows', { ...clause, note: 'x' }, ['note unknown_field']],
    ['a field nobody knows in a rule', withRule({ bonus: '1' }), ['rules[0].bonus unknown_field']],
    ['rules that are no list', { ...clause, rules: {} }, ['rules not_array']],
    ['two rules of one name', { ...clause, rules: [rule, rule] }, ['rules[1].id duplicate_id']],
    ['a name that is none', withRule({ id: '1 x' }), ['rules[0].id not_text']],
    ['a number that is no text', withRule({ reference: 12 }), ['rules[0].reference not_decimal']],
    ['an exponent', withRule({ reference: '1e3' }), ['rules[0].reference not_decimal']],
    ['a step of nothing', withRule({ per: '0' }), ['rules[0].per not_positive']],
    ['a negative cap', withRule({ cap: '-1' }), ['rules[0].cap not_positive']],
    ['stage zero', withRule({ stage: 0 }), ['rules[0].stage out_of_range']],
    ['half a stage', withRule({ stage: 1.5 }), ['rules[0].stage out_of_range']],
    ['an unknown direction', withRule({ direction: 'up' }), ['rules[0].direction not_choice']],
    ['ash without its basis', withRule({ basis: undefined }), ['rules[0].basis basis_not_allowed']],
    ['ash dry ash free', withRule({ basis: 'daf' }), ['rules[0].basis basis_not_allowed']],
    ['ash in kilocalories', withRule({ unit: 'kcal/kg' }), ['rules[0].unit unit_not_allowed']],
    ['ash gross', withRule({ kind: 'gross' }), ['rules[0].kind not_choice']],
    [
      'heat without gross or net',
      withRule({ parameter: 'calorificValue', unit: 'kcal/kg' }),
      ['rules[0].kind not_choice'],
    ],
    [
      'net heat dry ash free',
      withRule({ parameter: 'calorificValue', unit: 'J/g', kind: 'net', basis: 'daf' }),
      ['rules[0].basis basis_not_allowed'],
    ],
    [
      'a gap between bands',
      withRule({
        tiers: [
          { from: '0', to: '2', rate: '1' },
          { from: '3', to: null, rate: '1' },
        ],
      }),
      ['rules[0].tiers[1] tiers_not_contiguous'],
    ],
    [
      'a band after the endless one',
      withRule({
        tiers: [
          { from: '0', to: null, rate: '1' },
          { from: '3', to: null, rate: '1' },
        ],
      }),
      ['rules[0].tiers[1] tiers_not_contiguous'],
    ],
    [
      'a band of no width',
      withRule({ tiers: [{ from: '2', to: '2', rate: '1' }] }),
      ['rules[0].tiers[0] tiers_not_contiguous'],
    ],
    [
      'a band below the reference',
      withRule({ tiers: [{ from: '-1', to: '2', rate: '1' }] }),
      ['rules[0].tiers[0] tiers_not_contiguous'],
    ],
    [
      'a tier without its rate',
      withRule({ tiers: [{ from: '0', to: '2' }] }),
      ['rules[0].tiers[0].rate missing_field', 'rules[0].tiers[0].rate not_decimal'],
    ],
    [
      'a refusal limit on no side',
      withRule({ reject: { at: '3' } }),
      ['rules[0].reject.at unknown_field', 'rules[0].reject.at not_decimal'].slice(0, 1),
    ],
    [
      'more rules than anybody reads',
      { ...clause, rules: Array.from({ length: 33 }, (_, i) => ({ ...rule, id: `r${i}` })) },
      ['rules too_many'],
    ],
    [
      'moisture above sixty percent',
      { ...clause, weight: { method: 'simple', reference: '61' } },
      ['weight.reference out_of_range'],
    ],
    [
      'a factor where it has no meaning',
      { ...clause, weight: { method: 'dry_equivalent', reference: '14', factor: '2' } },
      ['weight.factor unknown_field'],
    ],
    [
      'limits that cross',
      { ...clause, limits: { minimumPrice: '2', maximumPrice: '1' } },
      ['limits.maximumPrice out_of_range'],
    ],
    ['a negative limit', { ...clause, limits: { maximumBonus: '-2' } }, ['limits.maximumBonus out_of_range']],
  ])('is refused with the place: %s', (_, value, expected) => {
    expect(problems(value)).toEqual(expected);
  });
});
