import { type AuctionTerms, PLAIN_ENGLISH, validateTerms } from '@seam/engine';
import { type AuctionPreset, PRESETS, type SoftCloseTerms } from '@seam/protocol';
import { instant, lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { softCloseOf, softCloseText } from './soft-close.ts';

/** Noon in Kyiv. */
const OPENS = Date.parse('2026-11-23T12:00:00+02:00');

function terms(softClose: SoftCloseTerms, seconds: number): AuctionTerms {
  const closesAt = OPENS + seconds * 1000;
  return {
    auctionId: 'a',
    format: 'english',
    pricing: 'pay_as_bid',
    ...PLAIN_ENGLISH,
    ownerId: 'seller',
    currency: 'CNY',
    tickSize: '100',
    lotSize: '50000',
    quantity: lots(10),
    minimumBidQuantity: lots(1),
    startingPrice: ticks(100),
    reservePrice: null,
    bidIncrement: ticks(1),
    maximumIncrement: null,
    opensAt: instant(OPENS),
    closesAt: instant(closesAt),
    softClose: softCloseOf(softClose, closesAt),
    bidSecurity: { mode: 'fixed', amount: '0' },
    rulesVersion: 1,
  };
}

describe('a soft close', () => {
  it.each(Object.entries(PRESETS))(
    'as %s has it is one the engine takes, and is shown as it was written',
    (_name, preset: AuctionPreset) => {
      const made = terms(preset.softClose, preset.durationSeconds ?? 3_600);
      expect(validateTerms(made)).toBeNull();
      expect(softCloseText(made)).toEqual(preset.softClose);
    },
  );

  it('without a mode is a window', () => {
    const given = { windowSeconds: 1, extensionSeconds: 2, extensionsMax: 3, hardEndAfterSeconds: 4 };
    const made = terms(given, 60);
    expect(made.softClose).toEqual({
      mode: 'window',
      windowMs: 1_000,
      extensionMs: 2_000,
      extensionsMax: 3,
      hardEndAt: OPENS + 64_000,
    });
    expect(softCloseText(made)).toEqual({ mode: 'window', ...given });
  });

  it('stops by local time, east and west of UTC', () => {
    const at = (stop: string, resume: string, utcOffset: string) => {
      const dailyStop = { stop, resume, utcOffset };
      const given = {
        mode: 'cooloff',
        quietSeconds: 60,
        dailyStop,
        extensionsMax: 1,
        hardEndAfterSeconds: 0,
      } as const;
      const made = terms(given, 60);
      expect(softCloseText(made)).toEqual(given);
      return made.softClose.mode === 'cooloff' && made.softClose.dailyStop;
    };
    expect(at('19:30', '09:30', '+05:30')).toEqual({
      stopMinute: 1170,
      resumeMinute: 570,
      utcOffsetMinutes: 330,
    });
    expect(at('00:00', '23:59', '-03:30')).toEqual({
      stopMinute: 0,
      resumeMinute: 1439,
      utcOffsetMinutes: -210,
    });
  });
});
