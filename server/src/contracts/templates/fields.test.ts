import { describe, expect, it } from 'vitest';
import { fieldsOf } from './fields.ts';
import { contractTerms } from './make.ts';
import { SAMPLE_AWARDS } from './testing/sample-awards.ts';
import type { LibraryTerms } from './terms.ts';
import { clausesOfTerms } from './text.ts';

// The parties carry out the call-offs of the first editions, and amend them as any other term.
const [spot, longTerm] = SAMPLE_AWARDS.map((award) => contractTerms({ ...award, edition: 2 })) as [
  LibraryTerms,
  LibraryTerms,
];
const fields = (terms: LibraryTerms, of: Parameters<typeof fieldsOf>[2]) =>
  clausesOfTerms(terms).flatMap((clause) => fieldsOf(clause, terms, of));
const paths = (...args: Parameters<typeof fields>) => fields(...args).map(({ path }) => path);

describe('the inputs of a form that changes terms', () => {
  it('are those that this side may propose at this stage', () => {
    expect(paths(spot, { side: 'buyer', stage: 'signing' })).not.toContain('goods.deliveryPlace.name');
    expect(paths(spot, { side: 'seller', stage: 'signing' })).toContain('goods.deliveryPlace.name');
    expect(paths(spot, { side: 'seller', stage: 'signing' })).not.toContain('pricePerTonne');
    expect(paths(spot, { side: 'seller', stage: 'result' })).toContain('pricePerTonne');
    expect(paths(spot, { side: 'seller', stage: 'end' })).not.toContain('pricePerTonne');
    expect(paths(spot, { side: 'seller', stage: 'over' })).toEqual([]);
    expect(paths(spot, { side: null, stage: 'signing' })).toEqual([]);
  });

  it('carry range, unit and words of the parameter', () => {
    const of = fields(spot, { side: 'buyer', stage: 'signing' });
    expect(of.find(({ path }) => path === 'inspection.challengeDays')).toMatchObject({
      form: 'days',
      value: 3,
      minimum: 1,
      maximum: 30,
    });
    expect(
      of.find(({ path }) => path === 'disputes.institution')!.options.map(({ value }) => value),
    ).toContain('siac');
  });

  it('of a rule are its numbers, in the order in which the clause words them', () => {
    const rule = paths(spot, { side: 'buyer', stage: 'signing' }).filter((path) =>
      path.startsWith('quality.rules.0.'),
    );
    expect(rule.map((path) => path.slice('quality.rules.0.'.length))).toEqual([
      'reference',
      'per',
      'tiers.0.rate',
      'reject.below',
    ]);
  });

  it('never ask for what a formula makes, and for each month of a call-off', () => {
    const of = paths(longTerm, { side: 'buyer', stage: 'result' });
    expect(of).toContain('index.value');
    expect(of).not.toContain('pricePerTonne');
    expect(of.filter((path) => path.startsWith('callOff.months'))).toHaveLength(12);
  });
});
