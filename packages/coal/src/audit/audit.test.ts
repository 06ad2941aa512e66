import { describe, expect, it } from 'vitest';
import {
  type Assay,
  type AuditFlag,
  LISTING_FIELDS,
  auditAssay,
  fixedCarbonOn,
  toDecimal,
  rational,
  validateAssay,
} from '../index.ts';

const ar = (basisPoints: number) => ({ basisPoints, basis: 'ar' as const });
const ad = (basisPoints: number) => ({ basisPoints, basis: 'ad' as const });
const d = (basisPoints: number) => ({ basisPoints, basis: 'd' as const });

/** 6.00 + 12.00 + 31.16 + 50.84 = 100 air dried; net by GB/T 213 about 22,017 J/g. */
const good: Assay = {
  totalMoisture: ar(1400),
  inherentMoisture: ad(600),
  ash: ad(1200),
  volatileMatter: ad(3116),
  sulphur: ad(80),
  fixedCarbon: ad(5084),
  hydrogen: ad(380),
  calorificValue: { joulesPerGram: 25_200, kind: 'gross', basis: 'ad' },
  hardgroveIndex: 55,
  ashFusion: { softeningCelsius: 1350, atmosphere: 'reducing' },
  size: { minMm: 0, maxMm: 50 },
  also: {
    ash: [d(1277)],
    volatileMatter: [{ basisPoints: 3800, basis: 'daf' }],
    sulphur: [d(85)],
    calorificValue: [
      { joulesPerGram: 22_017, kind: 'net', basis: 'ar' },
      { joulesPerGram: 23_055, kind: 'gross', basis: 'ar' },
    ],
  },
};
const codes = (assay: Assay, rank?: Parameters<typeof auditAssay>[1]): string[] =>
  auditAssay(assay, rank).map((flag: AuditFlag) => flag.code);
const restate = (also: Assay['also']): Assay => ({ ...good, also: { ...good.also, ...also } });

