import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  FEE_DIMENSIONS,
  type FeeDimension,
  type FeeFacts,
  type FeeScope,
  type FeeTerms,
  type FeeVersion,
  feeFaults,
  feeFor,
  scopeKey,
} from './fees.ts';

const terms: FeeTerms = {
  basisPoints: 20,
  perTonne: 0n,
  minimum: 0n,
  maximum: 0n,
  paidBy: 'seller',
  taxBasisPoints: 600,
};
const at = (day: number): Date => new Date(Date.UTC(2027, 0, day));

const VALUES: Record<FeeDimension, readonly [string, string]> = {
  sellerId: ['s1', 's2'],
  buyerId: ['b1', 'b2'],
  sellerKind: ['producer', 'trader'],
  format: ['english', 'dutch'],
  market: ['auction', 'listing'],
  coalRank: ['coking', 'lignite'],
  deliveryTerm: ['fob', 'cif'],
  currency: ['CNY', 'USD'],
};
/** Mostly the first, so that several rules fit one sale. */
const often = (name: FeeDimension): fc.Arbitrary<string> =>
  fc.constantFrom(VALUES[name][0], VALUES[name][0], VALUES[name][0], VALUES[name][1]);
const scopes: fc.Arbitrary<FeeScope> = fc
  .subarray([...FEE_DIMENSIONS], { maxLength: 3 })
  .chain((names) =>
    fc.record(
      Object.fromEntries(names.map((name) => [name, often(name)])) as Record<
        FeeDimension,
        fc.Arbitrary<string>
      >,
    ),
  );
/** Few scopes, so that each has several versions. */
const wanted = (most: number) =>
  fc.array(scopes, { minLength: 1, maxLength: 6 }).chain((pool) =>
    fc.array(
      fc.record({
        scope: fc.constantFrom(...pool),
        from: fc.integer({ min: 1, max: 20 }).map(at),
        to: fc.option(fc.integer({ min: 1, max: 30 }).map(at)),
      }),
      { maxLength: most, size: 'max' },
    ),
  );
const facts = fc.record(
  Object.fromEntries(
    FEE_DIMENSIONS.map((name) => [name, fc.oneof({ weight: 9, arbitrary: often(name) }, fc.constant(null))]),
  ) as Record<FeeDimension, fc.Arbitrary<string | null>>,
);

/** Only what may be written, in the order in which it is. */
function written(list: readonly { scope: FeeScope; from: Date; to: Date | null }[]): FeeVersion[] {
  const versions: FeeVersion[] = [];
  for (const one of list) {
    if (Object.keys(feeFaults({ ...one, terms }, versions)).length > 0) continue;
    const version = versions.filter(({ scope }) => scopeKey(scope) === scopeKey(one.scope)).length + 1;
    versions.push({ ...one, version, terms });
  }
  return versions;
}

/** Every pair against each other, with no number for a scope and no grouping: who beats all others is it. */
function naive(versions: readonly FeeVersion[], of: FeeFacts, instant: Date): FeeVersion[] {
  const fits = versions.filter(({ scope }) =>
    Object.entries(scope).every(([name, value]) => of[name as FeeDimension] === value),
  );
  const standing = fits.filter(
    (one) =>
      one.from <= instant &&
      (one.to === null || instant < one.to) &&
      !fits.some(
        (other) =>
          other !== one &&
          JSON.stringify(FEE_DIMENSIONS.map((name) => other.scope[name])) ===
            JSON.stringify(FEE_DIMENSIONS.map((name) => one.scope[name])) &&
          other.from > one.from &&
          other.from <= instant,
      ),
  );
  const beats = (a: FeeVersion, b: FeeVersion): boolean => {
    const decides = FEE_DIMENSIONS.find((name) => name in a.scope !== name in b.scope);
    return decides !== undefined && decides in a.scope;
  };
  return standing.filter((one) => standing.every((other) => other === one || beats(one, other)));
}

it('of all that may be written the most specific rule in force is one, and the one a naive search finds', () => {
  fc.assert(
    fc.property(
      wanted(25),
      fc.array(facts, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 30 }),
      (list, sales, day) => {
        const versions = written(list);
        for (const of of sales) {
          const found = feeFor(versions, of, at(day));
          expect(naive(versions, of, at(day))).toEqual(found ? [found] : []);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('the order in which rules are read decides nothing, and a later version changes nothing before its day', () => {
  fc.assert(
    fc.property(wanted(20), facts, fc.integer({ min: 1, max: 30 }), (list, of, day) => {
      const versions = written(list);
      const found = feeFor(versions, of, at(day));
      expect(feeFor(versions.toReversed(), of, at(day))).toEqual(found);
      expect(
        feeFor(
          versions.filter(({ from }) => from <= at(day)),
          of,
          at(day),
        ),
      ).toEqual(found);
    }),
  );
});

it.each([
  ['basisPoints', 'out_of_range', { terms: { ...terms, basisPoints: 1001 } }],
  ['taxBasisPoints', 'out_of_range', { terms: { ...terms, taxBasisPoints: 0.5 } }],
  ['minimum', 'out_of_range', { terms: { ...terms, minimum: -1n } }],
  ['currency', 'currency_required', { terms: { ...terms, perTonne: 5n } }],
  [
    'maximum',
    'maximum_below_minimum',
    { scope: { currency: 'CNY' }, terms: { ...terms, minimum: 9n, maximum: 8n } },
  ],
  ['format', 'scope_contradicts', { scope: { format: 'english' } }],
  ['sellerKind', 'scope_contradicts', { scope: { sellerId: 's', sellerKind: 'trader' } }],
  ['buyerId', 'scope_contradicts', { scope: { sellerId: 's', buyerId: 's' } }],
  ['to', 'ends_before_it_begins', { scope: { currency: 'CNY' }, to: at(3) }],
  ['to', 'base_must_stand', { to: at(9) }],
  ['from', 'not_after_last', { from: at(1) }],
] as const)('a rule is refused for its %s: %s', (field, fault, change) => {
  const base: FeeVersion = { scope: {}, version: 1, terms, from: at(1), to: null };
  expect(feeFaults({ ...base, from: at(5), ...change }, [base])).toEqual({ [field]: fault });
});
