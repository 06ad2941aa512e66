import type { TermsField } from '@seam/protocol';
import { describe, expect, it } from 'vitest';
import { changesTyped, shownValue, wireValue } from './wire.ts';

const field = (form: TermsField['form'], value: unknown, path = 'a'): TermsField => ({
  path,
  label: { zh: '甲', en: 'A' },
  form,
  value,
  unit: null,
  minimum: null,
  maximum: null,
  maxLength: null,
  options: [],
});

describe('a value of the terms in a form', () => {
  it.each([
    ['basis_points', 9500, '95.00'],
    ['mass', '120000001', '120000.001'],
    ['money', '61250', '612.50'],
    ['days', 3, '3'],
    ['decimal', '-1.5', '-1.5'],
    ['day', '2027-01-01', '2027-01-01'],
    ['choice', 'cietac', 'cietac'],
    ['text', 'Beijing', 'Beijing'],
  ] as const)('%s is shown and read back as the same', (form, value, shown) => {
    expect(shownValue(field(form, value))).toBe(shown);
    expect(wireValue(field(form, value), shown)).toEqual({ ok: true, to: value });
  });

  it.each([
    ['basis_points', '95.001'],
    ['mass', 'much'],
    ['money', '-1'],
    ['days', '1.5'],
    ['decimal', '1e5'],
    ['text', ''],
  ] as const)('%s is not guessed from %s', (form, typed) => {
    expect(wireValue(field(form, 1), typed)).toEqual({ ok: false });
  });

  it('takes what people type: full-width digits, separators', () => {
    expect(wireValue(field('money', '0'), '１,２34.5')).toEqual({ ok: true, to: '123450' });
  });

  it('is a change only when it differs, and wrong only when it is no value', () => {
    const clauses = [
      {
        id: 'c',
        version: 1,
        title: { zh: '', en: '' },
        paragraphs: [],
        executedBy: null,
        sha256: null,
        fields: [
          field('days', 3, 'a'),
          field('money', '100', 'b'),
          field('basis_points', 50, 'c'),
          field('days', 1, 'd'),
        ],
      },
    ];
    const typed: Record<string, string> = { a: '3', b: '1.0', c: '0.75', d: '' };
    expect(changesTyped(clauses, (path) => typed[path]!)).toEqual({
      changes: [{ path: 'c', to: 75 }],
      wrong: { d: 'field.required' },
    });
  });
});
