import { describe, expect, it } from 'vitest';
import {
  type Measurement,
  type Parameter,
  BASES,
  PARAMETERS,
  checkMeasurement,
  checkMeasurements,
  convertMoisture,
  convertStated,
  decimal,
  parameterSpec,
  rational,
  toDecimal,
} from '../index.ts';

const of = (parameter: string, unit: string, value: string, rest: object = {}): Measurement =>
  ({ parameter, unit, value, origin: 'measured', ...rest }) as Measurement;
const codes = (value: Measurement): string => {
  const { errors, warnings } = checkMeasurement(value);
  return [...errors, ...warnings].map(({ code }) => code).join(' ') || 'fine';
};

describe('a measurement', () => {
  it('of every parameter is accepted at the ends of its range and refused beyond them', () => {
    for (const parameter of Object.keys(PARAMETERS) as Parameter[]) {
      const { units, places, multipleOf } = parameterSpec(parameter);
      for (const { basis, kind, hard } of places) {
        const at = (value: string) =>
          checkMeasurement(
            of(parameter, units[0] ?? '', value, {
              ...(basis && { basis }),
              ...(kind && { kind }),
              origin: 'calculated',
              atmosphere: 'reducing',
            }),
          ).errors.map(({ code }) => code);
        const [least, most] = hard;
        const step = decimal(multipleOf ?? '0.000001');
        const beyond = toDecimal(
          {
            numerator:
              decimal(most).numerator * step.denominator + step.numerator * decimal(most).denominator,
            denominator: decimal(most).denominator * step.denominator,
          },
          6,
        );
        expect([parameter, at(least), at(most), at(beyond)]).toEqual([parameter, [], [], ['out_of_range']]);
      }
    }
  });

  it('says which unit, basis and kind it may have', () => {
    expect(checkMeasurement(of('ash', 'mm', '12', { basis: 'ad' })).errors).toEqual([
      { code: 'unit_not_allowed', parameter: 'ash', basis: 'ad', accepted: ['%'] },
    ]);
    expect(checkMeasurement(of('ash', '%', '12', { basis: 'daf' })).errors[0]).toMatchObject({
      code: 'basis_not_allowed',
      accepted: ['ar', 'ad', 'd'],
    });
    expect(codes(of('ash', '%', '12'))).toBe('basis_not_allowed');
    expect(codes(of('totalMoisture', '%', '12', { basis: 'ad' }))).toBe('basis_not_allowed');
    expect(codes(of('calorificValue', 'kcal/kg', '5500', { basis: 'ar' }))).toBe('kind_not_allowed');
    expect(codes(of('calorificValue', 'kcal/kg', '5500', { basis: 'daf', kind: 'net' }))).toBe(
      'basis_not_allowed',
    );
    expect(codes(of('hardgroveIndex', 'HGI', '55', { basis: 'ad' }))).toBe('basis_not_allowed');
    expect(codes(of('hardgroveIndex', 'HGI', '55', { kind: 'net' }))).toBe('kind_not_allowed');
    expect(codes(of('happiness', '%', '12'))).toBe('parameter_unknown');
    expect(codes(of('constructor', '%', '12'))).toBe('parameter_unknown');
  });

  it('is a plain decimal on its grid', () => {
    for (const value of ['', 'NaN', '1e3', '1,5', '٣', '0x1', 'Infinity']) {
      expect(codes(of('ash', '%', value, { basis: 'ad' }))).toBe('not_decimal');
    }
    expect(codes(of('swellingIndex', '1', '6.5'))).toBe('fine');
    expect(codes(of('swellingIndex', '1', '6.4'))).toBe('not_on_grid');
    expect(codes(of('ashSoftening', '°C', '1300'))).toBe('atmosphere_missing');
    expect(codes(of('ashSoftening', '°C', '1100', { atmosphere: 'reducing' }))).toBe('unusual');
  });

  it('compares heat in any unit with the one range', () => {
    const net = (unit: string, value: string) =>
      codes(of('calorificValue', unit, value, { basis: 'ar', kind: 'net' }));
    expect([
      net('kcal/kg', '2500'),
      net('kcal/kg', '2499.9'),
      net('kcal/kg', '7200'),
      net('kcal/kg', '7200.1'),
    ]).toEqual(['fine', 'unusual', 'fine', 'unusual']);
    expect([net('MJ/kg', '41'), net('Btu/lb', '11000')]).toEqual(['out_of_range', 'fine']);
  });

  it('is not measured where it can only be computed', () => {
    const carbon = (origin: string) => codes(of('fixedCarbon', '%', '50', { basis: 'ad', origin }));
    expect([carbon('measured'), carbon('calculated')]).toEqual(['derived_as_measured', 'fine']);
  });

  it('adds up to no more than the whole, and is stated once', () => {
    const ultimate = (carbon: string, basis = 'daf') => [
      of('carbon', '%', carbon, { basis }),
      of('hydrogen', '%', '5', { basis }),
      of('oxygen', '%', '10', { basis }),
      of('nitrogen', '%', '1.5', { basis }),
      of('sulphur', '%', '0.5', { basis }),
    ];
    expect(checkMeasurements(ultimate('83')).errors).toEqual([]);
    expect(checkMeasurements(ultimate('83.000001')).errors).toEqual([
      { code: 'over_hundred_percent', parameter: 'carbon', basis: 'daf' },
    ]);
    const twice = [...ultimate('80'), of('carbon', '%', '81', { basis: 'daf' })];
    expect(checkMeasurements(twice).errors.map(({ code }) => code)).toEqual(['stated_twice']);
    expect(checkMeasurements([...ultimate('80'), of('carbon', '%', '70', { basis: 'd' })]).errors).toEqual(
      [],
    );
  });
});

