import { canonicalJson } from '@seam/units';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AmendmentTerms,
  amendmentTexts,
  applyAmendment,
  parseAmendment,
  termsSha256,
} from './amendment.ts';
import { applyChanges, changesBetween, nextVersion, wish } from './change.ts';
import { contractTerms } from './make.ts';
import { checkTerms, parseTerms } from './parse.ts';
import { redline } from './redline.ts';
import { awards } from './testing/arbitrary.ts';
import { SAMPLE_AWARDS } from './testing/sample-awards.ts';
import type { LibraryTerms } from './terms.ts';

const [spot, longTerm] = SAMPLE_AWARDS.map(contractTerms) as [LibraryTerms, LibraryTerms, LibraryTerms];
const before = { side: 'buyer', stage: 'signing' } as const;

describe('a wish before signing', () => {
  it('changes what is negotiable, and says from what to what', () => {
    const wished = wish(spot, [{ path: 'inspection.challengeDays', to: 5 }], before);
    expect(wished).toMatchObject({
      ok: true,
      changes: [{ clause: 'inspection', path: 'inspection.challengeDays', from: 3, to: 5 }],
      terms: { inspection: { ...spot.inspection, challengeDays: 5 } },
    });
  });

  it('reaches into a rule, and is one change of the whole clause', () => {
    const wished = wish(spot, [{ path: 'quality.rules.0.reject.below', to: '20000' }], before);
    expect(wished.ok && wished.changes.map(({ path }) => path)).toEqual(['quality']);
    expect(wished.ok && wished.terms.quality.rules[0]!.reject).toEqual({ below: '20000' });
  });

  it.each([
    ['the awarded price', 'pricePerTonne', '1', 'not_negotiable'],
    ['the awarded quantity', 'quantityKg', '1', 'not_negotiable'],
    ['a party', 'buyer.name', 'Somebody Else', 'not_negotiable'],
    ['the fee of the exchange', 'fees.exchangeFeeBasisPoints', 0, 'not_negotiable'],
    [
      'what only the other may propose',
      'goods.deliveryPlace',
      { name: 'Tianjin', nameZh: null },
      'not_yours',
    ],
    ['a number outside its range', 'inspection.challengeDays', 0, 'not_valid'],
    ['a number that is text', 'inspection.challengeDays', '5', 'not_valid'],
    ['a day that does not exist', 'goods.windowTo', '2027-02-30', 'not_a_day'],
    ['a window that ends before it begins', 'goods.windowTo', '2026-12-31', 'window_reversed'],
    ['a rule that cannot be reckoned', 'quality.rules.0.per', '0', 'not_valid'],
    ['a path that leads nowhere', 'inspection.nothing', 1, 'unknown_parameter'],
    ['a path out of the terms', '__proto__.polluted', 1, 'unknown_parameter'],
    ['what stands there already', 'inspection.challengeDays', 3, 'unchanged'],
    ['the template itself', 'template.edition', 2, 'unknown_parameter'],
  ])('is refused for %s', (_what, path, to, code) => {
    expect(wish(spot, [{ path, to }], before)).toMatchObject({ ok: false, problems: [{ code }] });
  });

  it('moves an index and thereby the price, and never the price alone', () => {
    const wished = wish(longTerm, [{ path: 'index.value', to: '80000' }], before);
    expect(wished.ok && wished.changes.map(({ path, to }) => [path, to])).toEqual([
      ['pricePerTonne', '66250'],
      ['index.value', '80000'],
    ]);
    expect(wish(longTerm, [{ path: 'callOff.months.0.kg', to: '1' }], before)).toMatchObject({
      problems: [{ code: 'months_do_not_add_up' }],
    });
  });
});

