/** The search of this process: one index, what feeds it, and the places its visitors name. */
import type { Ok, SavedQuery, SearchQuery, searchRoutes } from '@seam/protocol';
import type { Currency } from '@seam/units';
import { type Freight, type FreightBook, currencyOf, placeById } from '../listings/public.ts';
import type { Clock } from '../platform/clock.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { type Asked, type Conditions, type Where, readConditions } from './conditions.ts';
import type { Point } from './destination.ts';
import type { Explained } from './explain.ts';
import { Feed, type FeedDeps } from './feed.ts';
import { PAGE_DEFAULT, PLACES_MAX } from './limits.ts';
import { markText, readMark } from './mark.ts';
import { type Question, SearchIndex } from './search-index.ts';
import { pageJson } from './view.ts';

export type SearchOptions = FeedDeps & {
  readonly clock: Clock;
  /** Left out: every way is estimated by its distance. */
  readonly freight?: FreightBook;
};

type SitesPage = Ok<typeof searchRoutes.searchPlaces>;
type Place = Point & { readonly id: string; readonly country: string };

export class Search {
  readonly index: SearchIndex;
  readonly feed: Feed;
  readonly #options: SearchOptions;
  readonly #places = new Map<string, Place>();

  constructor(options: SearchOptions) {
    this.#options = options;
    this.index = new SearchIndex((make) => setImmediate(make), undefined, options.freight);
    this.feed = new Feed(this.index.lots, options);
  }

  /**
   * @param asker a company: the freight it has agreed with carriers counts.
   * @returns the page as JSON of `SearchPage`, or what is wrong with the question.
   */
  async page(query: SearchQuery, asker?: string): Promise<Buffer | Refusal> {
    const { cursor, limit, facets, ...asked } = query;
    const question = await this.question(asked, asker);
    if (isRefusal(question)) return question;
    const after = cursor === undefined ? undefined : readMark(cursor);
    if (cursor !== undefined && !after) return refuse('listing.cursor_invalid');
    await this.feed.fresh();
    const { index } = this;
    const page = index.page(question, after, Number(limit ?? PAGE_DEFAULT));
    if (!page) return refuse('listing.cursor_invalid');
    const toPlaceId =
      question.conditions.to && 'placeId' in question.conditions.to ? question.conditions.to.placeId : null;
    const { shown } = question.conditions;
    const { destination, distances } = page;
    const name = `${page.where};${toPlaceId};${shown.map(({ column, unit }) => `${column} ${unit}`)}`;
    const places = { name, destination, distances, toPlaceId, shown };
    const rest = {
      nextCursor: page.next ? markText(page.next) : null,
      costCurrency: question.to?.currency ?? null,
      asOf: this.feed.asOf.toISOString(),
      ...(facets === 'yes' && { facets: index.facets(question) }),
    };
    return pageJson(index.lots, page.slots, places, rest);
  }

  /** Why a search finds little. */
  async explain(query: SavedQuery, asker?: string): Promise<Explained | Refusal> {
    const question = await this.question(query, asker);
    if (isRefusal(question)) return question;
    await this.feed.fresh();
    return this.index.explain(question);
  }

  /** Where the lots of a search are. */
  async sites(query: SavedQuery, asker?: string): Promise<SitesPage | Refusal> {
    const question = await this.question(query, asker);
    if (isRefusal(question)) return question;
    await this.feed.fresh();
    const { items, unplaced } = this.index.sites(question);
    return { items: [...items], unplaced, costCurrency: question.to?.currency ?? null };
  }

  /** A question with its places found, or what is wrong with it. */
  async question(query: Asked, asker?: string): Promise<Question | Refusal> {
    const conditions = readConditions(query);
    return isRefusal(conditions) ? conditions : this.placed(conditions, asker);
  }

  async placed(conditions: Conditions, asker?: string): Promise<Question | Refusal> {
    const near = conditions.near && (await this.#pointOf(conditions.near));
    const to = conditions.to && (await this.#pointOf(conditions.to));
    const unknown = [...(near === null ? ['near'] : []), ...(to === null ? ['to'] : [])];
    if (near === null || to === null) {
      const fields = Object.fromEntries(unknown.map((name) => [name, 'listing.place_unknown']));
      return refuse('listing.place_unknown', { fields });
    }
    return {
      conditions,
      near,
      to: to && {
        point: to,
        currency: conditions.costCurrency ?? costCurrencyAt(to),
        freight: await this.#freightOf(to, asker),
      },
      now: this.#options.clock.now().getTime(),
    };
  }

  async #freightOf(to: Point | Place, asker: string | undefined): Promise<Freight | undefined> {
    const { freight } = this.#options;
    return to.id === undefined || asker === undefined
      ? freight
      : freight?.heldBy({ organisationId: asker, toPlaceId: to.id });
  }

  /** @returns null when there is no such place, or nobody knows where it is. */
  async #pointOf(where: Where): Promise<Point | Place | null> {
    if (!('placeId' in where)) return where;
    const known = this.#places.get(where.placeId);
    if (known) return known;
    const row = await placeById(this.#options.sql, where.placeId);
    if (!row || row.latitude === null || row.longitude === null) return null;
    const place = { id: row.id, country: row.country, latitude: row.latitude, longitude: row.longitude };
    if (this.#places.size >= PLACES_MAX) this.#places.clear();
    this.#places.set(row.id, place);
    return place;
  }
}

/** A bare point lies in no country that we know of. */
function costCurrencyAt(point: Point | Place): Currency {
  return 'country' in point ? currencyOf(point.country) : 'USD';
}
