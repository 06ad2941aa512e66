import { describe, expect, it } from 'vitest';
import { readByBoth } from './second-codec.ts';

describe('the second codec', () => {
  it('passes what is DER, and stops what the two would read differently', () => {
    const sequence = Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x05);
    expect(readByBoth(sequence)).toBe(sequence);
    const longForm = Uint8Array.of(0x30, 0x81, 0x03, 0x02, 0x01, 0x05);
    expect(() => readByBoth(longForm)).toThrow(/do not agree/);
    expect(() => readByBoth(Uint8Array.of(0x30, 0x05, 0x02, 0x01, 0x05))).toThrow();
  });
});
