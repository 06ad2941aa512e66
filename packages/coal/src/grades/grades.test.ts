import { describe, expect, it } from 'vitest';
import {
  type Assay,
  CHINA_ASH_1994,
  CHINA_ASH_NEWER,
  CHINA_SULPHUR_1994,
  EXPORT_SPECS,
  GRADE_SCHEMES,
  INDIA_COKING,
  INDIA_GROSS,
  INDIA_SEMI_COKING,
  brokenBand,
  checkAssaySpec,
  checkSpec,
  classify,
  decimal,
  gradeAssay,
  gradeOf,
  indianGrade,
  rational,
  usefulHeatValue,
} from '../index.ts';
import { heat, index, share } from '../testing/clauses.ts';

const assay: Assay = {
  totalMoisture: { basisPoints: 1100, basis: 'ar' },
  inherentMoisture: { basisPoints: 600, basis: 'ad' },
  ash: { basisPoints: 1400, basis: 'ad' },
  volatileMatter: { basisPoints: 2800, basis: 'ad' },
  sulphur: { basisPoints: 80, basis: 'ad' },
  calorificValue: { joulesPerGram: 26_500, kind: 'gross', basis: 'ad' },
  hardgroveIndex: 55,
  ashFusion: { deformationCelsius: 1240, softeningCelsius: 1300, atmosphere: 'reducing' },
  size: { minMm: 0, maxMm: 50 },
};
const grade = (scheme: (typeof GRADE_SCHEMES)[number], value: string): string => {
  const result = gradeOf(scheme, decimal(value));
  return result.ok ? result.band.code : result.code;
};

describe('grade schemes', () => {
  it('have an edition and a source, and bands that join without gap or overlap', () => {
    for (const scheme of GRADE_SCHEMES) {
      expect(brokenBand(scheme)).toBeUndefined();
      expect([scheme.edition, scheme.source].every((text) => text.length > 4)).toBe(true);
    }
    const [first, second, ...rest] = CHINA_ASH_1994.bands;
    if (!first || !second) throw new Error('no bands');
    expect(brokenBand({ ...CHINA_ASH_1994, bands: [first, { ...second, above: '5.01' }, ...rest] })).toBe(
      'LA',
    );
    expect(
      brokenBand({ ...CHINA_ASH_1994, bands: [first, { ...second, above: '11' }, ...rest] }),
    ).toBeDefined();
    expect(new Set(GRADE_SCHEMES.map(({ id }) => id)).size).toBe(GRADE_SCHEMES.length);
  });
  it('say which limits nobody has verified', () => {
    expect(GRADE_SCHEMES.filter(({ status }) => status === 'unverified').map(({ id }) => id)).toEqual([
      'cn-ash-newer',
      'cn-sulphur-newer',
    ]);
    expect([grade(CHINA_ASH_1994, '8'), grade(CHINA_ASH_NEWER, '8')]).toEqual(['LA', 'SLA']);
  });
  it('put every limit into the band that it closes', () => {
    expect(
      ['15', '15.01', '18', '21', '24', '28', '35', '42', '49', '49.01'].map((ash) =>
        grade(INDIA_COKING, ash),
      ),
    ).toEqual([
      'steel_1',
      'steel_2',
      'steel_2',
      'washery_1',
      'washery_2',
      'washery_3',
      'washery_4',
      'washery_5',
      'washery_6',
      'ungraded',
    ]);
    expect(['19', '19.001', '24', '24.1'].map((sum) => grade(INDIA_SEMI_COKING, sum))).toEqual([
      'semi_coking_1',
      'semi_coking_2',
      'semi_coking_2',
      'ungraded',
    ]);
    expect(
      ['5', '5.001', '10', '20', '30', '40', '50', '50.1'].map((ash) => grade(CHINA_ASH_1994, ash)),
    ).toEqual(['SLA', 'LA', 'LA', 'LMA', 'MA', 'MHA', 'HA', 'ungraded']);
    expect(
      ['0.5', '0.51', '1', '1.5', '1.51', '2.01', '3.01'].map((s) => grade(CHINA_SULPHUR_1994, s)),
    ).toEqual(['SLS', 'LS', 'LS', 'LMS', 'MS', 'MHS', 'HS']);
  });
  it('agree with the closed form of the Indian grades at every kilocalorie', () => {
    for (let value = 2_000; value <= 7_400; value += 7) {
      const number = indianGrade(value);
      expect(grade(INDIA_GROSS, String(value))).toBe(number ? `G${number}` : 'ungraded');
    }
  });
  it('grade an assay on the basis that each names', () => {
    const grades = GRADE_SCHEMES.map((scheme) => gradeAssay(scheme, assay));
    // 26,500 J/g are 6329.4 kcal/kg; 14 + 6 = 20; 8900 − 138 × 20 = 6140; 14/0.94 = 14.89 % and 0.851 % dry.
    expect(grades.map((found) => (found.ok ? found.band.code : found.code))).toEqual([
      'G4',
      'steel_1',
      'semi_coking_2',
      'B',
      'LMA',
      'LS',
      'LA',
      'LS',
    ]);
    const { inherentMoisture: _, ...receipt } = assay;
    expect(gradeAssay(INDIA_SEMI_COKING, receipt)).toMatchObject({ ok: false, code: 'not_stated' });
    expect(gradeAssay(CHINA_ASH_1994, receipt)).toMatchObject({ ok: false, code: 'not_stated' });
  });
  it('refuse a useful heat value of what is no coal', () => {
    expect(usefulHeatValue(rational(60), rational(40))).toMatchObject({ code: 'over_hundred_percent' });
    expect(usefulHeatValue(rational(-1), rational(40))).toMatchObject({ code: 'out_of_range', at: 'ash' });
  });
});

