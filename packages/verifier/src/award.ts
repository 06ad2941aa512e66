/** Who wins what at which price, by the rules of the terms, from the bids as they stand. */
import { type Fields, Unreadable } from './chain.ts';
import { type Bid, type Won, isBuying, ranked, serve, total } from './share.ts';
import type { Trial } from './trial.ts';

export type Award = {
  readonly who: string;
  readonly price: number;
  readonly quantity: number;
  readonly seq: number;
};

/** Bids ranked in all: about half a minute's work. A hundred bidders reach it with a million bids. */
const WORK_MAX = 100_000_000;

/** A record made to keep its reader busy is given up. */
export function toil(trial: Trial, bids: number): void {
  trial.work += bids + 1;
  if (trial.work > WORK_MAX) throw new Unreadable('record_too_large', 'more bids than can be ranked');
}

/** Lots that `bids` would win of those on offer: all bids, unless some are named. */
export function served(trial: Trial, bids: Iterable<Bid>): Won[] {
  const { terms } = trial;
  toil(trial, trial.bids.size);
  const isShared = terms.margin === 'pro_rata';
  return serve(terms, ranked(terms, bids), (a, b) => isShared && a.price === b.price);
}

/** The reserve; where there is none, where bidding begins. A falling price was accepted as it was. */
export function baseOf({ format, reservePrice, startingPrice }: Fields): number {
  return format.startsWith('dutch') ? 0 : (reservePrice ?? startingPrice);
}

export function awardsOf(trial: Trial): readonly Award[] {
  const { terms, bids } = trial;
  if (bound(trial).size < (terms.minimumBidders ?? 1)) return [];
  if (terms.format === 'clock') return clockAwards(trial);
  const base = baseOf(terms);
  // A buyer leaves out what is too dear before it shares; a seller's reserve cuts the standing off below it.
  const counts = ({ price }: Bid): boolean => (isBuying(terms) ? price <= base : price >= base);
  const rank = isBuying(terms)
    ? served(trial, [...bids.values()].filter(counts))
    : served(trial, bids.values()).filter(counts);
  const winners = rank.filter(({ won }) => won > 0);
  const pays = priceRule(trial, rank, winners);
  return winners.map((bid) => ({ who: bid.who, price: pays(bid), quantity: bid.won, seq: bid.seq }));
}

/** What a winner pays a tonne, by the name the terms give the rule. */
function priceRule(trial: Trial, rank: readonly Won[], winners: readonly Won[]): (bid: Won) => number {
  const { terms } = trial;
  const base = baseOf(terms);
  const prices = winners.map(({ price }) => price);
  const unserved = rank.filter(({ won, quantity }) => won < quantity).map(({ price }) => price);
  const lowest = Math.min(...prices);
  if (terms.proxy === 'threshold') return (bid) => Math.max(base, threshold(trial, bid));
  switch (terms.pricing) {
    case 'uniform':
      if (isBuying(terms)) return () => Math.max(...prices);
      return () => (unserved.length === 0 ? base : lowest);
    case 'uniform_highest_rejected':
      return () => (unserved.length === 0 ? base : Math.max(base, Math.min(lowest, Math.max(...unserved))));
    case 'uniform_last':
      return () => lowest;
    default:
      return ({ price }) => price;
  }
}

/**
 * Of a hidden maximum the least price at which its bidder would keep what it wins, the others staying at
 * theirs; or, by the other rule, one increment above the first rival behind it that would leave it less.
 */
