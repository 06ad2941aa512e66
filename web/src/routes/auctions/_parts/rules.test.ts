import { describe, expect, test } from 'vitest';
import { auctionAwards } from '#lib/i18n/auctions-awards.ts';
import { auctionFormats } from '#lib/i18n/auctions-formats.ts';
import { type Locale, translator } from '#lib/i18n/dictionary.ts';
import { formatsFor } from './formats.ts';
import { type Rules, type Say, roundsSeconds, sentences } from './rules.ts';
import { span } from './span.ts';
import { defaultsFor } from '../new/form.ts';
import { readBody } from '../new/body.ts';
import { rulesOfBody } from '../new/rules-of-body.ts';

const NOW = Date.parse('2026-11-23T06:00:00Z');

function say(locale: Locale): Say {
  return {
    t: translator(auctionFormats, () => locale),
    after: translator(auctionAwards, () => locale),
    money: (value) => value,
    price: (value) => `${value}/t`,
    tonnes: (value) => `${value} t`,
    at: (instant) => instant.slice(11, 16),
    span: (seconds) => span(seconds, locale).replaceAll('\u00a0', ' '),
    percent: (value) => `${value} %`,
    security: () => 'security',
  };
}

function typed(
  kind: 'lot' | 'request',
  format: Parameters<typeof readBody>[1],
  more: Record<string, string> = {},
) {
  const data = new FormData();
  const proposed = defaultsFor(format, { kind, price: '640.00', quantity: '2000.000' });
  const subject = kind === 'lot' ? { listingId: 'lot-1' } : { requestId: 'request-1' };
  for (const [name, value] of Object.entries({ ...proposed, ...subject, ...more })) data.set(name, value);
  return readBody(data, format, NOW);
}
const rules = (...args: Parameters<typeof typed>): Rules => rulesOfBody(typed(...args).body, NOW);
const text = (...args: Parameters<typeof typed>): string => sentences(rules(...args), say('en')).join(' ');

