/** The ways to find a price, in the order in which they are offered, and their names in the dictionary. */
import type { AuctionSummary } from '@seam/protocol';

export type Format = AuctionSummary['format'];

export const FORMATS = {
  english: { name: 'english', when: 'englishWhen', side: 'sell' },
  clock: { name: 'clock', when: 'clockWhen', side: 'sell' },
  dutch: { name: 'dutch', when: 'dutchWhen', side: 'sell' },
  dutch_hybrid: { name: 'dutchHybrid', when: 'dutchHybridWhen', side: 'sell' },
  sealed_bid: { name: 'sealedBid', when: 'sealedBidWhen', side: 'both' },
  reverse_rounds: { name: 'reverseRounds', when: 'reverseRoundsWhen', side: 'buy' },
  reverse_open: { name: 'reverseOpen', when: 'reverseOpenWhen', side: 'buy' },
} as const satisfies Record<Format, { name: string; when: string; side: 'sell' | 'buy' | 'both' }>;

const ALL = Object.keys(FORMATS) as Format[];

/** The formats that whoever sells a lot, or buys what it has asked for, may choose. */
export function formatsFor(side: 'sell' | 'buy'): readonly Format[] {
  return ALL.filter((format) => FORMATS[format].side === side || FORMATS[format].side === 'both');
}

export function isFormat(word: string | null): word is Format {
  return word !== null && Object.hasOwn(FORMATS, word);
}
