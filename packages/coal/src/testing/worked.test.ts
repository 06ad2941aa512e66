/** Worked numbers of the trade, written down here: they hold without any file beside the repository. */
import { describe, expect, it } from 'vitest';
import { formatMoney } from '@seam/units';
import { P11, P6, clause, heat, money, p2, p4, priceOf, ruleOn, share } from './clauses.ts';
import { WORKED } from './worked.ts';
import { kilogramsOf } from './kilograms.ts';
import { gradeOf, INDIA_USEFUL_HEAT, rational, settleDelivery } from './imports.ts';

const worked = (id: string): unknown => WORKED[id]?.();

describe('heat and bases', () => {
  it('Q1 brings an inspection sheet from as received to every basis', () => {
    expect(worked('Q1_sgs_table')).toMatchObject({
      ash: { ar: '12.0000', ad: '13.2135', d: '13.4831', daf: '15.5844' },
      vm: { ar: '30.0000', ad: '33.0337', d: '33.7079', daf: '38.9610' },
      fc: { ar: '47.0000', ad: '51.7528', d: '52.8090', daf: '61.0390' },
      s: { ar: '1.0000', ad: '1.1011', d: '1.1236', daf: '1.2987' },
    });
  });
  it('Q2 brings an air dried value to another moisture', () => {
    expect(worked('Q2_als')).toEqual({ ex1: '11.8776', ex2: '11.0204' });
  });
  it('Q3 brings gross heat from air dried to as received', () => {
    expect(worked('Q3_gar')).toEqual({ gar: '5870.4545' });
  });
  it('Q4 follows the short formula with hydrogen assumed', () => {
    expect(worked('Q4_nar_sgs')).toEqual({
      gar: '5514.12',
      h_ar: '4.1796',
      nar: '5191.44',
      nar_from_rounded: '5191.30',
    });
  });
  it('Q5 follows GB/T 213 into both calories', () => {
    expect(worked('Q5_gb213')).toMatchObject({
      Qnet_ar_J: '22017.14',
      MJkg: '22.0171',
      kcal_20: '5265.24',
      kcal_IT: '5258.70',
    });
  });
  it('Q6 follows a laboratory from volatile matter to net', () => {
    expect(worked('Q6_lims')).toEqual({ Had_est: '4.4403', Qnet_ar_kcal: '5194.28' });
  });
  it('Q7 estimates hydrogen by ISO 1928 and agrees between short formulas', () => {
    expect(worked('Q7_iso_h')).toMatchObject({ H_ar: '4.0504', nar_sgs: '5730.51', nar_wci_O7: '5729.36' });
  });
  it('Q8 keeps the calories apart', () => {
    expect(worked('Q8_units')).toEqual({
      kcal5500_MJ_20: '22.9988',
      kcal5500_MJ_IT: '23.0274',
      std_coal_20: '29271.2',
      std_coal_IT: '29307.6',
      btu11000_kcal: '6111.11',
    });
  });
  it('Q9 puts every boundary of the Indian grades into the lower one', () => {
    expect(worked('Q9_g')).toMatchObject({ g7001: 1, g7000: 2, g6701: 2, g6700: 3, g5501: 6, g5500: 7 });
    expect(worked('Q9_g')).toMatchObject({
      g4900: 9,
      g3101: 14,
      g3100: 15,
      g2501: 16,
      g2201: 17,
      g2200: null,
    });
  });
  it('Q10 computes the useful heat value and its grade', () => {
    expect(worked('Q10_uhv')).toEqual({ uhv_30: '4760', uhv_19_5: '6209.0' });
    const grades = [4760, 6209, 6200, 4200, 1300].map((value) => gradeOf(INDIA_USEFUL_HEAT, rational(value)));
    expect(grades.map((grade) => (grade.ok ? grade.band.code : grade.code))).toEqual([
      'D',
      'A',
      'B',
      'E',
      'ungraded',
    ]);
  });
  it('Q11 averages sub-lots by their tonnes', () => {
    expect(worked('Q11_wavg')).toEqual({ tonnes: '30000', cv: '5469.8500', s: '0.8391', mt: '14.3690' });
  });
  it('Q12 knows reproducibility and repeatability in kilocalories', () => {
    expect(worked('Q12_R')).toEqual({ R_kcal_IT: '71.65', R_kcal_20: '71.74', r_kcal_IT: '28.66' });
  });
  it('Q13 leaves fixed carbon to what the rest leaves', () => {
    expect(worked('Q13_fc')).toEqual({ fc_ad: '50.84', vdaf: '38.00' });
  });
});

