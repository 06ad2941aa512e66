/**
 * What a robot wants of an auction, and its next bid. Pure.
 *
 * Each robot has a private value for the coal and a quantity it needs. It bids only when it would not
 * win that quantity now, only what the auction takes, and never above its value.
 */
import type { AuctionState } from '@seam/client';
import type { AuctionView } from '@seam/protocol';
import {
  cost,
  formatMoney,
  formatTonnes,
  kilograms,
  minor,
  parseMoney,
  parseScaled,
  parseTonnes,
} from '@seam/units';
import { type Random, between } from './random.ts';

export type Wish = {
  /** Highest price per tonne, minor units. */
  readonly limit: bigint;
  readonly quantityKg: bigint;
  /** The auction wants no money set aside, so that nobody is known to it before the first bid. */
  readonly withoutSecurity: boolean;
};
export type WishedBid = { readonly price: string; readonly quantity: string };

/** A value of 2 to 14 % above the start, for a quarter to two thirds of the lot. */
export function wishFor(view: AuctionView, random: Random): Wish {
  const tick = money(view.tickSize);
  const lot = mass(view.lotSize);
  const all = mass(view.quantity);
  const limit = downTo(
    (money(view.startingPrice) * BigInt(Math.round(between(random, 1_020, 1_140)))) / 1_000n,
    tick,
  );
  const some = downTo((all * BigInt(Math.round(between(random, 250, 670)))) / 1_000n, lot);
  const least = mass(view.minimumBidQuantity);
  const quantityKg = some < least ? least : some;
  return { limit, quantityKg, withoutSecurity: securityFor(view, quantityKg) === 0n };
}

/** Money that must be held for `quantityKg`, minor units: what the auction's own terms say. */
export function securityFor(view: AuctionView, quantityKg: bigint): bigint {
  const { bidSecurity } = view;
  switch (bidSecurity.mode) {
    case 'fixed':
      return money(bidSecurity.amount);
    case 'per_tonne':
      return cost(minor(money(bidSecurity.amountPerTonne)), kilograms(quantityKg));
    case 'percent_of_start': {
      const worth = cost(minor(money(view.startingPrice)), kilograms(quantityKg));
      // A cent more than the share, so that no rounding of ours leaves it a cent short.
      return (worth * (parseScaled(bidSecurity.percent, 2) ?? 0n)) / 10_000n + 1n;
    }
  }
}

/** @returns null when the robot is content, may not bid, or the price has passed its value. */
export function nextBid(state: AuctionState, wish: Wish, random: Random): WishedBid | null {
  const { my, terms } = state;
  if (state.state !== 'open' || (my === null && !wish.withoutSecurity)) return null;
  const ownQuantity = mass(my?.quantity ?? '0');
  const covered = my === null ? wish.quantityKg : mass(my.quantityCovered);
  const quantity = largest(ownQuantity, smallest(wish.quantityKg, covered));
  if (quantity < mass(terms.minimumBidQuantity) || mass(my?.allocated ?? '0') >= quantity) return null;

  const increment = money(terms.bidIncrement);
  const floor = money(state.nextPrice);
  const own = my?.price ?? null;
  const least = own === null ? floor : largest(floor, money(own) + increment);
  const winning = own === null ? 0n : money(my?.priceToWinNext ?? '0');
  const eager = increment * BigInt(Math.floor(between(random, 0, 3)));
  const limits = [wish.limit];
  if (terms.maximumIncrement !== null)
    limits.push(money(state.marginalPrice ?? terms.startingPrice) + money(terms.maximumIncrement));
  const most = downTo(smallest(...limits), money(terms.tickSize));
  if (least > most) return null;
  const price = smallest(largest(least, winning) + eager, most);
  return { price: formatMoney(price), quantity: formatTonnes(quantity) };
}

const money = (text: string): bigint => parseMoney(text) ?? 0n;
const mass = (text: string): bigint => parseTonnes(text) ?? 0n;
const downTo = (value: bigint, step: bigint): bigint => (step > 0n ? value - (value % step) : value);
const smallest = (...values: readonly bigint[]): bigint => values.reduce((a, b) => (a < b ? a : b));
const largest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
