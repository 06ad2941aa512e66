import { describe, expect, it } from 'vitest';
import {
  type Assay,
  type CertificateAudit,
  HEAT_REPRODUCIBILITY,
  auditCertificate,
  decideDry,
  decideUmpire,
  decimal,
  rational,
  repeatability,
  repeats,
  toDecimal,
} from '../index.ts';

const ad = (basisPoints: number) => ({ basisPoints, basis: 'ad' as const });
const good: Assay = {
  totalMoisture: { basisPoints: 1400, basis: 'ar' },
  inherentMoisture: ad(600),
  ash: ad(1200),
  volatileMatter: ad(3116),
  sulphur: ad(80),
  fixedCarbon: ad(5084),
  hydrogen: ad(380),
  calorificValue: { joulesPerGram: 25_200, kind: 'gross', basis: 'ad' },
  also: {
    ash: [{ basisPoints: 1277, basis: 'd' }],
    calorificValue: [{ joulesPerGram: 22_017, kind: 'net', basis: 'ar' }],
  },
};
const paper: CertificateAudit['certificate'] = {
  number: 'A-17',
  sampledAt: 1_000,
  preparedAt: 2_000,
  analysedAt: 2_000,
  issuedAt: 4_000,
  sampleGrams: 300,
  sealsSet: ['S1', 'S2'],
  sealsFound: ['S2', 'S1'],
};
const past: Assay[] = Array.from({ length: 20 }, (_, index) => ({ ...good, ash: ad(1170 + 3 * index) }));
const whole: CertificateAudit = {
  assay: good,
  certificate: paper,
  declaredClass: 'QM',
  classInputs: { cakingIndex: rational(60) },
  knownNumbers: new Set(['A-16']),
  history: past,
};
const flags = (rest: Partial<CertificateAudit>): string[] =>
  auditCertificate({ ...whole, ...rest }).flags.map(({ check, code }) => `${check} ${code}`);
const assay = (rest: Partial<Assay>): string[] => flags({ assay: { ...good, ...rest } });

