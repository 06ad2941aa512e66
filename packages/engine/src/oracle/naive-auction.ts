/**
 * The auction rules a second time, for tests: everything is recomputed from the full history with
 * loops a reader can check against the rule book. Imports nothing the engine decides with.
 */
import { lots, ticks } from '@seam/units';
import type {
  AuctionCommand as Command,
  AuctionState,
  CommonTerms,
  EnglishTerms,
  Rejection,
  Standing,
} from '../types.ts';

export type NaiveBid = Pick<Standing, 'accountId' | 'price' | 'quantity' | 'minimumAcceptable' | 'seq'>;

export type NaiveAuction = {
  terms: EnglishTerms;
  state: AuctionState;
  closesAt: number;
  hardEndAt: number;
  extensions: number;
  excluded: string[];
  outages: { from: number; until: number }[];
  frozenAt: number;
  remainingMs: number;
  /** Every accepted bid, revisions included, oldest first. */
  bids: NaiveBid[];
  deposits: { accountId: string; amount: bigint }[];
  closedSeq: number;
  closedAt: number;
};

export type NaiveOutcome = { standing: Standing[]; left: number; marginalPrice: number | null };

/** The latest bid of each account. */
export function liveBids(auction: NaiveAuction): NaiveBid[] {
  return auction.bids.filter(
    (bid) => !auction.bids.some((b) => b.accountId === bid.accountId && b.seq > bid.seq),
  );
}

/** Picks the best remaining bid again and again: price, then quantity, then age. */
export function naiveAllocate(bids: readonly NaiveBid[], quantity: number): NaiveOutcome {
  let pool = [...bids];
  let left = quantity;
  const standing: Standing[] = [];
  while (pool.length > 0) {
    const price = Math.max(...pool.map((bid) => bid.price));
    const dearest = pool.filter((bid) => bid.price === price);
    const size = Math.max(...dearest.map((bid) => bid.quantity));
    const seq = Math.min(...dearest.filter((bid) => bid.quantity === size).map((bid) => bid.seq));
    const best = pool.find((bid) => bid.seq === seq);
    if (best === undefined) break;
    pool = pool.filter((bid) => bid !== best);
    let allocated = 0;
    if (left > 0 && (left >= best.quantity || left >= best.minimumAcceptable)) {
      allocated = left >= best.quantity ? best.quantity : left;
    }
    left -= allocated;
    standing.push({ ...best, allocated: lots(allocated), rank: standing.length + 1 });
  }
  const prices = standing.filter((line) => line.allocated > 0).map((line) => line.price);
  return { standing, left, marginalPrice: left === 0 ? Math.min(...prices) : null };
}

/** Money in thousandths of a minor unit first, then rounded half to even by looking at the rest. */
export function naiveSecurity(terms: CommonTerms, quantity: number): bigint {
  const kg = BigInt(quantity) * BigInt(terms.lotSize);
  const rule = terms.bidSecurity;
  if (quantity === 0) return 0n;
  if (rule.mode === 'fixed') return BigInt(rule.amount);
  if (rule.mode === 'per_tonne') return roundHalfEven(BigInt(rule.amountPerTonne) * kg, 1000n);
  const start = BigInt(terms.startingPrice) * BigInt(terms.tickSize);
  return roundHalfEven(start * kg * BigInt(rule.basisPoints), 10_000_000n);
}

function roundHalfEven(value: bigint, unit: bigint): bigint {
  const down = value - (value % unit);
  const isUp = (value - down) * 2n > unit || ((value - down) * 2n === unit && (down / unit) % 2n === 1n);
  return down / unit + (isUp ? 1n : 0n);
}

export function deposited(auction: NaiveAuction, accountId: string): bigint {
  return auction.deposits.filter((d) => d.accountId === accountId).reduce((sum, d) => sum + d.amount, 0n);
}

