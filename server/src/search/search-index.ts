/**
 * Answers searches from memory. Orders and destinations that are asked for again are kept; the first search
 * of an order is answered by a scan while the order waits to be made.
 */
import type { Currency } from '@seam/units';
import type { Freight } from '../listings/public.ts';
import type { Conditions } from './conditions.ts';
import { Destination, Distances, type Point } from './destination.ts';
import { type Explained, explain } from './explain.ts';
import { type FacetCounts, countFacets } from './facets.ts';
import {
  type Test,
  costTest,
  nearTest,
  openTest,
  realTest,
  textTest,
  wholeTest,
  wordTest,
} from './filter.ts';
import { type Found, PATIENCE, type Patience, findPage, matching } from './find.ts';
import { CIRCLES_MAX, DESTINATIONS_MAX, ORDERS_MAX } from './limits.ts';
import { type LotSites, lotSites } from './lot-sites.ts';
import { FACETS, type Facet, Lots, type WordColumn } from './lots.ts';
import { Order } from './order.ts';
import { QUALITY_COLUMNS } from './quality-columns.ts';
import { Circle } from './radius.ts';
import { type Ranking, byDistance, byId, byLandedCost, byNewest, byPrice, idKey } from './ranking.ts';
import { NameWords, namesOfSeller, namesOfSite } from './words.ts';

/** A question with its places found. */
export type Question = {
  readonly conditions: Conditions;
  readonly near: Point | undefined;
  readonly to:
    | {
        readonly point: Point;
        readonly currency: Currency;
        /** As whoever asks has it; left out: as everyone has it. */
        readonly freight?: Freight | undefined;
      }
    | undefined;
  readonly now: number;
};
export type Mark = { readonly ranking: string; readonly mark: string; readonly id: string };
export type Answer = Found & {
  readonly next: Mark | undefined;
  readonly destination: Destination | undefined;
  /** To `near`, or else to `to`. */
  readonly distances: Distances | undefined;
  /** The same name: the same destination at the same tariff, and the same distances. */
  readonly where: string;
};

export class SearchIndex {
  readonly lots = new Lots();
  readonly #siteWords = new NameWords(this.lots.sites, namesOfSite);
  readonly #sellerWords = new NameWords(this.lots.sellers, namesOfSeller);
  readonly #destinations = new Kept<Destination>(DESTINATIONS_MAX);
  readonly #distances = new Kept<Distances>(DESTINATIONS_MAX);
  readonly #circles = new Kept<Circle>(CIRCLES_MAX);
  readonly #orders = new Kept<Order>(ORDERS_MAX);
  readonly #wanted = new Set<string>();
  readonly #patience: Patience;
  readonly #later: (make: () => void) => void;
  readonly #freight: Freight | undefined;

  /** @param later when an order is made that was asked for; left out: at once.
   * @param patience tests walk always, or never.
   * @param freight left out: every way is estimated by its distance.
   */
  constructor(
    later: (make: () => void) => void = (make) => make(),
    patience: Patience = PATIENCE,
    freight?: Freight,
  ) {
    this.#later = later;
    this.#freight = freight;
    this.#patience = patience;
  }

  /** @returns undefined when the mark is not one of this search. */
  page(question: Question, after: Mark | undefined, limit: number): Answer | undefined {
    const { destination, distances, ranking, where } = this.#ranking(question);
    if (after && after.ranking !== ranking.name) return undefined;
    const isAfter = after && ranking.after(after.mark, after.id);
    if (after && !isAfter) return undefined;
    const found = findPage(this.lots, {
      tests: this.#allTests(question),
      open: this.lots.openAt(question.now),
      ranking,
      order: this.#order(ranking),
      isAfter,
      limit,
      patience: this.#patience,
    });
    const last = found.hasMore ? found.slots.at(-1) : undefined;
    const next =
      last === undefined
        ? undefined
        : { ranking: ranking.name, mark: ranking.markOf(last), id: this.lots.ids[last]! };
    return { slots: found.slots, hasMore: found.hasMore, next, destination, distances, where };
  }

