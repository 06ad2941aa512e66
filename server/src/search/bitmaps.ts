/**
 * A bit a lot: who has a word, and whose number is at most an edge. Conditions are met thirty-two lots at a
 * time; a range whose ends lie between edges lets a few too many through, who are then asked one by one.
 */
import { type BitSet, setBit } from './bits.ts';
import { MISSING, PARAMETERS, QUALITY_COLUMNS } from './quality-columns.ts';

/** J/g, from lignite to anthracite. */
const HEAT_EDGES = Array.from({ length: 17 }, (_, at) => 13_000 + at * 1_125);
/** Basis points: close together where sulphur lies, wider for ash and volatile matter. */
const SHARE_EDGES = [
  25, 50, 75, 100, 125, 150, 200, 300, 400, 600, 800, 1_000, 1_250, 1_500, 1_750, 2_000, 2_500, 3_000, 3_500,
  4_000, 5_000, 6_000,
];

/** Above every number of a column. */
const UNBOUNDED = 0x7fff_ffff;

/** Of a range: at least the lots in it, and lots that are in it for certain; the same where both ends are edges. */
export type Within = { readonly most: BitSet; readonly sure: BitSet | undefined };

export class Bitmaps {
  #length: number;
  readonly #words = new Map<string, Uint32Array[]>();
  readonly #edges = QUALITY_COLUMNS.map(({ parameter }) => {
    const { kind } = PARAMETERS[parameter];
    return kind === 'heat' ? HEAT_EDGES : kind === 'share' ? SHARE_EDGES : [];
  });
  /** Of each column for each edge, and last for every lot that states a value. */
  readonly #atMost: Uint32Array[][];

  constructor(capacity: number) {
    this.#length = Math.ceil(capacity / 32);
    this.#atMost = this.#edges.map((edges) => [...edges, 0].map(() => new Uint32Array(this.#length)));
  }

  grow(capacity: number): void {
    this.#length = Math.ceil(capacity / 32);
    const longer = (old: Uint32Array): Uint32Array => {
      const grown = new Uint32Array(this.#length);
      grown.set(old);
      return grown;
    };
    for (const maps of [...this.#words.values(), ...this.#atMost])
      maps.forEach((map, at) => (maps[at] = longer(map)));
  }

  setWord(column: string, slot: number, code: number): void {
    const maps = this.#words.get(column) ?? [];
    this.#words.set(column, maps);
    while (maps.length <= code) maps.push(new Uint32Array(this.#length));
    for (let at = 0; at < maps.length; at += 1) setBit(maps[at]!, slot, at === code);
  }

  setValue(column: number, slot: number, value: number): void {
    const edges = this.#edges[column]!;
    const maps = this.#atMost[column]!;
    const isStated = value !== MISSING;
    for (let at = 0; at < edges.length; at += 1) setBit(maps[at]!, slot, isStated && value <= edges[at]!);
    setBit(maps[edges.length]!, slot, isStated);
  }

  /** The lots that have one of these words: each map is of one. */
  anyOf(column: string, codes: readonly number[]): Uint32Array[] {
    const maps = this.#words.get(column) ?? [];
    return codes.flatMap((code) => maps[code] ?? []);
  }

  range(column: number, low: number, high: number): Within {
    const edges = this.#edges[column]!;
    const maps = this.#atMost[column]!;
    const stated = maps[edges.length]!;
    const isOpenAbove = high >= UNBOUNDED;
    const isOpenBelow = low <= MISSING + 1;
    const above = edges.findIndex((edge) => edge >= high);
    const below = edges.findLastIndex((edge) => edge < low);
    const most = {
      yes: isOpenAbove || above < 0 ? stated : maps[above]!,
      no: isOpenBelow || below < 0 ? undefined : maps[below]!,
    };
    const within = edges.findLastIndex((edge) => edge <= high);
    const without = edges.findIndex((edge) => edge >= low - 1);
    if ((!isOpenAbove && within < 0) || (!isOpenBelow && without < 0)) return { most, sure: undefined };
    const sure = {
      yes: isOpenAbove ? stated : maps[within]!,
      no: isOpenBelow ? undefined : maps[without]!,
    };
    return { most, sure: sure.yes === most.yes && sure.no === most.no ? most : sure };
  }
}
