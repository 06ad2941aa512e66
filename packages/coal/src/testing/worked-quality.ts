/** The worked numbers on heat, bases, grades and laboratories. */
import {
  type Assay,
  type Rational,
  INDIA_GROSS,
  assumedHydrogen,
  convertEnergy,
  convertMoisture,
  convertStated,
  decimal,
  estimateHydrogenAirDried,
  estimateHydrogenIso1928,
  fixedCarbonOn,
  gradeOf,
  netByFormula,
  rational,
  shareOn,
  toDecimal,
  usefulHeatValue,
  weightedMean,
} from './imports.ts';
import { must, tonnes, kcal, inKcal } from './worked-tools.ts';

const SHEET: Assay = {
  totalMoisture: { basisPoints: 1100, basis: 'ar' },
  inherentMoisture: { basisPoints: 200, basis: 'ad' },
  ash: { basisPoints: 1200, basis: 'ar' },
  volatileMatter: { basisPoints: 3000, basis: 'ar' },
  fixedCarbon: { basisPoints: 4700, basis: 'ar' },
  sulphur: { basisPoints: 100, basis: 'ar' },
  calorificValue: { joulesPerGram: 25_000, kind: 'gross', basis: 'ar' },
};

function sheet(parameter: 'ash' | 'volatileMatter' | 'fixedCarbon' | 'sulphur'): Record<string, string> {
  return Object.fromEntries(
    (['ar', 'ad', 'd', 'daf'] as const).map((basis) => [
      basis,
      toDecimal(shareOn(SHEET, parameter, basis) ?? rational(-1), 4),
    ]),
  );
}

function q4(): Record<string, string> {
  const conditions = { totalMoisture: decimal('19.0'), inherentMoisture: decimal('15.3') };
  const heatOf = { parameter: 'calorificValue', kind: 'gross' } as const;
  const gross = must(convertStated(heatOf, rational(5766), 'ad', 'ar', conditions)).value;
  const hydrogen = must(assumedHydrogen({ totalMoisture: decimal('19.0'), ash: decimal('3.6') })).percent;
  const net = (grossKcal: Rational, h: Rational): string =>
    inKcal(
      must(
        netByFormula({
          method: 'inspection_short',
          calorie: 'kcal/kg',
          gross: convertEnergy(grossKcal, 'kcal/kg', 'J/g'),
          hydrogen: h,
          totalMoisture: decimal('19.0'),
        }),
      ).joulesPerGram,
    );
  return {
    gar: toDecimal(gross, 2),
    h_ar: toDecimal(hydrogen, 4),
    nar: net(gross, hydrogen),
    nar_from_rounded: net(rational(5514), decimal('4.18')),
  };
}

function q5(): Record<string, string> {
  const net = must(
    netByFormula({
      method: 'gb_t_213',
      grossAirDried: rational(25_200),
      hydrogenAirDried: decimal('3.80'),
      totalMoisture: decimal('14.0'),
      inherentMoisture: decimal('6.0'),
    }),
  ).joulesPerGram;
  return {
    Qgr_ad_J: '25200',
    Had: '3.80',
    Mt: '14.0',
    Mad: '6.0',
    Qnet_ar_J: toDecimal(net, 2),
    MJkg: toDecimal(convertEnergy(net, 'J/g', 'MJ/kg'), 4),
    kcal_20: toDecimal(convertEnergy(net, 'J/g', 'kcal20/kg'), 2),
    kcal_IT: inKcal(net),
  };
}

function q6(): Record<string, string> {
  const inherentMoisture = rational(6);
  const hydrogen = must(
    estimateHydrogenAirDried({ volatileDaf: rational(38), ashAirDried: rational(12), inherentMoisture }),
  ).percent;
  const net = must(
    netByFormula({
      method: 'gb_t_213',
      grossAirDried: kcal('5980'),
      hydrogenAirDried: hydrogen,
      totalMoisture: rational(14),
      inherentMoisture,
    }),
  ).joulesPerGram;
  return { Had_est: toDecimal(hydrogen, 4), Qnet_ar_kcal: inKcal(net) };
}

function q7(): Record<string, string> {
  const gross = kcal('6000');
  const moisture = rational(11);
  const hydrogen = must(
    estimateHydrogenIso1928({
      material: 'single_coal',
      volatileMatter: rational(30),
      gross,
      moisture,
      ash: rational(12),
    }),
  ).percent;
  const common = { calorie: 'kcal/kg', gross, hydrogen, totalMoisture: moisture } as const;
  return {
    V_ar: '30',
    GAR_kcal: '6000',
    Mt: '11',
    A_ar: '12',
    H_ar: toDecimal(hydrogen, 4),
    nar_sgs: inKcal(must(netByFormula({ method: 'inspection_short', ...common })).joulesPerGram),
    nar_wci_O7: inKcal(
      must(netByFormula({ method: 'world_coal_institute', ...common, oxygen: rational(7) })).joulesPerGram,
    ),
  };
}

