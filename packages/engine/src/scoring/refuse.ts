/** What every offer must satisfy, whenever it is made and whoever else has offered. */
import { type Lots, type Ticks, lots, ticks } from '@seam/units';
import { isInteger } from '../auction/rules.ts';
import type { CommonTerms } from '../auction/types.ts';
import type { Rejection } from '../types.ts';
import { meritFault } from './terms.ts';
import type { BuyingTerms, Offer, PlaceOffer } from './types.ts';

type Terms = CommonTerms & BuyingTerms;
type Offered = Pick<PlaceOffer, 'price' | 'quantity' | 'minimumAcceptable' | 'merit'>;

/** @param own the bidder's earlier offer: a revision binds no less. */
export function refuseOffer(
  terms: Terms,
  own: Pick<Offer, 'quantity' | 'minimumAcceptable'> | undefined,
  offered: Offered,
): Rejection | undefined {
  return refuseQuantity(terms, own, offered) ?? refuseMerit(terms, offered) ?? refusePrice(terms, offered);
}

/** Lowest price that is taken for meant. */
export function leastPrice({ floor }: BuyingTerms): Ticks {
  return floor?.below === 'refuse' ? floor.price : ticks(1);
}

/** Below what the buyer thinks possible: taken, but looked at. */
export function isAbnormallyLow({ floor }: BuyingTerms, price: Ticks): boolean {
  return floor !== null && price < floor.price;
}

function refuseQuantity(
  terms: Terms,
  own: { readonly quantity: Lots; readonly minimumAcceptable: Lots } | undefined,
  offered: Offered,
): Rejection | undefined {
  const quantityMinimum = own?.quantity ?? terms.minimumBidQuantity;
  const quantityMaximum = terms.quantity;
  if (!isInteger(offered.quantity, quantityMinimum, quantityMaximum)) {
    return { code: 'bid_quantity_out_of_range', quantityMinimum, quantityMaximum };
  }
  const maximum = lots(Math.min(offered.quantity, own?.minimumAcceptable ?? offered.quantity));
  if (isInteger(offered.minimumAcceptable, 0, maximum)) return undefined;
  return { code: 'bid_minimum_acceptable_invalid', maximum };
}

function refuseMerit(terms: Terms, { merit }: Offered): Rejection | undefined {
  const field = meritFault(terms.scoring, merit);
  return field === null ? undefined : { code: 'offer_merit_invalid', field };
}

function refusePrice(terms: Terms, { price }: Offered): Rejection | undefined {
  if (price < leastPrice(terms)) return { code: 'offer_below_floor', priceMinimum: leastPrice(terms) };
  if (isInteger(price, 1, terms.startingPrice)) return undefined;
  return { code: 'offer_price_above_start', priceMaximum: terms.startingPrice };
}
