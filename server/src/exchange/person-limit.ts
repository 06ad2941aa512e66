/**
 * What one person may bid or order, by the limits its login carries: whoever has none pays nothing for it, and
 * nobody asks the database. The market itself knows companies only. A live line learns of a changed limit when
 * its login is looked at again (`SESSION_RECHECK_MS`), HTTP at once.
 */
import { invoiceAmount } from '@seam/coal';
import {
  type AuctionTerms,
  type BidCommandBody,
  type CommandBody,
  type InstrumentTerms,
  priceOfRound,
} from '@seam/engine';
import { kilograms, minor } from '@seam/units';
import { type CommitLimits, beyondLimit } from '../platform/commit-limit.ts';
import type { Refusal } from '../platform/refusal.ts';
import { type GridTerms, gridOf } from './grid.ts';

export function beyondBid(
  limits: CommitLimits | undefined,
  terms: AuctionTerms,
  bid: BidCommandBody,
): Refusal | undefined {
  if (limits === undefined) return undefined;
  const [price, quantity] = mostOf(terms, bid);
  return beyondLimit(limits, { value: valueOf(terms, price, quantity), currency: terms.currency });
}

/** All orders of one command together; of anything else nothing is asked. */
export function beyondOrder(
  limits: CommitLimits | undefined,
  terms: InstrumentTerms,
  command: CommandBody,
): Refusal | undefined {
  if (limits === undefined) return undefined;
  const orders =
    command.type === 'place_orders'
      ? command.orders
      : command.type === 'place_order' || command.type === 'amend_order'
        ? [command]
        : [];
  if (orders.length === 0) return undefined;
  const value = orders.reduce((sum, { price, quantity }) => sum + valueOf(terms, price, quantity), 0n);
  return beyondLimit(limits, { value, currency: terms.currency });
}

/**
 * Ticks and lots that the bid may come to. Of a sealed one the price is not known before it is opened: until
 * then what counts is the price where bidding starts.
 */
function mostOf(terms: AuctionTerms, bid: BidCommandBody): readonly [price: number, quantity: number] {
  switch (bid.type) {
    case 'set_auto_bid':
      return [bid.limit, bid.quantity];
    case 'state_quantity':
      return [
        terms.format === 'clock'
          ? priceOfRound(terms, Math.min(bid.round, terms.roundsMax))
          : terms.startingPrice,
        bid.quantity,
      ];
    case 'offer_price':
      return [bid.price ?? 0, terms.quantity];
    case 'commit_bid':
    case 'submit_sealed':
      return [terms.startingPrice, bid.quantityMaximum];
    default:
      return 'price' in bid ? [bid.price, bid.quantity] : [0, 0];
  }
}

function valueOf(terms: GridTerms, price: number, quantity: number): bigint {
  const { tickSize, lotSize } = gridOf(terms);
  return invoiceAmount(minor(BigInt(price) * tickSize), kilograms(BigInt(quantity) * lotSize));
}
