import { expect, test } from 'vitest';
import { SHOWN, waitsForUs } from './shown.ts';

const contract = (waitsFor: 'seller' | 'buyer' | 'centre' | null, state = 'issued' as const) => ({
  state,
  waitsFor,
  seller: { id: 's' },
  buyer: { id: 'b' },
});

test('a contract waits for the company whose side must sign, and for nobody else', () => {
  expect(waitsForUs(contract('seller'), 's')).toBe(true);
  expect(waitsForUs(contract('seller'), 'b')).toBe(false);
  expect(waitsForUs(contract('buyer'), 'b')).toBe(true);
  expect(waitsForUs(contract('centre'), 's')).toBe(false);
  expect(waitsForUs(contract('seller'), null)).toBe(false);
});

test('every state is under way, binding or void, and never two of them', () => {
  for (const state of ['drafted', 'issued', 'seller_signed', 'buyer_signed', 'binding', 'voided'] as const) {
    const of = { ...contract(null), state };
    const shown = [SHOWN.under_way(of), SHOWN.binding(of), SHOWN.voided(of)];
    expect(shown.filter(Boolean)).toHaveLength(1);
  }
});
