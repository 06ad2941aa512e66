/**
 * How much of a month can still be called off. What a carry-over brings from earlier months counts, and no
 * call-off may take what a later one has already been promised: up to the end of any month of the group, never
 * more is called than was contracted.
 */
import { type Month, periodOf } from './calendar.ts';

export type CarryOver = 'none' | 'quarter' | 'contract';
export type MonthQuantity = { readonly month: Month; readonly kg: bigint };

/** A call-off's claim on its month: all it asks for while it stands, what was lifted once it has ended. */
export type Claim = { readonly month: Month; readonly kg: bigint };

function groupOf(month: Month, carryOver: CarryOver): string {
  return carryOver === 'contract' ? 'all' : periodOf(month, carryOver === 'quarter' ? 'quarter' : 'month');
}

/** @returns kilograms, never negative; undefined for a month the contract does not have. */
export function remainingIn(
  month: Month,
  months: readonly MonthQuantity[],
  claims: readonly Claim[],
  carryOver: CarryOver,
): bigint | undefined {
  if (!months.some((one) => one.month === month)) return undefined;
  const group = groupOf(month, carryOver);
  let contracted = 0n;
  let claimed = 0n;
  let least: bigint | undefined;
  for (const one of months) {
    if (groupOf(one.month, carryOver) !== group) continue;
    contracted += one.kg;
    for (const claim of claims) if (claim.month === one.month) claimed += claim.kg;
    const free = contracted - claimed;
    if (one.month >= month && (least === undefined || free < least)) least = free;
  }
  return least === undefined || least < 0n ? 0n : least;
}

/** Moves between months, in the order they were agreed. The sum stays. */
export function withMoves(
  months: readonly MonthQuantity[],
  moves: readonly { readonly fromMonth: Month; readonly toMonth: Month; readonly kg: bigint }[],
): MonthQuantity[] {
  const moved = new Map(months.map(({ month, kg }) => [month, kg]));
  for (const { fromMonth, toMonth, kg } of moves) {
    moved.set(fromMonth, moved.get(fromMonth)! - kg);
    moved.set(toMonth, moved.get(toMonth)! + kg);
  }
  return months.map(({ month }) => ({ month, kg: moved.get(month)! }));
}

/** Whether every call-off still has its quantity: no month below nothing, no claim beyond what it rests on. */
export function covers(
  months: readonly MonthQuantity[],
  claims: readonly Claim[],
  carryOver: CarryOver,
): boolean {
  if (months.some(({ kg }) => kg < 0n)) return false;
  const sums = new Map<string, bigint>();
  for (const { month, kg } of months) {
    const group = groupOf(month, carryOver);
    const claimed = claims.filter((claim) => claim.month === month).reduce((sum, one) => sum + one.kg, 0n);
    const free = (sums.get(group) ?? 0n) + kg - claimed;
    if (free < 0n) return false;
    sums.set(group, free);
  }
  return true;
}