describe('price and quantity', () => {
  it('P1 takes heat pro rata, then moisture and ash in percent of the price so adjusted', () => {
    expect(worked('P1_prorata')).toEqual({
      actual: '117.44000',
      moist: '1.40928',
      ash: '1.29184',
      final_exact: '114.73888',
      final: '114.74',
    });
  });
  it('P2 steps by hundreds, floored or pro rata, and refuses below the limit', () => {
    expect(worked('P2_step_a')).toEqual({ floor: '665', prorata: '659.00' });
    expect(worked('P2_step_b')).toEqual({ floor: '610', prorata: '610.00' });
    expect(worked('P2_step_c')).toEqual({ floor: 'REJECT', prorata: 'REJECT' });
    // What the signed original left open: 4900.5 lies in one band, and only one.
    const price = (kcal: string) =>
      priceOf('620.00', p2('floor'), [
        heat(kcal),
        share('sulphur', 'd', '0.8'),
        share('volatileMatter', 'daf', '28'),
      ]);
    expect(['4900.5', '4900', '4800'].map(price)).toEqual(['610.00', '600.00', '600.00']);
  });
  it('P3 adds up a second, steeper tier of every parameter', () => {
    expect(worked('P3_two_tier')).toMatchObject({
      ash: '33.00',
      vm: '0.00',
      s: '27.00',
      cv: '14.00',
      hgi: '9.00',
    });
    expect(worked('P3_two_tier')).toMatchObject({ total: '83.00', price_1180: '1097.00' });
  });
  it('P4 rounds the price of one kilocalorie and doubles it below the second limit', () => {
    expect(worked('P4_perkcal')).toEqual({
      unit: '0.1240',
      at4920: '610.08',
      at4870_thr4900: '600.16',
      at5060: '627.44',
    });
    // 0.1243 after rounding, not 0.12434…: 100 kcal are 12.43.
    expect(priceOf('621.70', p4('4900'), [heat('5100')])).toBe('634.13');
  });
  it('P5 takes excess moisture off the weight', () => {
    expect(worked('P5_weight')).toEqual({ dry_equiv: '9767.442', simple: '9800.000', mult15: '9700.000' });
  });
  it('P6 moves the annual price by half of the index, within its band', () => {
    expect(worked('P6_ltc')).toEqual({ idx: '795.00', price: '747.50', capped: '850.00' });
    expect(['795', '1200', '100'].map((indexPrice) => priceOf('700.00', P6, [], { indexPrice }))).toEqual([
      '747.50',
      '850.00',
      '550.00',
    ]);
  });
  it('P7 scales the regulated band by heat', () => {
    expect(worked('P7_collar')).toEqual({ lo4800: '322.91', hi4800: '497.45' });
  });
  it('P8 discounts lower heat more than in proportion', () => {
    expect(worked('P8_cvdisc')).toMatchObject({ cec5000: '0.88', cec4500: '0.77', interp4800: '0.8360' });
  });
  it('P9 credits the difference between declared and analysed grade', () => {
    expect(worked('P9_grade')).toEqual({ decl: 'G8', analysed: 'G10', credit: '654542.50' });
  });
  it('P10 pays Btu per pound in proportion to the base', () => {
    expect(worked('P10_btu')).toEqual({ adj: '-0.4845' });
  });
  it('P11 deducts for ash pro rata and refuses beyond the limit', () => {
    expect(worked('P11_ash')).toEqual({ adj: '0.350' });
    expect(priceOf('80.00', P11, [share('ash', 'ad', '8.01')])).toBe('rejected');
  });
  it('P12 charges the time above the allowed', () => {
    expect(worked('P12_dem')).toEqual({
      days: '4.27083',
      amount: '128125.00',
      mm_allowed_h: '15.00',
      mm_cost: '1250.00',
    });
    expect(worked('P12b_dem_tier')).toEqual({ ny: 9000, boston: 31000 });
  });
  it('P13 claims what the way lost above the allowance', () => {
    expect(worked('P13_transit')).toEqual({ allowance: '42.000', claim_t: '18.000' });
  });
  it('P14 charges what was not shipped', () => {
    expect(worked('P14_fulfil')).toEqual({ ratio: '82.00', penalty: '9000.00' });
  });
  it('P15 balances the provisional against the final invoice, each rounded once', () => {
    expect(worked('P15_invoice')).toEqual({
      provisional_100: '4318468.69',
      paid_95: '4102545.26',
      final_unit: '77.75',
      final: '4277209.44',
      balance: '174664.18',
    });
  });
  it('P16 ranks offers by the cost of the reference heat, not by the tonne', () => {
    expect(worked('P16_norm')).toEqual({
      A: '700.0000',
      B: '708.2222',
      C: '689.8625',
      rank: ['C', 'A', 'B'],
    });
  });
  it('P17 secures bids by percent and by tonne and forfeits in proportion', () => {
    expect(worked('P17_emd')).toEqual({
      nmg: '126000.00',
      cil: '600000',
      max_qty_free_1_000_000: '6650',
      forfeit_pro_rata: '168690.00',
    });
  });
  it('X4 decides between two laboratories', () => {
    expect(worked('X4_dispute')).toEqual({
      a: "('seller', Fraction(6010, 1))",
      b: "('umpire needed', None)",
      c: "('mean of closest two', Fraction(5937, 1))",
      d: "('umpire', Fraction(5970, 1))",
    });
  });
});