export function naivePartyRefusal(auction: NaiveAuction, accountId: string): Rejection | undefined {
  if (auction.terms.ownerId === accountId) return { code: 'bid_own_lot' };
  const group = [...(auction.terms.excludedIds ?? []), ...auction.excluded];
  return group.some((id) => id === accountId) ? { code: 'bid_conflict_of_interest' } : undefined;
}

/** Why an open auction refuses this bid, or nothing. */
export function naiveBidRefusal(
  auction: NaiveAuction,
  command: Extract<Command, { type: 'place_bid' }>,
): Rejection | undefined {
  const { terms } = auction;
  const { price, quantity, minimumAcceptable: least } = command;
  const party = naivePartyRefusal(auction, command.accountId);
  if (party) return party;
  if (!(Number.isInteger(quantity) && quantity >= terms.minimumBidQuantity && quantity <= terms.quantity)) {
    return {
      code: 'bid_quantity_out_of_range',
      quantityMinimum: terms.minimumBidQuantity,
      quantityMaximum: terms.quantity,
    };
  }
  const mine = liveBids(auction).find((bid) => bid.accountId === command.accountId);
  const most = mine === undefined ? quantity : Math.min(quantity, mine.minimumAcceptable);
  if (!(Number.isInteger(least) && least >= 0 && least <= most)) {
    return { code: 'bid_minimum_acceptable_invalid', maximum: lots(most) };
  }
  const margin = naiveAllocate(liveBids(auction), terms.quantity).marginalPrice;
  const floor = margin === null ? terms.startingPrice : margin + terms.bidIncrement;
  const raised = mine === undefined ? floor : Math.max(floor, mine.price + terms.bidIncrement);
  const cheapestFor = (size: number): number =>
    mine !== undefined && size > mine.quantity && mine.price >= floor ? mine.price : raised;
  if (mine !== undefined) {
    const worse = price < mine.price || quantity < mine.quantity;
    const same = price === mine.price && quantity === mine.quantity;
    if (worse || same || Number.isNaN(price)) {
      const priceMinimum = ticks(cheapestFor(Math.max(quantity, mine.quantity)));
      return { code: 'bid_not_improving', priceMinimum, quantityMinimum: mine.quantity };
    }
  }
  if (!(Number.isInteger(price) && price >= terms.startingPrice)) {
    return { code: 'bid_price_below_start', priceMinimum: ticks(cheapestFor(quantity)) };
  }
  const keepsPrice = mine !== undefined && price === mine.price;
  const isHighEnough = keepsPrice ? price >= floor : price >= raised;
  if (!isHighEnough) {
    const cheapest = cheapestFor(quantity);
    return { code: 'bid_below_increment', priceMinimum: ticks(price < cheapest ? cheapest : raised) };
  }
  const ceiling = naiveCeiling(terms, margin);
  if (price > ceiling) return { code: 'bid_above_maximum_increment', priceMaximum: ticks(ceiling) };
  return naiveSecurityRefusal(auction, command);
}

function naiveCeiling(terms: EnglishTerms, margin: number | null): number {
  const oneTickOfAll = BigInt(terms.tickSize) * BigInt(terms.lotSize) * BigInt(terms.quantity);
  let ceiling = Math.min(500_000_000, Number(1_000_000_000_000_000_000n / oneTickOfAll));
  if (terms.maximumIncrement !== null) {
    ceiling = Math.min(ceiling, (margin === null ? terms.startingPrice : margin) + terms.maximumIncrement);
  }
  return ceiling;
}

function naiveSecurityRefusal(
  auction: NaiveAuction,
  command: Extract<Command, { type: 'place_bid' }>,
): Rejection | undefined {
  const has = deposited(auction, command.accountId);
  const needs = naiveSecurity(auction.terms, command.quantity);
  if (has >= needs) return undefined;
  let quantity: number = auction.terms.quantity;
  while (naiveSecurity(auction.terms, quantity) > has) quantity -= 1;
  return {
    code: 'bid_security_insufficient',
    required: String(needs),
    allocated: String(has),
    quantityMaximum: lots(quantity),
  };
}
