/** How much money stands behind a bid. Minor units of the auction's currency, rounded half even. */
import { KILOGRAMS_PER_TONNE, type Lots, divideHalfEven, lots } from '@seam/units';
import { BASIS_POINTS_MAX } from '../limits.ts';
import type { Auction } from '../state.ts';
import type { Rejection } from '../types.ts';
import type { CommonTerms } from './types.ts';

/**
 * Bid security a bid for `quantity` needs. No mode depends on the bid's own price: a percentage is
 * of the STARTING price, so raising a price never needs a second deposit.
 */
export function requiredSecurity(terms: CommonTerms, quantity: Lots): bigint {
  if (quantity === 0) return 0n;
  const rule = terms.bidSecurity;
  const mass = BigInt(quantity) * BigInt(terms.lotSize);
  switch (rule.mode) {
    case 'fixed':
      return BigInt(rule.amount);
    case 'per_tonne':
      return divideHalfEven(BigInt(rule.amountPerTonne) * mass, KILOGRAMS_PER_TONNE);
    case 'percent_of_start': {
      const value = BigInt(terms.startingPrice) * BigInt(terms.tickSize) * mass;
      return divideHalfEven(value * BigInt(rule.basisPoints), KILOGRAMS_PER_TONNE * BigInt(BASIS_POINTS_MAX));
    }
  }
}

/** Most lots, up to all that is offered, for which `freeMinor` is security enough. */
export function maximumQuantityFor(terms: CommonTerms, freeMinor: bigint): Lots {
  let enough = 0;
  let tooMany: number = terms.quantity + 1;
  while (tooMany - enough > 1) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (requiredSecurity(terms, lots(middle)) <= freeMinor) enough = middle;
    else tooMany = middle;
  }
  return lots(enough);
}

/** A bid for `quantity` lots counts only while this much is allocated to its bidder. */
export function refuseSecurity(
  auction: Auction,
  { accountId, quantity }: { readonly accountId: string; readonly quantity: Lots },
): Rejection | undefined {
  const allocated = auction.security.get(accountId) ?? 0n;
  const required = requiredSecurity(auction.terms, quantity);
  if (allocated >= required) return undefined;
  return {
    code: 'bid_security_insufficient',
    required: required.toString(),
    allocated: allocated.toString(),
    quantityMaximum: maximumQuantityFor(auction.terms, allocated),
  };
}
