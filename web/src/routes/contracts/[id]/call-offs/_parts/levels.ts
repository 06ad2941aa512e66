/** How well a period is fulfilled: a word, a sign and a colour that say the same. */
import type { FulfilmentLevel } from '@seam/protocol';
import type { Tone } from '#lib/ui/tone.ts';

export const levelTone: Record<FulfilmentLevel, Tone> = {
  met: 'good',
  short: 'bad',
  behind: 'warn',
  on_track: 'info',
  ahead: 'neutral',
  none: 'neutral',
};

/** Told apart without colour. */
export const levelSign: Record<FulfilmentLevel, string> = {
  met: '✓',
  short: '✕',
  behind: '!',
  on_track: '→',
  ahead: '·',
  none: '–',
};

const MONTHS_SHOWN = 12;

/** Twelve months around today: the contract's own where it has no more. */
export function rolling<Row extends { period: string }>(months: readonly Row[], today: string): Row[] {
  if (months.length <= MONTHS_SHOWN) return [...months];
  const now = months.findIndex(({ period }) => period >= today.slice(0, 7));
  const running = now < 0 ? months.length - 1 : now;
  const from = Math.min(Math.max(running - 5, 0), months.length - MONTHS_SHOWN);
  return months.slice(from, from + MONTHS_SHOWN);
}
