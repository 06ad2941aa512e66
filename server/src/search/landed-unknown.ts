/** Why nothing can be said of what a lot costs at a place. */
import type { LANDED_UNKNOWN } from '@seam/protocol';
import { reaches } from '../listings/public.ts';
import type { Destination } from './destination.ts';
import { type Lots, NOWHERE } from './lots.ts';

export type LandedUnknown = (typeof LANDED_UNKNOWN)[number];

/** Of a lot whose landed cost is not known. */
export function landedUnknown(lots: Lots, slot: number, destination: Destination | undefined): LandedUnknown {
  if (!destination) return 'no_place';
  if (Number.isNaN(lots.real.price[slot]!)) return 'price_by_auction';
  if (lots.whole.heat[slot]! <= 0) return 'heat_unknown';
  const delivery = lots.whole.delivery[slot]!;
  const km = delivery === NOWHERE ? Number.NaN : destination.distances.all()[delivery]!;
  const mode = lots.words.transport.values[lots.whole.transport[slot]!];
  return Number.isNaN(km) || reaches(mode as Parameters<typeof reaches>[0], km)
    ? 'place_unknown'
    : 'out_of_reach';
}