describe('a wish after both are bound', () => {
  const at = (stage: 'funding' | 'result' | 'end' | 'over', path: string, to: unknown) => {
    const wished = wish(spot, [{ path, to }], { side: 'seller', stage });
    return wished.ok ? 'ok' : wished.problems[0]!.code;
  };

  it.each([
    ['goods.windowTo', '2028-01-31', ['ok', 'too_late', 'too_late', 'too_late']],
    ['quantityKg', '1000', ['ok', 'too_late', 'too_late', 'too_late']],
    ['pricePerTonne', '60000', ['ok', 'ok', 'too_late', 'too_late']],
    ['inspection.challengeDays', 9, ['ok', 'ok', 'too_late', 'too_late']],
    ['disputes.mediationDays', 9, ['ok', 'ok', 'ok', 'too_late']],
    [
      'payment.provisionalBasisPoints',
      9000,
      ['not_negotiable', 'not_negotiable', 'not_negotiable', 'not_negotiable'],
    ],
  ])('for %s is granted as long as settlement has not used it', (path, to, codes) => {
    expect((['funding', 'result', 'end', 'over'] as const).map((stage) => at(stage, path, to))).toEqual(
      codes,
    );
  });

  it('never asks for more coal than was sold', () => {
    expect(at('funding', 'quantityKg', '999999999')).toBe('may_only_fall');
  });
});

