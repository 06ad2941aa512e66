import { describe, expect, it } from 'vitest';
import {
  type Assay,
  type Basis,
  conditionsOf,
  convertBasis,
  convertEnergy,
  convertShare,
  decimal,
  heatOn,
  hydrogenDafFromVolatile,
  hydrogenIso1928,
  hydrogenOn,
  indianGrade,
  netGbT213,
  netShortKcal,
  netWithOxygenKcal,
  rational,
  shareOn,
  toDecimal,
  toJoulesPerGram,
} from '../index.ts';

const conditions = {
  totalMoisture: decimal('11'),
  inherentMoisture: decimal('2'),
  ashDry: decimal('13.483146067'),
};
const on = (value: string, from: Basis, to: Basis, given = conditions): string =>
  toDecimal(convertBasis(decimal(value), from, to, given) ?? rational(-1), 4);

const assay: Assay = {
  totalMoisture: { basisPoints: 1100, basis: 'ar' },
  inherentMoisture: { basisPoints: 200, basis: 'ad' },
  ash: { basisPoints: 1200, basis: 'ar' },
  volatileMatter: { basisPoints: 3000, basis: 'ar' },
  sulphur: { basisPoints: 100, basis: 'ar' },
  fixedCarbon: { basisPoints: 4700, basis: 'ar' },
  calorificValue: { joulesPerGram: 25_000, kind: 'gross', basis: 'ad' },
};

describe('conversion between bases', () => {
  it('reproduces the table of the inspection company', () => {
    const table = (['ash', 'volatileMatter', 'fixedCarbon', 'sulphur'] as const).map((parameter) =>
      (['ar', 'ad', 'd', 'daf'] as const).map((basis) =>
        toDecimal(shareOn(assay, parameter, basis) ?? rational(-1), 4),
      ),
    );
    expect(table).toEqual([
      ['12.0000', '13.2135', '13.4831', '15.5844'],
      ['30.0000', '33.0337', '33.7079', '38.9610'],
      ['47.0000', '51.7528', '52.8090', '61.0390'],
      ['1.0000', '1.1011', '1.1236', '1.2987'],
    ]);
  });

  it('brings an air dried value to another moisture', () => {
    const dryAt = (moisture: string) => ({
      ...conditions,
      inherentMoisture: decimal('2'),
      totalMoisture: decimal(moisture),
    });
    expect(on('12', 'ad', 'ar', dryAt('3'))).toBe('11.8776');
    expect(on('12', 'ad', 'ar', dryAt('10'))).toBe('11.0204');
  });

  it('converts gross calorific value like a share', () => {
    const given = { totalMoisture: decimal('18'), inherentMoisture: decimal('12') };
    expect(toDecimal(convertBasis(decimal('6300'), 'ad', 'ar', given) ?? rational(0), 4)).toBe('5870.4545');
  });

  it('finds volatile matter dry ash free from air dried values', () => {
    const given = conditionsOf({
      totalMoisture: { basisPoints: 1400, basis: 'ar' },
      inherentMoisture: { basisPoints: 600, basis: 'ad' },
      ash: { basisPoints: 1200, basis: 'ad' },
    });
    expect(convertShare({ basisPoints: 3116, basis: 'ad' }, 'daf', given)).toEqual({
      basisPoints: 3800,
      basis: 'daf',
    });
  });

  it('gives nothing rather than a guess when a moisture or the ash is not known', () => {
    expect(convertBasis(decimal('12'), 'ar', 'ad', { totalMoisture: decimal('11') })).toBeUndefined();
    expect(convertBasis(decimal('12'), 'ar', 'daf', { totalMoisture: decimal('11') })).toBeUndefined();
    const { inherentMoisture: _, ...receipt } = assay;
    expect(shareOn(receipt, 'ash', 'ad')).toBeUndefined();
    expect(shareOn({ ...assay, ash: { basisPoints: 9900, basis: 'ar' } }, 'sulphur', 'daf')).toBeUndefined();
    expect(convertBasis(decimal('12'), 'ar', 'd', { totalMoisture: decimal('100') })).toBeUndefined();
    expect(conditionsOf({ ...assay, ash: { basisPoints: 1200, basis: 'daf' } }).ashDry).toBeUndefined();
  });
});

