/**
 * Limits over the columns of the search index. A column holds the whole number nearest to the exact value, so
 * it decides every lot but those whose number is the limit itself: of these the exact fractions say on which
 * side they are, and that is remembered for as long as the lot stays what it is.
 */
import { type Assay, type Limit, limitReason } from '@seam/coal';
import { MISSING, type Search, qualityColumn } from '../../search/public.ts';

type Lots = Search['index']['lots'];

export type LimitColumn = {
  readonly limit: Limit;
  readonly place: number;
  readonly low: number;
  readonly high: number;
};

/** @throws when a limit names a basis its parameter is not reported on: such a request is not published. */
export function limitColumn(limit: Limit): LimitColumn {
  const place = columnOf(limit);
  if (place === undefined) throw new Error(`${limit.parameter} has no column on ${limit.basis}`);
  return { limit, place, low: limit.minimum ?? -Infinity, high: limit.maximum ?? Infinity };
}

/** @returns undefined when the parameter is not reported on the limit's basis. */
export function columnOf({ parameter, basis = 'ar', kind = 'net' }: Limit): number | undefined {
  switch (parameter) {
    case 'totalMoisture':
      return qualityColumn('totalMoisture', 'ar');
    case 'inherentMoisture':
      return qualityColumn('inherentMoisture', 'ad');
    case 'calorificValue':
      return qualityColumn(kind, basis);
    case 'hardgroveIndex':
      return qualityColumn('hardgrove', undefined);
    case 'ashSoftening':
    case 'sizeMax':
      return qualityColumn(parameter, undefined);
    default:
      return qualityColumn(parameter, basis);
  }
}

export type Miss = 'not_stated' | 'below_minimum' | 'above_maximum';

export class LimitColumns {
  readonly #lots: Lots;
  /** By column: exact value less than (-1), equal to (0) or more than (1) the column's, and of which change. */
  readonly #signs = new Map<number, { sign: Int8Array; changed: Uint32Array }>();

  constructor(lots: Lots) {
    this.#lots = lots;
  }

  /** @returns `unsure` where the column alone does not say. */
  missOf({ place, low, high }: LimitColumn, slot: number): Miss | 'unsure' | undefined {
    const value = this.#lots.quality[place]![slot]!;
    if (value === MISSING) return 'not_stated';
    if (value < low) return 'below_minimum';
    if (value > high) return 'above_maximum';
    if (value !== low && value !== high) return undefined;
    const sign = this.#signOf(place, slot);
    if (sign === undefined) return 'unsure';
    if (value === low && sign < 0) return 'below_minimum';
    return value === high && sign > 0 ? 'above_maximum' : undefined;
  }

  /** Remembers what the assay says exactly of a lot that was unsure. */
  learn({ limit, place }: LimitColumn, slot: number, assay: Assay): void {
    const value = this.#lots.quality[place]![slot]!;
    const { code } = limitReason({ ...limit, minimum: value, maximum: value }, assay);
    const signs = this.#grown(place);
    signs.sign[slot] = code === 'below_minimum' ? -1 : code === 'above_maximum' ? 1 : 0;
    signs.changed[slot] = this.#lots.changed[slot]!;
  }

  #signOf(place: number, slot: number): number | undefined {
    const known = this.#signs.get(place);
    // Steps count from one: a slot that was never asked for has the step 0.
    if (!known || slot >= known.sign.length || known.changed[slot] !== this.#lots.changed[slot]) {
      return undefined;
    }
    return known.sign[slot]!;
  }

  #grown(place: number): { sign: Int8Array; changed: Uint32Array } {
    const known = this.#signs.get(place);
    const size = this.#lots.changed.length;
    if (known && known.sign.length >= size) return known;
    const sign = new Int8Array(size);
    const changed = new Uint32Array(size);
    if (known) {
      sign.set(known.sign);
      changed.set(known.changed);
    }
    const grown = { sign, changed };
    this.#signs.set(place, grown);
    return grown;
  }
}
