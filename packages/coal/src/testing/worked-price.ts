/** The worked numbers on price, quantity, time and disputes. */
import { formatMoney, formatTonnes, kilograms } from '@seam/units';
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
  type Rational,
  INDIA_GROSS,
  JURISDICTION_PACKS,
  bidSecurity,
  convertEnergy,
  decideUmpire,
  decimal,
  demurrage,
  discountFactor,
  divide,
  finalBalance,
  forfeitedSecurity,
  freezeFormula,
  fulfilment,
  gradeDifference,
  gradeOf,
  invoiceAmount,
  laytimeAllowed,
  partOf,
  payableMass,
  priceByFormula,
  rankOffers,
  rational,
  regulatedBand,
  roundHalfUp,
  securedMass,
  subtract,
  toDecimal,
  transitLoss,
} from './imports.ts';
import { must, inMoney, tonnes, kcal } from './worked-tools.ts';

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

export const WORKED_PRICE: Readonly<Record<string, () => unknown>> = {
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
