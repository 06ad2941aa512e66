/**
 * The lots on offer as columns: one typed array an attribute, one slot a lot. A slot that was left is used
 * again; `changed` says with which step of the index a slot last changed, so that whoever remembers slots in
 * some order can tell which of them still mean what they meant.
 */
import { Bitmaps } from './bitmaps.ts';
import { Dictionary } from './dictionary.ts';
import type { LotRow, Seller, Site } from './lot-row.ts';
import { OpenLots } from './open-lots.ts';
import { QUALITY_COLUMNS, qualityValues } from './quality-columns.ts';

/** What lots are counted by. */
export const FACETS = ['country', 'rank', 'transport', 'saleMethod', 'deliveryTerm', 'currency'] as const;
export type Facet = (typeof FACETS)[number];

/** Words of each lot. A word that is not there is the empty word. */
export const WORD_COLUMNS = [...FACETS, 'source', 'state'] as const;
export type WordColumn = (typeof WORD_COLUMNS)[number];

const WHOLE_COLUMNS = [
  ...WORD_COLUMNS,
  'mix',
  'seller',
  'mine',
  'delivery',
  'windowFrom',
  'windowTo',
  'version',
  'heat',
  'flags',
] as const;
export type WholeColumn = (typeof WHOLE_COLUMNS)[number];
/** `until`: the moment the offer names. `expires`: when it leaves the market by itself, of many lots never. */
const REAL_COLUMNS = ['price', 'startPrice', 'quantity', 'remaining', 'until', 'expires'] as const;
export type RealColumn = (typeof REAL_COLUMNS)[number];

/** In `delivery`, of a lot that names no place of delivery. */
export const NOWHERE = -1;
const FIRST_CAPACITY = 1_024;
/** An order that slept through more changes than this is made anew: sooner done than caught up. */
const LOG_STEPS = 16_384;

