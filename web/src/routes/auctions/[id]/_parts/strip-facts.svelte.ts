/** What stands on top of a room, by format: what one waits for, and the few numbers that matter. */
import type { AuctionRoom } from '#lib/live/room.svelte.ts';
import type { LiveRoom } from '@seam/protocol';
import { auctionRoom } from '#lib/i18n/auctions-room.ts';
import { auctionResult } from '#lib/i18n/auctions-result.ts';
import { auctions } from '#lib/i18n/auctions.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';
import { useWords } from './words.svelte.ts';

/** `last`: with it the auction ends. */
export type Deadline = { readonly label: string; readonly at: string; readonly last: boolean };
export type Fact = {
  readonly term: string;
  readonly value: string;
  readonly note?: string;
  readonly faint?: boolean;
};

export function useStrip(room: AuctionRoom): {
  readonly deadline: Deadline;
  readonly facts: readonly Fact[];
} {
  const t = useMessages(auctions);
  const r = useMessages(auctionRoom);
  const e = useMessages(auctionResult);
  const words = useWords(() => room.view.currency);

  const deadline: Deadline = $derived(deadlineOf(room.shown.room));
  const facts: readonly Fact[] = $derived(factsOf(room.shown.room));

  function deadlineOf(live: LiveRoom | null): Deadline {
    const closing = { label: t('timeLeft'), at: room.shown.closesAt, last: true };
    const then = (label: string, at: string): Deadline => ({
      label,
      at,
      last: Date.parse(at) >= Date.parse(room.shown.closesAt),
    });
    if (live === null) return closing;
    switch (live.format) {
      case 'clock':
        return then(r('roundEnds', { n: live.round }), live.endsAt);
      case 'dutch':
        return live.endsAt === null
          ? { ...closing, label: r('lastPrice') }
          : then(r('priceFallsIn'), live.endsAt);
      case 'dutch_hybrid':
        return then(r(HYBRID[live.phase]), live.endsAt);
      case 'sealed_bid':
        return then(r(live.phase === 'submission' ? 'submissionEnds' : 'openingEnds'), live.endsAt);
      case 'reverse_rounds':
        return then(r(roundsLabel(live)), live.endsAt);
      default:
        return closing;
    }
  }

  function factsOf(live: LiveRoom | null): readonly Fact[] {
    const { shown, view } = room;
    // Of bids that are secret still, a count of nothing says nothing.
    const counts = shown.bidCount > 0 || OPEN.has(view.format);
    const quantity: Fact = {
      term: t('quantity'),
      value: words.tonnes(view.quantity),
      ...(counts ? { note: t('bidsBidders', { bids: shown.bidCount, bidders: shown.bidderCount }) } : {}),
    };
    switch (view.format) {
      case 'english':
        return [...english(), quantity];
      case 'clock':
        return [
          ...clock(live?.format === 'clock' ? live : null),
          { ...quantity, term: r('offeredQuantity') },
        ];
      case 'dutch':
        return [
          ...dutch(live?.format === 'dutch' ? live : null),
          { term: t('quantity'), value: quantity.value },
        ];
      case 'dutch_hybrid':
        return [...hybrid(live?.format === 'dutch_hybrid' ? live : null), quantity];
      case 'sealed_bid':
        return [...sealed(live?.format === 'sealed_bid' ? live : null), quantity];
      default:
        return [...reverse(), { ...quantity, term: r('needed') }];
    }
  }

  function english(): Fact[] {
    const { shown, view } = room;
    const [best, marginal] = [shown.bestPrice, shown.marginalPrice];
    return [
      best === null ? faint(t('best'), t('noBids')) : { term: t('best'), value: words.price(best) },
      marginal === null
        ? faint(t('marginal'), t('notFull'))
        : { term: t('marginal'), value: words.price(marginal) },
      room.ended
        ? { term: t('startingPrice'), value: words.price(view.startingPrice) }
        : { term: t('next'), value: words.price(shown.nextPrice) },
    ];
  }

  function clock(live: Extract<LiveRoom, { format: 'clock' }> | null): Fact[] {
    if (live === null || room.ended) return [...paid(), starting()];
    const shows = room.view.formatTerms.format === 'clock' && room.view.formatTerms.demandVisible;
    return [
      { term: r('priceOfRound', { n: live.round }), value: words.price(live.price) },
      nextPrice(live.nextPrice),
      live.demand === null
        ? faint(r('demandBefore'), live.round === 1 ? r('demandFirst') : shows ? '—' : r('demandHidden'))
        : { term: r('demandBefore'), value: words.tonnes(live.demand) },
    ];
  }

  function dutch(live: Extract<LiveRoom, { format: 'dutch' }> | null): Fact[] {
    if (live === null || room.ended) return [...paid(), starting()];
    return [
      { term: r('priceNow'), value: words.price(live.price) },
      nextPrice(live.nextPrice),
      { term: r('stillThere'), value: words.tonnes(live.remaining) },
    ];
  }

  function hybrid(live: Extract<LiveRoom, { format: 'dutch_hybrid' }> | null): Fact[] {
    if (live === null || room.ended) return [...paid(), starting()];
    const winner = live.dutchWinner;
    if (winner === null) {
      return [{ term: r('priceNow'), value: words.price(live.price) }, nextPrice(live.nextPrice)];
    }
    return [
      { term: r('takenAt'), value: words.price(winner.price), note: words.bidder(winner.bidder) },
      live.sealed === null
        ? faint(r('phaseSealed'), r('sealedSecret'))
        : { term: r('phaseSealed'), value: String(live.sealed.length) },
    ];
  }

  function sealed(live: Extract<LiveRoom, { format: 'sealed_bid' }> | null): Fact[] {
    if (live === null || room.ended) return [...paid(), starting()];
    return [
      starting(),
      live.sealedCount === null
        ? faint(r('sealedCount'), r('sealedSecret'))
        : { term: r('sealedCount'), value: String(live.sealedCount) },
      { term: r('openedCount'), value: String(live.opened.length) },
    ];
  }

  function reverse(): Fact[] {
    const { shown } = room;
    const best = shown.standing[0]?.price ?? null;
    return [
      best === null
        ? faint(r('bestOffer'), r('noOffer'))
        : { term: r('bestOffer'), value: words.price(best) },
      starting(),
    ];
  }

  /** Of an ended auction: what was paid, or from what to what. */
  function paid(): Fact[] {
    const prices = (room.shown.awards ?? []).map(({ price }) => price).sort((a, b) => Number(a) - Number(b));
    const [least, most] = [prices[0], prices.at(-1)];
    if (least === undefined || most === undefined) return [];
    const value = least === most ? words.price(least) : `${words.amount(least)} – ${words.price(most)}`;
    return [{ term: e('pricePaid'), value }];
  }

  function starting(): Fact {
    const { direction, startingPrice } = room.view;
    return {
      term: direction === 'buy' ? r('highestPrice') : t('startingPrice'),
      value: words.price(startingPrice),
    };
  }

  const nextPrice = (price: string | null): Fact =>
    price === null
      ? faint(r('priceNext'), r('noNextPrice'))
      : { term: r('priceNext'), value: words.price(price) };

  return {
    get deadline() {
      return deadline;
    },
    get facts() {
      return facts;
    },
  };
}

const faint = (term: string, value: string): Fact => ({ term, value, faint: true });

/** Every bid is seen when it is made. */
const OPEN: ReadonlySet<string> = new Set(['english', 'dutch', 'reverse_open']);

const HYBRID = {
  opening_pause: 'beginsIn',
  dutch: 'priceFallsIn',
  sealed_pause: 'beginsIn',
  sealed: 'sealsFor',
  best_bid_pause: 'lastWordIn',
  best_bid: 'lastWordFor',
  ended: 'resultIn',
} as const;

function roundsLabel({
  phase,
  turnOf,
}: Extract<LiveRoom, { format: 'reverse_rounds' }>): 'entryEnds' | 'resultIn' | 'pauseEnds' | 'turnEnds' {
  if (phase === 'entry') return 'entryEnds';
  if (phase === 'announcement') return 'resultIn';
  return turnOf === null ? 'pauseEnds' : 'turnEnds';
}