describe('the audit of an assay', () => {
  it('finds nothing in a certificate that fits', () => {
    expect(auditAssay(good, 'bituminous')).toEqual([]);
    expect(toDecimal(fixedCarbonOn(good, 'ad') ?? rational(0), 2)).toBe('50.84');
  });

  it('adds the proximate analysis up, within 0.05 %', () => {
    expect(codes({ ...good, fixedCarbon: ad(5089) })).toEqual([]);
    expect(auditAssay({ ...good, fixedCarbon: ad(5090) })).toEqual([
      { code: 'proximate_sum', basis: 'ad', numbers: { sumBasisPoints: 10_006, toleranceBasisPoints: 5 } },
    ]);
  });

  it('compares the same share on two bases, within 0.05 %', () => {
    expect(auditAssay(restate({ ash: [d(1290)] }))).toEqual([
      {
        code: 'ash_bases_disagree',
        basis: 'd',
        numbers: { statedBasisPoints: 1290, expectedBasisPoints: 1277, toleranceBasisPoints: 5 },
      },
    ]);
    expect(codes(restate({ volatileMatter: [d(3330)] }))).toEqual(['volatile_matter_bases_disagree']);
    expect(codes(restate({ sulphur: [d(95)] }))).toEqual(['sulphur_bases_disagree']);
  });

  it('knows that air drying cannot add water', () => {
    const wetter = (total: number): Assay => ({ ...good, totalMoisture: ar(total), also: {} });
    expect(codes(wetter(570))).toEqual([]);
    expect(codes(wetter(569))).toEqual(['total_moisture_below_inherent']);
  });

  it('keeps gross air dried above gross as received above net', () => {
    const swapped = restate({ calorificValue: [{ joulesPerGram: 25_300, kind: 'gross', basis: 'ar' }] });
    expect(codes(swapped)).toContain('gross_air_dried_below_as_received');
    const netTooHigh = restate({
      calorificValue: [
        { joulesPerGram: 23_055, kind: 'gross', basis: 'ar' },
        { joulesPerGram: 23_055, kind: 'net', basis: 'ar' },
      ],
    });
    expect(codes(netTooHigh)).toEqual(['gross_not_above_net', 'net_calorific_value_disagrees']);
  });

  it('accepts a stated net within 60 kcal/kg of the computed and flags it beyond', () => {
    const net = (joulesPerGram: number) =>
      codes(restate({ calorificValue: [{ joulesPerGram, kind: 'net', basis: 'ar' }] }));
    expect(net(22_017 + 251)).toEqual([]);
    expect(net(22_017 - 251)).toEqual([]);
    expect(net(22_017 + 252)).toEqual(['net_calorific_value_disagrees']);
    expect(net(22_017 - 252)).toEqual(['net_calorific_value_disagrees']);
  });

  it('flags gross values that do not convert into each other', () => {
    expect(
      codes(restate({ calorificValue: [{ joulesPerGram: 23_200, kind: 'gross', basis: 'ar' }] })),
    ).toEqual(['calorific_value_bases_disagree']);
  });

  it('flags a heat that no coal has', () => {
    const hot = (joulesPerGram: number): Assay => ({
      ...good,
      also: {},
      calorificValue: { joulesPerGram, kind: 'gross', basis: 'ad' },
    });
    expect(codes(hot(30_750))).toEqual([]); // 37,500 daf
    expect(codes(hot(30_751))).toEqual(['calorific_value_daf_implausible']);
    expect(codes(hot(16_400))).toEqual([]); // 20,000 daf
    expect(codes(hot(16_399))).toEqual(['calorific_value_daf_implausible']);
  });

  it('flags a rank that does not go with the volatile matter', () => {
    expect(codes(good, 'anthracite')).toEqual(['rank_disagrees']);
    expect(codes(good, 'lignite')).toEqual([]);
    const lean: Assay = {
      ...good,
      volatileMatter: ad(700),
      fixedCarbon: ad(7500),
      hydrogen: ad(300),
      also: {},
    };
    expect(codes(lean, 'anthracite')).toEqual([]);
    expect(codes(lean, 'bituminous')).toEqual(['rank_disagrees']);
  });

  it('draws the limits of rank where the standard does', () => {
    const at = (basisPoints: number): Assay => {
      const { fixedCarbon: _, hydrogen: __, also: ___, ...rest } = good;
      return { ...rest, volatileMatter: { basisPoints, basis: 'daf' } };
    };
    expect([1000, 1001].map((value) => codes(at(value), 'anthracite'))).toEqual([[], ['rank_disagrees']]);
    expect([1000, 1001].map((value) => codes(at(value), 'coking'))).toEqual([['rank_disagrees'], []]);
    expect([3700, 3701].map((value) => codes(at(value), 'lignite'))).toEqual([['rank_disagrees'], []]);
    expect(codes(at(300), 'waste')).toEqual([]);
  });

  it('judges only what the certificate lets it compute', () => {
    const { volatileMatter: _, ...noVolatile } = good;
    expect(codes({ ...noVolatile, also: {} })).toEqual([]);
    const { inherentMoisture: __, ...noInherent } = good;
    expect(codes({ ...noInherent, also: {} })).toEqual([]);
    const received = { joulesPerGram: 23_055, kind: 'gross', basis: 'ar' } as const;
    expect(
      codes({
        ...noInherent,
        ash: ar(1098),
        calorificValue: received,
        also: { calorificValue: [{ joulesPerGram: 1_000, kind: 'gross', basis: 'ad' }], ash: [ad(9000)] },
      }),
    ).toEqual([]);
  });

  it('says nothing where a certificate says nothing', () => {
    const receipt: Assay = {
      totalMoisture: ar(1513),
      ash: ar(830),
      sulphur: ar(344),
      calorificValue: { joulesPerGram: 25_256, kind: 'gross', basis: 'ar' },
    };
    expect(auditAssay(receipt, 'bituminous')).toEqual([]);
    expect(fixedCarbonOn(receipt, 'ar')).toBeUndefined();
  });
});

