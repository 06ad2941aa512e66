/** The Dutch phase: the first to accept the current price wins the phase, and the sealed one follows. */
import { instant, lots } from '@seam/units';
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { isInteger } from '../../auction/rules.ts';
import { refuseSecurity } from '../../auction/security.ts';
import type { Auction } from '../../state.ts';
import type { Event, Rejection } from '../../types.ts';
import { afterDutchMs, hybridPriceAtStep } from './phases.ts';

type Accept = CommandOf<'accept_price'>;

export function acceptPrice(auction: Auction<'dutch_hybrid'>, command: Accept): readonly Event[] {
  const refused =
    refuseStep(auction, command) ?? refuseQuantity(auction, command) ?? refuseSecurity(auction, command);
  if (refused) return refuse(refused);
  const { auctionId, accountId, step, price, quantity, minimumAcceptable, at } = command;
  return [
    {
      type: 'price_accepted',
      auctionId,
      accountId,
      step,
      price,
      quantity,
      minimumAcceptable,
      allocated: quantity,
      remaining: lots(0),
    },
    { type: 'auction_shortened', auctionId, closesAt: instant(at + afterDutchMs(auction.terms)) },
  ];
}

function refuseStep({ terms, room }: Auction<'dutch_hybrid'>, command: Accept): Rejection | undefined {
  if (room.phase !== 'dutch') return { code: 'bid_phase_not_current', phase: room.phase };
  const price = hybridPriceAtStep(terms, room.step);
  if (command.step === room.step && command.price === price) return undefined;
  return { code: 'bid_step_not_current', step: room.step, price };
}

/** All or nothing. */
function refuseQuantity({ terms }: Auction<'dutch_hybrid'>, command: Accept): Rejection | undefined {
  const { quantity } = terms;
  if (command.quantity !== quantity) {
    return { code: 'bid_quantity_out_of_range', quantityMinimum: quantity, quantityMaximum: quantity };
  }
  if (isInteger(command.minimumAcceptable, 0, quantity)) return undefined;
  return { code: 'bid_minimum_acceptable_invalid', maximum: quantity };
}
