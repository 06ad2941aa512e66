/**
 * The lots a blend is sought among. A market of thousands is cut to what a solver answers within a second:
 * the cheapest, per tonne and per GJ, and the cheapest of those that keep each limit, so that whatever holds a
 * blend up there are lots to mend it. The cheapest lot that would do alone is always among them.
 */
import type { RequestNeeds } from '@seam/coal';
import type { Search } from '../../search/public.ts';
import { BLEND_LOTS_MAX } from '../limits.ts';
import { limitColumn } from '../matching/limit-columns.ts';
import type { MarketPass } from '../matching/market-pass.ts';

type Lots = Search['index']['lots'];

/** @param most fewer in tests. @returns ids. */
export function blendCandidates(
  lots: Lots,
  pass: MarketPass,
  needs: RequestNeeds,
  most: number = BLEND_LOTS_MAX,
): string[] {
  const { destination } = pass;
  const perTonne = (slot: number): number => destination.perTonne(slot);
  const priced = pass.mixable.filter((slot) => Number.isFinite(destination.perGigajoule(slot)));
  if (priced.length <= most) return priced.map((slot) => lots.ids[slot]!);
  const byTonne = priced.toSorted((a, b) => perTonne(a) - perTonne(b));
  const byHeat = priced.toSorted((a, b) => destination.perGigajoule(a) - destination.perGigajoule(b));
  const whole = Number(needs.quantity);
  const alone = pass.keeping
    .filter((slot) => lots.real.remaining[slot]! >= whole && Number.isFinite(perTonne(slot)))
    .toSorted((a, b) => perTonne(a) - perTonne(b));
  const chosen = new Set(alone.slice(0, 1));
  const take = (slots: readonly number[], count: number): void => {
    for (const slot of slots.slice(0, count)) if (chosen.size < most) chosen.add(slot);
  };
  const share = Math.floor(most / (needs.limits.length + 3));
  for (const { place, low, high } of needs.limits.map(limitColumn)) {
    const column = lots.quality[place]!;
    take(
      byTonne.filter((slot) => column[slot]! >= low && column[slot]! <= high),
      share,
    );
  }
  take(byHeat, share);
  take(byTonne, most);
  return [...chosen].map((slot) => lots.ids[slot]!);
}
