/** Why the award is what it is, in one or two sentences for each format. */
import type { AuctionView, LiveRoom } from '@seam/protocol';
import type { auctionResult } from '#lib/i18n/auctions-result.ts';
import type { Translate } from '#lib/i18n/dictionary.ts';
import type { AwardLine } from '#lib/live/shown.ts';

type Texts = Translate<(typeof auctionResult)['en']>;
type Ended = {
  readonly view: Pick<AuctionView, 'formatTerms' | 'direction'>;
  readonly room: LiveRoom | null;
  readonly awards: readonly AwardLine[];
};

export function howItWasWon(
  { view, room, awards }: Ended,
  words: { price(value: string): string },
  e: Texts,
): string {
  const { formatTerms: terms } = view;
  const n = awards.length;
  const one = awards[0] === undefined ? '—' : words.price(awards[0].price);
  switch (terms.format) {
    case 'english':
      return terms.proxy === 'threshold'
        ? e('how_english_threshold', { n })
        : e(`how_english_${terms.pricing}`, { n });
    case 'clock':
      return clock(room, awards[0], e('how_clock', { n, price: one }), e);
    case 'dutch':
      return terms.pricing === 'uniform_last'
        ? e('how_dutch_uniform_last', { n, price: one })
        : e('how_dutch_pay_as_accepted', { n });
    case 'dutch_hybrid':
      return hybrid(room?.format === 'dutch_hybrid' ? room.dutchWinner : null, awards[0], { words, e, one });
    case 'sealed_bid':
      return terms.pricing === 'uniform'
        ? e('how_sealed_uniform', { n, price: one })
        : e('how_sealed_pay_as_bid', { n });
    default:
      return terms.scoring.mode === 'price' ? e('how_reverse', { n }) : e('how_reverse_score', { n });
  }
}

/** Where the last round wanted too little, the price before it may bring more. */
function clock(room: LiveRoom | null, award: AwardLine | undefined, how: string, e: Texts): string {
  const last = room?.format === 'clock' ? room.price : undefined;
  return last === undefined || award === undefined || award.price === last ? how : `${how} ${e('clockCut')}`;
}

type Taken = Extract<LiveRoom, { format: 'dutch_hybrid' }>['dutchWinner'];

function hybrid(
  taken: Taken,
  award: AwardLine | undefined,
  { words, e, one }: { words: { price(value: string): string }; e: Texts; one: string },
): string {
  // Without a live line nobody has told who took the price.
  if (taken === null || award === undefined) return e('how_dutch_hybrid_taken', { taken: one });
  const at = words.price(taken.price);
  if (award.bidder !== taken.bidder) return e('how_dutch_hybrid_sealed', { taken: at, price: one });
  return award.price === taken.price
    ? e('how_dutch_hybrid_taken', { taken: at })
    : e('how_dutch_hybrid_last', { taken: at, price: one });
}

const REASONS = ['no_bid', 'reserve_not_met', 'too_few_bidders', 'not_opened', 'no_valid_bid'] as const;

/** The market's code as a clause; what a person wrote stays as it is. */
export function unsoldReason(code: string | null, e: Texts): string {
  const known = REASONS.find((reason) => reason === code);
  return known === undefined ? (code ?? '') : e(`reason_${known}`);
}
