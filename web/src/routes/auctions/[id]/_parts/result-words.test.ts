import type { AuctionView, LiveRoom } from '@seam/protocol';
import { describe, expect, test } from 'vitest';
import { auctionResult } from '#lib/i18n/auctions-result.ts';
import { translator } from '#lib/i18n/dictionary.ts';
import { howItWasWon, unsoldReason } from './result-words.ts';

const e = translator(auctionResult, () => 'en');
const words = { price: (value: string): string => value };
const award = (bidder: string, price: string) => ({ bidder, price, quantity: '100.000', mine: false });
type Terms = AuctionView['formatTerms'];

function how(
  terms: Partial<Terms>,
  awards: ReturnType<typeof award>[],
  room: LiveRoom | null = null,
): string {
  return howItWasWon({ view: { formatTerms: terms as Terms, direction: 'sell' }, room, awards }, words, e);
}

const hybrid = (taker: string | null): LiveRoom => ({
  format: 'dutch_hybrid',
  phase: 'ended',
  step: 3,
  price: '760.00',
  nextPrice: null,
  endsAt: '',
  dutchWinner: taker === null ? null : { bidder: taker, price: '760.00', mine: false },
  sealed: [],
});
const clock = (price: string): LiveRoom => ({
  format: 'clock',
  round: 3,
  price,
  nextPrice: null,
  endsAt: '',
  demand: null,
  stopped: true,
});

describe('the words say which rule gave the award', () => {
  test('a hybrid is won by the taker, by a sealed offer, or by the last word', () => {
    const terms = { format: 'dutch_hybrid' } as const;
    expect(how(terms, [award('A', '760.00')], hybrid('A'))).toContain('nobody went above it');
    expect(how(terms, [award('B', '790.00')], hybrid('A'))).toContain('a sealed offer of 790.00');
    expect(how(terms, [award('A', '791.00')], hybrid('A'))).toContain('with the last word of 791.00');
  });

  test('a clock that fell back to the round before says why', () => {
    const terms = { format: 'clock' } as const;
    expect(how(terms, [award('A', '620.00')], clock('630.00'))).toContain('so the price before it holds');
    expect(how(terms, [award('A', '630.00')], clock('630.00'))).not.toContain('so the price before it holds');
  });

  test('one price for all is named, each its own is not', () => {
    expect(how({ format: 'dutch', pricing: 'uniform_last' }, [award('A', '700.00')])).toContain(
      'All pay 700.00',
    );
    expect(how({ format: 'sealed_bid', pricing: 'pay_as_bid' }, [award('A', '700.00')])).toContain(
      'its own price',
    );
    const english = { format: 'english', pricing: 'pay_as_bid', proxy: 'threshold' } as const;
    expect(how(english, [award('A', '700.00')])).toContain('only what it took to win');
    const energy = { mode: 'energy' } as Extract<Terms, { format: 'reverse_open' }>['scoring'];
    expect(how({ format: 'reverse_open', scoring: energy }, [award('A', '700.00')])).toContain(
      'cheapest heat',
    );
  });
});

test('a code becomes a clause, what a person wrote stays', () => {
  expect(unsoldReason('not_opened', e)).toBe('no sealed bid was opened');
  expect(unsoldReason('flooded pit', e)).toBe('flooded pit');
  expect(unsoldReason(null, e)).toBe('');
});
