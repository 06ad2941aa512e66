import { roundHalfUp } from '@seam/coal';
import { CURRENCIES } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { landedAt, referenceMarket, referenceRate } from './market.ts';

const yangzhou = { latitude: 32.4, longitude: 119.4 };
const offer = {
  pricePerTonne: 60_000n,
  currency: 'CNY',
  netJoulesPerGram: 23_000,
  transport: 'rail',
  from: { latitude: 39.9, longitude: 113.1 },
} as const;

describe('landed cost', () => {
  it('is price and freight over the way, per tonne and per gigajoule', () => {
    const landed = landedAt(offer, yangzhou, referenceMarket('CNY'));
    expect(landed?.distanceKm).toBe(1007);
    // 21.60 fixed + 0.1728 × 1.2 × 1007 CNY.
    expect(landed && roundHalfUp(landed.freightPerTonne)).toBe(23_041n);
    expect(landed && roundHalfUp(landed.perTonne)).toBe(83_041n);
    expect(landed && roundHalfUp(landed.perGigajoule)).toBe(3610n);
  });

  it('is not known without price, heat or place, nor beyond where the transport goes', () => {
    const at = (patch: Partial<Parameters<typeof landedAt>[0]>) =>
      landedAt({ ...offer, ...patch }, yangzhou, referenceMarket('CNY'));
    expect(at({ pricePerTonne: null })).toBeUndefined();
    expect(at({ netJoulesPerGram: null })).toBeUndefined();
    expect(at({ from: { latitude: null, longitude: null } })).toBeUndefined();
    expect(at({ from: undefined })).toBeUndefined();
    // From West Virginia by rail.
    expect(at({ from: { latitude: 40, longitude: -80 } })).toBeUndefined();
    expect(at({ from: { latitude: 40, longitude: -80 }, transport: 'sea' })).toBeDefined();
    expect(at({ transport: 'conveyor' })).toBeUndefined();
  });

  it('ranks two offers alike in whatever money it is shown', () => {
    const dearer = { ...offer, pricePerTonne: 61_000n };
    for (const currency of CURRENCIES) {
      const market = referenceMarket(currency);
      const [a, b] = [landedAt(offer, yangzhou, market), landedAt(dearer, yangzhou, market)];
      expect(a && b && roundHalfUp(a.perTonne) < roundHalfUp(b.perTonne)).toBe(true);
      expect(referenceRate(currency, currency)).toEqual({ numerator: 1n, denominator: 1n });
    }
  });
});
