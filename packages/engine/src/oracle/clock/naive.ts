/** The ascending clock a second time, from the history alone. */
import { instant, lots, ticks } from '@seam/units';
import type { ClockTerms } from '../../formats/clock/types.ts';
import type { Award, Command, Event, Rejection } from '../../types.ts';
import { type NaiveAuction, type NaiveFormat, movedSince, naiveCover } from '../moving/naive-frame.ts';

type Line = { accountId: string; quantity: number; seq: number };

const termsOf = (auction: NaiveAuction): ClockTerms => auction.terms as ClockTerms;

/** One increment after the other; when the list is used up, its last again and again. */
function priceOf(terms: ClockTerms, round: number): number {
  let price: number = terms.startingPrice;
  for (let done = 1; done < round; done += 1) {
    const { priceIncrements } = terms;
    price += priceIncrements[done - 1] ?? priceIncrements[priceIncrements.length - 1] ?? 0;
  }
  return price;
}

function roundOf({ history }: NaiveAuction): number {
  const raised = history.filter(({ events }) => {
    const [event] = events;
    return event?.type === 'clock_round_ended' && event.nextPrice !== null;
  });
  return raised.length + 1;
}

/** The last statement of each account in one round, by age. */
function statedIn({ history }: NaiveAuction, round: number): Line[] {
  const all = history.flatMap(({ command }) =>
    command.type === 'state_quantity' && command.round === round ? [command] : [],
  );
  return all
    .filter((line) => !all.some((other) => other.accountId === line.accountId && other.seq > line.seq))
    .map(({ accountId, quantity, seq }) => ({ accountId, quantity, seq }));
}

function demandIn(auction: NaiveAuction, round: number): number {
  return statedIn(auction, round).reduce((sum, line) => sum + line.quantity, 0);
}

function wantedBy(auction: NaiveAuction, round: number, accountId: string): number {
  return statedIn(auction, round).find((line) => line.accountId === accountId)?.quantity ?? 0;
}

function state(
  auction: NaiveAuction,
  command: Extract<Command, { type: 'state_quantity' }>,
): Event[] | Rejection {
  const terms = termsOf(auction);
  const { auctionId, accountId, quantity } = command;
  const round = roundOf(auction);
  const price = ticks(priceOf(terms, round));
  if (command.round !== round) return { code: 'bid_round_not_current', round, price };
  const most = round === 1 ? terms.quantity : wantedBy(auction, round - 1, accountId);
  if (most === 0) return { code: 'bid_entry_closed', round };
  if (quantity !== 0) {
    if (!Number.isInteger(quantity) || quantity < terms.minimumBidQuantity || quantity > most) {
      const quantityMinimum = terms.minimumBidQuantity;
      return { code: 'bid_quantity_out_of_range', quantityMinimum, quantityMaximum: lots(most) };
    }
    const uncovered = naiveCover(auction, { accountId, quantity });
    if (uncovered) return uncovered;
  }
  return [{ type: 'quantity_stated', auctionId, accountId, round, price, quantity }];
}

/** Hands out lot by lot to whoever is next by the rule; slow, and easy to check. */
function handOut(claims: Line[], rest: number, rule: ClockTerms['marginRule']): Map<string, number> {
  const given = new Map(claims.map((claim) => [claim.accountId, 0]));
  const total = claims.reduce((sum, claim) => sum + claim.quantity, 0);
  const got = (claim: Line): number => given.get(claim.accountId) ?? 0;
  const give = (claim: Line): number => {
    given.set(claim.accountId, got(claim) + 1);
    return 1;
  };
  let left = rest;
  if (rule === 'pro_rata') {
    for (const claim of claims) {
      while ((got(claim) + 1) * total <= claim.quantity * rest) left -= give(claim);
    }
    const remainder = (claim: Line): number => claim.quantity * rest - got(claim) * total;
    const order = claims.map((claim) => ({ claim, remainder: remainder(claim) }));
    order.sort((a, b) => b.remainder - a.remainder || a.claim.seq - b.claim.seq);
    for (const { claim } of order) if (left > 0 && got(claim) < claim.quantity) left -= give(claim);
    return given;
  }
  for (const claim of claims) while (left > 0 && got(claim) < claim.quantity) left -= give(claim);
  return given;
}

function awards(auction: NaiveAuction): Award[] {
  const terms = termsOf(auction);
  const { quantity: offered, marginRule } = terms;
  const round = roundOf(auction);
  const now = statedIn(auction, round);
  const demand = demandIn(auction, round);
  const price = priceOf(terms, round);
  if (demand > offered) return award(now, handOut(now, offered, marginRule), price);
  const everything = new Map(now.map((line) => [line.accountId, line.quantity]));
  if (round === 1) return award(now, everything, price);
  const before = priceOf(terms, round - 1);
  if (demand === offered || BigInt(price) * BigInt(demand) > BigInt(before) * BigInt(offered)) {
    return award(now, everything, price);
  }
  const wanted = statedIn(auction, round - 1).filter((line) => line.quantity > 0);
  const kept = (line: Line): number => everything.get(line.accountId) ?? 0;
  const claims = wanted.map((line) => ({ ...line, quantity: line.quantity - kept(line) }));
  const rest = handOut(claims, offered - demand, marginRule);
  return award(
    wanted,
    new Map(wanted.map((l) => [l.accountId, kept(l) + (rest.get(l.accountId) ?? 0)])),
    before,
  );
}

function award(lines: Line[], won: Map<string, number>, price: number): Award[] {
  return lines
    .filter((line) => (won.get(line.accountId) ?? 0) > 0)
    .map(({ accountId, seq }) => {
      return { accountId, price: ticks(price), quantity: lots(won.get(accountId) ?? 0), bidSeq: seq };
    });
}

function hasStopped({ history }: NaiveAuction): boolean {
  return history.some(({ events }) =>
    events.some((e) => e.type === 'clock_round_ended' && e.nextPrice === null),
  );
}

export const naiveClock: NaiveFormat = {
  commands: ['state_quantity'],
  bid(auction, command) {
    if (command.type !== 'state_quantity') throw new Error(command.type);
    return state(auction, command);
  },
  /** Counted from the opening: so many whole rounds, and every pause on top. */
  turnsAt(auction) {
    const { opensAt, roundMs, roundsMax } = termsOf(auction);
    const round = roundOf(auction);
    if (round === roundsMax || hasStopped(auction)) return null;
    return opensAt + round * roundMs + movedSince(auction, 0);
  },
  turn(auction, deadline) {
    const { auctionId } = auction.terms;
    const round = roundOf(auction);
    const demand = demandIn(auction, round);
    const isMet = demand <= auction.terms.quantity;
    const nextPrice = isMet ? null : ticks(priceOf(termsOf(auction), round + 1));
    const events: Event[] = [{ type: 'clock_round_ended', auctionId, round, demand, nextPrice }];
    if (isMet) events.push({ type: 'auction_shortened', auctionId, closesAt: instant(deadline) });
    return events;
  },
  awards,
  room(auction) {
    const round = roundOf(auction);
    return {
      round,
      statements: statedIn(auction, round),
      previous: statedIn(auction, round - 1).filter((line) => line.quantity > 0),
      demand: round === 1 ? null : demandIn(auction, round - 1),
      stopped: hasStopped(auction),
    };
  },
};
