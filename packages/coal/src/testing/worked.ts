/**
 * The worked numbers of the trade, computed: one entry for each id, in the shape and with the digits in which
 * they were published. The tests compare them with numbers of their own and, where it lies beside the
 * repository, with the file they come from.
 */
import { formatMoney, formatTonnes, kilograms, parseTonnes } from '@seam/units';
import {
  P1,
  P10,
  P11,
  P15,
  P3,
  P6,
  adjusted,
  heat,
  index,
  money,
  p2,
  p4,
  priceOf,
  share,
} from './clauses.ts';
import {
  type Assay,
  type Rational,
  INDIA_GROSS,
  JURISDICTION_PACKS,
  assumedHydrogen,
  bidSecurity,
  convertEnergy,
  convertMoisture,
  convertStated,
  decideUmpire,
  decimal,
  demurrage,
  discountFactor,
  divide,
  estimateHydrogenAirDried,
  estimateHydrogenIso1928,
  finalBalance,
  fixedCarbonOn,
  forfeitedSecurity,
  freezeFormula,
  fulfilment,
  gradeDifference,
  gradeOf,
  invoiceAmount,
  laytimeAllowed,
  netByFormula,
  partOf,
  payableMass,
  priceByFormula,
  rankOffers,
  rational,
  regulatedBand,
  roundHalfUp,
  securedMass,
  shareOn,
  subtract,
  toDecimal,
  transitLoss,
  usefulHeatValue,
  weightedMean,
} from './imports.ts';

/** The answer, or an error that names the refusal: an example has to have an answer. */
function must<T extends { readonly ok: boolean }>(result: T): Extract<T, { ok: true }> {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result as Extract<T, { ok: true }>;
}
const inMoney = (amount: Rational, digits: number): string =>
  toDecimal(divide(amount, rational(100)), digits);
const tonnes = (text: string) => {
  const value = parseTonnes(text);
  if (value === undefined) throw new Error(text);
  return value;
};
const kcal = (value: string): Rational => convertEnergy(decimal(value), 'kcal/kg', 'J/g');
const inKcal = (joules: Rational, digits = 2): string =>
  toDecimal(convertEnergy(joules, 'J/g', 'kcal/kg'), digits);

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

function p1(): Record<string, string> {
  const result = adjusted('120.00', P1, [
    heat('5872'),
    share('totalMoisture', 'ar', '11.20'),
    share('ash', 'ar', '13.10'),
  ]);
  const [byHeat, moisture, ash] = result.items.map(({ amount }) => amount);
  const none = rational(0);
  return {
    actual: inMoney(subtract(rational(12_000), subtract(none, byHeat ?? none)), 5),
    moist: inMoney(subtract(none, moisture ?? none), 5),
    ash: inMoney(subtract(none, ash ?? none), 5),
    final_exact: inMoney(result.exactPrice, 5),
    final: formatMoney(result.unitPrice),
  };
}

function p2of(cv: string, sulphur: string, volatile: string, floorDigits: number): Record<string, string> {
  const of = (mode: 'floor' | 'prorata'): string => {
    const values = [heat(cv), share('sulphur', 'd', sulphur), share('volatileMatter', 'daf', volatile)];
    const price = priceOf('620.00', p2(mode), values);
    return price === 'rejected' ? 'REJECT' : price;
  };
  const floored = of('floor');
  return { floor: floorDigits === 0 ? floored.replace(/\.00$/, '') : floored, prorata: of('prorata') };
}

function p3(): Record<string, string> {
  const result = adjusted('1180.00', P3, [
    share('ash', 'd', '11.8'),
    share('volatileMatter', 'daf', '11.2'),
    share('sulphur', 'd', '0.67'),
    heat('7430'),
    index('hardgroveIndex', 'HGI', '57'),
  ]);
  const lines = result.items.map(({ ruleId, amount }) => [
    ruleId,
    inMoney({ numerator: -amount.numerator, denominator: amount.denominator }, 2),
  ]);
  const total = subtract(rational(118_000), result.exactPrice);
  return {
    ...Object.fromEntries(lines),
    total: inMoney(total, 2),
    price_1180: formatMoney(result.unitPrice),
  };
}

function p4of(): Record<string, string> {
  return {
    unit: toDecimal(rational(roundHalfUp(rational(620, 5000), 4), 10_000), 4),
    at4920: priceOf('620.00', p4('4900'), [heat('4920')]),
    at4870_thr4900: priceOf('620.00', p4('4900'), [heat('4870')]),
    at5060: priceOf('620.00', p4('4900'), [heat('5060')]),
  };
}

