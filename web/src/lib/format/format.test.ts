import { describe, expect, test } from 'vitest';
import {
  formatAmount,
  formatDateTime,
  formatDuration,
  formatMoney,
  formatPercent,
  formatTonnes,
} from './format.ts';
import { fromLocalInput, isTimeZone, toLocalInput, zoneLabel } from './zone.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('money and mass', () => {
  test('keeps every digit of an amount that a float would round', () => {
    expect(plain(formatMoney('90071992547409931.07', 'CNY', 'en'))).toBe('CNY 90,071,992,547,409,931.07');
  });
  test('shows at least two decimals of money, and all that came', () => {
    expect(formatAmount('5', 'en')).toBe('5.00');
    expect(formatAmount('5.125', 'zh')).toBe('5.125');
  });
  test('drops only the zeros at the end of a mass', () => {
    expect(plain(formatTonnes('1234.500', 'en'))).toBe('1,234.5 t');
    expect(plain(formatTonnes('1000.000', 'en'))).toBe('1,000 t');
  });
  test('takes per cent as per cent', () => {
    expect(plain(formatPercent('14.25', 'en'))).toBe('14.25 %');
  });
  test('writes a true minus sign', () => {
    expect(plain(formatMoney('-1250.00', 'USD', 'en'))).toBe('USD −1,250.00');
  });
  test('shows what is not a number as it came', () => {
    expect(plain(formatMoney('n/a', 'CNY', 'en'))).toBe('CNY n/a');
  });
});

describe('time', () => {
  test('is shown in the zone of the reader, with its offset when asked', () => {
    const at = '2026-11-23T01:30:00Z';
    expect(formatDateTime(at, { locale: 'en', timeZone: 'Asia/Shanghai', zone: true })).toBe(
      '23 Nov 2026, 09:30 UTC+8',
    );
    expect(formatDateTime(at, { locale: 'zh', timeZone: 'UTC' })).toBe('2026年11月23日 01:30');
  });
  test.each([
    [-5, '0:00'],
    [1, '0:01'],
    [9_000, '0:09'],
    [845_000, '14:05'],
    [8_045_000, '2:14:05'],
    [267_245_000, '3 d 02:14:05'],
  ])('%d ms left reads %s', (ms, text) => {
    expect(plain(formatDuration(ms, 'd'))).toBe(text);
  });
});

describe('a date and time field', () => {
  test.each(['Asia/Shanghai', 'Asia/Kolkata', 'America/New_York', 'UTC', 'Australia/Lord_Howe'])(
    'gives back the instant it was given, in %s',
    (zone) => {
      for (const instant of ['2026-01-15T12:00:00.000Z', '2026-07-15T23:45:00.000Z'])
        expect(fromLocalInput(toLocalInput(instant, zone), zone)).toBe(instant);
    },
  );
  test('refuses a time that the zone skips', () => {
    expect(fromLocalInput('2026-03-08T02:30', 'America/New_York')).toBeNull();
  });
  test('takes a time that comes twice the first time', () => {
    expect(fromLocalInput('2026-11-01T01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
  });
  test('refuses what is no date', () => {
    expect(fromLocalInput('tomorrow', 'UTC')).toBeNull();
    expect(fromLocalInput('2026-13-40T09:00', 'UTC')).toBeNull();
  });
  test('names the offset, with half hours', () => {
    expect(zoneLabel(Date.UTC(2026, 0, 1), 'Asia/Kolkata')).toBe('UTC+5:30');
    expect(zoneLabel(Date.UTC(2026, 0, 1), 'America/New_York')).toBe('UTC−5');
    expect(zoneLabel(Date.UTC(2026, 0, 1), 'UTC')).toBe('UTC');
  });
  test('knows a zone from markup', () => {
    expect(isTimeZone('Asia/Shanghai')).toBe(true);
    expect(isTimeZone('"><script>')).toBe(false);
    expect(isTimeZone('Nowhere/Land')).toBe(false);
  });
});
