/**
 * What a hidden maximum costs its bidder: no more than it takes to keep what it wins.
 *
 * Winners are whoever the allocation by time names when all stand at their maxima. A winner's price
 * is the smallest of {the base, a rival's maximum, a rival's maximum and a tick} at which it would
 * still win as many lots, the others staying at their maxima. So it depends on no order of events
 * beyond who was willing to pay a price first, is never above the winner's own maximum, and does
 * not move when the winner raises that maximum.
 *
 * `proxyLead: 'increment'` is the rule of the big consumer sites instead: one increment above the rival
 * that decides, or the own maximum when that is less. There a raised maximum may cost up to that
 * increment more.
 */
import { type Ticks, ticks } from '@seam/units';
import { type Increments, incrementAt } from './increment.ts';
import type { BidLine } from './line.ts';
import { takes } from './serve.ts';

export type Lead = 'least' | 'increment';

/** `price` is the maximum. */
export type ProxyLine = BidLine & { readonly accountId: string; readonly allocated: number };

/** Since which seq a bidder was willing to pay up to a price: rising, the first that is enough counts. */
export type HeldPrice = { readonly price: Ticks; readonly seq: number };

export type ThresholdRule = Increments & {
  readonly proxyLead: Lead;
  /** What is paid where nobody competes. */
  readonly base: Ticks;
  /** By account; the last of each is its maximum. */
  readonly held: Readonly<Record<string, readonly HeldPrice[]>>;
};

/**
 * What each of `lines` (best first) pays for what it wins of `quantity`; null where it wins nothing.
 * For n lines up to n²/2 steps: each winner is compared with those behind it until one decides.
 */
export function thresholdPrices(
  lines: readonly ProxyLine[],
  quantity: number,
  rule: ThresholdRule,
): readonly (Ticks | null)[] {
  const prices: (Ticks | null)[] = [];
  let rest = quantity;
  for (let place = 0; place < lines.length; place += 1) {
    const line = lines[place];
    if (line === undefined) break;
    prices.push(line.allocated === 0 ? null : priceOf(lines, { line, place, rest }, rule));
    rest -= line.allocated;
  }
  return prices;
}

type Winner = { readonly line: ProxyLine; readonly place: number; readonly rest: number };

/** Goes through those behind the winner as if it were not there, until too little is left for it. */
function priceOf(lines: readonly ProxyLine[], { line, place, rest }: Winner, rule: ThresholdRule): Ticks {
  let left = rest;
  for (let behind = place + 1; behind < lines.length; behind += 1) {
    const rival = lines[behind];
    if (rival === undefined) break;
    left -= takes(rival, left);
    if (left >= line.allocated) continue;
    const price = rule.proxyLead === 'increment' ? ledBy(line, rival, rule) : leastOver(line, rival, rule);
    return ticks(Math.max(rule.base, price));
  }
  return rule.base;
}

function ledBy(line: ProxyLine, rival: ProxyLine, rule: ThresholdRule): number {
  return Math.min(line.price, rival.price + incrementAt(rule, rival.price));
}

/** The rival's maximum when `line`, coming down to it, would still stand ahead; otherwise a tick more. */
function leastOver(line: ProxyLine, rival: ProxyLine, { held }: ThresholdRule): number {
  const goesFirst =
    line.quantity === rival.quantity
      ? seqAt(held[line.accountId] ?? [], rival.price) < rival.seq
      : line.quantity > rival.quantity;
  return goesFirst ? rival.price : rival.price + 1;
}

function seqAt(since: readonly HeldPrice[], price: number): number {
  return since.find((held) => held.price >= price)?.seq ?? Infinity;
}

/**
 * `since` once its bidder has raised its maximum to `raised`. A step that no rival's bid came after
 * and before the next can never decide a tie: it is merged, so there are never more than rivals + 1.
 */
export function heldAfter(
  since: readonly HeldPrice[],
  raised: HeldPrice,
  rivalSeqs: readonly number[],
): readonly HeldPrice[] {
  const kept: HeldPrice[] = [];
  for (const next of [...since, raised]) {
    const last = kept.at(-1);
    const decides = last === undefined || rivalSeqs.some((seq) => seq > last.seq && seq < next.seq);
    if (decides) kept.push(next);
    else kept[kept.length - 1] = { price: next.price, seq: last.seq };
  }
  return kept;
}
