/**
 * How many lots each choice would show: of each facet every value is counted as if that facet were not
 * chosen from, and all else were. Lots are counted by what they have in all facets together; these some
 * hundred counts are then taken apart.
 */
import type { Test } from './filter.ts';
import { matching } from './find.ts';
import { FACETS, type Facet, type Lots } from './lots.ts';
import { MISSING } from './quality-columns.ts';
import { type Shown, shownText } from './shown.ts';

/** Of each facet that was chosen from, the numbers of the words chosen. */
export type Chosen = Readonly<Partial<Record<Facet, readonly number[]>>>;
export type FacetCounts = Readonly<
  Record<Facet, readonly { readonly value: string; readonly lots: number }[]>
> & {
  readonly lots: number;
  /** Of each shown value, the least and the most. */
  readonly spans: readonly ({ readonly low: string; readonly high: string } | null)[];
};

/** @param tests all conditions that are no facet. */
export function countFacets(
  lots: Lots,
  tests: readonly Test[],
  chosen: Chosen,
  shown: readonly Shown[],
): FacetCounts {
  const { mix } = lots.whole;
  const slots = matching(lots, tests);
  const byMix = new Int32Array(lots.mixes.length);
  for (let at = 0; at < slots.length; at += 1) byMix[mix[slots[at]!]!]! += 1;
  const failed = lots.mixes.map((codes) => failedFacet(chosen, codes));
  const counts = FACETS.map((facet) => new Int32Array(lots.words[facet].size));
  let all = 0;
  for (const [at, codes] of lots.mixes.entries()) {
    const own = failed[at]!;
    if (own === NONE) all += byMix[at]!;
    for (let facet = 0; facet < FACETS.length; facet += 1)
      if (own === NONE || own === facet) counts[facet]![codes[facet]!]! += byMix[at]!;
  }
  const named = FACETS.map((facet, at) => [facet, ranked(lots, facet, counts[at]!)] as const);
  const spans = shown.map((each) => {
    const span = new Span(lots.quality[each.column]!);
    for (const slot of slots) if (failed[mix[slot]!] === NONE) span.take(slot);
    return span.text(each);
  });
  return { ...Object.fromEntries(named), lots: all, spans } as unknown as FacetCounts;
}

/** The least and the most of a column, of lots that state it. */
class Span {
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;
  readonly #column: Int32Array;

  constructor(column: Int32Array) {
    this.#column = column;
  }

  take(slot: number): void {
    const value = this.#column[slot]!;
    if (value === MISSING) return;
    if (value < this.#low) this.#low = value;
    if (value > this.#high) this.#high = value;
  }

  text(shown: Shown): { low: string; high: string } | null {
    if (this.#low > this.#high) return null;
    return { low: shownText(shown, this.#low)!, high: shownText(shown, this.#high)! };
  }
}

const NONE = -1;
const MANY = -2;

/** The one facet in which these words were not chosen, or none, or many. */
function failedFacet(chosen: Chosen, codes: readonly number[]): number {
  let failed = NONE;
  for (const [at, facet] of FACETS.entries()) {
    if (chosen[facet]?.includes(codes[at]!) !== false) continue;
    if (failed !== NONE) return MANY;
    failed = at;
  }
  return failed;
}

function ranked(
  lots: Lots,
  facet: Facet,
  counts: Int32Array,
): { readonly value: string; readonly lots: number }[] {
  return [...counts]
    .map((count, code) => ({ value: lots.words[facet].values[code]!, lots: count }))
    .filter(({ value, lots: count }) => count > 0 && value !== '')
    .sort((a, b) => b.lots - a.lots || (a.value < b.value ? -1 : 1));
}
