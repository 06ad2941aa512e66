import { describe, expect, it } from 'vitest';
import { toDecimal } from '../testing/imports.ts';
import { type DraftReading, type DraftSurveyInput, draftSurvey } from './draft-survey.ts';

/** Trimmed 1 m by the stern in brackish water. */
const light: DraftReading = {
  forward: [2100, 2120],
  midships: [2600, 2620],
  aft: [3100, 3120],
  density: 10_200,
  below: { draft: 2600, displacement: 10_000_000 },
  above: { draft: 2700, displacement: 10_450_000 },
  perCentimetre: 45_000,
  flotation: 4000,
  momentDifference: 9000,
  ballast: 1_500_000,
  freshWater: 200_000,
  fuel: 500_000,
  stores: 0,
};
/** On an even keel, hogged by 4 cm, in sea water. */
const laden: DraftReading = {
  ...light,
  forward: [11_000, 11_000],
  midships: [10_960, 10_960],
  aft: [11_000, 11_000],
  density: 10_250,
  below: { draft: 10_900, displacement: 62_000_000 },
  above: { draft: 11_000, displacement: 62_600_000 },
  perCentimetre: 60_000,
  ballast: 100_000,
  freshWater: 180_000,
  fuel: 440_000,
};
const ship: DraftSurveyInput = { length: 180_000, initial: light, final: laden };
const code = (of: Partial<DraftSurveyInput>, operation: 'loading' | 'discharge' = 'loading') => {
  const result = draftSurvey({ ...ship, ...of, operation });
  return result.ok ? 'ok' : `${result.code} ${result.at}`;
};

describe('a draft survey', () => {
  it('comes to what is worked out by hand, step by step', () => {
    const survey = draftSurvey({ ...ship, operation: 'loading' });
    if (!survey.ok) throw new Error(survey.code);
    const { initial, final } = survey;
    const steps = ({
      meanDraft,
      trim,
      tabled,
      firstCorrection,
      secondCorrection,
      displaced,
      net,
    }: typeof initial) =>
      [meanDraft, trim, tabled, firstCorrection, secondCorrection, displaced, net].map((one) =>
        toDecimal(one, 1),
      );
    // (2.11 + 6 × 2.61 + 3.11) ÷ 8 = 2.61 m; 10,000 + 10 × 45 ÷ 10 = 10,045 t; 1 × 4 × 45 × 100 ÷ 180 = 100 t;
    // 50 × 1 × 9 ÷ 180 = 2.5 t; 10,147.5 × 1.020 ÷ 1.025 = 10,098 t; less 2,200 t.
    expect(steps(initial)).toEqual([
      '2610.0',
      '1000.0',
      '10045000.0',
      '100000.0',
      '2500.0',
      '10098000.0',
      '7898000.0',
    ]);
    expect(steps(final)).toEqual(['10970.0', '0.0', '62420000.0', '0.0', '0.0', '62420000.0', '61700000.0']);
    expect(survey.cargo).toBe(53_802_000n);
  });
  it('gives the same cargo when it is discharged again', () => {
    const survey = draftSurvey({ ...ship, initial: laden, final: light, operation: 'discharge' });
    expect(survey).toMatchObject({ ok: true, cargo: 53_802_000n });
    expect(code({ initial: laden, final: light })).toBe('no_cargo final');
  });
  it('turns the first correction with the trim and the centre of flotation', () => {
    const first = (initial: Partial<DraftReading>): string => {
      const survey = draftSurvey({ ...ship, initial: { ...light, ...initial }, operation: 'loading' });
      return survey.ok ? toDecimal(survey.initial.firstCorrection, 0) : survey.code;
    };
    expect(first({ flotation: -4000 })).toBe('-100000');
    expect(first({ forward: light.aft, aft: light.forward })).toBe('-100000');
  });
  it('names the figure that cannot be', () => {
    const at = (initial: Partial<DraftReading>): string => code({ initial: { ...light, ...initial } });
    expect([
      code({ length: 180 }),
      at({ forward: [2.1, 2.12] }),
      at({ aft: [3100, 4200] }),
      at({ aft: [14_000, 14_000] }),
      at({ density: 1025 }),
      at({ below: { draft: 2650, displacement: 10_000_000 } }),
      at({ above: { draft: 2700, displacement: 9_000_000 } }),
      at({ above: { draft: 3700, displacement: 15_000_000 } }),
      at({ perCentimetre: 0 }),
      at({ flotation: 95_000 }),
      at({ fuel: -1 }),
    ]).toEqual([
      'out_of_range length',
      'out_of_range initial.forward',
      'sides_apart initial.aft',
      'out_of_range initial.aft',
      'out_of_range initial.density',
      'draft_outside_table initial.below.draft',
      'table_not_rising initial.above',
      'table_not_rising initial.above',
      'out_of_range initial.perCentimetre',
      'out_of_range initial.flotation',
      'out_of_range initial.fuel',
    ]);
  });
});
