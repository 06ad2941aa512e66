/**
 * How auctions are timed elsewhere, as forms may offer it. Where a rule book names no hard end or no cap, the
 * exchange's own stand in: none is endless here. `gapSeconds` is the rest before the next lot of a session.
 */
import type { SoftCloseTerms } from './auction-terms.ts';

export type AuctionPreset = {
  /** Whose rules these are. */
  readonly source: string;
  /** From the opening to the planned close; null: the rule book leaves it open. */
  readonly durationSeconds: number | null;
  readonly softClose: SoftCloseTerms;
  readonly gapSeconds: number;
  readonly direction: 'sell' | 'buy';
  readonly bidIncrement?: string;
  readonly maximumIncrement?: string;
};

const DAY_SECONDS = 86_400;
const uncapped = { extensionsMax: 1_000, hardEndAfterSeconds: DAY_SECONDS } as const;

export const PRESETS = {
  ctctc: {
    source: 'China (Taiyuan) Coal Transaction Center',
    durationSeconds: 3_600,
    softClose: { mode: 'phase', extensionSeconds: 120, ...uncapped },
    gapSeconds: 0,
    direction: 'sell',
    bidIncrement: '1.00',
    maximumIncrement: '10.00',
  },
  inner_mongolia: {
    source: 'Inner Mongolia coal trading, free bidding with a session end',
    durationSeconds: 900,
    softClose: {
      mode: 'window',
      windowSeconds: 120,
      extensionSeconds: 120,
      extensionsMax: 1_000,
      hardEndAfterSeconds: 900,
    },
    gapSeconds: 0,
    direction: 'sell',
  },
  shaanxi: {
    source: 'Shaanxi, Hejiata mine',
    durationSeconds: 120,
    softClose: { mode: 'window', windowSeconds: 30, extensionSeconds: 30, ...uncapped },
    gapSeconds: 60,
    direction: 'sell',
  },
  yulin: {
    source: 'Yulin coal market, short lots one after another',
    durationSeconds: 180,
    softClose: { mode: 'none' },
    gapSeconds: 60,
    direction: 'sell',
  },
  ireps_close_ended: {
    source: 'Indian Railways e-Procurement System, close-ended',
    durationSeconds: 1_800,
    softClose: {
      mode: 'window',
      windowSeconds: 60,
      extensionSeconds: 300,
      extensionsMax: 5,
      hardEndAfterSeconds: DAY_SECONDS,
    },
    gapSeconds: 0,
    direction: 'buy',
  },
  nlc_reverse: {
    source: 'NLC India, reverse auction',
    durationSeconds: 3_600,
    softClose: { mode: 'window', windowSeconds: 600, extensionSeconds: 600, ...uncapped },
    gapSeconds: 0,
    direction: 'buy',
  },
  georgia: {
    source: 'Georgian electronic tenders',
    durationSeconds: 900,
    softClose: { mode: 'window', windowSeconds: 120, extensionSeconds: 120, ...uncapped },
    gapSeconds: 0,
    direction: 'buy',
  },
  ready_set_auction: {
    source: 'ReadySetAuction, soft close of at most an hour',
    durationSeconds: null,
    softClose: {
      mode: 'window',
      windowSeconds: 300,
      extensionSeconds: 300,
      extensionsMax: 1_000,
      hardEndAfterSeconds: 3_600,
    },
    gapSeconds: 0,
    direction: 'sell',
  },
  texas: {
    source: 'Prozorro, Texas auction',
    durationSeconds: 180,
    softClose: {
      mode: 'cooloff',
      quietSeconds: 180,
      dailyStop: { stop: '17:00', utcOffset: '+02:00' },
      ...uncapped,
    },
    gapSeconds: 10,
    direction: 'sell',
  },
} as const satisfies Record<string, AuctionPreset>;

export type PresetName = keyof typeof PRESETS;