describe('the checked conversion', () => {
  const conditions = { totalMoisture: rational(18), inherentMoisture: rational(12), ashDry: rational(10) };
  const convert = (
    what: Parameters<typeof convertStated>[0],
    from: string,
    to: string,
    given: object = conditions,
  ): string => {
    const result = convertStated(what, rational(10), from as never, to as never, given);
    return result.ok ? toDecimal(result.value, 4) : `${result.code} ${result.at ?? ''}`.trim();
  };
  it('goes between any two bases', () => {
    const table = BASES.map((from) => BASES.map((to) => convert({ parameter: 'sulphur' }, from, to)));
    expect(table).toEqual([
      ['10.0000', '10.7317', '12.1951', '13.5501'],
      ['9.3182', '10.0000', '11.3636', '12.6263'],
      ['8.2000', '8.8000', '10.0000', '11.1111'],
      ['7.3800', '7.9200', '9.0000', '10.0000'],
    ]);
  });
  it('says why it cannot', () => {
    expect(convert({ parameter: 'totalMoisture' }, 'ar', 'd')).toBe('moisture_not_convertible totalMoisture');
    expect(convert({ parameter: 'inherentMoisture' }, 'ad', 'd')).toBe(
      'moisture_not_convertible inherentMoisture',
    );
    expect(convert({ parameter: 'calorificValue', kind: 'net' }, 'ar', 'd')).toBe(
      'net_not_convertible calorificValue',
    );
    expect(convert({ parameter: 'hardgroveIndex' }, 'ar', 'd')).toBe('not_a_share hardgroveIndex');
    expect(convert({ parameter: 'undersize' }, 'ar', 'd')).toBe('not_a_share undersize');
    expect(convert({ parameter: 'phosphorus' }, 'ar', 'd')).toBe('basis_not_allowed ar');
    const { totalMoisture, inherentMoisture, ashDry } = conditions;
    expect(convert({ parameter: 'ash' }, 'ar', 'd', { inherentMoisture, ashDry })).toBe(
      'total_moisture_missing totalMoisture',
    );
    expect(convert({ parameter: 'ash' }, 'ad', 'd', { totalMoisture, ashDry })).toBe(
      'inherent_moisture_missing inherentMoisture',
    );
    expect(convert({ parameter: 'sulphur' }, 'd', 'daf', { totalMoisture })).toBe('ash_missing ashDry');
    expect(convert({ parameter: 'sulphur' }, 'd', 'daf', { ashDry: rational(100) })).toBe(
      'out_of_range ashDry',
    );
    expect(convert({ parameter: 'ash' }, 'ar', 'd', { totalMoisture: rational(100) })).toBe(
      'out_of_range totalMoisture',
    );
  });
  it('brings a value to another moisture, within what coal can hold', () => {
    expect(convertMoisture(rational(12), rational(2), rational(2))).toEqual({
      ok: true,
      value: rational(12),
    });
    expect(convertMoisture(rational(12), rational(100), rational(2))).toMatchObject({
      ok: false,
      at: 'from',
    });
    expect(convertMoisture(rational(12), rational(2), rational(-1))).toMatchObject({ ok: false, at: 'to' });
  });
});
