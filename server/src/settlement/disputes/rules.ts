/** What a dispute is about in money, and what it costs: pure. */
import { DISPUTE_FEE, type DisputeOutcome, type DisputeState } from '@seam/protocol';
import { divideHalfUp, parseMoney } from '@seam/units';

export type Side = 'buyer' | 'seller';
export const otherSide = (side: Side): Side => (side === 'buyer' ? 'seller' : 'buyer');

export type Range = { readonly low: bigint; readonly high: bigint };

/**
 * Between what the two sides claim. Where nothing was computed, the other side's word is the price of the contract for
 * what was weighed (against a buyer), or that nothing is owed (against a seller).
 * @returns undefined where the claim is not in the claimant's favour: then nothing is disputed.
 */
export function rangeOf(of: {
  readonly side: Side;
  readonly claimed: bigint;
  readonly computed: bigint | null;
  readonly byContract: bigint;
}): Range | undefined {
  const counter = of.computed ?? (of.side === 'buyer' ? of.byContract : 0n);
  const [low, high] = of.side === 'buyer' ? [of.claimed, counter] : [counter, of.claimed];
  return low >= 0n && low < high ? { low, high } : undefined;
}

/** A share of what is disputed, between two bounds; an appeal costs a multiple. Minor units. */
export function feeOf(range: Range, instance: 'filing' | 'appeal'): bigint {
  const share = divideHalfUp((range.high - range.low) * BigInt(DISPUTE_FEE.basisPoints), 10_000n);
  const [least, most] = [bound(DISPUTE_FEE.least), bound(DISPUTE_FEE.most)];
  const fee = share < least ? least : share > most ? most : share;
  return instance === 'appeal' ? fee * BigInt(DISPUTE_FEE.appealTimes) : fee;
}

const bound = (amount: string): bigint => parseMoney(amount) ?? 0n;

export type Verdict = {
  readonly amount: bigint;
  readonly compensation: bigint;
  readonly owedBy: Side | null;
};

/** Whether whoever filed got all, a part, or nothing. */
export function outcomeOf(filedBy: Side, claimed: bigint, range: Range, verdict: Verdict): DisputeOutcome {
  const toFiler = verdict.compensation > 0n && verdict.owedBy !== filedBy;
  const against = verdict.compensation > 0n && verdict.owedBy === filedBy;
  const counter = claimed === range.low ? range.high : range.low;
  if (verdict.amount === claimed && !against) return 'satisfied';
  return verdict.amount === counter && !toFiler ? 'declined' : 'partly';
}

/** Who may appeal: whoever did not get all. */
export function losers(state: DisputeState, filedBy: Side): readonly Side[] {
  if (state === 'satisfied') return [otherSide(filedBy)];
  if (state === 'declined') return [filedBy];
  return state === 'partly' ? ['buyer', 'seller'] : [];
}

/** What the verdict leaves the buyer to bear: the less, the better for it. */
const borne = ({ amount, compensation, owedBy }: Verdict): bigint =>
  amount + (owedBy === 'buyer' ? compensation : -compensation);

/** Whether the appeal has moved anything towards whoever appealed. */
export function appealHelped(by: Side, first: Verdict, second: Verdict): boolean {
  return by === 'buyer' ? borne(second) < borne(first) : borne(second) > borne(first);
}

/** Whether the fee of the filing is kept: the dispute has brought whoever filed it nothing. */
export const feeKept = (outcome: DisputeOutcome): boolean => outcome === 'declined';