  facets(question: Question): FacetCounts {
    const { chosen, shown } = question.conditions;
    const codes: Partial<Record<Facet, readonly number[]>> = {};
    for (const facet of FACETS) if (chosen[facet]) codes[facet] = this.#codes(facet, chosen[facet]);
    return countFacets(this.lots, this.#tests(question), codes, shown);
  }

  /** What each condition lets through alone, and what would come without it. */
  explain(question: Question): Explained {
    return explain(this.lots, this.#allTests(question));
  }

  /** Where the lots are that fit, the most first. */
  sites(question: Question): LotSites {
    const destination = question.to && this.destination(question.to);
    return lotSites(this.lots, this.all(question), destination);
  }

  /** Every lot that fits, in no order. */
  all(question: Question): number[] {
    return [...matching(this.lots, this.#allTests(question))];
  }

  destination(to: NonNullable<Question['to']>): Destination {
    const { point, currency, freight = this.#freight } = to;
    return this.#destinations.get(this.#nameOf(to), () => {
      return new Destination(this.lots, point, currency, freight);
    });
  }

  /** Another tariff, or another company's quotes, make it another destination, and its order another order. */
  #nameOf({ point, currency, freight = this.#freight }: NonNullable<Question['to']>): string {
    const { id = '', latitude, longitude } = point;
    return `${id},${latitude},${longitude},${currency},${freight?.name ?? ''}`;
  }

  #ranking({
    conditions,
    near,
    to,
  }: Question): Pick<Answer, 'destination' | 'distances' | 'where'> & { ranking: Ranking } {
    const toName = to ? this.#nameOf(to) : '';
    const destination = to && this.destination(to);
    const around = near ?? to?.point;
    const name = around ? `${around.latitude},${around.longitude}` : '';
    const distances = around && this.#distancesTo(around);
    const ranking = ((): Ranking => {
      switch (conditions.sort) {
        case 'newest':
          return byNewest(this.lots);
        case 'price':
          return byPrice(this.lots, conditions.chosen.currency?.[0] ?? '');
        case 'distance':
          return byDistance(this.lots, name, needed(distances));
        case 'landed_cost':
          return byLandedCost(this.lots, toName, needed(destination));
      }
    })();
    return { destination, distances, ranking, where: `${toName};${name}` };
  }