describe('classes by GB/T 5751', () => {
  const of = (volatile: string, g?: string, rest: Record<string, string> = {}): string => {
    const inputs = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, decimal(value)]));
    const result = classify({
      volatileDaf: decimal(volatile),
      ...(g && { cakingIndex: decimal(g) }),
      ...inputs,
    });
    if (result.ok) return [`${result.class.name} ${result.class.code}`, ...result.conflicts].join(' ');
    return result.code === 'incomplete'
      ? `needs ${result.missing.join()} for ${result.candidates.map(({ code }) => code).join()}`
      : `${result.code} ${result.at}`;
  };
  it('follow volatile matter and caking index, upper bounds inclusive', () => {
    const rows: [string, string][] = [
      ['10.01', '5'],
      ['20', '5.1'],
      ['15', '50'],
      ['15', '65'],
      ['20.01', '5'],
      ['28', '30'],
      ['28', '50'],
      ['28', '65'],
      ['28.01', '5'],
      ['37', '30'],
      ['37', '50'],
      ['37', '65'],
      ['37.01', '35'],
      ['45', '50'],
      ['45', '65'],
    ];
    expect(rows.map(([volatile, g]) => of(volatile, g))).toEqual([
      'PM 11',
      'PS 12',
      'SM 13',
      'SM 14',
      'BN 21',
      'RN 22',
      '1/2ZN 23',
      'JM 24',
      'BN 31',
      'RN 32',
      '1/2ZN 33',
      'QM 34',
      'CY 42',
      'QM 43',
      'QM 44',
    ]);
  });
  it('let Y decide above G 65, b where Y is not known, and say when they disagree', () => {
    const at = (volatile: string, rest: Record<string, string>) => of(volatile, '66', rest);
    expect(['18', '25', '30', '40'].map((v) => at(v, { plastometerY: '25' }))).toEqual([
      'JM 15',
      'JM 25',
      '1/3JM 35',
      'QM 45',
    ]);
    expect(['18', '25', '30', '40'].map((v) => at(v, { plastometerY: '25.5' }))).toEqual([
      'FM 16',
      'FM 26',
      'FM 36',
      'QF 46',
    ]);
    expect([at('25', { dilatation: '150' }), at('25', { dilatation: '151' })]).toEqual(['JM 25', 'FM 26']);
    expect([at('30', { dilatation: '220' }), at('30', { dilatation: '221' })]).toEqual(['1/3JM 35', 'FM 36']);
    expect(at('30', { plastometerY: '20', dilatation: '300' })).toBe('1/3JM 35 y_and_b_disagree');
    expect(at('30', {})).toBe('needs plastometerY for 35,36');
  });
  it('divide anthracite by volatile matter, or by hydrogen where it is known', () => {
    expect(['3.5', '3.51', '6.5', '10'].map((v) => of(v))).toEqual(['WY1 01', 'WY2 02', 'WY2 02', 'WY3 03']);
    expect(of('3', undefined, { hydrogenDaf: '2.5' })).toBe('WY2 02 volatile_and_hydrogen_disagree');
    expect(of('5', undefined, { hydrogenDaf: '3' })).toBe('WY2 02');
  });
  it('tell lignite from long flame coal by transmittance and heat', () => {
    const at = (rest: Record<string, string>) => of('45', '0', rest);
    expect(at({ transmittance: '30' })).toBe('HM 51');
    expect(at({ transmittance: '50', grossMaf: '24' })).toBe('HM 52');
    expect(at({ transmittance: '50', grossMaf: '24.1' })).toBe('CY 41');
    expect(at({ transmittance: '50.1' })).toBe('CY 41');
    expect(at({ transmittance: '40' })).toBe('needs grossMaf for 52,41');
    expect(at({})).toBe('needs transmittance for 51,52,41');
    expect(of('15')).toBe('needs cakingIndex for 11,12,13,14,15,16');
  });
  it('refuse numbers that no coal has', () => {
    expect(of('101', '5')).toBe('out_of_range volatileDaf');
    expect(of('25', '111')).toBe('out_of_range cakingIndex');
    expect(of('25', '70', { plastometerY: '-1' })).toBe('out_of_range plastometerY');
  });
});