describe('what is proposed can be sent as it is', () => {
  test.each([
    ...formatsFor('sell').map((format) => ['lot', format] as const),
    ...formatsFor('buy').map((format) => ['request', format] as const),
  ])('%s: %s', (kind, format) => {
    const { body, fields } = typed(kind, format);
    expect(fields).toEqual({});
    expect(body.format).toBe(format);
    expect('requestId' in body).toBe(kind === 'request');
    for (const locale of ['en', 'zh'] as const) {
      const lines = sentences(rulesOfBody(body, NOW), say(locale));
      expect(lines.join(' ')).not.toMatch(/undefined|NaN|Invalid|…|\{/);
      expect(new Set(lines).size).toBe(lines.length);
    }
  });
});

test('the soft close is said with its window, its extensions and its last moment', () => {
  expect(text('lot', 'english')).toContain(
    'Closes 06:15; a bid in the last 2 min that changes who wins moves the end to 2 min after it, at most 10 times, never past 06:30.',
  );
  expect(text('lot', 'english', { softMode: 'none' })).toContain('Closes 06:15.');
  expect(text('lot', 'english', { softMode: 'phase' })).toContain('the first bid earns 2 min more');
  const cooloff = { softMode: 'cooloff', quietSeconds: '180', dailyStop: '19:30', dailyResume: '09:30' };
  expect(text('lot', 'english', cooloff)).toMatch(
    /for 3 min, .*rests daily at 19:30 \(UTC\+08:00\) and goes on at 09:30/,
  );
});

test('rules that differ in one choice differ in what is said of it', () => {
  expect(text('lot', 'english', { pricing: 'uniform' })).toContain('one price: the lowest that wins');
  expect(text('lot', 'english', { proxy: 'threshold' })).toContain('hidden maximum');
  expect(text('lot', 'english', { visibility: 'blind' })).toContain('nothing but their own bid');
  expect(text('lot', 'english', { reservePrice: '650' })).toContain('hidden reserve price');
  expect(text('lot', 'english', { reservePrice: '650', reserveVisibility: 'open' })).toContain(
    'Nothing is sold below 650/t',
  );
  expect(text('lot', 'english', { minimumBidders: '3' })).toContain('Without at least 3 bidders');
});

test('a format that ends by itself says when at the latest', () => {
  // Twenty rounds of two minutes.
  expect(text('lot', 'clock')).toContain('at the latest 06:40');
  // 736 to 544 by 2: 97 steps of twenty seconds.
  expect(rules('lot', 'dutch').closesAt).toBe('2026-11-23T06:32:20.000Z');
  // 100 % to 60 % by 1: 41 steps of fifteen seconds, then thirty, 300, twenty and 120.
  expect(rules('lot', 'dutch_hybrid').closesAt).toBe('2026-11-23T06:18:35.000Z');
});

test('rounds take eleven minutes and six for each bidder, as where they come from', () => {
  const times = {
    rounds: 3,
    firstPauseSeconds: 300,
    pauseSeconds: 120,
    turnSeconds: 120,
    announcementSeconds: 120,
  };
  expect(roundsSeconds(times, 2)).toBe(23 * 60);
  expect(roundsSeconds(times, 5)).toBe(41 * 60);
});

test('the bids of a sealed auction are due before its opening', () => {
  const sealed = text('lot', 'sealed_bid', { openingMinutes: '30' });
  expect(sealed).toContain('sealed until 06:15');
  expect(sealed).toContain('From then until 06:45');
  expect(sealed).toContain('costs 50 % of its security');
});

test('what is missing or no number is named by its field', () => {
  expect(typed('lot', 'english', { startingPrice: '', bidIncrement: 'two' }).fields).toEqual({
    startingPrice: 'field.required',
    bidIncrement: 'field.not_a_number',
  });
  expect(typed('lot', 'clock', { priceIncrements: '' }).fields).toEqual({
    priceIncrements: 'field.required',
  });
  expect(typed('lot', 'english', { preset: 'own', closesAt: '' }).fields).toEqual({
    closesAt: 'field.required',
  });
  expect(typed('request', 'reverse_open', { awardMode: 'shares', awardShares: '' }).fields).toEqual({
    awardShares: 'field.required',
  });
});

test('what does not belong to the choice is not sent', () => {
  const { body } = typed('request', 'reverse_open', { scoringMode: 'price', calorificReference: 'x' });
  expect(body).toMatchObject({ scoring: { mode: 'price' }, award: { mode: 'quantity' } });
  expect(typed('request', 'reverse_open', { scoringMode: 'price', calorificReference: 'x' }).fields).toEqual(
    {},
  );
  expect(typed('lot', 'clock', { priceIncrements: '20, 10; 5' }).body).toMatchObject({
    priceIncrements: ['20', '10', '5'],
  });
});

describe('what follows the close', () => {
  const waits = {
    standstillHours: '48',
    confirmHours: '24',
    signDays: '5',
    waitingBidders: '2',
    leaveDays: '3',
  };

  test('is told to bidders as it was typed, and not a word where nothing was', () => {
    expect(text('lot', 'english')).not.toContain('provisional');
    const told = text('lot', 'english', waits);
    expect(told).toContain('the award is provisional for 2 d');
    expect(told).toContain('confirm within 1 d, and contracts are signed within 5 d');
    expect(told).toContain('Up to 2 next bidders wait');
    expect(told).toContain('may leave 3 d after the close');
    expect(text('lot', 'clock', { ...waits, waitingBidders: '0' })).not.toContain('next bidders wait');
  });

  test('is asked of the exchange in seconds, and not asked for where nothing was typed', () => {
    expect(typed('lot', 'english').body).not.toHaveProperty('waiting');
    expect(typed('lot', 'english', waits).body).toMatchObject({
      standstillSeconds: 172_800,
      waiting: {
        biddersMaximum: 2,
        confirmSeconds: 86_400,
        signSeconds: 432_000,
        withdrawAfterSeconds: 259_200,
      },
    });
  });

  test('of a lot in a series names its place, the pause and the cap', () => {
    const catalogue = {
      firstAuctionId: 'a',
      position: 3,
      pauseSeconds: 60,
      cap: { unit: 'lots', maximum: 2 },
    } as const;
    const told = sentences(
      { ...rules('lot', 'english'), afterClose: { standstillSeconds: null, waiting: null, catalogue } },
      say('en'),
    ).join(' ');
    expect(told).toContain('Lot 3 of a series: the next opens 1 min after');
    expect(told).toContain('at most 2 lots of the series');
  });
});
