import type { AuctionAwards } from '@seam/protocol';
import type { Tone } from '#lib/ui/tone.ts';

/** Colours of the states of an award; the word beside says it. */
export const stateTone: Record<AuctionAwards['awards'][number]['state'], Tone> = {
  provisional: 'warn',
  pending: 'info',
  confirmed: 'brand',
  concluded: 'good',
  declined: 'bad',
  lapsed: 'bad',
  released: 'neutral',
};
