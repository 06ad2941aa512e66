import type { AnalysisValue } from '@seam/protocol';
import { describe, expect, it } from 'vitest';
import { termsBetween } from '../../test/trade/binding-contract.ts';
import { isRefusal } from '../platform/refusal.ts';
import { readCertificate } from './certificate.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const terms = termsBetween('s', 'b');
const base = { ...terms, quality: { ...terms.quality, rules: [] } };

function read(value: AnalysisValue): string | undefined {
  const written = { number: '1', laboratory: 'L', sampledOn: '2026-11-20', values: [value] };
  const found = readCertificate(written, base, NOW);
  return isRefusal(found) ? found.fields?.[value.parameter] : undefined;
}

describe('a certificate', () => {
  it('states grindability in its own unit, on no basis, within what coal can have', () => {
    const hgi = { parameter: 'hardgroveIndex', unit: 'HGI', value: '57' } as const;
    expect(read(hgi)).toBeUndefined();
    expect(read({ ...hgi, unit: '%' })).toBe('unit_or_basis');
    expect(read({ ...hgi, basis: 'ad' })).toBe('unit_or_basis');
    expect(read({ ...hgi, value: '19' })).toBe('out_of_range');
    expect(read({ ...hgi, value: '131' })).toBe('out_of_range');
    const heat = { parameter: 'calorificValue', unit: 'HGI', kind: 'net', basis: 'ar' } as const;
    expect(read({ ...heat, value: '5000' })).toBe('unit_or_basis');
  });
});
