/** The ascending auction: bids as they are said, hidden maxima, standing instructions. */
import { incrementAt, served } from '../award.ts';
import type { Fields } from '../chain.ts';
import type { Fraction } from '../share.ts';
import { BARRED, type Format, type Rule, type Trial, bidOf, put, within } from '../trial.ts';

const bidRules: readonly Rule[] = [
  BARRED,
  ['bid_low', 'a bid beats the margin, and its own price, by the increment', isHighEnough],
  [
    'bid_high',
    'no bid is further above the margin than the terms allow',
    (trial, { price, maximum }) => (maximum ?? price) <= mostOf(trial),
  ],
  ['bid_quantity', 'a quantity is within the terms, and never falls', isQuantity],
  [
    'bid_falls',
    'a revision insists on no more',
    ({ bids }, { accountId, quantity, minimumAcceptable }) =>
      within(minimumAcceptable, 0, Math.min(quantity, bids.get(accountId)?.least ?? quantity)),
  ],
];

export const english: Format = {
  events: {
    bid_accepted(trial, event) {
      const { accountId: who, price } = event;
      put(trial, event);
      if (price >= (trial.instructions.get(who)?.limit ?? Infinity)) trial.instructions.delete(who);
    },
    maximum_accepted(trial, event) {
      const { accountId: who, maximum: price, quantity } = event;
      const own = trial.bids.get(who);
      const since = [...(own?.quantity === quantity ? own!.since : []), { price, seq: trial.seq }];
      trial.bids.set(who, { ...bidOf(trial, event), since });
    },
    auto_bid_set({ instructions, seq }, { accountId, limit, step }) {
      instructions.set(accountId, { limit, step, seq });
    },
    bids_raised({ bids, instructions }, { raises }) {
      for (const { accountId: who, price } of raises) {
        const [own, instruction] = [bids.get(who), instructions.get(who)];
        if (!own || !instruction) continue;
        bids.set(who, { ...own, price, seq: Math.max(own.seq, instruction.seq) });
        if (price >= instruction.limit) instructions.delete(who);
      }
    },
  },
  rules: {
    bid_accepted: bidRules,
    maximum_accepted: bidRules,
    auto_bid_set: [BARRED],
    bids_raised: [
      [
        'raise_wrong',
        'a bid is raised by its own instruction alone, and never beyond it',
        ({ bids, instructions }, { raises }) =>
          raises.every(
            ({ accountId: who, price }: Fields) =>
              price > (bids.get(who)?.price ?? Infinity) && price <= (instructions.get(who)?.limit ?? -1),
          ),
      ],
    ],
  },
};

export const priceOf = (margin: Fraction | null): number | null => margin && -Number(margin[0]);

/** Lowest price a new bidder may name: shares at the margin may be joined, places in time must be beaten. */
export function floorOf({ terms, standing }: Trial): number {
  const margin = priceOf(standing.margin);
  if (margin === null) return terms.startingPrice;
  return margin + (terms.margin === 'pro_rata' ? 0 : incrementAt(terms, margin));
}

const mostOf = ({ terms, standing }: Trial): number =>
  (priceOf(standing.margin) ?? terms.startingPrice) + (terms.maximumIncrement ?? Infinity);

function isHighEnough(trial: Trial, { accountId, price: said, maximum, quantity }: Fields): boolean {
  const [{ terms }, price, own] = [trial, maximum ?? said, trial.bids.get(accountId)];
  if (!own) return price >= floorOf(trial);
  if (price === own.price) return quantity > own.quantity && price >= floorOf(trial);
  const raise = terms.proxy === 'threshold' ? 1 : incrementAt(terms, own.price);
  return price >= Math.max(floorOf(trial), own.price + raise);
}

function isQuantity({ terms, bids }: Trial, { accountId, quantity }: Fields): boolean {
  const least = bids.get(accountId)?.quantity ?? terms.minimumBidQuantity;
  return within(quantity, least, Math.min(terms.quantity, terms.quantityPerBidderMaximum ?? terms.quantity));
}

/** An instruction whose bid is not served in full goes above the rival in its way while its limit allows. */
export function couldAnswer(trial: Trial, who: string): boolean {
  const { terms, bids, standing, instructions, barred } = trial;
  const own = bids.get(who);
  // A cap depends on other lots' records; and who once stood behind the guard against typing errors is silent.
  if (terms.catalogue?.cap !== undefined || terms.maximumIncrement !== null) return false;
  if (!own || barred.has(who) || standing.won.get(who) === own.quantity) return false;
  let [rest, inTheWay] = [terms.quantity as number, 0];
  for (const rival of served(trial, bids.values()).filter((bid) => bid.who !== who)) {
    const taken = Math.min(rival.quantity, rest);
    rest -= taken < rival.least ? 0 : taken;
    inTheWay = rival.price;
    if (rest < own.quantity) break;
  }
  const { limit, step } = instructions.get(who)!;
  const enough = Math.max(inTheWay + 1, floorOf(trial), own.price + incrementAt(terms, own.price));
  const price = Math.min(limit, own.price + Math.ceil((enough - own.price) / step) * step);
  return price >= enough;
}
