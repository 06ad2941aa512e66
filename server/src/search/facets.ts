/**
 * How many lots each choice would show: of each facet every value is counted as if that facet were not
 * chosen from, and all else were. A lot that fails one facet alone is counted in that one.
 */
import { type Test, fits } from './filter.ts';
import { matching } from './find.ts';
import type { Lots, WordColumn } from './lots.ts';
import { MISSING } from './quality-columns.ts';
import { type Shown, shownText } from './shown.ts';

export const FACETS = ['country', 'rank', 'transport', 'saleMethod', 'deliveryTerm', 'currency'] as const;
export type Facet = (typeof FACETS)[number];
export type FacetTests = Readonly<Partial<Record<Facet, Test>>>;
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
  chosen: FacetTests,
  shown: readonly Shown[],
): FacetCounts {
  const counts = FACETS.map((facet) => new Int32Array(lots.words[facet].size));
  const columns = FACETS.map((facet) => lots.whole[facet]);
  const chosenTests = FACETS.map((facet) => chosen[facet]);
  const spans = shown.map(({ column }) => new Span(lots.quality[column]!));
  let all = 0;
  for (const slot of matching(lots, tests)) {
    const failed = failedFacet(chosenTests, slot);
    if (failed === MANY) continue;
    if (failed !== NONE) {
      counts[failed]![columns[failed]![slot]!]! += 1;
      continue;
    }
    all += 1;
    for (let at = 0; at < spans.length; at += 1) spans[at]!.take(slot);
    for (let facet = 0; facet < columns.length; facet += 1) counts[facet]![columns[facet]![slot]!]! += 1;
  }
  const named = FACETS.map((facet, at) => [facet, ranked(lots, facet, counts[at]!)] as const);
  const seen = spans.map((span, at) => span.text(shown[at]!));
  return { ...Object.fromEntries(named), lots: all, spans: seen } as unknown as FacetCounts;
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

/** The one facet that the lot fails, or none, or many. */
function failedFacet(tests: readonly (Test | undefined)[], slot: number): number {
  let failed = NONE;
  for (let at = 0; at < tests.length; at += 1) {
    const test = tests[at];
    if (!test || fits(test, slot)) continue;
    if (failed !== NONE) return MANY;
    failed = at;
  }
  return failed;
}

function ranked(
  lots: Lots,
  facet: WordColumn,
  counts: Int32Array,
): { readonly value: string; readonly lots: number }[] {
  return [...counts]
    .map((count, code) => ({ value: lots.words[facet].values[code]!, lots: count }))
    .filter(({ value, lots: count }) => count > 0 && value !== '')
    .sort((a, b) => b.lots - a.lots || (a.value < b.value ? -1 : 1));
}
