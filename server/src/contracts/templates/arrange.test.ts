import { describe, expect, it } from 'vitest';
import { applyChanges, nextVersion, wish } from './change.ts';
import { contractTerms } from './make.ts';
import { parseTerms } from './parse.ts';
import { redline } from './redline.ts';
import { canonicalJson } from '@seam/units';
import { SAMPLE_AWARDS } from './testing/sample-awards.ts';
import { clauseTexts } from './text.ts';

const [award] = SAMPLE_AWARDS;
const spot = contractTerms(award!);
const year = Array.from({ length: 12 }, (_none, at) => `2027-${String(at + 1).padStart(2, '0')}`);
const shares = year.map((month, at) => ({ month, basisPoints: at < 4 ? 850 : 825 }));
const side = 'seller' as const;
const asked = (to: unknown) => wish(spot, [{ path: 'arrangement', to }], { side, stage: 'signing' });
const codes = (to: unknown) => {
  const wished = asked(to);
  return wished.ok ? [] : wished.problems.map(({ path, code }) => `${path} ${code}`);
};
const later = {
  expression: 'base + 0.5 * (X - 700)',
  series: [{ name: 'X', seriesId: 'x-index', title: 'X', unit: 'CNY/t' }],
  lagMonths: 1,
};

describe('a sale that becomes a long-term contract', () => {
  it('is split to the kilogram, priced by published indices, and says so in both languages', () => {
    const wished = asked({ callOff: { shares, carryOver: 'none' }, priceLater: later });
    expect(wished.ok).toBe(true);
    if (!wished.ok) return;
    const { terms } = wished;
    expect(terms).toMatchObject({
      template: { id: 'long_term_sale', version: 5 },
      quantityKg: spot.quantityKg,
    });
    const sum = terms.callOff!.months.reduce((total, { kg }) => total + BigInt(kg), 0n);
    expect(String(sum)).toBe(spot.quantityKg);
    expect(terms.callOff).toMatchObject({ carryOver: 'none', silence: 'confirms', yearBasisPoints: 9000 });
    const words = clauseTexts(terms)
      .flatMap(({ paragraphs }) => paragraphs.map(({ en }) => en))
      .join(' ');
    expect(words).toContain('base + 0.5 * (X - 700)');
    expect(redline(spot, terms).map(({ id, change }) => `${change} ${id}`)).toEqual(
      expect.arrayContaining(['added price_later', 'added call_off', 'added bond', 'removed price_fixed']),
    );
    // As it is stored and agreed on: the changes alone lead to the same text, and once more from there.
    expect(applyChanges(spot, wished.changes)).toEqual(terms);
    const again = wish(spot, wished.changes, { side: 'buyer', stage: 'signing' });
    expect(again).toMatchObject({ ok: true });
    const next = nextVersion(spot, {
      changes: wished.changes,
      supersedes: { sha256: '0'.repeat(64), termsSha256: '1'.repeat(64) },
      issuedAt: new Date('2026-12-01T00:00:00Z'),
    });
    expect(parseTerms(canonicalJson(next!))).toMatchObject({ ok: true });
  });

  it('can be arranged anew while nobody is bound: steps instead of a formula', () => {
    const first = asked({ callOff: { shares }, priceLater: later });
    if (!first.ok) throw new Error('refused');
    const steps = [
      { from: '2027-01', pricePerTonne: spot.pricePerTonne },
      { from: '2027-07', pricePerTonne: '60000' },
    ];
    const second = wish(
      first.terms,
      [{ path: 'arrangement', to: { callOff: { shares }, priceSteps: steps } }],
      {
        side: 'buyer',
        stage: 'signing',
      },
    );
    expect(second).toMatchObject({ ok: true, terms: { priceSteps: steps } });
    if (second.ok) expect(applyChanges(first.terms, second.changes)).toEqual(second.terms);
  });

  it('is refused where it does not add up, cannot be looked up or has begun to be paid for', () => {
    expect(codes({ callOff: { shares: shares.slice(1) } })).toContain('callOff.shares shares_do_not_add_up');
    const short = year.map((month) => ({ month, kg: '1000' }));
    expect(codes({ callOff: { months: short } })).toEqual(['callOff.months months_do_not_add_up']);
    const twice = [...year.slice(0, 11), '2027-11'].map((month) => ({ month, basisPoints: 0 }));
    twice[0]!.basisPoints = 10_000;
    expect(codes({ callOff: { shares: twice } })).toEqual(['callOff.months months_not_rising']);
    expect(codes({ callOff: { months: 'all' } })).not.toEqual([]);
    expect(codes({ callOff: { shares }, priceLater: { ...later, expression: 'base + Y' } })).toEqual([
      'priceLater.formula formula_not_frozen',
    ]);
    expect(codes({ callOff: { shares }, priceLater: { ...later, expression: 'base * 1' } })).toEqual([
      'priceLater.series series_not_in_formula',
    ]);
    expect(codes({ callOff: { shares }, priceSteps: [{ from: '2027-01', pricePerTonne: '1' }] })).toEqual([
      'priceSteps price_not_by_steps',
    ]);
    expect(codes({ callOff: { shares, silence: 'shouts' } })).toEqual(['callOff.silence not_valid']);
    expect(
      wish(spot, [{ path: 'arrangement', to: { callOff: { shares } } }], { side, stage: 'funding' }),
    ).toMatchObject({
      ok: false,
      problems: [{ code: 'too_late' }],
    });
  });

  it('is no way to change what it does not speak of', () => {
    const wished = asked({ callOff: { shares } });
    if (!wished.ok) throw new Error('refused');
    const smuggled = [...wished.changes, { path: 'pricePerTonne', to: '1' }];
    expect(wish(spot, smuggled, { side, stage: 'signing' })).toMatchObject({ ok: false });
    const template = wished.changes.filter(({ path }) => path === 'template');
    expect(wish(spot, template, { side, stage: 'signing' })).toMatchObject({ ok: false });
  });
});