function p5(): Record<string, string> {
  const quality = { values: [share('totalMoisture', 'ar', '16')] };
  const of = (rest: { method: 'dry_equivalent' | 'simple'; factor?: string }): string =>
    formatTonnes(payableMass(tonnes('10000'), { reference: '14', ...rest }, quality) ?? kilograms(0n));
  return {
    dry_equiv: of({ method: 'dry_equivalent' }),
    simple: of({ method: 'simple' }),
    mult15: of({ method: 'simple', factor: '1.5' }),
  };
}

const INDICES = ['CCTD', 'CECI', 'NCEI', 'BSPI'];

/** The mean of four indices in the formula of the annual contract; the capped one by the clause. */
function p6(): Record<string, string> {
  const quoted = ['780', '735', '845', '820'];
  const names = { indices: INDICES, parameters: [] };
  const values = {
    indices: Object.fromEntries(
      INDICES.map((name, at) => [
        name,
        { quotations: [{ date: '2026-10-31', value: quoted[at] ?? '', source: 'published' }] },
      ]),
    ),
    parameters: {},
  };
  const priced = (text: string): string =>
    toDecimal(must(priceByFormula(must(freezeFormula(text, names)).formula, values)).value, 2);
  const mean = `mean(${INDICES.join(', ')})`;
  return {
    idx: priced(mean),
    price: priced(`clamp(700 + 0.5 * (${mean} - 700), 550, 850)`),
    capped: priceOf('700.00', P6, [], { indexPrice: '1200' }),
  };
}

function p7(): Record<string, string> {
  const [pack] = JURISDICTION_PACKS;
  if (!pack) throw new Error('no pack');
  const of = { area: 'shanxi', day: '2026-11-22', heat: rational(4800), unit: 'kcal20/kg' } as const;
  const { shown } = must(regulatedBand(pack, of));
  return { lo4800: formatMoney(shown.low), hi4800: formatMoney(shown.high) };
}

function p8(): Record<string, string> {
  const points = [
    { at: '5500', factor: '1' },
    { at: '5000', factor: '0.88' },
    { at: '4500', factor: '0.77' },
  ];
  const at = (value: number): Rational => must(discountFactor(points, rational(value))).factor;
  return {
    lin5000: toDecimal(divide(rational(5000), rational(5500)), 4),
    cec5000: toDecimal(at(5000), 2),
    lin4500: toDecimal(divide(rational(4500), rational(5500)), 4),
    cec4500: toDecimal(at(4500), 2),
    interp4800: toDecimal(at(4800), 4),
  };
}

function p9(): Record<string, string> {
  const grade = (value: number): string => must(gradeOf(INDIA_GROSS, rational(value))).band.code;
  const credit = gradeDifference(money('1150'), money('980'), tonnes('3850.250'));
  return { decl: grade(5000), analysed: grade(4500), credit: formatMoney(credit) };
}

function p12(): Record<string, string> {
  const hours = (value: number): number => value * 3_600_000;
  const excess = must(
    demurrage({
      usedMs: hours(4 * 24 + 6.5),
      allowedHours: rational(0),
      tiers: [{ perDay: money('30000') }],
    }),
  );
  const allowed = must(
    laytimeAllowed({ mass: tonnes('48000'), kilogramsPerHour: tonnes('4000'), extraMs: hours(3) }),
  ).hours;
  const ship = must(
    demurrage({ usedMs: hours(17), allowedHours: allowed, tiers: [{ perDay: money('15000') }] }),
  );
  return {
    days: toDecimal(excess.excessDays, 5),
    amount: formatMoney(excess.amount),
    mm_allowed_h: toDecimal(allowed, 2),
    mm_cost: formatMoney(ship.amount),
  };
}

function p12b(): Record<string, number> {
  const tiers = [
    { days: 5, perDay: money('1000') },
    { days: 10, perDay: money('2000') },
    { perDay: money('3000') },
  ];
  const of = (days: number): number =>
    Number(must(demurrage({ usedMs: days * 86_400_000, allowedHours: rational(0), tiers })).amount / 100n);
  return { ny: of(7), boston: of(17) };
}

function p13(): Record<string, string> {
  const loss = must(
    transitLoss({ loaded: tonnes('3500'), received: tonnes('3440'), allowancePercent: decimal('1.2') }),
  );
  return { allowance: formatTonnes(loss.allowance), claim_t: formatTonnes(loss.claim) };
}

function p14(): Record<string, string> {
  const result = must(
    fulfilment({
      contracted: tonnes('10000'),
      shipped: tonnes('8200'),
      thresholdPercent: rational(90),
      perTonne: money('5'),
    }),
  );
  return { ratio: toDecimal(result.percent, 2), penalty: formatMoney(result.penalty) };
}

