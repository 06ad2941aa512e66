/**
 * Where the clock stops, and who gets how much at the one price.
 *
 * Demand meets the offer: the round's price. Demand is less ("undersell"): the round's price for what
 * is still wanted, or the price before for all that is offered, whichever brings more; equal sums sell
 * the more coal. At the price before, everybody keeps what it still wants, and the rest goes to those
 * who reduced, up to what they had stated at that price, in the order of those statements (or in
 * proportion). Demand still exceeds the offer in the last round: its price, shared by the same rule.
 * A share at the margin may be smaller than the least quantity of a bid: it is part of one.
 */
import { type Lots, type Ticks, lots } from '@seam/units';
import type { WaitingBid } from '../../auction/awarding/types.ts';
import { unserved } from '../../auction/awarding/unserved.ts';
import type { Result } from '../../auction/format.ts';
import type { Auction } from '../../state.ts';
import type { Award } from '../../types.ts';
import { priceOfRound, quantityOf } from './price.ts';
import { share } from './share.ts';
import type { ClockTerms, Statement } from './types.ts';

type InClock = Pick<Auction<'clock'>, 'terms' | 'room'>;

export function resultOf({ terms, room }: InClock): Result {
  const price = priceOfRound(terms, room.round);
  const demand = demandOf(room.statements);
  if (demand > terms.quantity) {
    const shares = share(room.statements, terms.quantity, terms.marginRule);
    return { awards: awardsOf(room.statements, shares, price), reason: 'no_bid' };
  }
  if (room.round === 1 || bringsMore({ terms, room }, demand)) {
    const wanted = room.statements.map((line) => line.quantity);
    return { awards: awardsOf(room.statements, wanted, price), reason: 'no_bid' };
  }
  return { awards: atThePriceBefore({ terms, room }, demand), reason: 'no_bid' };
}

/**
 * Who said it would take more: at the price of the last round first, then at the one before, which still
 * binds those who reduced or left. In the order of their statements, as the margin is shared.
 */
export function unservedIn({ terms, room }: InClock, awards: readonly Award[]): readonly WaitingBid[] {
  const at = (lines: readonly Statement[], price: Ticks) =>
    lines.map((line) => ({ ...line, price, minimumAcceptable: lots(0) }));
  const now = unserved(at(room.statements, priceOfRound(terms, room.round)), awards);
  if (room.round === 1) return now;
  const before = unserved(at(room.previous, priceOfRound(terms, room.round - 1)), awards);
  return [...now, ...before.filter((line) => !now.some((other) => other.accountId === line.accountId))];
}

/** Lots wanted together: more than one count of lots holds, when everybody wants nearly that much. */
export function demandOf(statements: readonly Statement[]): number {
  return statements.reduce((sum, line) => sum + line.quantity, 0);
}

/** Products of a price and a quantity leave the exact integers of a number. */
function bringsMore({ terms, room }: InClock, demand: number): boolean {
  const now = BigInt(priceOfRound(terms, room.round)) * BigInt(demand);
  const before = BigInt(priceOfRound(terms, room.round - 1)) * BigInt(terms.quantity);
  return now > before;
}

function atThePriceBefore({ terms, room }: InClock, demand: number): readonly Award[] {
  const { previous, statements } = room;
  const given = previous.map((line) => {
    const kept = quantityOf(statements, line.accountId);
    return { ...line, kept, quantity: lots(line.quantity - kept) };
  });
  const shares = share(given, terms.quantity - demand, terms.marginRule);
  const total = given.map(({ kept }, index) => lots(kept + (shares[index] ?? 0)));
  return awardsOf(previous, total, priceOfRound(terms, room.round - 1));
}

function awardsOf(lines: readonly Statement[], won: readonly Lots[], price: Ticks): readonly Award[] {
  return lines.flatMap(({ accountId, seq }, index) => {
    const quantity = won[index] ?? lots(0);
    return quantity === 0 ? [] : [{ accountId, price, quantity, bidSeq: seq }];
  });
}

/** What the end of a round leads to: the next price, or null when demand no longer exceeds the offer. */
export function nextPriceAfter(terms: ClockTerms, round: number, demand: number): Ticks | null {
  return demand > terms.quantity ? priceOfRound(terms, round + 1) : null;
}
