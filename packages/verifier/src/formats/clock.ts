/** The ascending clock: the price rises round by round, bidders only keep or reduce. */
import { clockPrice } from '../award.ts';
import { total } from '../share.ts';
import { BARRED, type Format, put, set, within } from '../trial.ts';

export const clock: Format = {
  events: {
    quantity_stated(trial, event) {
      // Behind the others: the last statement of a round counts, from its own place in time.
      trial.bids.delete(event.accountId);
      put(trial, event);
    },
    clock_round_ended: set(({ bids, step }, { nextPrice }) => {
      if (nextPrice === null) return { phase: 'stopped' };
      const before = new Map([...bids].filter(([, { quantity }]) => quantity > 0));
      return { before, bids: new Map(), step: step + 1 };
    }),
  },
  rules: {
    quantity_stated: [
      BARRED,
      [
        'round_wrong',
        'a statement is for the running round at its price',
        ({ terms, step }, { round, price }) => round === step + 1 && price === clockPrice(terms, round),
      ],
      [
        'demand_rises',
        'on the clock demand only falls',
        ({ terms, step, before }, { accountId, quantity }) =>
          within(quantity, 0, step === 0 ? terms.quantity : (before.get(accountId)?.quantity ?? 0)) &&
          (quantity === 0 || quantity >= terms.minimumBidQuantity),
      ],
    ],
    clock_round_ended: [
      [
        'round_wrong',
        'the clock goes on while more is wanted than offered',
        ({ terms, step, bids }, { round, demand, nextPrice }) =>
          round === step + 1 &&
          demand === total(bids.values()) &&
          nextPrice === (demand > terms.quantity ? clockPrice(terms, round + 1) : null),
      ],
    ],
  },
  turnsAt({ terms, end, step, phase }) {
    if (phase === 'stopped' || step + 1 >= terms.roundsMax) return Infinity;
    return end - (terms.roundsMax - step - 1) * terms.roundMs;
  },
  endsEarly: (_, event, deadline) =>
    event.type === 'clock_round_ended' && event.nextPrice === null ? deadline : null,
};
