import { describe, expect, it } from 'vitest';
import { readTermsView } from './terms.ts';

const party = (name: string, nameZh: string | null) => ({
  organisationId: name,
  name,
  nameZh,
  legalIdKind: 'uscc',
  legalId: '91140100MA0KX7T2C2',
  address: '1 Coal Street',
  bankAccount: '6222',
});
const heat = {
  id: 'heat',
  parameter: 'calorificValue',
  kind: 'net',
  basis: 'ar',
  unit: 'J/g',
  reference: '22999',
  direction: 'both',
  tiers: [{ from: '0', to: null, rate: '1' }],
  per: '229.99',
  tierMode: 'marginal',
  stepMode: 'prorata',
  rateUnit: 'percent_of_price',
  stage: 1,
  reject: { below: '21159' },
};
const ash = {
  id: 'ash',
  parameter: 'ash',
  unit: '%',
  basis: 'd',
  reference: '15.00',
  direction: 'above',
  tiers: [{ from: '0', to: null, rate: '-1' }],
  per: '1',
  tierMode: 'marginal',
  stepMode: 'prorata',
  rateUnit: 'percent_of_price',
  stage: 2,
  reject: { above: '20.00' },
};
const terms = {
  schema: 'seam.contract.1',
  number: 'SC-1',
  issuedAt: '2026-11-23T00:00:00.000Z',
  seller: party('Seller', '卖方公司'),
  buyer: party('Buyer', null),
  goods: {
    coalRank: 'bituminous',
    mine: { name: 'Datong', nameZh: '大同', country: 'CN' },
    assay: { size: { minMm: 0, maxMm: 50 } },
    deliveryTerm: 'fob',
    deliveryPlace: { name: 'Qinhuangdao', nameZh: '秦皇岛' },
    windowFrom: '2026-12-01',
    windowTo: '2026-12-31',
    transport: 'rail',
  },
  quantityKg: '5000001',
  toleranceBasisPoints: 0,
  pricePerTonne: '61250',
  currency: 'CNY',
  quality: { schema: 'seam.quality-clause.1', rounding: 'half_up', rules: [heat, ash] },
  payment: { provisionalBasisPoints: 10_000, provisionalWithinDays: 5, payoutWithinDays: 1 },
  fees: { exchangeFeeBasisPoints: 20, taxOnFeeBasisPoints: 600 },
  inspection: { challengeDays: 3 },
};
const read = (change: object = {}) => readTermsView(JSON.stringify({ ...terms, ...change }));

describe('the terms of a contract', () => {
  it('become decimals, exact and half up as the document prints them', () => {
    expect(read()).toMatchObject({
      tonnes: '5000.001',
      pricePerTonne: '612.50',
      total: '3062500.61',
      provisionalPercent: '100',
      feePercent: '0.2',
      taxPercent: '6',
      feePaidBy: 'seller',
      feePerTonne: '0.00',
      tolerancePercent: '0',
    });
    const fees = { exchangeFeeBasisPoints: 0, taxOnFeeBasisPoints: 600, perTonne: '150', minimum: '5000' };
    expect(read({ fees: { ...fees, maximum: '0', paidBy: 'buyer' } })).toMatchObject({
      feePerTonne: '1.50',
      feeMinimum: '50.00',
      feeMaximum: '0.00',
      feePaidBy: 'buyer',
    });
    expect(read({ quantityKg: '2', pricePerTonne: '62250' })?.total).toBe('1.25');
    expect(read({ quantityKg: '1', pricePerTonne: '500' })?.total).toBe('0.01');
  });

  it('know the ratio of measured to agreed heat, and nothing that only looks like it', () => {
    expect(read()?.quality[0]).toMatchObject({
      adjustments: [{ form: 'ratio' }],
      kilocalories: { agreed: '5493', reject: '5054' },
    });
    for (const change of [
      { per: '230.00' },
      { direction: 'above' },
      { stepMode: 'floor' },
      { rateUnit: 'money_per_tonne' },
      { tiers: [{ from: '0', to: '500.00', rate: '1' }] },
    ]) {
      const view = read({ quality: { ...terms.quality, rules: [{ ...heat, ...change }] } });
      expect(view?.quality[0]?.adjustments[0]?.form).toBe('step');
    }
  });

  it('say each step of a rule, and none for a rule that only refuses', () => {
    expect(read()?.quality[1]?.adjustments).toEqual([
      {
        form: 'step',
        direction: 'above',
        rate: '-1',
        rateUnit: 'percent_of_price',
        per: '1',
        from: '0',
        to: null,
      },
    ]);
    const view = read({ quality: { ...terms.quality, rules: [{ ...ash, tiers: [] }] } });
    expect(view?.quality[0]?.adjustments).toEqual([{ form: 'none' }]);
  });

  it('are not guessed: another schema, a missing part or a wrong type gives nothing', () => {
    expect(read({ schema: 'seam.contract.2' })).toEqual(read());
    expect(read({ schema: 'seam.contract.3' })).toBeUndefined();
    expect(read({ goods: null })).toBeUndefined();
    expect(read({ quantityKg: 5 })).toBeUndefined();
    expect(read({ pricePerTonne: '612.50' })).toBeUndefined();
    expect(read({ seller: { ...terms.seller, legalIdKind: 'passport' } })).toBeUndefined();
    expect(readTermsView('not json')).toBeUndefined();
  });
});
