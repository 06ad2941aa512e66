/** The Dutch hybrid a second time, from the history alone. */
import { instant, lots, ticks } from '@seam/units';
import type { DutchHybridTerms, HybridPhase } from '../../formats/dutch-hybrid/types.ts';
import type { Award, Command, Event, Rejection } from '../../types.ts';
import { type NaiveAuction, type NaiveFormat, movedSince, naiveCover } from '../moving/naive-frame.ts';

type Line = { accountId: string; price: number; seq: number };

const termsOf = (auction: NaiveAuction): DutchHybridTerms => auction.terms as DutchHybridTerms;

/** Per ten thousand of the start, to the nearest tick, a half up. */
function priceOf(terms: DutchHybridTerms, step: number): number {
  let share = 10_000 - terms.stepBasisPoints * step;
  if (share < terms.floorBasisPoints) share = terms.floorBasisPoints;
  const whole = Math.floor((terms.startingPrice * share) / 10_000);
  return whole + (terms.startingPrice * share - whole * 10_000 >= 5_000 ? 1 : 0);
}

/** Counts them one by one until the floor. */
function countSteps(terms: DutchHybridTerms): number {
  let steps = 1;
  while (10_000 - terms.stepBasisPoints * (steps - 1) > terms.floorBasisPoints) steps += 1;
  return steps;
}

function stepOf({ history }: NaiveAuction): number {
  return history.filter(({ events }) => events[0]?.type === 'price_lowered').length;
}

function acceptedAt({ history }: NaiveAuction): number {
  return history.findIndex(({ command }) => command.type === 'accept_price');
}

/** The last phase the history tells of. */
function phaseOf(auction: NaiveAuction): HybridPhase {
  let phase: HybridPhase = 'opening_pause';
  for (const event of auction.history.flatMap(({ events }) => events)) {
    if (event.type === 'hybrid_phase_started') phase = event.phase;
    if (event.type === 'price_accepted') phase = 'sealed_pause';
  }
  return phase;
}

function dutchWinner(auction: NaiveAuction): Line | null {
  const command = auction.history[acceptedAt(auction)]?.command;
  if (command?.type !== 'accept_price') return null;
  return { accountId: command.accountId, price: command.price, seq: command.seq };
}

/** The last offer of each account but those it cancelled, by age; one list, whoever gave it. */
function liveOffers(auction: NaiveAuction): Line[] {
  const all = auction.history.flatMap(({ command }) => (command.type === 'offer_price' ? [command] : []));
  return all.flatMap(({ accountId, price, seq }) => {
    const isLast = !all.some((other) => other.accountId === accountId && other.seq > seq);
    return isLast && price !== null ? [{ accountId, price, seq }] : [];
  });
}

function offersOf(auction: NaiveAuction): { sealed: Line[]; best: Line | null } {
  const winner = dutchWinner(auction)?.accountId;
  const live = liveOffers(auction);
  return {
    sealed: live.filter((offer) => offer.accountId !== winner),
    best: live.find((offer) => offer.accountId === winner) ?? null,
  };
}

function accept(
  auction: NaiveAuction,
  command: Extract<Command, { type: 'accept_price' }>,
): Event[] | Rejection {
  const terms = termsOf(auction);
  const phase = phaseOf(auction);
  if (phase !== 'dutch') return { code: 'bid_phase_not_current', phase };
  const step = stepOf(auction);
  const price = ticks(priceOf(terms, step));
  if (command.step !== step || command.price !== price) return { code: 'bid_step_not_current', step, price };
  const { quantity } = terms;
  if (command.quantity !== quantity) {
    return { code: 'bid_quantity_out_of_range', quantityMinimum: quantity, quantityMaximum: quantity };
  }
  const { auctionId, accountId, minimumAcceptable } = command;
  if (!(Number.isInteger(minimumAcceptable) && minimumAcceptable >= 0 && minimumAcceptable <= quantity)) {
    return { code: 'bid_minimum_acceptable_invalid', maximum: quantity };
  }
  const uncovered = naiveCover(auction, { accountId, quantity });
  if (uncovered) return uncovered;
  const all = { allocated: quantity, remaining: lots(0) };
  const rest = terms.sealedPauseMs + terms.sealedMs + terms.bestBidPauseMs + terms.bestBidMs;
  return [
    { type: 'price_accepted', auctionId, accountId, step, price, quantity, minimumAcceptable, ...all },
    { type: 'auction_shortened', auctionId, closesAt: instant(command.at + rest) },
  ];
}

