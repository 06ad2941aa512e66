/** Three awards written out by hand that between them use every clause and every form of a value. */
import { freezeFormula } from '@seam/coal';
import { assert } from '../../../platform/fault.ts';
import type { Award, ChosenTerms } from '../make.ts';

const base: Award = {
  contractId: '019300aa-0000-7000-8000-000000000001',
  number: 'SC-20261123-00000001',
  issuedAt: new Date('2026-11-23T12:00:00Z'),
  origin: { kind: 'auction', id: 'auction-1', saleId: '019300aa-0000-7000-8000-000000000002' },
  seller: {
    organisationId: 'seller',
    name: 'Shanxi Demo Coal Co',
    nameZh: '山西示范煤业有限公司',
    legalIdKind: 'uscc',
    legalId: '91140100MA0KX7T2C2',
    address: '1 Coal Street, Datong',
    bankAccount: '6222 0000 0000 0001 (102100099996)',
  },
  buyer: {
    organisationId: 'buyer',
    name: 'Harbour Power BV',
    nameZh: null,
    legalIdKind: 'lei',
    legalId: '529900T8BM49AURSDO55',
    address: 'Kade 1, Rotterdam',
    bankAccount: 'NL00SEAM0000000001 (SEAMNL2A)',
  },
  goods: {
    listingId: 'listing-1',
    listingVersion: 3,
    coalRank: 'bituminous',
    mine: { name: 'Tashan', nameZh: '塔山', country: 'CN' },
    assay: {
      totalMoisture: { basisPoints: 1200, basis: 'ar' },
      inherentMoisture: { basisPoints: 310, basis: 'ad' },
      ash: { basisPoints: 1500, basis: 'ar' },
      volatileMatter: { basisPoints: 2805, basis: 'daf' },
      sulphur: { basisPoints: 60, basis: 'ar' },
      fixedCarbon: { basisPoints: 5210, basis: 'ad' },
      hydrogen: { basisPoints: 380, basis: 'd' },
      calorificValue: { joulesPerGram: 23_000, kind: 'net', basis: 'ar' },
      hardgroveIndex: 55,
      ashFusion: { deformationCelsius: 1210, softeningCelsius: 1280, atmosphere: 'reducing' },
      size: { minMm: 0, maxMm: 50 },
      also: {
        ash: [{ basisPoints: 1705, basis: 'd' }],
        calorificValue: [{ joulesPerGram: 24_500, kind: 'gross', basis: 'ad' }],
      },
    },
    deliveryTerm: 'fob',
    deliveryPlace: { name: 'Qinhuangdao', nameZh: '秦皇岛' },
    windowFrom: '2027-01-01',
    windowTo: '2027-12-31',
    transport: 'rail',
  },
  quantityKg: 120_000_001n,
  pricePerTonne: 61_250n,
  currency: 'CNY',
};

const longTerm: ChosenTerms = {
  kind: 'long_term',
  toleranceBasisPoints: 500,
  index: {
    name: 'Qinhuangdao 5500 weekly',
    base: '70000',
    value: '79500',
    publishedOn: '2026-11-20',
    passThroughBasisPoints: 5000,
    floorPerTonne: '55000',
    capPerTonne: '85000',
  },
  quality: {
    schema: 'seam.quality-clause.1',
    rounding: 'half_up',
    rules: [
      {
        id: 'heat',
        parameter: 'calorificValue',
        unit: 'kcal/kg',
        kind: 'net',
        basis: 'ar',
        reference: '5000',
        direction: 'below',
        tiers: [
          { from: '0', to: '100', rate: '-10' },
          { from: '100', to: null, rate: '-20' },
        ],
        per: '100',
        tierMode: 'whole',
        stepMode: 'ceil',
        rateUnit: 'money_per_tonne',
        stage: 1,
        cap: '40',
        reject: { below: '4800' },
      },
      {
        id: 'size',
        parameter: 'hardgroveIndex',
        unit: 'HGI',
        reference: '55',
        direction: 'above',
        tiers: [],
        per: '1',
        tierMode: 'marginal',
        stepMode: 'flat',
        rateUnit: 'percent_of_price',
        stage: 2,
        reject: { below: '45', above: '80' },
      },
    ],
    weight: { method: 'simple', reference: '14', factor: '1.5' },
    limits: { maximumBonus: '30', maximumPenalty: '80', minimumPrice: '300', maximumPrice: '900' },
  },
};

export const SAMPLE_AWARDS: readonly Award[] = [
  base,
  { ...base, chosen: longTerm },
  {
    ...base,
    origin: { ...base.origin, kind: 'order_book' },
    chosen: { quality: { ...longTerm.quality!, weight: { method: 'dry_equivalent', reference: '14' } } },
  },
];

const frozen = freezeFormula('clamp(700 + 0.5 * (CCTD - 700), 550, 850)', {
  indices: ['CCTD'],
  parameters: [],
});
assert(frozen.ok, 'the sample formula can be frozen');

/** 700 and half of what the index is above it, between 550 and 850: with 795 it is 747.50. */
export const FORMULA_AWARD: Award = {
  ...base,
  chosen: {
    formula: {
      typed: 'clamp(700+0.5*(CCTD-700), 550, 850)',
      frozen: frozen.formula,
      quotations: [{ index: 'CCTD', date: '2026-11-20', value: '795', source: '第47周报价' }],
    },
  },
};

const year = Array.from({ length: 12 }, (_none, at) => `2027-${String(at + 1).padStart(2, '0')}`);

/** A year of which each quarter begins strongly: 9, 8 and 8 percent, the fourth with what is left. */
export const STEPS_AWARD: Award = {
  ...base,
  chosen: {
    kind: 'long_term',
    callOff: { shares: year.map((month, at) => ({ month, basisPoints: at % 3 === 0 ? 900 : 800 })) },
    priceSteps: [
      { from: '2027-01', pricePerTonne: '61250' },
      { from: '2027-07', pricePerTonne: '60000' },
    ],
  },
};

const later = freezeFormula('clamp(base + 0.5 * (BSPI - 700), 550, 850)', {
  indices: ['BSPI'],
  parameters: ['base'],
});
assert(later.ok, 'the sample formula can be frozen');

/** The base price and half of what the index of the month before is above 700. */
export const LATER_AWARD: Award = {
  ...base,
  chosen: {
    kind: 'long_term',
    callOff: { window: 'rolling', silence: 'declines', carryOver: 'contract' },
    priceLater: {
      formula: later.formula,
      series: [{ name: 'BSPI', seriesId: 'bspi-5500', title: 'Bohai-Rim 5500', unit: 'CNY/t' }],
      lagMonths: 1,
    },
  },
};
