/** Procurement: offers scored by what a tonne costs the buyer, in open bidding or in rounds. */
import type { Fields } from '../chain.ts';
import { type Fraction, compare, score } from '../share.ts';
import { BARRED, type Format, type Rule, type Trial, bidOf, put, set, within } from '../trial.ts';

export const lowestOf = ({ floor }: Fields): number => (floor?.below === 'refuse' ? floor.price : 1);

export function isMerit({ scoring: rule }: Fields, merit: Fields): boolean {
  const isMoney = (text: unknown): boolean => typeof text === 'string' && /^(0|[1-9]\d{0,17})$/.test(text);
  if (rule.mode === 'price') return merit === null;
  if (merit?.mode !== rule.mode) return false;
  if (rule.mode === 'mixed')
    return (
      within(merit.coefficient, rule.coefficientMinimum, rule.coefficientMaximum) && isMoney(merit.addition)
    );
  const { calorificValue, freight, expectedPenalties } = merit;
  return (
    within(calorificValue, rule.calorificMinimum, 50_000) && isMoney(freight) && isMoney(expectedPenalties)
  );
}

/** The worst score that still improves on another by the step. */
function improved({ tickSize }: Fields, [n, d]: Fraction, by: Fields): Fraction {
  if (by.mode === 'basis_points') return [n * (10_000n - BigInt(by.basisPoints)), d * 10_000n];
  return [n - BigInt(by.amount) * BigInt(tickSize) * d, d];
}

/** `own`: the offer it revises; `targets`: the scores it has to come down to. */
function offerRules(
  own: (trial: Trial, event: Fields) => Fields,
  targets: (trial: Trial, own: Fields) => readonly (Fraction | null)[],
): readonly Rule[] {
  return [
    BARRED,
    [
      'above_start',
      'no offer is above the ceiling or under the floor',
      ({ terms }, { price }) => within(price, lowestOf(terms), terms.startingPrice),
    ],
    [
      'bid_quantity',
      'a quantity is within the terms, and never falls',
      (t, e) => within(e.quantity, own(t, e)?.quantity ?? t.terms.minimumBidQuantity, t.terms.quantity),
    ],
    [
      'bid_falls',
      'a revision insists on no more',
      (t, e) => within(e.minimumAcceptable, 0, Math.min(e.quantity, own(t, e)?.least ?? e.quantity)),
    ],
    [
      'merit_wrong',
      'an offer declares what the scoring rule asks',
      ({ terms }, { merit }) => isMerit(terms, merit),
    ],
    [
      'bid_falls',
      'an offer improves by the step',
      (t, e) => targets(t, own(t, e)).every((one) => one === null || compare(score(t.terms, e), one) <= 0),
    ],
  ];
}
const ownOffer = ({ bids }: Trial, { accountId }: Fields): Fields => bids.get(accountId);

export const open: Format = {
  events: { offer_accepted: put },
  rules: {
    offer_accepted: offerRules(ownOffer, ({ terms, standing }, own) =>
      [standing.margin, own ? score(terms, own) : null].map(
        (one) => one && improved(terms, one, terms.decrement),
      ),
    ),
  },
};

/** Whose turn it is: a pause, then one turn each, round after round. */
export function inTurn({ phase, order, step }: Trial): string | undefined {
  return phase === 'rounds' ? order[(step % (order.length + 1)) - 1] : undefined;
}

function worstFirst({ terms, bids }: Trial): string {
  const all = [...bids.values()].sort((a, b) => compare(score(terms, b), score(terms, a)) || b.seq - a.seq);
  return all.map(({ who }) => who).join();
}

const isOver = (rounds: number, bidders: number, step: number): boolean => step >= rounds * (bidders + 1);

/** From the start of a step of the rounds to the close. */
function leftMs(terms: Fields, bidders: number, step: number): number {
  const { rounds, firstPauseMs, pauseMs, turnMs, announcementMs } = terms;
  if (isOver(rounds, bidders, step)) return announcementMs;
  const [round, place] = [Math.floor(step / (bidders + 1)), (step % (bidders + 1)) - 1];
  const later = (rounds - 1 - round) * (pauseMs + bidders * turnMs) + announcementMs;
  if (place >= 0) return (bidders - place) * turnMs + later;
  return (round === 0 ? firstPauseMs : pauseMs) + bidders * turnMs + later;
}

export const rounds: Format = {
  events: {
    entry_offer_accepted: put,
    rounds_started: set((_, { bidderIds: order }) => ({ phase: 'rounds', order })),
    rounds_skipped: set(() => ({ phase: 'announcement' })),
    turn_offer_made: set((trial, event) => ({ pending: bidOf(trial, event) })),
    turn_offer_withdrawn: set(() => ({ pending: null })),
    turn_ended(trial) {
      if (trial.pending) trial.bids.set(trial.pending.who, trial.pending);
      trial.pending = null;
    },
    rounds_moved: set(({ terms }, { step, bidderIds: order }) => ({
      step,
      order,
      phase: isOver(terms.rounds, order.length, step) ? 'announcement' : 'rounds',
    })),
  },
  rules: {
    entry_offer_accepted: [
      [
        'phase_wrong',
        'entry offers come before the rounds, from so many bidders',
        ({ phase, bids, terms }, { accountId }) =>
          phase === 'entry' && (bids.has(accountId) || bids.size < terms.biddersMax),
      ],
      ...offerRules(
        () => undefined,
        () => [],
      ),
    ],
    turn_offer_made: [
      [
        'out_of_turn',
        'in the rounds each offers in its own turn',
        (trial, { accountId }) => inTurn(trial) === accountId,
      ],
      ...offerRules(ownOffer, ({ terms }, own) =>
        own ? [improved(terms, score(terms, own), terms.minimalStep)] : [],
      ),
    ],
    turn_offer_withdrawn: [
      [
        'out_of_turn',
        'only the running turn’s offer is withdrawn',
        ({ pending }, { accountId }) => pending?.who === accountId,
      ],
    ],
    turn_ended: [
      [
        'out_of_turn',
        'a turn ends with what was offered in it',
        (trial, { accountId, offer }) =>
          inTurn(trial) === accountId &&
          offer?.seq === trial.pending?.seq &&
          offer?.price === trial.pending?.price,
      ],
    ],
    rounds_started: [
      [
        'round_wrong',
        'the worst offer speaks first',
        (trial, { bidderIds }) =>
          trial.phase === 'entry' && trial.bids.size >= 2 && bidderIds.join() === worstFirst(trial),
      ],
    ],
    rounds_skipped: [
      ['round_wrong', 'rounds need two', ({ phase, bids }) => phase === 'entry' && bids.size < 2],
    ],
    rounds_moved: [
      [
        'round_wrong',
        'turn follows turn, and each round begins with the worst offer',
        (trial, { step, bidderIds }) => {
          const { terms, order } = trial;
          const begins = step % (order.length + 1) === 0 && !isOver(terms.rounds, order.length, step);
          return step === trial.step + 1 && bidderIds.join() === (begins ? worstFirst(trial) : order.join());
        },
      ],
    ],
  },
  turnsAt({ terms, end, phase, order, step }) {
    if (phase === 'entry') return end - (terms.closesAt - terms.startsAt);
    return phase === 'rounds' ? end - leftMs(terms, order.length, step + 1) : Infinity;
  },
  endsEarly({ terms, end }, event, deadline) {
    if (event.type === 'rounds_skipped') return deadline;
    if (event.type !== 'rounds_started') return null;
    const early = deadline + leftMs(terms, event.bidderIds.length, 0);
    return early < end ? early : null;
  },
};