export function threshold(trial: Trial, bid: Won): number {
  const { startingPrice, quantity, proxyLead } = trial.terms;
  if (proxyLead === 'increment') {
    const order = served(trial, trial.bids.values());
    const place = order.findIndex(({ who }) => who === bid.who);
    let left = order.slice(0, place).reduce((rest, { won }) => rest - won, quantity as number);
    for (const rival of order.slice(place + 1)) {
      if (Math.min(rival.quantity, left) >= rival.least) left -= Math.min(rival.quantity, left);
      if (left < bid.won)
        return Math.max(
          startingPrice,
          Math.min(bid.price, rival.price + incrementAt(trial.terms, rival.price)),
        );
    }
    return startingPrice;
  }
  const rivals = [...trial.bids.values()].filter(({ who }) => who !== bid.who);
  const keeps = (price: number): boolean => {
    const seq = bid.since.find((held) => held.price >= price)?.seq ?? Infinity;
    const all = served(trial, [...rivals, { ...bid, price, seq }]);
    return all.find(({ who }) => who === bid.who)!.won >= bid.won;
  };
  const candidates = [startingPrice, ...rivals.flatMap(({ price }) => [price, price + 1])]
    .filter((price) => price >= startingPrice && price <= bid.price)
    .sort((a, b) => a - b);
  // Who keeps it at a price keeps it at a higher one: the first that does is found by halving.
  let [below, at] = [-1, candidates.length];
  while (at - below > 1) {
    const middle = (below + at) >> 1;
    if (keeps(candidates[middle])) at = middle;
    else below = middle;
  }
  return candidates[at] ?? bid.price;
}

export function incrementAt({ incrementBands, bidIncrement }: Fields, price: number): number {
  const band = (incrementBands ?? []).findLast((one: Fields) => one.from <= price);
  return band?.increment ?? bidIncrement;
}

/** The price of a clock's round, from 1: each increment in turn, then the last one again and again. */
export function clockPrice({ startingPrice, priceIncrements: steps }: Fields, round: number): number {
  const listed = steps.slice(0, round - 1);
  const repeated = (round - 1 - listed.length) * (steps.at(-1) ?? 0);
  return listed.reduce((sum: number, step: number) => sum + step, startingPrice + repeated);
}

/**
 * The running round's price for what is wanted at it; or, where all that is offered at the price before
 * brings at least as much, that: each keeps what it still wants, and who reduced shares the rest.
 */
function clockAwards({ terms, bids, before, step }: Trial): readonly Award[] {
  const share = (claims: readonly Bid[], quantity: number): Won[] =>
    serve({ quantity }, claims, () => terms.marginRule === 'pro_rata');
  const awards = (won: readonly Won[], price: number): Award[] =>
    won.filter((one) => one.won > 0).map(({ who, won: quantity, seq }) => ({ who, price, quantity, seq }));
  const [now, price] = [[...bids.values()], clockPrice(terms, step + 1)];
  const [wanted, offered] = [total(now), terms.quantity as number];
  const earlier = step === 0 ? 0 : clockPrice(terms, step);
  if (
    step === 0 ||
    BigInt(price) * BigInt(Math.min(wanted, offered)) > BigInt(earlier) * BigInt(offered) ||
    wanted > offered
  )
    return awards(share(now, offered), price);
  const reduced = [...before.values()].map((one) => {
    const kept = bids.get(one.who)?.quantity ?? 0;
    return { ...one, kept, quantity: one.quantity - kept };
  });
  const extra = share(reduced, offered - wanted);
  return awards(
    extra.map((one, place) => ({ ...one, won: one.won + reduced[place]!.kept })),
    earlier,
  );
}

/** Who is bound to take something: fewer of them than the terms ask for, and nothing is sold. */
export function bound({ bids, before, sealed, taker }: Trial): Set<string> {
  const standing = [...bids.values(), ...before.values(), ...(taker ? [taker] : [])];
  const shut = [...sealed].filter(([, { counts }]) => counts).map(([who]) => who);
  return new Set([...standing.filter(({ quantity }) => quantity > 0).map(({ who }) => who), ...shut]);
}

/** Why nothing is sold, in the record's own word. */
export function reasonOf(trial: Trial): string {
  const { terms, bids, sealed } = trial;
  if (
    bound(trial).size < (terms.minimumBidders ?? 1) &&
    awardsOf({ ...trial, terms: { ...terms, minimumBidders: 0 } }).length > 0
  )
    return 'too_few_bidders';
  if (terms.format !== 'sealed_bid')
    return bids.size === 0 || terms.format === 'clock' ? 'no_bid' : 'reserve_not_met';
  if (sealed.size === 0) return 'no_bid';
  if (![...sealed.values()].some(({ opened }) => opened)) return 'not_opened';
  return bids.size === 0 ? 'no_valid_bid' : 'reserve_not_met';
}