describe('export specifications', () => {
  const spec = (id: string) => {
    const found = EXPORT_SPECS.find((one) => one.id === id);
    if (!found) throw new Error(id);
    return found;
  };
  const RB1 = [
    heat('5900'),
    share('totalMoisture', 'ar', '10'),
    share('volatileMatter', 'ar', '24'),
    share('ash', 'ar', '15'),
    share('sulphur', 'ar', '0.9'),
    index('hardgroveIndex', 'HGI', '50'),
    index('sizeMax', 'mm', '50'),
    index('ashDeformation', '°C', '1300'),
  ];
  it('are met, failed by name, or open', () => {
    expect(checkSpec(spec('RB1'), RB1).result).toBe('met');
    const poor = [heat('5849'), ...RB1.slice(1, 3), share('ash', 'ar', '15.01'), ...RB1.slice(4)];
    const failed = checkSpec(spec('RB1'), poor);
    expect(failed.result).toBe('failed');
    expect(
      failed.items
        .filter(({ code }) => code !== 'met')
        .map((item) => [item.limit.parameter, item.code, item.measured]),
    ).toEqual([
      ['calorificValue', 'below_minimum', '5849'],
      ['ash', 'above_maximum', '15.01'],
    ]);
    expect(checkSpec(spec('RB1'), RB1.slice(1)).result).toBe('open');
    expect(checkSpec(spec('RB1'), poor.slice(0, 1)).result).toBe('failed');
    expect(checkSpec(spec('RB3'), RB1).result).toBe('met');
    expect(checkSpec(spec('API2'), RB1)).toMatchObject({ result: 'met', items: [] });
  });
  it('read a certificate on another basis, but never estimate net heat', () => {
    const dry = [share('ash', 'd', '16'), share('totalMoisture', 'ar', '10')];
    const ash = checkSpec(spec('RB1'), dry).items.find(({ limit }) => limit.parameter === 'ash');
    expect(ash).toMatchObject({ code: 'met', measured: '14.4' });
    const gross = [
      { parameter: 'calorificValue', kind: 'gross', basis: 'ar', unit: 'kcal/kg', value: '6300' } as const,
    ];
    expect(checkSpec(spec('RB1'), gross).items[0]).toMatchObject({ code: 'not_stated' });
  });
  it('judge a listing with estimated net heat and say that it is estimated', () => {
    const check = checkAssaySpec(spec('RB1'), assay);
    expect(check.items[0]).toMatchObject({ hydrogen: 'from_volatile_matter', code: 'below_minimum' });
    expect(check.items.find(({ limit }) => limit.parameter === 'ashDeformation')).toMatchObject({
      code: 'below_minimum',
    });
    expect(check.items.find(({ limit }) => limit.parameter === 'sizeMax')).toMatchObject({ code: 'met' });
  });
  it('know coking coal by its own numbers', () => {
    const coking = [
      share('totalMoisture', 'ar', '9'),
      share('ash', 'ad', '10'),
      share('volatileMatter', 'ad', '23'),
      share('sulphur', 'ad', '0.5'),
      index('strengthAfterReaction', '%', '61.9'),
      share('phosphorus', 'ad', '0.05'),
      index('swellingIndex', '1', '8'),
    ];
    const check = checkSpec(spec('HCCA'), coking);
    expect(check.items.filter(({ code }) => code !== 'met').map(({ limit }) => limit.parameter)).toEqual([
      'strengthAfterReaction',
    ]);
  });
});