function offer(
  auction: NaiveAuction,
  command: Extract<Command, { type: 'offer_price' }>,
): Event[] | Rejection {
  const terms = termsOf(auction);
  const { auctionId, accountId, price } = command;
  const phase = phaseOf(auction);
  const winner = dutchWinner(auction);
  if (winner === null || (phase !== 'sealed' && phase !== 'best_bid')) {
    return { code: 'bid_phase_not_current', phase };
  }
  const isMine = phase === 'sealed' ? winner.accountId !== accountId : winner.accountId === accountId;
  if (!isMine) return { code: 'bid_phase_of_others', phase };
  if (price === null) {
    const hasOne = liveOffers(auction).some((live) => live.accountId === accountId);
    return hasOne ? [{ type: 'offer_taken', auctionId, accountId, price }] : { code: 'bid_none_to_cancel' };
  }
  const least = winner.price + (phase === 'sealed' ? 1 : terms.bestBidIncrement);
  if (!Number.isInteger(price) || price < least) {
    return { code: 'bid_below_increment', priceMinimum: ticks(least) };
  }
  const oneTickOfAll = BigInt(terms.tickSize) * BigInt(terms.lotSize) * BigInt(terms.quantity);
  const most = Math.min(500_000_000, Number(1_000_000_000_000_000_000n / oneTickOfAll));
  if (price > most) return { code: 'bid_above_maximum_increment', priceMaximum: ticks(most) };
  const uncovered = naiveCover(auction, { accountId, quantity: terms.quantity });
  return uncovered ?? [{ type: 'offer_taken', auctionId, accountId, price }];
}

/** Repeatedly the highest, of those the oldest. */
function byRank(offers: Line[]): Line[] {
  const ranked: Line[] = [];
  while (ranked.length < offers.length) {
    const rest = offers.filter((line) => !ranked.includes(line));
    const highest = Math.max(...rest.map((line) => line.price));
    const oldest = Math.min(...rest.filter((line) => line.price === highest).map((line) => line.seq));
    ranked.push(...rest.filter((line) => line.seq === oldest));
  }
  return ranked;
}

export const naiveDutchHybrid: NaiveFormat = {
  commands: ['accept_price', 'offer_price'],
  bid(auction, command) {
    if (command.type === 'accept_price') return accept(auction, command);
    if (command.type === 'offer_price') return offer(auction, command);
    throw new Error(command.type);
  },
  /** Counted forward: from the opening in the Dutch phase, then from the accepted price; pauses on top. */
  turnsAt(auction) {
    const terms = termsOf(auction);
    const { opensAt, openingPauseMs, stepMs, sealedPauseMs, sealedMs, bestBidPauseMs } = terms;
    const phase = phaseOf(auction);
    const index = acceptedAt(auction);
    const accepted = (auction.history[index]?.command.at ?? 0) + movedSince(auction, index + 1);
    switch (phase) {
      case 'opening_pause':
        return opensAt + openingPauseMs + movedSince(auction, 0);
      case 'dutch':
        return opensAt + openingPauseMs + (stepOf(auction) + 1) * stepMs + movedSince(auction, 0);
      case 'sealed_pause':
        return accepted + sealedPauseMs;
      case 'sealed':
        return accepted + sealedPauseMs + sealedMs;
      case 'best_bid_pause':
        return accepted + sealedPauseMs + sealedMs + bestBidPauseMs;
      default:
        return null;
    }
  },
  turn(auction, deadline) {
    const { auctionId } = auction.terms;
    const phase = phaseOf(auction);
    const to = (next: HybridPhase, opened: Line[] | null = null): Event => {
      return { type: 'hybrid_phase_started', auctionId, phase: next, opened } as Event;
    };
    const over: Event = { type: 'auction_shortened', auctionId, closesAt: instant(deadline) };
    if (phase === 'opening_pause') return [to('dutch')];
    if (phase === 'sealed_pause') return [to('sealed')];
    if (phase === 'best_bid_pause') return [to('best_bid')];
    if (phase === 'sealed') {
      const opened = byRank(offersOf(auction).sealed);
      return opened.length > 0 ? [to('best_bid_pause', opened)] : [to('ended', opened), over];
    }
    const step = stepOf(auction) + 1;
    if (step >= countSteps(termsOf(auction))) return [to('ended'), over];
    return [{ type: 'price_lowered', auctionId, step, price: ticks(priceOf(termsOf(auction), step)) }];
  },
  awards(auction): Award[] {
    const { sealed, best } = offersOf(auction);
    const [first] = byRank([dutchWinner(auction), best, ...sealed].filter((line) => line !== null));
    if (first === undefined) return [];
    const { accountId, price, seq } = first;
    return [{ accountId, price: ticks(price), quantity: auction.terms.quantity, bidSeq: seq }];
  },
  room(auction) {
    const { sealed, best } = offersOf(auction);
    return {
      phase: phaseOf(auction),
      step: stepOf(auction),
      dutchWinner: dutchWinner(auction),
      sealed,
      bestBid: best,
    };
  },
};
