import { describe, expect, it } from 'vitest';
import { at, terms } from '../oracle/market.ts';
import type { AuctionTerms } from '../types.ts';
import { validateTerms } from './terms.ts';

/** Values a brand would refuse, as they could come from elsewhere. */
function withField(field: string, value: unknown): AuctionTerms {
  const base = terms({ reservePrice: null });
  const [outer = '', inner] = field.split('.');
  if (inner === undefined) return { ...base, [outer]: value };
  return { ...base, softClose: { ...base.softClose, [inner]: value } };
}

const WRONG: readonly [field: string, ...values: unknown[]][] = [
  ['rulesVersion', 0, 2],
  ['auctionId', '', 'x'.repeat(129)],
  ['ownerId', '', 'x'.repeat(129)],
  ['format', 'barter'],
  ['pricing', 'by_lot'],
  ['currency', 'XXX', 'cny'],
  ['tickSize', '0', '-1', '1.5', '01', '', '1000000001'],
  ['lotSize', '0', '-1', '1000000001'],
  ['quantity', 0, -1, 1.5, Number.NaN, 1e9],
  ['minimumBidQuantity', 0, 11, 1.5],
  ['startingPrice', 0, -1, 0.5, 500_000_001],
  ['reservePrice', 99, 100.5, 500_000_001],
  ['bidIncrement', 0, -5, 0.5, 500_000_001],
  ['maximumIncrement', 4, 0, 500_000_001],
  ['opensAt', -1, 0.5, 8_640_000_000_000_001],
  ['closesAt', at(0), at(-1), 8_640_000_000_000_001],
  ['excludedIds', [''], ['a', 'a'], Array.from({ length: 101 }, (_, n) => `id-${n}`)],
  ['minimumBidders', 0, 10, 1.5],
  ['visibility', 'closed'],
  ['reserveVisibility', 'shown'],
  ['softClose.mode', 'never'],
  ['softClose.windowMs', -1, 0.5, 86_400_001],
  ['softClose.extensionMs', -1, 0.5, 86_400_001],
  ['softClose.hardEndAt', at(119_999), 8_640_000_000_000_001],
  ['softClose.extensionsMax', -1, 1001],
  [
    'bidSecurity',
    { mode: 'fixed', amount: '-1' },
    { mode: 'fixed', amount: '1000000000000001' },
    { mode: 'per_tonne', amountPerTonne: '0.5' },
    { mode: 'per_tonne', amountPerTonne: '2000000000001' },
    { mode: 'percent_of_start', basisPoints: 10_001 },
    { mode: 'percent_of_start', basisPoints: -1 },
    { mode: 'none' },
  ],
];

const limits = { hardEndAt: at(200_000), extensionsMax: 1 };
const phase = { mode: 'phase', extensionMs: 1, ...limits };
const cooloff = { mode: 'cooloff', quietMs: 1, dailyStop: null, ...limits };
/** The auction is open from 22:13:20 to 22:15:20 UTC. */
const stop = { stopMinute: 1336, resumeMinute: 0, utcOffsetMinutes: 0 };
const stopped = (change: object) => ({ ...cooloff, dailyStop: { ...stop, ...change } });

describe('a soft close', () => {
  const check = (softClose: unknown) => validateTerms(withField('softClose', softClose));

  it('of every mode holds at its limits', () => {
    for (const softClose of [
      { mode: 'none' },
      phase,
      { ...phase, extensionMs: 86_400_000, extensionsMax: 1_000 },
      cooloff,
      { ...cooloff, quietMs: 86_400_000, hardEndAt: at(120_000) },
      stopped({}),
      stopped({ resumeMinute: null }),
      stopped({ stopMinute: 496, utcOffsetMinutes: -840 }),
      stopped({ stopMinute: 736, utcOffsetMinutes: 840 }),
    ])
      expect([softClose, check(softClose)]).toEqual([softClose, null]);
  });

  it.each([
    ['softClose.extensionMs', { ...phase, extensionMs: 0 }],
    ['softClose.extensionMs', { ...phase, extensionMs: 86_400_001 }],
    ['softClose.hardEndAt', { ...phase, hardEndAt: at(119_999) }],
    ['softClose.extensionsMax', { ...phase, extensionsMax: 1_001 }],
    ['softClose.quietMs', { ...cooloff, quietMs: 0 }],
    ['softClose.quietMs', { ...cooloff, quietMs: 86_400_001 }],
    ['softClose.hardEndAt', { ...cooloff, hardEndAt: at(119_999) }],
    ['softClose.dailyStop', stopped({ stopMinute: -1 })],
    ['softClose.dailyStop', stopped({ stopMinute: 1440 })],
    ['softClose.dailyStop', stopped({ resumeMinute: 1440 })],
    ['softClose.dailyStop', stopped({ resumeMinute: 1336 })],
    ['softClose.dailyStop', stopped({ utcOffsetMinutes: 841 })],
    ['softClose.dailyStop', stopped({ utcOffsetMinutes: -841 })],
    ['opensAt', stopped({ stopMinute: 1333, resumeMinute: 1334 })],
    ['closesAt', stopped({ stopMinute: 1335, resumeMinute: 1336 })],
    ['closesAt', stopped({ stopMinute: 1335, resumeMinute: null })],
  ])('names %s when it is out of its limits', (field, softClose) => {
    expect(check(softClose)).toBe(field);
  });
});

describe('terms', () => {
  it('that hold are valid, at their limits too', () => {
    expect(validateTerms(terms())).toBeNull();
    const limits: readonly [string, unknown][] = [
      ['minimumBidQuantity', 10],
      ['reservePrice', 100],
      ['maximumIncrement', 5],
      ['closesAt', at(1)],
      ['softClose.hardEndAt', at(120_000)],
      ['softClose.extensionsMax', 0],
      ['excludedIds', Array.from({ length: 100 }, (_, n) => `id-${n}`)],
      ['minimumBidders', 9],
      ['visibility', 'rank_only'],
      ['reserveVisibility', 'open'],
      ['bidSecurity', { mode: 'percent_of_start', basisPoints: 10_000 }],
      ['bidSecurity', { mode: 'per_tonne', amountPerTonne: '2000000000000' }],
    ];
    for (const [field, value] of limits)
      expect([field, validateTerms(withField(field, value))]).toEqual([field, null]);
  });

  it.each(WRONG)('name %s when it is out of its limits', (field, ...values) => {
    for (const value of values)
      expect([value, validateTerms(withField(field, value))]).toEqual([value, field]);
  });

  it('whose whole value the ledger could not book are refused at the price', () => {
    const huge = { ...terms(), tickSize: '1000000000', lotSize: '1000000000' };
    expect(validateTerms(huge)).toBe('startingPrice');
    const reserve = {
      ...terms(),
      tickSize: '1000000000',
      startingPrice: 1,
      reservePrice: 2001,
    } as AuctionTerms;
    expect(validateTerms(reserve)).toBe('reservePrice');
    expect(validateTerms({ ...reserve, reservePrice: 2000 } as AuctionTerms)).toBeNull();
  });
});
