import { minor } from '@seam/units';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitVat } from './rounding.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 15n }).map(minor);
const rate = fc.integer({ min: 0, max: 10_000 });

describe('L13: net and tax', () => {
  it('add up to the gross exactly, and the tax is the rate of the net to one minor unit', () => {
    fc.assert(
      fc.property(amount, rate, fc.constantFrom('included', 'added'), (of, percent, basis) => {
        const { net, vat, gross } = splitVat(of, percent, basis);
        expect(net + vat).toBe(gross);
        expect(basis === 'included' ? gross : net).toBe(of);
        expect(net >= 0n && vat >= 0n).toBe(true);
        const off = vat * 10_000n - net * BigInt(percent);
        expect(off >= -10_000n && off <= 10_000n).toBe(true);
        expect(splitVat(of, percent, basis)).toEqual({ net, vat, gross });
      }),
      { numRuns: 500 },
    );
  });

  it('13 % in 113.00 is 13.00, on 100.00 is 13.00; nothing has no tax', () => {
    expect(splitVat(minor(11_300n), 1300, 'included')).toEqual({ net: 10_000n, vat: 1_300n, gross: 11_300n });
    expect(splitVat(minor(10_000n), 1300, 'added')).toEqual({ net: 10_000n, vat: 1_300n, gross: 11_300n });
    expect(splitVat(minor(0n), 1300, 'included')).toEqual({ net: 0n, vat: 0n, gross: 0n });
    expect(() => splitVat(minor(-1n), 1300, 'included')).toThrow(RangeError);
    expect(() => splitVat(minor(1n), 10_001, 'added')).toThrow(RangeError);
  });
});
