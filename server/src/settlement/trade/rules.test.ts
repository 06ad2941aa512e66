import type { CertifiedQuality } from '@seam/coal';
import { describe, expect, it } from 'vitest';
import { termsBetween } from '../../../test/trade/binding-contract.ts';
import type { ContractTerms } from '../../contracts/public.ts';
import { moveSettlement, settlementLifecycle, waitsFor } from './lifecycle.ts';
import { finalInvoice, provisionalInvoice } from './rules.ts';

/** 100 t at 600.00: 12 % moisture, 15 % ash, 0.60 % sulphur, 23,000 J/g net, as received. */
const terms = termsBetween('seller', 'buyer');

function certified(change: Record<string, string | null> = {}): CertifiedQuality {
  const values = { calorificValue: '23000', ash: '15', sulphur: '0.6', totalMoisture: '12', ...change };
  return {
    values: Object.entries(values).flatMap(([parameter, value]) => {
      if (value === null) return [];
      const heat = parameter === 'calorificValue';
      const measure = { parameter: parameter as 'ash', basis: 'ar', unit: heat ? 'J/g' : '%' } as const;
      return [{ ...measure, ...(heat ? { kind: 'net' as const } : {}), value }];
    }),
  };
}

const priced = (
  change: Record<string, string | null>,
  more: { liftedKg?: bigint; terms?: ContractTerms } = {},
) => {
  const delivered = { liftedKg: more.liftedKg ?? 100_000n, quality: certified(change) };
  const result = finalInvoice(more.terms ?? terms, delivered);
  return result.outcome === 'priced'
    ? { unitPrice: result.unitPrice, amount: result.amount, mass: result.mass }
    : result;
};

describe('the provisional invoice', () => {
  it('is price times quantity', () => {
    expect(provisionalInvoice(terms)).toMatchObject({ amount: 6_000_000n, detail: { quantityKg: '100000' } });
  });

  it('is the share that the contract names, half a fen up', () => {
    // 33.333 t at 600.01 = 20,000.13333, of which 95 % = 19,000.12(35)
    const odd = termsBetween('s', 'b', { quantityKg: 33_333n, pricePerTonne: 60_001n });
    const part = { ...odd, payment: { ...odd.payment, provisionalBasisPoints: 9_500 } };
    expect(provisionalInvoice(part).amount).toBe(1_900_012n);
  });
});

describe('the final invoice', () => {
  it('of coal as promised is the contract price for what was weighed', () => {
    expect(priced({})).toEqual({ unitPrice: 60_000n, amount: 6_000_000n, mass: 100_000n });
    expect(priced({}, { liftedKg: 29_150n })).toMatchObject({ amount: 1_749_000n });
  });

  it('follows the heat both ways, percent for percent', () => {
    expect(priced({ calorificValue: '22770' })).toMatchObject({ unitPrice: 59_400n });
    expect(priced({ calorificValue: '23230' })).toMatchObject({ unitPrice: 60_600n, amount: 6_060_000n });
  });

  it('takes off for more ash, sulphur and moisture, and adds nothing for less', () => {
    expect(priced({ ash: '16.5' })).toMatchObject({ unitPrice: 59_100n });
    expect(priced({ sulphur: '0.8' })).toMatchObject({ unitPrice: 59_400n });
    expect(priced({ totalMoisture: '13' })).toMatchObject({ unitPrice: 59_400n });
    expect(priced({ ash: '10', sulphur: '0.1', totalMoisture: '8' })).toMatchObject({ unitPrice: 60_000n });
  });

  it('is the sum done by hand: heat first, then the penalties on what it left', () => {
    // 600.00 − 1 % = 594.00; − (1.5 + 1.0 + 1.0) % of 594.00 = − 20.79; 573.21 × 95 t = 54,454.95
    const worse = { calorificValue: '22770', ash: '16.5', sulphur: '0.8', totalMoisture: '13' };
    expect(priced(worse, { liftedKg: 95_000n })).toEqual({
      unitPrice: 57_321n,
      amount: 5_445_495n,
      mass: 95_000n,
    });
    const result = finalInvoice(terms, { liftedKg: 95_000n, quality: certified(worse) });
    expect(result).toMatchObject({
      detail: {
        quantityKg: '95000',
        unitPrice: '57321',
        adjustments: [
          { id: 'heat', measured: '22770', reference: '23000', amount: '-6.00000' },
          { id: 'ash', measured: '16.5', reference: '15', amount: '-8.91000' },
          { id: 'sulphur', measured: '0.8', reference: '0.6', amount: '-5.94000' },
          { id: 'total_moisture', measured: '13', reference: '12', amount: '-5.94000' },
        ],
      },
    });
  });

  it('rounds the unit price once and the amount once, half up', () => {
    // 600.00 × 23,001 ÷ 23,000 = 600.026…; × 0.025 t = 15.00075 → 15.00 from 600.03
    expect(priced({ calorificValue: '23001' }, { liftedKg: 25n })).toEqual({
      unitPrice: 60_003n,
      amount: 1_500n,
      mass: 25n,
    });
    // 600.00 × 0.15 % off = 599.10; × 0.005 t = 2.9955 → 3.00
    expect(priced({ ash: '15.15' }, { liftedKg: 5n })).toMatchObject({ unitPrice: 59_910n, amount: 300n });
  });

  it('is left to people beyond a refusal limit, at the limit not yet', () => {
    expect(priced({ ash: '20' })).toMatchObject({ unitPrice: 57_000n });
    expect(priced({ ash: '20.01' })).toEqual({
      outcome: 'undecided',
      reason: 'rejection limit passed: ash above limit',
    });
    expect(priced({ calorificValue: '21160' })).toMatchObject({ unitPrice: 55_200n });
    expect(priced({ calorificValue: '21159', sulphur: '1.2' })).toEqual({
      outcome: 'undecided',
      reason: 'rejection limit passed: heat below limit, sulphur above limit',
    });
  });

  it('is left to people when the certificate does not say what the clause asks', () => {
    expect(priced({ sulphur: null })).toEqual({ outcome: 'undecided', reason: 'certificate lacks sulphur' });
  });

  it('never names a negative price', () => {
    const harsh = {
      ...terms,
      quality: {
        ...terms.quality,
        rules: terms.quality.rules.map((rule) =>
          rule.id === 'ash' ? { ...rule, tiers: [{ from: '0', to: null, rate: '-60' }] } : rule,
        ),
      },
    };
    expect(priced({ ash: '17' }, { terms: harsh })).toMatchObject({ unitPrice: 0n, amount: 0n });
  });
});

describe('the life of a settlement', () => {
  it('waits for somebody in every state but the last ones', () => {
    const last = Object.entries(waitsFor).filter(([, who]) => who === null);
    expect(last.map(([state]) => state)).toEqual(['closed', 'cancelled']);
    expect(settlementLifecycle.cancelled).toEqual({});
  });

  it('settles once, funds once, and reopens nothing', () => {
    expect(moveSettlement('provisional_due', 'fund')).toBe('funded');
    expect(moveSettlement('funded', 'fund')).toBeUndefined();
    expect(moveSettlement('paying_out', 'settle')).toBeUndefined();
    expect(moveSettlement('closed', 'dispute')).toBeUndefined();
    expect(moveSettlement('closed', 'settle')).toBeUndefined();
    expect(moveSettlement('provisional_due', 'settle')).toBeUndefined();
  });
});