/** The same amounts once more, written as rules of the one schema instead of calls of their own. */
describe('the one schema', () => {
  const settled = (
    terms: ReturnType<typeof clause>,
    price: string,
    mass: string,
    facts: Record<string, string>,
    contract = mass,
  ) => {
    const result = settleDelivery({
      clause: terms,
      price: money(price),
      mass: kilogramsOf(mass),
      contractMass: kilogramsOf(contract),
      given: { quality: { values: [] }, facts },
    });
    if (result.outcome !== 'settled') throw new Error(result.outcome);
    return result;
  };
  const days = { parameter: 'laytimeUsed', unit: 'days' } as const;

  it('P9 writes the grades as bands of heat, each with its difference in price', () => {
    const grades = clause([
      {
        ...ruleOn('grade', { parameter: 'calorificValue', kind: 'gross', basis: 'ad', unit: 'kcal/kg' }, {}),
        reference: '4900',
        direction: 'below',
        tierMode: 'whole',
        stepMode: 'flat',
        edge: 'from',
        tiers: [
          { from: '0', to: '300', rate: '-85' },
          { from: '300', to: '600', rate: '-170' },
        ],
      },
    ]);
    const at = (value: string) =>
      priceOf('1150.00', grades, [
        { parameter: 'calorificValue', kind: 'gross', basis: 'ad', unit: 'kcal/kg', value },
      ]);
    expect(['5200', '4901', '4900', '4601', '4600', '4301'].map(at)).toEqual([
      '1150.00',
      '1150.00',
      '1065.00',
      '1065.00',
      '980.00',
      '980.00',
    ]);
  });
  it('P12 charges demurrage by tiers of days, and may give despatch back', () => {
    const terms = clause([
      ruleOn('demurrage', days, {
        rateUnit: 'money',
        tiers: [
          { from: '0', to: '5', rate: '1000' },
          { from: '5', to: '15', rate: '2000' },
          { from: '15', to: null, rate: '3000' },
        ],
      }),
      ruleOn('despatch', days, {
        rateUnit: 'money',
        direction: 'below',
        tiers: [{ from: '0', to: null, rate: '-500' }],
      }),
    ]);
    const charged = (laytimeUsed: string) =>
      settled(terms, '0.00', '1', { laytimeUsed }).charges.map(({ amount }) => formatMoney(amount));
    expect(charged('7')).toEqual(['9000.00', '0.00']);
    expect(charged('17')).toEqual(['31000.00', '0.00']);
    expect(charged('-2')).toEqual(['0.00', '-1000.00']);
  });
  it('P13 takes the loss above the allowance off the payable weight', () => {
    const terms = clause([
      ruleOn(
        'loss',
        { parameter: 'transitLoss', unit: '%' },
        {
          reference: '1.2',
          rateUnit: 'kg_per_tonne',
          tiers: [{ from: '0', to: null, rate: '-10' }],
        },
      ),
    ]);
    // 1.5 % lost: 0.3 % above the allowance.
    expect(settled(terms, '100.00', '3500', { transitLoss: '1.5' }).payable).toBe(3_489_500n);
    expect(settled(terms, '100.00', '3500', { transitLoss: '1.2' }).payable).toBe(3_500_000n);
  });
  it('P14 charges per contracted tonne below the ratio, all of the shortfall', () => {
    const terms = clause([
      ruleOn(
        'shortfall',
        { parameter: 'fulfilment', unit: '%' },
        {
          reference: '100',
          direction: 'below',
          tierMode: 'whole',
          per: '100',
          rateUnit: 'money_per_contract_tonne',
          tiers: [{ from: '10', to: null, rate: '5' }],
        },
      ),
    ]);
    const charge = (percent: string) =>
      settled(terms, '0.00', '8200', { fulfilment: percent }, '10000').charges.map(({ amount }) =>
        formatMoney(amount),
      );
    expect(charge('82')).toEqual(['9000.00']);
    expect(charge('90.01')).toEqual(['0.00']);
  });
  it('P5 corrects the tonnage to the contract moisture either way', () => {
    const terms = clause([], { weight: { method: 'contract_moisture', reference: '14' } });
    const paid = (moisture: string) => {
      const result = settleDelivery({
        clause: terms,
        price: money('100.00'),
        mass: kilogramsOf('10000'),
        given: { quality: { values: [share('totalMoisture', 'ar', moisture)] } },
      });
      return result.outcome === 'settled' ? [result.payable, formatMoney(result.total)] : result.outcome;
    };
    expect(paid('16')).toEqual([9_767_442n, '976744.20']);
    expect(paid('12')).toEqual([10_232_558n, '1023255.80']);
  });
});
