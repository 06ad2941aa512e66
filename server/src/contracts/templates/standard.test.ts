import { type Assay, adjustPrice, certifiedFromAssay, parseQualityClause } from '@seam/coal';
import { minor } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { clauseFor } from './standard.ts';

const assay: Assay = {
  totalMoisture: { basisPoints: 1200, basis: 'ar' },
  inherentMoisture: { basisPoints: 300, basis: 'ad' },
  ash: { basisPoints: 1500, basis: 'ar' },
  volatileMatter: { basisPoints: 2800, basis: 'ar' },
  sulphur: { basisPoints: 60, basis: 'ar' },
  calorificValue: { joulesPerGram: 23_000, kind: 'net', basis: 'ar' },
};
const price = minor(80_000n);

const priced = (changed: Partial<Assay>) =>
  adjustPrice(price, clauseFor(assay), certifiedFromAssay({ ...assay, ...changed }));

describe('the standard quality clause', () => {
  it('is a valid clause and leaves the price alone when the coal is as promised', () => {
    expect(parseQualityClause(clauseFor(assay)).ok).toBe(true);
    expect(priced({})).toMatchObject({ outcome: 'adjusted', unitPrice: 80_000n });
  });

  it('pays heat in the ratio of measured to promised, both ways', () => {
    expect(priced({ calorificValue: { joulesPerGram: 23_230, kind: 'net', basis: 'ar' } })).toMatchObject({
      unitPrice: 80_800n,
    });
    expect(priced({ calorificValue: { joulesPerGram: 22_770, kind: 'net', basis: 'ar' } })).toMatchObject({
      unitPrice: 79_200n,
    });
  });

  it('takes one percent a point of ash and half a percent a tenth of sulphur, and gives nothing for less', () => {
    expect(priced({ ash: { basisPoints: 1650, basis: 'ar' } })).toMatchObject({ unitPrice: 78_800n });
    expect(priced({ sulphur: { basisPoints: 70, basis: 'ar' } })).toMatchObject({ unitPrice: 79_600n });
    expect(
      priced({ ash: { basisPoints: 1000, basis: 'ar' }, sulphur: { basisPoints: 20, basis: 'ar' } }),
    ).toMatchObject({ unitPrice: 80_000n });
  });

  it('lets the buyer refuse beyond the limits', () => {
    expect(priced({ calorificValue: { joulesPerGram: 21_159, kind: 'net', basis: 'ar' } }).outcome).toBe(
      'rejected',
    );
    expect(priced({ calorificValue: { joulesPerGram: 21_160, kind: 'net', basis: 'ar' } }).outcome).toBe(
      'adjusted',
    );
    expect(priced({ ash: { basisPoints: 2001, basis: 'ar' } }).outcome).toBe('rejected');
  });
});