describe('the ranges of an assay', () => {
  const errors = (assay: Assay) => validateAssay(assay).errors.map(({ field, code }) => `${field} ${code}`);

  it('accept a usual coal without a word', () => {
    expect(validateAssay(good, LISTING_FIELDS)).toEqual({ errors: [], warnings: [] });
  });

  it('refuse ash of 140 %, negative sulphur and fractions of a basis point', () => {
    expect(validateAssay({ ...good, ash: ad(14_000) }).errors).toEqual([
      { field: 'ash', code: 'out_of_range', value: 14_000, minimum: 10, maximum: 9_900 },
    ]);
    expect(errors({ ...good, sulphur: ad(-1) })).toEqual(['sulphur out_of_range']);
    expect(errors({ ...good, sulphur: ad(80.5) })).toEqual(['sulphur not_integer']);
    expect(errors({ ...good, sulphur: ad(Number.NaN) })).toEqual(['sulphur not_integer']);
    expect(errors({ ...good, totalMoisture: ar(6_001), inherentMoisture: ad(19) })).toEqual([
      'totalMoisture out_of_range',
      'inherentMoisture out_of_range',
    ]);
    expect(
      errors({ ...good, calorificValue: { joulesPerGram: 40_001, kind: 'gross', basis: 'ad' } }),
    ).toEqual(['calorificValue out_of_range']);
    expect(errors({ ...good, volatileMatter: ad(9_001), hydrogen: ad(2_001), fixedCarbon: ad(-1) })).toEqual([
      'volatileMatter out_of_range',
      'fixedCarbon out_of_range',
      'hydrogen out_of_range',
    ]);
    expect(
      errors({ ...good, hardgroveIndex: 19, ashFusion: { deformationCelsius: 899, atmosphere: 'reducing' } }),
    ).toEqual(['hardgroveIndex out_of_range', 'ashFusion out_of_range']);
    expect(errors({ ...good, size: { minMm: 50, maxMm: 50 } })).toEqual(['size out_of_range']);
    expect(errors({ ...good, size: { minMm: 0, maxMm: 301 } })).toEqual(['size out_of_range']);
  });

  it('refuse values on a basis on which nobody reports them', () => {
    expect(errors({ ...good, ash: { basisPoints: 1200, basis: 'daf' } })).toEqual(['ash basis_not_allowed']);
    expect(errors({ ...good, totalMoisture: ad(1400) })).toEqual(['totalMoisture basis_not_allowed']);
    expect(errors({ ...good, inherentMoisture: ar(600) })).toEqual(['inherentMoisture basis_not_allowed']);
    expect(errors({ ...good, calorificValue: { joulesPerGram: 25_000, kind: 'net', basis: 'daf' } })).toEqual(
      ['calorificValue basis_not_allowed'],
    );
  });

  it('refuse further statements by the same rules', () => {
    expect(errors(restate({ ash: [d(10_000)] }))).toEqual(['ash out_of_range']);
    expect(errors(restate({ calorificValue: [{ joulesPerGram: 1, kind: 'net', basis: 'ar' }] }))).toEqual([
      'calorificValue out_of_range',
    ]);
  });

  it('accept an air dried ash though the air dried moisture is not stated', () => {
    const { inherentMoisture: _, fixedCarbon: __, ...rest } = good;
    expect(errors({ ...rest, also: {} })).toEqual([]);
  });

  it('refuse moisture, ash and volatile matter that leave nothing over', () => {
    expect(errors({ ...good, totalMoisture: ar(5_000), ash: ar(5_000) })).toEqual([
      'ash over_hundred_percent',
    ]);
    expect(errors({ ...good, ash: ad(6_000), volatileMatter: ad(3_401) })).toEqual([
      'volatileMatter over_hundred_percent',
    ]);
    expect(errors({ ...good, ash: ad(6_000), volatileMatter: ad(3_400) })).toEqual([]);
  });

  it('ask for what a listing cannot do without', () => {
    const { volatileMatter: _, size: __, ...rest } = good;
    expect(validateAssay(rest, LISTING_FIELDS).errors).toEqual([
      { field: 'volatileMatter', code: 'missing' },
      { field: 'size', code: 'missing' },
    ]);
  });

  it('warn of the unusual without refusing it', () => {
    const check = validateAssay({ ...good, ash: ad(250), sulphur: ad(501) });
    expect(check.errors).toEqual([]);
    expect(check.warnings.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'ash unusual',
      'sulphur unusual',
    ]);
  });
});
