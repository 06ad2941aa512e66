import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { terms } from '../oracle/market.ts';
import { maximumQuantityFor, requiredSecurity } from './security.ts';

describe('bid security', () => {
  it('is ten percent of the starting value: 420.00 a tonne, 3,000 t, 126,000.00', () => {
    const sale = terms({
      startingPrice: ticks(420),
      quantity: lots(60),
      bidSecurity: { mode: 'percent_of_start', basisPoints: 1000 },
    });
    expect(requiredSecurity(sale, lots(60))).toBe(12_600_000n);
  });

  it('at 150.00 a tonne backs 6,650 t with 1,000,000.00 on a 50 t grid', () => {
    const sale = terms({ quantity: lots(1000), bidSecurity: { mode: 'per_tonne', amountPerTonne: '15000' } });
    expect(requiredSecurity(sale, lots(80))).toBe(60_000_000n);
    expect(maximumQuantityFor(sale, 100_000_000n)).toBe(6650 / 50);
  });

  it('fixed is the same for every quantity but none', () => {
    const sale = terms({ bidSecurity: { mode: 'fixed', amount: '8000000' } });
    expect([0, 1, 10].map((quantity) => requiredSecurity(sale, lots(quantity)))).toEqual([
      0n,
      8_000_000n,
      8_000_000n,
    ]);
    expect(maximumQuantityFor(sale, 7_999_999n)).toBe(0);
    expect(maximumQuantityFor(sale, 8_000_000n)).toBe(10);
  });

  it('rounds half to even where a lot is no whole tonne', () => {
    const sale = terms({ lotSize: '500', bidSecurity: { mode: 'per_tonne', amountPerTonne: '1' } });
    expect([1, 2, 3, 5].map((quantity) => requiredSecurity(sale, lots(quantity)))).toEqual([0n, 1n, 2n, 2n]);
  });

  it('never backs more than is offered', () => {
    const sale = terms({ bidSecurity: { mode: 'per_tonne', amountPerTonne: '15000' } });
    expect(maximumQuantityFor(sale, 10n ** 15n)).toBe(10);
  });
});
