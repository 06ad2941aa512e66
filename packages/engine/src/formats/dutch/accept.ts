/**
 * Accepting a price is buying: it binds at once, takes what is left up to the quantity wanted, in the
 * order of arrival, and is never taken back. An account may accept again, at the same step or a later
 * one; each sale stands for itself.
 */
import { type Lots, lots } from '@seam/units';
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { isInteger } from '../../auction/rules.ts';
import { refuseSecurity } from '../../auction/security.ts';
import type { Auction } from '../../state.ts';
import type { Event, Rejection } from '../../types.ts';
import { priceAtStep } from './price.ts';

type Accept = CommandOf<'accept_price'>;

export function acceptPrice(auction: Auction<'dutch'>, command: Accept): readonly Event[] {
  const refused =
    refuseStep(auction, command) ?? refuseQuantity(auction, command) ?? refuseCover(auction, command);
  if (refused) return refuse(refused);
  const { auctionId, accountId, step, price, quantity, minimumAcceptable, at } = command;
  const { remaining } = auction.room;
  const allocated = lots(Math.min(quantity, remaining));
  const left = lots(remaining - allocated);
  const accepted: Event = {
    type: 'price_accepted',
    auctionId,
    accountId,
    step,
    price,
    quantity,
    minimumAcceptable,
    allocated,
    remaining: left,
  };
  return left === 0 ? [accepted, { type: 'auction_shortened', auctionId, closesAt: at }] : [accepted];
}

/** Lots `accountId` has bought so far. */
export function boughtBy({ room }: Pick<Auction<'dutch'>, 'room'>, accountId: string): Lots {
  return lots(
    room.acceptances.reduce((sum, sale) => (sale.accountId === accountId ? sum + sale.quantity : sum), 0),
  );
}

function refuseStep({ terms, room }: Auction<'dutch'>, command: Accept): Rejection | undefined {
  const price = priceAtStep(terms, room.step);
  if (command.step === room.step && command.price === price) return undefined;
  return { code: 'bid_step_not_current', step: room.step, price };
}

function refuseQuantity({ terms, room }: Auction<'dutch'>, command: Accept): Rejection | undefined {
  const { minimumBidQuantity, quantity } = terms;
  if (!isInteger(command.quantity, minimumBidQuantity, quantity)) {
    return {
      code: 'bid_quantity_out_of_range',
      quantityMinimum: minimumBidQuantity,
      quantityMaximum: quantity,
    };
  }
  if (!isInteger(command.minimumAcceptable, 0, command.quantity)) {
    return { code: 'bid_minimum_acceptable_invalid', maximum: command.quantity };
  }
  if (command.minimumAcceptable <= room.remaining) return undefined;
  return { code: 'bid_remaining_insufficient', quantityMaximum: room.remaining };
}

/** All sales of an account together must be secured, this one with what it really buys. */
function refuseCover(auction: Auction<'dutch'>, { accountId, quantity }: Accept): Rejection | undefined {
  const bought = boughtBy(auction, accountId);
  const allocated = Math.min(quantity, auction.room.remaining);
  const refused = refuseSecurity(auction, { accountId, quantity: lots(bought + allocated) });
  if (refused?.code !== 'bid_security_insufficient') return refused;
  return { ...refused, quantityMaximum: lots(Math.max(0, refused.quantityMaximum - bought)) };
}