describe('the nine checks of a certificate', () => {
  it('find nothing in a certificate that fits, and have made every check', () => {
    expect(auditCertificate(whole)).toEqual({ flags: [], open: [] });
  });
  it('1 adds the proximate analysis up', () =>
    expect(assay({ fixedCarbon: ad(5200) })).toEqual(['1 proximate_sum']));
  it('2 compares two bases', () => {
    expect(assay({ also: { ...good.also, ash: [{ basisPoints: 1300, basis: 'd' }] } })).toEqual([
      '2 ash_bases_disagree',
    ]);
  });
  it('3 knows that drying adds no water', () => {
    expect(assay({ totalMoisture: { basisPoints: 500, basis: 'ar' } })).toContain(
      '3 total_moisture_below_inherent',
    );
  });
  it('4 keeps gross above net', () => {
    const also = { calorificValue: [{ joulesPerGram: 25_300, kind: 'net', basis: 'ad' } as const] };
    expect(assay({ also })).toContain('4 gross_not_above_net');
  });
  it('5 recomputes net', () => {
    const also = {
      ...good.also,
      calorificValue: [{ joulesPerGram: 22_400, kind: 'net', basis: 'ar' } as const],
    };
    expect(assay({ also })).toEqual(['5 net_calorific_value_disagrees']);
  });
  it('6 finds the class by volatile matter and caking index again', () => {
    expect(flags({ declaredClass: '44' })).toEqual([]);
    expect(flags({ declaredClass: 'JM' })).toEqual(['6 class_disagrees']);
    expect(flags({ declaredClass: 'CY', classInputs: {} })).toEqual([]);
    expect(flags({ declaredClass: 'JM', classInputs: {} })).toEqual(['6 class_disagrees']);
    const [flag] = auditCertificate({ ...whole, declaredClass: 'JM' }).flags;
    expect(flag?.values).toEqual({ declared: 'JM', computed: 'QM 44', volatileDaf: '38' });
  });
  it('7 knows no coal of such a heat', () => {
    const also = {};
    expect(assay({ also, calorificValue: { joulesPerGram: 31_000, kind: 'gross', basis: 'ad' } })).toContain(
      '7 calorific_value_daf_implausible',
    );
  });
  it('8 compares with the last twenty of the mine, beyond three deviations', () => {
    expect(assay({ ash: ad(1235), fixedCarbon: ad(5049), also: {} })).toEqual([]);
    expect(assay({ ash: ad(1500), fixedCarbon: ad(4784), also: {} })).toContain('8 outlier');
    const even = Array.from({ length: 5 }, () => good);
    // The same number five times: a laboratory still scatters by itself.
    const near = { ...good, ash: ad(1230), fixedCarbon: ad(5054), also: {} };
    expect(flags({ history: even, assay: near })).toEqual([]);
    expect(
      flags({ history: even.slice(1), assay: { ...near, ash: ad(1500), fixedCarbon: ad(4784) } }),
    ).toEqual([]);
    const old = [...past, ...Array.from({ length: 80 }, () => ({ ...good, ash: ad(1500) }))];
    expect(
      flags({ history: old, assay: { ...good, ash: ad(1500), fixedCarbon: ad(4784), also: {} } }),
    ).toContain('8 outlier');
  });
  it('9 reads the number, the sample, the seals and the order of the days', () => {
    const on = (rest: object) => flags({ certificate: { ...paper, ...rest } });
    expect(on({ number: 'A-16' })).toEqual(['9 number_known']);
    expect(on({ number: ' ' })).toEqual(['9 number_missing']);
    expect([on({ sampleGrams: 59 }), on({ sampleGrams: Number.NaN })]).toEqual([
      ['9 sample_mass_too_small'],
      ['9 sample_mass_too_small'],
    ]);
    expect(on({ sealsFound: ['S1'] })).toEqual(['9 seals_differ']);
    expect(on({ preparedAt: 999 })).toEqual(['9 time_order']);
    expect(on({ issuedAt: 1_999 })).toEqual(['9 time_order']);
    expect(on({ analysedAt: Number.NaN })).toEqual(['9 time_order', '9 time_order']);
    expect(on({ preparedAt: undefined, analysedAt: 500 })).toEqual(['9 time_order']);
  });
  it('say which of them could not be made, and what for', () => {
    const { inherentMoisture: _, fixedCarbon: __, also: ___, volatileMatter: ____, ...receipt } = good;
    const { open } = auditCertificate({ assay: receipt, certificate: { number: 'A-18' } });
    expect(open.map(({ check }) => check)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(open[0]?.missing).toEqual(['fixedCarbon', 'volatileMatter']);
    expect(open[8]?.missing).toContain('sealsFound');
  });
});

describe('precision of laboratories', () => {
  it('depends on the level', () => {
    const band = (...[parameter, level]: [Parameters<typeof repeatability>[0], string]): string => {
      const result = repeatability(parameter, decimal(level));
      return result.ok ? toDecimal(result.within, 2) : result.code;
    };
    expect([band('totalMoisture', '10'), band('totalMoisture', '10.01')]).toEqual(['0.50', 'not_named']);
    expect(['15', '15.01', '30', '30.01'].map((level) => band('ash', level))).toEqual([
      '0.20',
      '0.30',
      '0.30',
      '0.50',
    ]);
    expect(['20', '20.01', '40', '40.01'].map((level) => band('volatileMatter', level))).toEqual([
      '0.30',
      '0.50',
      '0.50',
      '0.80',
    ]);
    expect(['2', '2.01', '5', '5.01'].map((level) => band('sulphur', level))).toEqual([
      '0.05',
      '0.10',
      '0.10',
      '0.15',
    ]);
    expect(band('calorificValue', '25000')).toBe('120.00');
  });
  it('tells whether a duplicate confirms a result', () => {
    expect(repeats('ash', decimal('10'), decimal('10.2'))).toMatchObject({ repeats: true });
    expect(repeats('ash', decimal('10'), decimal('10.21'))).toMatchObject({ repeats: false });
    expect(repeats('ash', decimal('14.9'), decimal('15.2'))).toMatchObject({ repeats: true });
    expect(repeats('totalMoisture', decimal('12'), decimal('12'))).toMatchObject({ ok: false });
  });
});

describe('the umpire', () => {
  const of = (seller: number, buyer: number, umpire?: number) =>
    decideUmpire({
      seller: rational(seller),
      buyer: rational(buyer),
      ...(umpire !== undefined && { umpire: rational(umpire) }),
      within: rational(70),
    });
  it('is not asked within the reproducibility, and lets the further side pay', () => {
    expect(of(6000, 5930)).toEqual({ outcome: 'seller_stands', value: rational(6000) });
    expect(of(6000, 5929)).toEqual({ outcome: 'umpire_needed' });
    expect(of(6000, 5900, 5920)).toEqual({
      outcome: 'mean_of_closest',
      value: rational(5910),
      pays: 'seller',
    });
    expect(of(6000, 5900, 5990)).toEqual({
      outcome: 'mean_of_closest',
      value: rational(5995),
      pays: 'buyer',
    });
    expect(of(6000, 5900, 5950)).toEqual({ outcome: 'umpire', value: rational(5950), pays: 'both' });
    expect(of(6000, 5900, 6300)).toEqual({
      outcome: 'mean_of_closest',
      value: rational(5950),
      pays: 'buyer',
    });
    expect(of(6000, 5900, 6100)).toEqual({ outcome: 'umpire', value: rational(6100), pays: 'buyer' });
  });
  it('compares dry, each laboratory with the moisture it found', () => {
    const reading = (value: number, moisture: string, basis: 'ad' | 'd' = 'ad') => ({
      value: rational(value),
      basis,
      conditions: { inherentMoisture: decimal(moisture) },
    });
    const gross = { parameter: 'calorificValue', kind: 'gross', within: HEAT_REPRODUCIBILITY } as const;
    // 24,000/0.94 = 25,531.9 and 24,500/0.96 = 25,520.8: 500 apart air dried, 11 apart dry.
    const same = decideDry({ ...gross, seller: reading(24_000, '6'), buyer: reading(24_500, '4') });
    expect(same).toMatchObject({ ok: true, decision: { outcome: 'seller_stands' } });
    const apart = decideDry({ ...gross, seller: reading(24_000, '6'), buyer: reading(24_000, '8') });
    expect(apart).toMatchObject({ ok: true, decision: { outcome: 'umpire_needed' } });
    const unknown = { ...reading(24_000, '6'), conditions: {} };
    expect(decideDry({ ...gross, seller: unknown, buyer: reading(1, '6') })).toMatchObject({
      ok: false,
      of: 'seller',
      code: 'inherent_moisture_missing',
    });
    expect(decideDry({ ...gross, kind: 'net', seller: unknown, buyer: unknown })).toMatchObject({
      code: 'net_not_convertible',
    });
    expect(decideDry({ ...gross, within: rational(-1), seller: unknown, buyer: unknown })).toMatchObject({
      code: 'within_negative',
    });
    const index = {
      parameter: 'hardgroveIndex',
      within: rational(2),
      seller: unknown,
      buyer: unknown,
    } as const;
    expect(decideDry(index)).toMatchObject({ ok: true });
  });
});