function p15(): Record<string, string> {
  const mass = tonnes('55012.340');
  const provisional = invoiceAmount(money('78.50'), mass);
  const paid = partOf(provisional, 9_500);
  const { unitPrice } = adjusted('78.50', P15, [heat('5943')]);
  const { finalAmount, balance } = finalBalance(unitPrice, mass, paid);
  return {
    provisional_100: formatMoney(provisional),
    paid_95: formatMoney(paid),
    final_unit: formatMoney(unitPrice),
    final: formatMoney(finalAmount),
    balance: formatMoney(balance),
  };
}

function p16(): Record<string, string | string[]> {
  const offer = (name: string, price: string, freight: string, cv: string, penalties = '0') => ({
    name,
    price: money(price),
    freight: rational(money(freight)),
    heat: kcal(cv),
    penalties: rational(money(penalties)),
  });
  const ranked = rankOffers(
    [offer('A', '642', '58', '5500'), offer('B', '571', '61', '4950', '6'), offer('C', '690', '40', '5820')],
    kcal('5500'),
  );
  const costs = ranked.map(({ offer: { name }, normalised }) => [
    name,
    inMoney(normalised.cost.normalised, 4),
  ]);
  return { ...Object.fromEntries(costs), rank: ranked.map(({ offer: { name } }) => name) };
}

function p17(): Record<string, string> {
  const start = { mode: 'percent_of_start', startPrice: money('420'), percent: rational(10) } as const;
  const perTonne = money('150');
  return {
    nmg: formatMoney(bidSecurity(start, tonnes('3000'))),
    cil: String(bidSecurity({ mode: 'per_tonne', perTonne }, tonnes('4000')) / 100n),
    max_qty_free_1_000_000: String(securedMass(money('1000000'), perTonne, tonnes('50')) / 1000n),
    forfeit_pro_rata: formatMoney(forfeitedSecurity(perTonne, tonnes('4000'), tonnes('2875.400'))),
  };
}

/** Written as the file writes them. */
function x4(): Record<string, string> {
  const within = convertEnergy(rational(300), 'J/g', 'kcal/kg');
  const of = (buyer: number, umpire?: number): string => {
    const decision = decideUmpire({
      seller: rational(6010),
      buyer: rational(buyer),
      within,
      ...(umpire !== undefined && { umpire: rational(umpire) }),
    });
    if (decision.outcome === 'umpire_needed') return "('umpire needed', None)";
    const names = { seller_stands: 'seller', mean_of_closest: 'mean of closest two', umpire: 'umpire' };
    const { numerator, denominator } = decision.value;
    return `('${names[decision.outcome]}', Fraction(${numerator}, ${denominator}))`;
  };
  return { a: of(5945), b: of(5930), c: of(5930, 5944), d: of(5930, 5970) };
}

const joules = (value: number, unit: 'kcal/kg' | 'kcal20/kg'): string =>
  toDecimal(convertEnergy(rational(value), 'J/g', unit), 2);
const useful = (sum: string): string =>
  toDecimal(must(usefulHeatValue(decimal(sum), rational(0))).kcalPerKg, 1);

export const WORKED: Readonly<Record<string, () => unknown>> = {
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
  P1_prorata: p1,
  P2_step_a: () => p2of('5730', '0.95', '26.5', 0),
  P2_step_b: () => p2of('4950', '0.80', '28', 0),
  P2_step_c: () => p2of('4799', '0.80', '28', 0),
  P3_two_tier: p3,
  P4_perkcal: p4of,
  P5_weight: p5,
  P6_ltc: p6,
  P7_collar: p7,
  P8_cvdisc: p8,
  P9_grade: p9,
  P10_btu: () => {
    const values = [
      { parameter: 'calorificValue', kind: 'gross', basis: 'ar', unit: 'Btu/lb', value: '10870' },
    ] as const;
    const [item] = adjusted('41.00', P10, values).items;
    return { adj: toDecimal(divide(item?.amount ?? rational(0), rational(100)), 4) };
  },
  P11_ash: () => {
    const [item] = adjusted('80.00', P11, [share('ash', 'ad', '7.4')]).items;
    return { adj: inMoney(subtract(rational(0), item?.amount ?? rational(0)), 3) };
  },
  P12_dem: p12,
  P12b_dem_tier: p12b,
  P13_transit: p13,
  P14_fulfil: p14,
  P15_invoice: p15,
  P16_norm: p16,
  P17_emd: p17,
  X4_dispute: x4,
};
