/** A falling price: many lots to whoever accepts it; or one lot, with offers above the accepted price. */
import type { Fields } from '../chain.ts';
import { total } from '../share.ts';
import { BARRED, type Format, type Rule, type Trial, bidOf, set } from '../trial.ts';

/** The price of a step on the way down, from 0. */
export function stepPrice(terms: Fields, step: number): number {
  const { format, startingPrice, floorPrice, priceDecrement, stepBasisPoints, floorBasisPoints } = terms;
  if (format === 'dutch') return Math.max(floorPrice, startingPrice - step * priceDecrement);
  const share = Math.max(floorBasisPoints, 10_000 - step * stepBasisPoints);
  return Math.floor((2 * startingPrice * share + 10_000) / 20_000);
}

const lowered: readonly Rule[] = [
  [
    'step_wrong',
    'the price falls step by step',
    ({ terms, step }, event) => event.step === step + 1 && event.price === stepPrice(terms, event.step),
  ],
];
const accepted: readonly Rule[] = [
  BARRED,
  [
    'step_wrong',
    'a step is taken at its own price, while it lasts',
    ({ terms, step, phase }, event) =>
      event.step === step && event.price === stepPrice(terms, step) && (phase === '' || phase === 'dutch'),
  ],
  [
    'sale_wrong',
    'a sale is what was wanted or what was left',
    ({ terms, bids }, { quantity, minimumAcceptable: least, allocated, remaining }) => {
      const left = terms.quantity - total(bids.values());
      const isSale = allocated === Math.min(quantity, left) && remaining === left - allocated;
      return isSale && quantity >= terms.minimumBidQuantity && allocated > 0 && allocated >= least;
    },
  ],
];
const saleOf = (trial: Trial, event: Fields) => ({
  ...bidOf(trial, event),
  quantity: event.allocated,
  least: 0,
});

export const dutch: Format = {
  events: {
    price_lowered: set((_, { step }) => ({ step })),
    // Each sale stands for itself: a bidder may buy again.
    price_accepted: (trial, event) => void trial.bids.set(`line ${trial.seq}`, saleOf(trial, event)),
  },
  rules: { price_lowered: lowered, price_accepted: accepted },
  turnsAt({ terms, end, step, bids }) {
    const after = terms.closesAt - terms.opensAt - (step + 1) * terms.stepMs;
    return after > 0 && total(bids.values()) < terms.quantity ? end - after : Infinity;
  },
  endsEarly: ({ at }, event) => (event.type === 'price_accepted' && event.remaining === 0 ? at : null),
};

const stepCount = ({ floorBasisPoints, stepBasisPoints }: Fields): number =>
  Math.ceil((10_000 - floorBasisPoints) / stepBasisPoints) + 1;

/** What follows each phase that ends by time. */
const NEXT: Readonly<Record<string, (trial: Trial) => string>> = {
  opening_pause: () => 'dutch',
  dutch: () => 'ended',
  sealed_pause: () => 'sealed',
  sealed: ({ bids }) => (bids.size > 1 ? 'best_bid_pause' : 'ended'),
  best_bid_pause: () => 'best_bid',
};

/** From the end of each phase to the close. */
function leftMs({ terms, step }: Pick<Trial, 'terms' | 'step'>): Readonly<Record<string, number>> {
  const { bestBidMs, bestBidPauseMs, sealedMs, sealedPauseMs, stepMs } = terms;
  const sealed = bestBidPauseMs + bestBidMs;
  const sealed_pause = sealedMs + sealed;
  const [taken, steps] = [sealedPauseMs + sealed_pause, stepCount(terms)];
  const dutch = taken + (steps - 1 - step) * stepMs;
  return {
    opening_pause: taken + steps * stepMs,
    dutch,
    taken,
    sealed_pause,
    sealed,
    best_bid_pause: bestBidMs,
  };
}

export const hybrid: Format = {
  events: {
    price_lowered: dutch.events['price_lowered']!,
    price_accepted(trial, event) {
      const taker = saleOf(trial, event);
      trial.bids.set(taker.who, taker);
      Object.assign(trial, { taker, phase: 'sealed_pause' });
    },
    hybrid_phase_started: set((_, { phase }) => ({ phase })),
    offer_taken({ bids, taker, terms, seq }, event) {
      const { accountId: who, price } = event;
      if (price !== null) bids.set(who, bidOf({ seq }, { ...event, quantity: terms.quantity }));
      else if (taker && taker.who === who) bids.set(who, taker);
      else bids.delete(who);
    },
  },
  rules: {
    price_lowered: lowered,
    price_accepted: accepted,
    hybrid_phase_started: [
      [
        'phase_wrong',
        'each phase follows the one before',
        (trial, { phase }) =>
          phase === NEXT[trial.phase]?.(trial) &&
          (trial.phase !== 'dutch' || trial.step + 1 === stepCount(trial.terms)),
      ],
    ],
    offer_taken: [
      BARRED,
      [
        'phase_wrong',
        'under seal all others offer, then the taker alone',
        ({ phase, taker }, { accountId }) => phase === (accountId === taker?.who ? 'best_bid' : 'sealed'),
      ],
      [
        'bid_low',
        'an offer goes above the accepted price',
        ({ phase, taker, terms }, { price }) =>
          price === null ||
          price >= (taker?.price ?? Infinity) + (phase === 'best_bid' ? terms.bestBidIncrement : 1),
      ],
    ],
  },
  turnsAt: (trial) => trial.end - (leftMs(trial)[trial.phase] ?? -Infinity),
  endsEarly(trial, event, deadline) {
    if (event.type === 'price_accepted') return trial.at + leftMs(trial)['taken']!;
    return event.phase === 'ended' ? deadline : null;
  },
};
