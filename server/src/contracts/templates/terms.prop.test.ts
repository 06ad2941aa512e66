import { adjustPrice, parseQualityClause } from '@seam/coal';
import { canonicalJson, minor } from '@seam/units';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractTerms } from './make.ts';
import { parseTerms } from './parse.ts';
import { leavesOf, valueAt, withValueAt } from './path.ts';
import { awards, qualityClauses } from './testing/arbitrary.ts';
import type { LibraryTerms } from './terms.ts';
import { clauseTexts, clausesOfTerms } from './text.ts';

const textOf = (terms: LibraryTerms, language: 'zh' | 'en'): string =>
  clauseTexts(terms)
    .flatMap((clause) => [
      clause.title[language],
      ...clause.paragraphs.map((paragraph) => paragraph[language]),
    ])
    .join('\n');

/** A different value of the same kind, such that it can be written. */
function another(path: string, value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (value === null) return 'Other';
  const words: Record<string, readonly string[]> = {
    basis: ['ar', 'ad', 'd', 'daf'],
    kind: ['net', 'gross', 'auction', 'listing'],
    coalRank: ['anthracite', 'lignite'],
    deliveryTerm: ['fob', 'ex_mine'],
    transport: ['road', 'rail'],
    samplingPlace: ['loading', 'discharge'],
    institution: ['cietac', 'siac'],
    governingLaw: ['cn', 'sg'],
    language: ['equal', 'zh', 'en'],
    legalIdKind: ['uscc', 'lei'],
    atmosphere: ['reducing', 'oxidising'],
    direction: ['above', 'below'],
    tierMode: ['marginal', 'whole'],
    stepMode: ['floor', 'flat'],
    rateUnit: ['money_per_tonne', 'percent_of_price'],
    method: ['simple', 'dry_equivalent'],
    parameter: ['ash', 'volatileMatter'],
    unit: ['J/g', '%'],
    currency: ['CNY', 'USD'],
  };
  const key = path.split('.').at(-1)!;
  const siblings = words[key];
  if (siblings) {
    const pool =
      path === 'origin.kind' ? siblings.slice(2) : key === 'kind' ? siblings.slice(0, 2) : siblings;
    return pool.find((one) => one !== value) ?? value;
  }
  if (/^-?[0-9]+(\.[0-9]+)?$/.test(String(value)))
    return String(value).replace(/\d/, (digit) => (digit === '7' ? '3' : '7'));
  if (/^\d{4}-\d{2}/.test(String(value))) return String(value).replace('20', '21');
  return `${String(value)}x`;
}

/** The same in every quality clause: they say how the data is to be read, and are asked for by the parser. */
const CONSTANT = new Set(['quality.schema', 'quality.rounding']);

describe('the terms of a contract', () => {
  it('show every value of every parameter in both languages: no leaf can change unseen', () => {
    fc.assert(
      fc.property(awards, (award) => {
        const terms = contractTerms(award);
        const [zh, en] = [textOf(terms, 'zh'), textOf(terms, 'en')];
        for (const parameter of clausesOfTerms(terms).flatMap((clause) => clause.parameters))
          for (const leaf of leavesOf(valueAt(terms, parameter.path), parameter.path)) {
            if (CONSTANT.has(leaf.path) || Array.isArray(leaf.value)) continue;
            const changed = withValueAt(terms, leaf.path, another(leaf.path, leaf.value))!;
            const same =
              leaf.path +
              (textOf(changed, 'zh') === zh ? ' zh' : '') +
              (textOf(changed, 'en') === en ? ' en' : '');
            expect(same).toBe(leaf.path);
          }
      }),
      { numRuns: 30 },
    );
  });

  it('write numbers as they are: tonnes, money, percent and days stand in both texts', () => {
    fc.assert(
      fc.property(awards, (award) => {
        const terms = contractTerms(award);
        const { quantityKg, pricePerTonne, currency, payment, quality } = terms;
        const decimal = (text: string, digits: number) => {
          const padded = text.padStart(digits + 1, '0');
          return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
        };
        const expected = [
          decimal(quantityKg, 3),
          `${currency} ${decimal(pricePerTonne, 2)}`,
          `${decimal(String(payment.provisionalBasisPoints), 2)} %`,
          ` ${payment.provisionalWithinDays} `,
          ...quality.rules.flatMap((rule) => [
            rule.reference,
            rule.per,
            ...rule.tiers.map((tier) => tier.rate),
          ]),
          ...(terms.callOff?.months.map(({ kg }) => decimal(kg, 3)) ?? []),
        ];
        for (const language of ['zh', 'en'] as const) {
          const text = textOf(terms, language);
          expect(expected.filter((value) => !text.includes(value))).toEqual([]);
          expect(text).not.toMatch(/\{|\}|undefined|null|\[object/);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('read back exactly as they were written', () => {
    fc.assert(
      fc.property(awards, (award) => {
        const terms = contractTerms(award);
        const text = canonicalJson(terms);
        const parsed = parseTerms(text);
        expect(parsed).toEqual({ ok: true, terms });
        expect(parsed.ok && canonicalJson(parsed.terms)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it('are refused with any leaf left out, replaced by nonsense, or added', () => {
    fc.assert(
      fc.property(awards, fc.nat(), (award, pick) => {
        const terms = contractTerms(award);
        const leaves = leavesOf(terms).filter(({ value }) => value !== null);
        const { path } = leaves[pick % leaves.length]!;
        for (const nonsense of [true, { a: 1 }, -7, '\u0007'])
          expect([path, parseTerms(canonicalJson(withValueAt(terms, path, nonsense))).ok]).toEqual([
            path,
            false,
          ]);
        expect(parseTerms(canonicalJson({ ...terms, extra: {} })).ok).toBe(false);
        expect(parseTerms(canonicalJson({ ...terms, goods: { ...terms.goods, extra: 1 } })).ok).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('state every adjustment rule that settlement computes, from the very same object', () => {
    fc.assert(
      fc.property(awards, qualityClauses, (award, quality) => {
        expect(parseQualityClause(quality).ok).toBe(true);
        const terms = contractTerms({ ...award, chosen: { ...award.chosen, quality } });
        const parsed = parseTerms(canonicalJson(terms));
        expect(parsed.ok && parsed.terms.quality).toEqual(quality);
        // Settlement can reckon with it: no rule is worded that it could not carry out.
        const values = quality.rules.map(({ parameter, unit, basis, kind }) => ({
          parameter,
          unit,
          ...(basis && { basis }),
          ...(kind && { kind }),
          value: '1',
        }));
        expect(adjustPrice(minor(BigInt(terms.pricePerTonne)), terms.quality, { values }).outcome).not.toBe(
          'incomplete',
        );
        for (const { id } of quality.rules) {
          expect(textOf(terms, 'zh')).toContain(`结算单行 ${id}`);
          expect(textOf(terms, 'en')).toContain(`invoice line ${id}`);
        }
      }),
      { numRuns: 30 },
    );
  });
});
