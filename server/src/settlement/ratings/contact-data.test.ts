import { describe, expect, it } from 'vitest';
import { hasContactData } from './contact-data.ts';

describe('a rating', () => {
  it.each([
    'write to li.wei@coal.example.com',
    'li＠mine。cn',
    'see https://other.example/offer',
    'otherexchange.com is cheaper',
    'call +86 138 0013 8000',
    '电话：0351-4567890',
    '加微信 coal12345',
    'QQ:778899',
  ])('tells nobody how to go past the exchange: %s', (text) => {
    expect(hasContactData(text)).toBe(true);
  });

  it.each([
    '',
    'As promised. 5,500 kcal, ash 12.40 %, 95.000 t on 2026-11-20.',
    '发热量 5480 千卡，全水 12.3%，11月20日装完。',
    'Paid 1234567.89 within two days, thank you.',
    'T-1, T-2 and T-3 were late by 4 hours.',
  ])('says what was delivered: %s', (text) => {
    expect(hasContactData(text)).toBe(false);
  });
});
