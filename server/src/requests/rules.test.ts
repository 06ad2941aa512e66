import { describe, expect, it } from 'vitest';
import { limitStatement } from './rules.ts';

describe('a limit that nobody typed', () => {
  it('shows heat in kcal/kg when that gives the same joules back, else in J/g', () => {
    const heat = { parameter: 'calorificValue', kind: 'net', basis: 'ar' } as const;
    expect(limitStatement({ ...heat, minimum: 24_493 })).toEqual({
      ...heat,
      unit: 'kcal/kg',
      minimum: '5850',
    });
    expect(limitStatement({ ...heat, minimum: 24_493, maximum: 24_495 })).toEqual({
      ...heat,
      unit: 'J/g',
      minimum: '24493',
      maximum: '24495',
    });
  });

  it('shows shares in percent and sizes as whole numbers', () => {
    expect(limitStatement({ parameter: 'ash', basis: 'd', maximum: 1600 })).toEqual({
      parameter: 'ash',
      basis: 'd',
      maximum: '16.00',
    });
    expect(limitStatement({ parameter: 'sizeMax', maximum: 50 })).toEqual({
      parameter: 'sizeMax',
      maximum: '50',
    });
  });
});