export class Lots {
  readonly words = Object.fromEntries(WORD_COLUMNS.map((name) => [name, new Dictionary()])) as Record<
    WordColumn,
    Dictionary
  >;
  /** Numbers of words of the facets that lots have together: some hundreds, however many lots. */
  readonly mixes: (readonly number[])[] = [];
  readonly #mixes = new Dictionary();
  readonly sites = new Register<Site>();
  readonly sellers = new Register<Seller>();
  quality: Int32Array[] = QUALITY_COLUMNS.map(() => new Int32Array(FIRST_CAPACITY));
  whole = Object.fromEntries(
    WHOLE_COLUMNS.map((name) => [name, new Int32Array(FIRST_CAPACITY)]),
  ) as unknown as Record<WholeColumn, Int32Array>;
  real = Object.fromEntries(
    REAL_COLUMNS.map((name) => [name, new Float64Array(FIRST_CAPACITY)]),
  ) as unknown as Record<RealColumn, Float64Array>;
  changed = new Uint32Array(FIRST_CAPACITY);
  readonly bitmaps = new Bitmaps(FIRST_CAPACITY);
  readonly #open = new OpenLots(FIRST_CAPACITY);
  readonly ids: string[] = [];
  readonly xids: string[] = [];
  /** Slots in use are below it; some below it are empty. */
  top = 0;
  /** Rises with every change. */
  step = 0;
  /** The slots that changed last: step n is entry n modulo LOG_STEPS. */
  readonly #log = new Int32Array(LOG_STEPS);
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];
  #capacity = FIRST_CAPACITY;

  get size(): number {
    return this.#slots.size;
  }

  slotOf(id: string): number | undefined {
    return this.#slots.get(id);
  }

  *known(): Iterable<[id: string, xid: string]> {
    for (const [id, slot] of this.#slots) yield [id, this.xids[slot]!];
  }

  /** Takes the lot in, or its new content. Its mine, places and seller are known already. */
  put(row: LotRow): void {
    const slot = this.#slots.get(row.id) ?? this.#newSlot(row.id);
    const values = qualityValues(row.assay);
    for (let column = 0; column < values.length; column += 1) {
      this.quality[column]![slot] = values[column]!;
      this.bitmaps.setValue(column, slot, values[column]!);
    }
    this.xids[slot] = row.changedXid;
    this.#putWords(slot, row);
    const { whole, real } = this;
    whole.seller[slot] = this.sellers.codeOf(row.sellerId);
    whole.mine[slot] = this.sites.codeOf(row.mineId);
    whole.delivery[slot] = row.deliveryPlaceId === null ? NOWHERE : this.sites.codeOf(row.deliveryPlaceId);
    whole.windowFrom[slot] = row.windowFrom;
    whole.windowTo[slot] = row.windowTo;
    whole.version[slot] = row.version;
    whole.heat[slot] = row.searchHeat ?? 0;
    whole.flags[slot] = row.flagCount;
    real.price[slot] = row.price ?? Number.NaN;
    real.startPrice[slot] = row.startPrice ?? Number.NaN;
    real.quantity[slot] = row.quantityKg;
    real.remaining[slot] = row.remainingKg;
    real.until[slot] = row.expiresAt;
    // Bidding ends by its own clock, and a record of the past never.
    const isBound = row.source === 'member' && row.state !== 'in_auction';
    real.expires[slot] = isBound ? row.expiresAt : Number.POSITIVE_INFINITY;
    this.#open.set(slot, real.expires[slot]);
    this.#mark(slot);
  }

  remove(id: string): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    this.#slots.delete(id);
    this.real.expires[slot] = Number.NEGATIVE_INFINITY;
    this.#open.set(slot, Number.NEGATIVE_INFINITY);
    this.ids[slot] = '';
    this.#free.push(slot);
    this.#mark(slot);
  }

  #putWords(slot: number, row: LotRow): void {
    const site = this.sites.byId(row.mineId);
    const words: Record<WordColumn, string | null> = {
      country: site.country,
      rank: row.coalRank,
      transport: row.transport,
      saleMethod: row.saleMethod,
      deliveryTerm: row.deliveryTerm,
      currency: row.currency,
      source: row.source,
      state: row.state,
    };
    for (const name of WORD_COLUMNS) {
      const code = this.words[name].code(words[name] ?? '');
      this.whole[name][slot] = code;
      this.bitmaps.setWord(name, slot, code);
    }
    const codes = FACETS.map((name) => this.whole[name][slot]!);
    const mix = this.#mixes.code(codes.join());
    this.mixes[mix] ??= codes;
    this.whole.mix[slot] = mix;
  }

  /** Lots that have not ended at `now`, as bits. */
  openAt(now: number): Uint32Array {
    return this.#open.at(now, this.real.expires, this.top);
  }

  #newSlot(id: string): number {
    const slot = this.#free.pop() ?? this.top;
    if (slot === this.top) {
      this.top += 1;
      if (this.top > this.#capacity) this.#grow();
    }
    this.#slots.set(id, slot);
    this.ids[slot] = id;
    return slot;
  }

  #mark(slot: number): void {
    this.step += 1;
    this.changed[slot] = this.step;
    this.#log[this.step % LOG_STEPS] = slot;
  }

  /** The slots that changed after `step`, perhaps more than once; undefined when that is too long ago. */
  changedSince(step: number): Set<number> | undefined {
    if (this.step - step > LOG_STEPS) return undefined;
    const slots = new Set<number>();
    for (let at = step + 1; at <= this.step; at += 1) slots.add(this.#log[at % LOG_STEPS]!);
    return slots;
  }

  #grow(): void {
    this.#capacity *= 2;
    const longer = <T extends Int32Array | Float64Array | Uint32Array>(old: T): T => {
      const grown = new (old.constructor as new (length: number) => T)(this.#capacity);
      grown.set(old);
      return grown;
    };
    this.quality = this.quality.map((column) => longer(column));
    for (const name of WHOLE_COLUMNS) this.whole[name] = longer(this.whole[name]);
    for (const name of REAL_COLUMNS) this.real[name] = longer(this.real[name]);
    this.changed = longer(this.changed);
    this.bitmaps.grow(this.#capacity);
    this.#open.grow(this.#capacity);
  }
}

/** Things that lots speak of, by id and by number. */
export class Register<T extends { readonly id: string }> {
  readonly items: T[] = [];
  readonly #codes = new Map<string, number>();
  /** Rises whenever something comes or changes. */
  edition = 0;

  put(item: T): void {
    this.edition += 1;
    const known = this.#codes.get(item.id);
    if (known !== undefined) {
      this.items[known] = item;
      return;
    }
    this.#codes.set(item.id, this.items.length);
    this.items.push(item);
  }

  has(id: string): boolean {
    return this.#codes.has(id);
  }

  find(id: string): number | undefined {
    return this.#codes.get(id);
  }

  /** @throws when it was not put in before: the feed brings what a lot speaks of before the lot. */
  codeOf(id: string): number {
    const code = this.#codes.get(id);
    if (code === undefined) throw new Error(`the index does not know ${id}`);
    return code;
  }

  byId(id: string): T {
    return this.items[this.codeOf(id)]!;
  }
}
