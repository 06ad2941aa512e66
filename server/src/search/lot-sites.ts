/** Where lots are: counted by the place where they are handed over, or their mine where none is named. */
import { roundHalfUp } from '@seam/coal';
import type { SearchSite } from '@seam/protocol';
import { formatMoney } from '@seam/units';
import type { Destination } from './destination.ts';
import { MAP_SITES_MAX } from './limits.ts';
import { type Lots, NOWHERE } from './lots.ts';

export type LotSites = { readonly items: readonly SearchSite[]; readonly unplaced: number };

export function lotSites(
  lots: Lots,
  slots: readonly number[],
  destination: Destination | undefined,
): LotSites {
  const counts = new Map<number, { lots: number; best: number }>();
  for (const slot of slots) {
    const delivery = lots.whole.delivery[slot]!;
    const site = delivery === NOWHERE ? lots.whole.mine[slot]! : delivery;
    const known = counts.get(site);
    if (!known) counts.set(site, { lots: 1, best: slot });
    else {
      known.lots += 1;
      if (destination && destination.compare(slot, known.best) < 0) known.best = slot;
    }
  }
  const items = [...counts]
    .flatMap(([code, { lots: count, best }]): SearchSite[] => {
      const { id, name, nameZh, country, latitude, longitude } = lots.sites.items[code]!;
      if (latitude === null || longitude === null) return [];
      const cost = destination?.exact(best)?.perGigajoule;
      const perGigajoule = cost ? formatMoney(roundHalfUp(cost)) : null;
      return [{ id, name, nameZh, country, latitude, longitude, lots: count, perGigajoule }];
    })
    .sort((a, b) => b.lots - a.lots || (a.id < b.id ? -1 : 1))
    .slice(0, MAP_SITES_MAX);
  return { items, unplaced: slots.length - items.reduce((sum, { lots: count }) => sum + count, 0) };
}
