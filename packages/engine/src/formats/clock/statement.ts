/** Stating a quantity: accepted as it is, or refused. */
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { isInteger } from '../../auction/rules.ts';
import { refuseSecurity } from '../../auction/security.ts';
import type { Auction } from '../../state.ts';
import type { Event, Rejection } from '../../types.ts';
import { mostQuantity, priceOfRound } from './price.ts';

type State = CommandOf<'state_quantity'>;

export function stateQuantity(auction: Auction<'clock'>, command: State): readonly Event[] {
  const price = priceOfRound(auction.terms, auction.room.round);
  const refused = refuseRound(auction, command) ?? refuseQuantity(auction, command);
  if (refused) return refuse(refused);
  const { auctionId, accountId, round, quantity } = command;
  return [{ type: 'quantity_stated', auctionId, accountId, round, price, quantity }];
}

function refuseRound({ terms, room }: Auction<'clock'>, command: State): Rejection | undefined {
  if (command.round === room.round) return undefined;
  return { code: 'bid_round_not_current', round: room.round, price: priceOfRound(terms, room.round) };
}

function refuseQuantity(auction: Auction<'clock'>, command: State): Rejection | undefined {
  const quantityMaximum = mostQuantity(auction, command.accountId);
  if (quantityMaximum === 0) return { code: 'bid_entry_closed', round: auction.room.round };
  if (command.quantity === 0) return undefined;
  const quantityMinimum = auction.terms.minimumBidQuantity;
  if (!isInteger(command.quantity, quantityMinimum, quantityMaximum)) {
    return { code: 'bid_quantity_out_of_range', quantityMinimum, quantityMaximum };
  }
  return refuseSecurity(auction, command);
}