describe('versions and redlines', () => {
  const pairs = fc
    .tuple(awards, awards)
    .filter(
      ([a, b]) =>
        a.chosen?.kind === b.chosen?.kind &&
        (a.chosen?.index === undefined) === (b.chosen?.index === undefined),
    )
    .map(([a, b]) => [contractTerms(a), contractTerms(b)] as const);

  it('of a version with itself is empty', () => {
    fc.assert(
      fc.property(awards, (award) => {
        const terms = contractTerms(award);
        expect(redline(terms, terms)).toEqual([]);
        expect(changesBetween(terms, terms)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('carries exactly what leads from the old terms to the new, in values and in words', () => {
    fc.assert(
      fc.property(pairs, ([from, to]) => {
        const clauses = redline(from, to);
        const changes = clauses.flatMap(({ id, parameters }) =>
          parameters.map(({ path, from: old, to: next }) => ({ clause: id, path, from: old, to: next })),
        );
        expect(applyChanges(from, changes)).toEqual(to);
        for (const clause of clauses) {
          const read = (kinds: string[], language: 'zh' | 'en') =>
            clause[language]
              .filter(({ kind }) => kinds.includes(kind))
              .map(({ text }) => text)
              .join('');
          for (const language of ['zh', 'en'] as const) {
            const only = (terms: LibraryTerms) =>
              redline({ ...terms, template: { ...terms.template, clauses: [] } }, terms)
                .filter(({ id }) => id === clause.id)
                .flatMap((one) => one[language].map(({ text }) => text))
                .join('');
            expect(read(['same', 'removed'], language)).toBe(only(from));
            expect(read(['same', 'added'], language)).toBe(only(to));
          }
        }
      }),
      { numRuns: 12 },
    );
  });

  it('shows one changed number as one changed word', () => {
    const wished = wish(spot, [{ path: 'inspection.challengeDays', to: 5 }], before);
    const [clause] = redline(spot, wished.ok ? wished.terms : spot);
    expect(clause!.en.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', text: '3' },
      { kind: 'added', text: '5' },
    ]);
    expect(clause!.parameters).toMatchObject([
      { fromText: { zh: '3 日', en: '3 days' }, toText: { zh: '5 日' } },
    ]);
  });

  it('makes a next version that names the one it replaces and reads back', () => {
    const wished = wish(spot, [{ path: 'inspection.challengeDays', to: 5 }], before);
    const supersedes = { sha256: 'a'.repeat(64), termsSha256: termsSha256(spot) };
    const next = nextVersion(spot, {
      changes: wished.ok ? wished.changes : [],
      supersedes,
      issuedAt: new Date('2026-11-24T00:00:00Z'),
    })!;
    expect(next).toMatchObject({ version: 2, supersedes, inspection: { challengeDays: 5 } });
    expect(parseTerms(canonicalJson(next))).toEqual({ ok: true, terms: next });
    expect(applyChanges(next, wished.ok ? wished.changes : [])).toBeUndefined();
  });
});

describe('an amendment', () => {
  const wished = wish(spot, [{ path: 'pricePerTonne', to: '60000' }], { side: 'seller', stage: 'result' });
  if (!wished.ok) throw new Error('not wished');
  const amendment: AmendmentTerms = {
    schema: 'seam.amendment.1',
    contractId: '019300aa-0000-7000-8000-000000000009',
    number: `${spot.number}-A1`,
    issuedAt: '2026-12-01T00:00:00.000Z',
    amends: {
      contractId: spot.contractId,
      number: spot.number,
      sha256: 'b'.repeat(64),
      termsSha256: termsSha256(spot),
    },
    previous: null,
    seller: spot.seller,
    buyer: spot.buyer,
    reason: 'lower price',
    changes: wished.changes,
    effectiveSha256: termsSha256(wished.terms),
  };

  it('reads back, and leads exactly to the terms it names', () => {
    expect(parseAmendment(canonicalJson(amendment))).toEqual(amendment);
    expect(applyAmendment(spot, amendment)).toEqual(wished.terms);
    expect(checkTerms(wished.terms)).toEqual([]);
  });

  it.each([
    ['of another contract', { amends: { ...amendment.amends, contractId: 'other' } }],
    ['that leads elsewhere than it says', { effectiveSha256: 'c'.repeat(64) }],
    ['whose old value is not the one in force', { changes: [{ ...wished.changes[0]!, from: '1' }] }],
    ['that leads to terms nobody may sign', { changes: [{ ...wished.changes[0]!, to: 'free' }] }],
  ])('is not applied: one %s', (_what, patch) => {
    expect(applyAmendment(spot, { ...amendment, ...patch })).toBeUndefined();
  });

  it.each([
    ['a field too many', { ...amendment, extra: 1 }],
    ['a field too few', { ...amendment, amends: undefined }],
    ['no change', { ...amendment, changes: [] }],
    ['a hash that is none', { ...amendment, effectiveSha256: 'x' }],
  ])('is not read with %s', (_what, value) => {
    expect(parseAmendment(canonicalJson(JSON.parse(JSON.stringify(value))))).toBeUndefined();
    expect(parseAmendment('nonsense')).toBeUndefined();
    expect(parseAmendment(JSON.stringify(amendment, null, 1))).toBeUndefined();
  });

  it('says in both languages what it amends, by number and hash, and old and new of each value', () => {
    const texts = amendmentTexts(amendment, spot, wished.terms).flatMap((clause) => clause.paragraphs);
    for (const language of ['zh', 'en'] as const) {
      const text = texts.map((paragraph) => paragraph[language]).join('\n');
      for (const expected of [
        spot.number,
        amendment.amends.sha256,
        'CNY 612.50',
        'CNY 600.00',
        'lower price',
      ])
        expect(text).toContain(expected);
    }
  });

  it('shows a rule of quality as it was and as it becomes', () => {
    const rule = wish(spot, [{ path: 'quality.rules.0.reject.below', to: '20000' }], {
      side: 'seller',
      stage: 'result',
    });
    if (!rule.ok) throw new Error('not wished');
    const texts = amendmentTexts({ ...amendment, changes: rule.changes }, spot, rule.terms);
    for (const language of ['zh', 'en'] as const) {
      const text = texts
        .flatMap(({ paragraphs }) => paragraphs.map((paragraph) => paragraph[language]))
        .join('\n');
      const [old, next] = [text.indexOf('21160 J/g'), text.indexOf('20000 J/g')];
      expect(old).toBeGreaterThan(0);
      expect(next).toBeGreaterThan(old);
    }
  });
});