  #distancesTo(point: Point): Distances {
    const name = `${point.latitude},${point.longitude}`;
    return this.#distances.get(name, () => new Distances(this.lots, point));
  }

  /** The kept order; the first time it is asked for, undefined, and it is made for the next. */
  #order(ranking: Ranking): Order | undefined {
    const known = this.#orders.find(ranking.name);
    if (known?.catchUp()) return known;
    if (known) this.#orders.drop(ranking.name);
    if (this.#wanted.has(ranking.name)) return undefined;
    this.#wanted.add(ranking.name);
    this.#later(() => {
      this.#wanted.delete(ranking.name);
      this.#orders.get(ranking.name, () => new Order(this.lots, ranking, this.#inOrderOfId(), this.#later));
    });
    return this.#orders.find(ranking.name);
  }

  #byId: Order | undefined;
  #inOrderOfId(): Int32Array {
    const { lots } = this;
    if (!this.#byId?.catchUp()) {
      const slots = Int32Array.from(occupied(lots));
      this.#byId = new Order(lots, ascending(lots), slots, this.#later);
    }
    return this.#byId.all();
  }

  #allTests(question: Question): Test[] {
    const { chosen } = question.conditions;
    const tests = this.#tests(question);
    for (const facet of FACETS) if (chosen[facet]) tests.push(this.#word(facet, facet, chosen[facet]));
    return tests;
  }

  /** Every condition that is no facet. */
  #tests({ conditions, near, to, now }: Question): Test[] {
    const { whole, real, quality, words, bitmaps } = this.lots;
    const { ranges, seller, source, priceMin, priceMax, quantityMinKg, windowFrom, windowTo } = conditions;
    const tests: Test[] = ranges.map(({ column, low, high }) => {
      const name = `ranges.${QUALITY_COLUMNS[column]!.parameter}`;
      return wholeTest(name, quality[column]!, { low, high }, bitmaps.range(column, low, high));
    });
    if (priceMin !== undefined || priceMax !== undefined)
      tests.push(realTest('price', real.price, priceMin ?? -Infinity, priceMax ?? Infinity));
    if (quantityMinKg !== undefined)
      tests.push(realTest('quantityMin', real.remaining, quantityMinKg, Infinity));
    if (windowTo !== undefined)
      tests.push(wholeTest('window', whole.windowFrom, { low: EVER, high: windowTo }));
    if (windowFrom !== undefined)
      tests.push(wholeTest('window', whole.windowTo, { low: windowFrom, high: -EVER }));
    if (seller !== undefined) {
      const code = this.lots.sellers.find(seller) ?? NOBODY;
      tests.push(wholeTest('seller', whole.seller, { low: code, high: code }));
    }
    if (source !== 'all') {
      const isOffer = (value: string): boolean => (value === 'member') === (source === 'offers');
      tests.push(this.#word(undefined, 'source', words.source.values.filter(isOffer)));
    }
    tests.push(openTest(real.expires, now, this.lots.openAt(now)));
    this.#addPlaceTests(tests, conditions, near, to);
    return tests;
  }

  #addPlaceTests(
    tests: Test[],
    { words, radiusKm, landedMax, landedTonneMax }: Conditions,
    near: Point | undefined,
    to: Question['to'],
  ): void {
    const { whole } = this.lots;
    if (near && radiusKm !== undefined) {
      const distances = this.#distancesTo(near);
      const name = `${near.latitude},${near.longitude},${radiusKm}`;
      const circle = this.#circles.get(name, () => new Circle(this.lots, distances, radiusKm));
      tests.push(nearTest((slot) => distances.ofLot(slot), radiusKm, circle.bits()));
    }
    if (words.length > 0) {
      const sites = this.#siteWords.hits(words);
      const columns = [whole.mine, whole.delivery, whole.seller];
      tests.push(textTest(columns, [sites, sites, this.#sellerWords.hits(words)], (1 << words.length) - 1));
    }
    if (!to) return;
    const destination = this.destination(to);
    if (landedMax) tests.push(costTest('landedMax', destination, 'gigajoule', landedMax));
    if (landedTonneMax) tests.push(costTest('landedTonneMax', destination, 'tonne', landedTonneMax));
  }

  #word(name: string | undefined, column: WordColumn, values: readonly string[]): Test {
    const codes = this.#codes(column, values);
    return wordTest(name, this.lots.whole[column], codes, this.lots.bitmaps.anyOf(column, codes));
  }

  /** A word nobody has lets nobody through. */
  #codes(column: WordColumn, values: readonly string[]): number[] {
    return values.flatMap((value) => this.lots.words[column].find(value) ?? []);
  }
}

const EVER = -0x8000_0000 + 1;
/** No company has this number. */
const NOBODY = -2;

function* occupied(lots: Lots): Iterable<number> {
  for (let slot = 0; slot < lots.top; slot += 1) if (lots.ids[slot] !== '') yield slot;
}

function ascending(lots: Lots): Ranking {
  return {
    name: 'id',
    keyOf: (slot) => idKey(lots.ids[slot]!),
    compare: (a, b) => byId(lots.ids[a]!, lots.ids[b]!),
    markOf: () => '',
    after: (_mark, id) => (slot) => lots.ids[slot]! > id,
  };
}

/** The conditions were read: what an order needs is there. */
function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an order without its place');
  return value;
}

/** The last so many, by when they were asked for. */
class Kept<T> {
  readonly #most: number;
  readonly #items = new Map<string, T>();
  /** Asked for last, so that nothing has to move when it is asked for again. */
  #last: { readonly name: string; readonly item: T } | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  find(name: string): T | undefined {
    if (this.#last?.name === name) return this.#last.item;
    const item = this.#items.get(name);
    if (item === undefined) return undefined;
    this.#items.delete(name);
    this.#items.set(name, item);
    this.#last = { name, item };
    return item;
  }

  get(name: string, make: () => T): T {
    const known = this.find(name);
    if (known !== undefined) return known;
    const made = make();
    this.#items.set(name, made);
    if (this.#items.size > this.#most) this.drop(this.#items.keys().next().value!);
    return made;
  }

  drop(name: string): void {
    this.#last = undefined;
    this.#items.delete(name);
  }
}