describe('units of energy', () => {
  const converted = (
    value: string,
    from: Parameters<typeof convertEnergy>[1],
    to: Parameters<typeof convertEnergy>[2],
  ) => toDecimal(convertEnergy(decimal(value), from, to), 4);
  it('keeps the two calories apart', () => {
    expect(converted('5500', 'kcal20/kg', 'MJ/kg')).toBe('22.9988');
    expect(converted('5500', 'kcal/kg', 'MJ/kg')).toBe('23.0274');
    expect(converted('7000', 'kcal20/kg', 'J/g')).toBe('29271.2000');
    expect(converted('7000', 'kcal/kg', 'J/g')).toBe('29307.6000');
  });
  it('converts British units by their exact definition', () => {
    expect(converted('11000', 'Btu/lb', 'kcal/kg')).toBe('6111.1111');
    // 1055.05585262 J over 907.18474 kg per 2000 lb
    expect(converted('1', 'MMBtu/st', 'J/g')).toBe('1163.0000');
    expect(toJoulesPerGram(decimal('21.716'), 'MMBtu/st')).toBe(25_256);
  });
  it('knows the reproducibility of 300 J/g in both calories', () => {
    expect(toDecimal(convertEnergy(rational(300), 'J/g', 'kcal/kg'), 2)).toBe('71.65');
    expect(toDecimal(convertEnergy(rational(300), 'J/g', 'kcal20/kg'), 2)).toBe('71.74');
  });
});

describe('gross and net', () => {
  it('follows GB/T 213', () => {
    const net = netGbT213({
      grossAirDried: rational(25_200),
      hydrogenAirDried: decimal('3.80'),
      totalMoisture: rational(14),
      inherentMoisture: rational(6),
    });
    expect(toDecimal(net, 2)).toBe('22017.14');
    expect(toDecimal(convertEnergy(net, 'J/g', 'kcal20/kg'), 2)).toBe('5265.24');
    expect(toDecimal(convertEnergy(net, 'J/g', 'kcal/kg'), 2)).toBe('5258.70');
  });

  it('gets the same from an assay, whatever basis it was stated on', () => {
    const certified: Assay = {
      totalMoisture: { basisPoints: 1400, basis: 'ar' },
      inherentMoisture: { basisPoints: 600, basis: 'ad' },
      ash: { basisPoints: 1200, basis: 'ad' },
      sulphur: { basisPoints: 80, basis: 'ad' },
      hydrogen: { basisPoints: 380, basis: 'ad' },
      calorificValue: { joulesPerGram: 25_200, kind: 'gross', basis: 'ad' },
    };
    const net = heatOn(certified, 'net', 'ar');
    expect(net?.hydrogen).toBe('measured');
    expect(toDecimal(net?.joulesPerGram ?? rational(0), 2)).toBe('22017.14');
    const { inherentMoisture: _, ...receipt } = certified;
    const onReceived = { ...receipt, hydrogen: { basisPoints: 348, basis: 'ar' as const } };
    expect(
      heatOn(
        { ...onReceived, calorificValue: { joulesPerGram: 23_055, kind: 'gross', basis: 'ar' } },
        'net',
        'ar',
      ),
    ).toBeDefined();
    expect(heatOn(onReceived, 'net', 'ar')).toBeUndefined(); // air dried value, no air dried moisture
  });

  it('follows the short formula with hydrogen assumed dry ash free', () => {
    const coal: Assay = {
      totalMoisture: { basisPoints: 1900, basis: 'ar' },
      inherentMoisture: { basisPoints: 1530, basis: 'ad' },
      ash: { basisPoints: 360, basis: 'ar' },
      sulphur: { basisPoints: 40, basis: 'ar' },
      calorificValue: { joulesPerGram: 24_141, kind: 'gross', basis: 'ad' },
    };
    const gross = convertBasis(rational(5766), 'ad', 'ar', conditionsOf(coal)) ?? rational(0);
    const hydrogen = hydrogenOn(coal, 'ar');
    expect(hydrogen?.method).toBe('assumed');
    const h = hydrogen?.percent ?? rational(0);
    expect([toDecimal(gross, 2), toDecimal(h, 4)]).toEqual(['5514.12', '4.1796']);
    expect(toDecimal(netShortKcal(gross, h, rational(19)), 2)).toBe('5191.44');
  });

  it('estimates hydrogen from volatile matter as laboratories do', () => {
    const daf = hydrogenDafFromVolatile(rational(38));
    const airDried = convertBasis(daf, 'daf', 'ad', {
      inherentMoisture: rational(6),
      ashDry: rational(1200, 94),
    });
    expect(toDecimal(airDried ?? rational(0), 4)).toBe('4.4403');
    const net = netGbT213({
      grossAirDried: convertEnergy(rational(5980), 'kcal/kg', 'J/g'),
      hydrogenAirDried: airDried ?? rational(0),
      totalMoisture: rational(14),
      inherentMoisture: rational(6),
    });
    expect(toDecimal(convertEnergy(net, 'J/g', 'kcal/kg'), 2)).toBe('5194.28');
  });

  it('estimates hydrogen by ISO 1928 and agrees between the short formulas', () => {
    const hydrogen = hydrogenIso1928({
      volatileMatter: rational(30),
      grossJoulesPerGram: convertEnergy(rational(6000), 'kcal/kg', 'J/g'),
      moisture: rational(11),
      ash: rational(12),
    });
    expect(toDecimal(hydrogen, 4)).toBe('4.0504');
    expect(toDecimal(netShortKcal(rational(6000), hydrogen, rational(11)), 2)).toBe('5730.51');
    expect(toDecimal(netWithOxygenKcal(rational(6000), hydrogen, rational(11), rational(7)), 2)).toBe(
      '5729.36',
    );
  });
});

