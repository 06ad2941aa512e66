/** The multi-unit Dutch rules a second time, from the history alone. */
import { lots, ticks } from '@seam/units';
import type { DutchTerms } from '../../formats/dutch/types.ts';
import type { Award, Command, Event, Rejection } from '../../types.ts';
import { type NaiveAuction, type NaiveFormat, movedSince, naiveCover } from '../moving/naive-frame.ts';

type Sold = { accountId: string; price: number; quantity: number; seq: number };

const termsOf = (auction: NaiveAuction): DutchTerms => auction.terms as DutchTerms;

/** Walks down from the start, one decrement a step. */
function priceOf(terms: DutchTerms, step: number): number {
  let price: number = terms.startingPrice;
  for (let done = 0; done < step; done += 1) {
    price = price - terms.priceDecrement < terms.floorPrice ? terms.floorPrice : price - terms.priceDecrement;
  }
  return price;
}

function stepOf({ history }: NaiveAuction): number {
  return history.filter(({ events }) => events[0]?.type === 'price_lowered').length;
}

/** Replays the sales: each takes what it wants of what the ones before it left. */
function sales(auction: NaiveAuction): { sold: Sold[]; left: number } {
  let left: number = auction.terms.quantity;
  const sold: Sold[] = [];
  for (const { command } of auction.history) {
    if (command.type !== 'accept_price') continue;
    const quantity = command.quantity < left ? command.quantity : left;
    left -= quantity;
    sold.push({ accountId: command.accountId, price: command.price, quantity, seq: command.seq });
  }
  return { sold, left };
}

function accept(
  auction: NaiveAuction,
  command: Extract<Command, { type: 'accept_price' }>,
): Event[] | Rejection {
  const terms = termsOf(auction);
  const { quantity, minimumAcceptable: least } = command;
  const step = stepOf(auction);
  const price = priceOf(terms, step);
  if (command.step !== step || command.price !== price) {
    return { code: 'bid_step_not_current', step, price: ticks(price) };
  }
  const quantities = { quantityMinimum: terms.minimumBidQuantity, quantityMaximum: terms.quantity };
  if (!Number.isInteger(quantity) || quantity < terms.minimumBidQuantity || quantity > terms.quantity) {
    return { code: 'bid_quantity_out_of_range', ...quantities };
  }
  if (!Number.isInteger(least) || least < 0 || least > quantity) {
    return { code: 'bid_minimum_acceptable_invalid', maximum: quantity };
  }
  const { sold, left } = sales(auction);
  if (least > left) return { code: 'bid_remaining_insufficient', quantityMaximum: lots(left) };
  const buys = quantity > left ? left : quantity;
  const mine = sold.filter((sale) => sale.accountId === command.accountId);
  const held = mine.reduce((sum, sale) => sum + sale.quantity, 0);
  const uncovered = naiveCover(auction, { accountId: command.accountId, quantity: buys, held });
  if (uncovered) return uncovered;
  const { auctionId, accountId, minimumAcceptable, at } = command;
  const remaining = lots(left - buys);
  const events: Event[] = [
    {
      type: 'price_accepted',
      auctionId,
      accountId,
      step,
      price: ticks(price),
      quantity,
      minimumAcceptable,
      allocated: lots(buys),
      remaining,
    },
  ];
  if (remaining === 0) events.push({ type: 'auction_shortened', auctionId, closesAt: at });
  return events;
}

export const naiveDutch: NaiveFormat = {
  commands: ['accept_price'],
  bid(auction, command) {
    if (command.type !== 'accept_price') throw new Error(command.type);
    return accept(auction, command);
  },
  /** Counted from the opening: so many whole steps, and every pause on top. */
  turnsAt(auction) {
    const { opensAt, closesAt, stepMs } = termsOf(auction);
    const planned = opensAt + (stepOf(auction) + 1) * stepMs;
    if (planned >= closesAt || sales(auction).left === 0) return null;
    return planned + movedSince(auction, 0);
  },
  turn(auction) {
    const step = stepOf(auction) + 1;
    const price = ticks(priceOf(termsOf(auction), step));
    return [{ type: 'price_lowered', auctionId: auction.terms.auctionId, step, price }];
  },
  awards(auction): Award[] {
    const { sold } = sales(auction);
    const lowest = Math.min(...sold.map((sale) => sale.price));
    const isUniform = termsOf(auction).pricing === 'uniform_last';
    return sold.map(({ accountId, price, quantity, seq }) => ({
      accountId,
      price: ticks(isUniform ? lowest : price),
      quantity: lots(quantity),
      bidSeq: seq,
    }));
  },
  room(auction) {
    const { sold, left } = sales(auction);
    return { step: stepOf(auction), remaining: left, acceptances: sold };
  },
};