function q8(): Record<string, string> {
  const of = (
    value: string,
    from: Parameters<typeof convertEnergy>[1],
    to: Parameters<typeof convertEnergy>[2],
    digits: number,
  ) => toDecimal(convertEnergy(decimal(value), from, to), digits);
  return {
    kcal5500_MJ_20: of('5500', 'kcal20/kg', 'MJ/kg', 4),
    kcal5500_MJ_IT: of('5500', 'kcal/kg', 'MJ/kg', 4),
    std_coal_20: of('7000', 'kcal20/kg', 'J/g', 1),
    std_coal_IT: of('7000', 'kcal/kg', 'J/g', 1),
    btu11000_kcal: of('11000', 'Btu/lb', 'kcal/kg', 2),
  };
}

const GROSS = [7001, 7000, 6701, 6700, 6699, 5500, 5501, 4900, 3400, 3101, 3100, 2501, 2500, 2201, 2200];

function q9(): Record<string, number | null> {
  return Object.fromEntries(
    GROSS.map((value) => {
      const grade = gradeOf(INDIA_GROSS, rational(value));
      return [`g${value}`, grade.ok ? Number(grade.band.code.slice(1)) : null];
    }),
  );
}

/** Tonnages and results are published, the sub-lots are not: these parts are ours and give those results. */
function q11(): Record<string, string> {
  const masses = ['12500', '9800', '7700'].map(tonnes);
  const mean = (...values: readonly string[]): string => {
    const parts = masses.map((mass, at) => ({ mass, value: decimal(values[at] ?? '') }));
    return toDecimal(weightedMean(parts) ?? rational(-1), 4);
  };
  return {
    tonnes: String(masses.reduce((sum, mass) => sum + mass, 0n) / 1000n),
    cv: mean('5480', '5500', '5415'),
    s: mean('0.82', '0.91', '0.78'),
    mt: mean('13.9', '14.0', '15.6'),
  };
}

function q13(): Record<string, string> {
  const assay: Assay = {
    totalMoisture: { basisPoints: 600, basis: 'ar' },
    inherentMoisture: { basisPoints: 600, basis: 'ad' },
    ash: { basisPoints: 1200, basis: 'ad' },
    volatileMatter: { basisPoints: 3116, basis: 'ad' },
    sulphur: { basisPoints: 50, basis: 'ad' },
    calorificValue: { joulesPerGram: 25_200, kind: 'gross', basis: 'ad' },
  };
  return {
    fc_ad: toDecimal(fixedCarbonOn(assay, 'ad') ?? rational(-1), 2),
    vdaf: toDecimal(shareOn(assay, 'volatileMatter', 'daf') ?? rational(-1), 2),
  };
}

const joules = (value: number, unit: 'kcal/kg' | 'kcal20/kg'): string =>
  toDecimal(convertEnergy(rational(value), 'J/g', unit), 2);
const useful = (sum: string): string =>
  toDecimal(must(usefulHeatValue(decimal(sum), rational(0))).kcalPerKg, 1);

export const WORKED_QUALITY: Readonly<Record<string, () => unknown>> = {
  Q1_sgs_table: () => ({
    Mt: '11.0',
    Mad: '2.0',
    ash: sheet('ash'),
    vm: sheet('volatileMatter'),
    fc: sheet('fixedCarbon'),
    s: sheet('sulphur'),
  }),
  Q2_als: () => {
    const to = (moisture: number): string =>
      toDecimal(must(convertMoisture(rational(12), rational(2), rational(moisture))).value, 4);
    return { ex1: to(3), ex2: to(10) };
  },
  Q3_gar: () => {
    const conditions = { totalMoisture: rational(18), inherentMoisture: rational(12) };
    const gross = { parameter: 'calorificValue', kind: 'gross' } as const;
    return { gar: toDecimal(must(convertStated(gross, rational(6300), 'ad', 'ar', conditions)).value, 4) };
  },
  Q4_nar_sgs: q4,
  Q5_gb213: q5,
  Q6_lims: q6,
  Q7_iso_h: q7,
  Q8_units: q8,
  Q9_g: q9,
  Q10_uhv: () => ({ uhv_30: useful('30').replace(/\.0$/, ''), uhv_19_5: useful('19.5') }),
  Q11_wavg: q11,
  Q12_R: () => ({
    R_kcal_IT: joules(300, 'kcal/kg'),
    R_kcal_20: joules(300, 'kcal20/kg'),
    r_kcal_IT: joules(120, 'kcal/kg'),
  }),
  Q13_fc: q13,
};
