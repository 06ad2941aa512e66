/**
 * The auction rules a second time, for tests: everything is recomputed from the full history with
 * loops a reader can check against the rule book. Imports nothing the engine decides with.
 */
import { lots } from '@seam/units';
import type { AuctionState, CommonTerms, EnglishTerms, AuctionEvent as Event, Rejection } from '../types.ts';
import type { NaiveBid } from './english/naive-allocate.ts';
import type { NaiveInstruction } from './english/naive-english.ts';

export type NaiveAuction = {
  terms: EnglishTerms;
  state: AuctionState;
  /** Has its turn come? Always, when it stands alone. */
  called: boolean;
  /** All that was told since its close, in order. */
  told: Exclude<Event, { type: 'command_rejected' }>[];
  closesAt: number;
  hardEndAt: number;
  extensions: number;
  excluded: string[];
  outages: { from: number; until: number }[];
  frozenAt: number;
  remainingMs: number;
  /** Every accepted bid, revisions and answers of instructions included, oldest first. */
  bids: NaiveBid[];
  /** Every instruction accepted, oldest first. */
  instructions: NaiveInstruction[];
  deposits: { accountId: string; amount: bigint }[];
  closedSeq: number;
  closedAt: number;
};

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

/** Why too little money stands behind a bid, or nothing. */
export function naiveSecurityRefusal(
  auction: NaiveAuction,
  command: Pick<NaiveBid, 'accountId' | 'quantity'>,
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
