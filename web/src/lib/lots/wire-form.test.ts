import { describe, expect, test } from 'vitest';
import { liveCheck, plain } from './live-check.ts';
import type { AssayStatement } from '@seam/protocol';
import { assayFields, forForm, readAssay, readLimits } from './wire-form.ts';

const form: Record<string, string> = {
  'assay.totalMoisture': '9.8',
  'assay.inherentMoisture': '3.2',
  'assay.ash': '18.40',
  'assay.ash.basis': 'd',
  'assay.volatileMatter': '38.1',
  'assay.volatileMatter.basis': 'daf',
  'assay.sulphur': '0.72',
  'assay.sulphur.basis': 'd',
  'assay.calorificValue': '5520',
  'assay.calorificValue.unit': 'kcal/kg',
  'assay.calorificValue.kind': 'net',
  'assay.calorificValue.basis': 'ar',
  'assay.size.minMm': '0',
  'assay.size.maxMm': '50',
};
const read =
  (patch: Record<string, string> = {}) =>
  (name: string): string =>
    patch[name] ?? form[name] ?? '';

describe('the quality part of a form', () => {
  test('leaves out what was left out', () => {
    expect(readAssay(read())).toEqual({
      totalMoisture: '9.8',
      inherentMoisture: '3.2',
      ash: { value: '18.40', basis: 'd' },
      volatileMatter: { value: '38.1', basis: 'daf' },
      sulphur: { value: '0.72', basis: 'd' },
      calorificValue: { value: '5520', unit: 'kcal/kg', kind: 'net', basis: 'ar' },
      size: { minMm: '0', maxMm: '50' },
    });
  });

  test('shows a statement of every kind so that it is read back as it was', () => {
    const whole: AssayStatement = {
      ...readAssay(read()),
      hardgroveIndex: '55',
      fixedCarbon: { value: '52.1', basis: 'ad' },
      hydrogen: { value: '4.10', basis: 'daf' },
      ashFusion: { deformationCelsius: '1200', softeningCelsius: '1290', atmosphere: 'oxidising' },
      also: {
        ash: [
          { value: '16.6', basis: 'ar' },
          { value: '17.8', basis: 'ad' },
        ],
        sulphur: [{ value: '0.65', basis: 'ar' }],
        calorificValue: [
          { value: '24000', unit: 'J/g', kind: 'gross', basis: 'ad' },
          { value: '24.8', unit: 'MJ/kg', kind: 'gross', basis: 'd' },
          { value: '30.5', unit: 'MJ/kg', kind: 'gross', basis: 'daf' },
        ],
      },
    };
    const fields = assayFields(whole);
    expect(readAssay((name) => fields[name] ?? '')).toEqual(whole);
    const plainOne = readAssay(read());
    const plainFields = assayFields(plainOne);
    expect(readAssay((name) => plainFields[name] ?? '')).toEqual(plainOne);
  });

  test('is checked while it is typed, by the rules of the exchange', () => {
    expect(liveCheck(readAssay(read()), 'bituminous')).toEqual({
      flags: [],
      netJoulesPerGram: 23_111,
      ash: '16.60',
      sulphur: '0.65',
    });
    const wet = liveCheck(readAssay(read({ 'assay.totalMoisture': '1' })), 'bituminous');
    expect(wet?.flags.map(({ code }) => code)).toEqual(['total_moisture_below_inherent']);
    expect(liveCheck(readAssay(read({ 'assay.ash': '140' })), '')).toBeUndefined();
    expect(liveCheck(readAssay(read({ 'assay.ash': '' })), '')).toBeUndefined();
    expect(plain('１2,345. 5')).toBe('12345.5');
  });
});

describe('limits', () => {
  test('a parameter without a bound is no limit', () => {
    const limits = readLimits(
      (name) =>
        ({
          'limits.ash.maximum': '16',
          'limits.ash.basis': 'ar',
          'limits.sulphur.basis': 'd',
          'limits.sizeMax.maximum': '50',
        })[name] ?? '',
    );
    expect(limits).toEqual([
      { parameter: 'ash', basis: 'ar', maximum: '16' },
      { parameter: 'sizeMax', maximum: '50' },
    ]);
  });
});

test('faults of the wire come back on the inputs of the form, in words', () => {
  const fields = {
    'assay.ash.value': 'pattern',
    'assay.size.minMm': 'required',
    'assay.also.sulphur.1.value': 'pattern',
    'assay.also.calorificValue': 'listing.calorific_value_out_of_range',
    'limits.0.maximum': 'pattern',
    quantity: 'listing.quantity_not_positive',
  };
  const problem = { code: 'request.invalid', title: '', status: 400, fields };
  expect(forForm(problem, [{ parameter: 'sulphur', basis: 'd', maximum: 'x' }]).fields).toEqual({
    'assay.ash': 'field.not_a_number',
    'assay.size': 'field.required',
    'assay.also.sulphur.1': 'field.not_a_number',
    'assay.also.calorificValue': 'listing.calorific_value_out_of_range',
    'limits.sulphur': 'field.not_a_number',
    quantity: 'listing.quantity_not_positive',
  });
});