describe('heat from a net statement', () => {
  const net: Assay = {
    totalMoisture: { basisPoints: 1000, basis: 'ar' },
    ash: { basisPoints: 1000, basis: 'ar' },
    sulphur: { basisPoints: 50, basis: 'ar' },
    calorificValue: { joulesPerGram: 24_000, kind: 'net', basis: 'ar' },
  };
  it('is itself on its own basis, with no hydrogen in question', () => {
    expect(heatOn(net, 'net', 'ar')).toEqual({ joulesPerGram: rational(24_000) });
  });
  it('leaves the air dried moisture in net air dried', () => {
    const certified: Assay = {
      ...net,
      inherentMoisture: { basisPoints: 600, basis: 'ad' },
      hydrogen: { basisPoints: 380, basis: 'ad' },
      calorificValue: { joulesPerGram: 25_200, kind: 'gross', basis: 'ad' },
    };
    // 25,200 − 206 × 3.8 − 23 × 6
    expect(toDecimal(heatOn(certified, 'net', 'ad')?.joulesPerGram ?? rational(0), 1)).toBe('24279.2');
  });
  it('is not known where a moisture of the way is not stated', () => {
    expect(heatOn(net, 'net', 'ad')).toBeUndefined();
    expect(heatOn(net, 'gross', 'ar', { joulesPerGram: 24_000, kind: 'net', basis: 'ad' })).toBeUndefined();
    // 24,000 + 206 × 5.4 × 0.8 + 23 × 10
    expect(toDecimal(heatOn(net, 'gross', 'ar')?.joulesPerGram ?? rational(0), 2)).toBe('25119.92');
  });
});

describe('Indian grades', () => {
  it('puts every boundary into the lower grade', () => {
    const grades = [
      9000, 7001, 7000, 6701, 6700, 6699, 5500, 5501, 4900, 3400, 3101, 3100, 2501, 2500, 2201, 2200,
    ];
    expect(grades.map((value) => indianGrade(value))).toEqual([
      1,
      1,
      2,
      2,
      3,
      3,
      7,
      6,
      9,
      14,
      14,
      15,
      16,
      17,
      17,
      undefined,
    ]);
  });
});
