/** Smaller and easier programmes of a programme. */
import { kilograms } from '@seam/units';
import type { Programme } from './lp.ts';
import { rowOfSome } from './rows.ts';

/** Of the lots at `places` alone. */
export function ofSome(programme: Programme, places: readonly number[]): Programme {
  const rows = programme.rows.map((row) => rowOfSome(row, places));
  return {
    ...programme,
    lots: places.map((place) => programme.lots[place]!),
    rows,
    ...(programme.bounds && {
      bounds: new Map(
        programme.rows.flatMap((row, index) => {
          const bound = programme.bounds!.get(row);
          return bound ? [[rows[index]!, bound] as const] : [];
        }),
      ),
    }),
  };
}

/** Without whole decisions: any part of any number of lots. */
export function freed(programme: Programme): Programme {
  const { maximumLots: _, ...rest } = programme;
  return { ...rest, lots: rest.lots.map((lot) => ({ ...lot, minimumTake: kilograms(0n) })) };
}
