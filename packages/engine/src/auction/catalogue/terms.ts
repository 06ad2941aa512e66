/** What the terms of a catalogue must satisfy, in each of its lots. */
import { COUNT_MAX } from '@seam/units';
import { CATALOGUE_LOTS_MAX, EXCLUDED_MAX, STEP_MS_MAX } from '../../limits.ts';
import { areIds, isId, isInteger } from '../rules.ts';
import type { CommonTerms } from '../types.ts';
import type { CatalogueTerms } from './types.ts';

/** The first field that is out of its limits, dotted, or null. */
export function brokenCatalogueTerms({ catalogue, softClose }: CommonTerms): string | null {
  if (catalogue === undefined) return null;
  if (!isId(catalogue.catalogueId)) return 'catalogue.catalogueId';
  if (!isInteger(catalogue.position, 1, CATALOGUE_LOTS_MAX)) return 'catalogue.position';
  if (!isInteger(catalogue.pauseMs, 0, STEP_MS_MAX)) return 'catalogue.pauseMs';
  if (!isCap(catalogue)) return 'catalogue.cap';
  if (!areGroups(catalogue.groupIds ?? [])) return 'catalogue.groupIds';
  // Whatever comes before moves a lot to any time of the day: a night would cut it in two.
  return softClose.mode === 'cooloff' && softClose.dailyStop !== null ? 'softClose.dailyStop' : null;
}

function isCap({ cap }: CatalogueTerms): boolean {
  if (cap === undefined) return true;
  const most = cap.unit === 'lots' ? CATALOGUE_LOTS_MAX : COUNT_MAX - 1;
  return ['lots', 'quantity'].includes(cap.unit) && isInteger(cap.maximum, 1, most);
}

/** Nobody is in two groupIds: who could say then what is left for it? */
function areGroups(groupIds: readonly (readonly string[])[]): boolean {
  const everybody = groupIds.flat();
  return (
    groupIds.length <= EXCLUDED_MAX && groupIds.every(areIds) && new Set(everybody).size === everybody.length
  );
}
