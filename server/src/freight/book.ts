/**
 * The lanes of today in memory, and ways to the places that are asked for again and again.
 *
 * Holds one edition whole until the next is read; never a mixture. Behind by at most LOOK_MS when another
 * process changes a tariff, and by nothing after `refresh`.
 */
import type { Currency } from '@seam/units';
import type { Sql } from 'postgres';
import { type Freight, type FreightHolder, referenceMarket } from '../listings/public.ts';
import type { Clock } from '../platform/clock.ts';
import { agreedQuotes, withQuotes } from './agreed.ts';
import { readFreightPlaces, readLanes } from './lanes.ts';
import { DESTINATIONS_KEPT, REFERENCE_CONSIGNMENT_KG } from './limits.ts';
import { FreightMap, type FreightPlace, FreightTo } from './route.ts';
import { dayOf } from './slots.ts';
import type { Lane } from './tariff.ts';

type Edition = {
  readonly name: string;
  readonly lanes: readonly Lane[];
  readonly places: ReadonlyMap<string, FreightPlace>;
  readonly maps: Map<Currency, FreightMap>;
  readonly destinations: Map<string, FreightTo>;
};

export class FreightBook {
  readonly #sql: Sql;
  readonly #clock: Clock;
  #edition: Edition = editionOf('none', [], new Map());
  #reading: Promise<void> | undefined;

  constructor(of: { readonly sql: Sql; readonly clock: Clock }) {
    this.#sql = of.sql;
    this.#clock = of.clock;
  }

  /** Rises with every change; what was worked out under another name may be out of date. */
  get name(): string {
    return this.#edition.name;
  }

  /** What bringing coal to one place costs, by the lanes of today in a usual consignment. Worked out once. */
  to(place: FreightPlace, currency: Currency): FreightTo {
    const { destinations } = this.#edition;
    const key = `${currency} ${place.id ?? ''} ${place.latitude} ${place.longitude}`;
    const known = destinations.get(key);
    if (known) return known;
    const made = new FreightTo(this.#map(currency), place);
    destinations.set(key, made);
    if (destinations.size > DESTINATIONS_KEPT) destinations.delete(destinations.keys().next().value!);
    return made;
  }

  /**
   * As one company has it, with the quotes for ways to one place that it accepted: read at this moment, so that
   * an acceptance counts in the next answer and what was taken back does not. The book itself where there are none.
   */
  async heldBy(holder: FreightHolder): Promise<Freight> {
    const day = dayOf(this.#clock.now().getTime());
    return withQuotes(this, await agreedQuotes(this.#sql, holder, day));
  }

  /** Reads the lanes when they have changed, or the day has. */
  async refresh(): Promise<void> {
    // Whoever comes while it is read may want what was written since: it looks again after.
    while (this.#reading) await this.#reading;
    this.#reading = this.#read().finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  async #read(): Promise<void> {
    const day = dayOf(this.#clock.now().getTime());
    const [row] = await this.#sql<{ edition: string }[]>`select edition from freight_edition`;
    const name = `${row?.edition ?? 0}.${day}`;
    if (name === this.#edition.name) return;
    const [lanes, places] = await Promise.all([readLanes(this.#sql, { day }), readFreightPlaces(this.#sql)]);
    // Newer than its name at most: the next look finds the next name.
    this.#edition = editionOf(name, lanes, places);
  }

  #map(currency: Currency): FreightMap {
    const { maps, lanes, places } = this.#edition;
    const known = maps.get(currency);
    if (known) return known;
    const { rates } = referenceMarket(currency);
    const made = new FreightMap({
      lanes,
      places,
      currency,
      rates,
      consignmentKg: REFERENCE_CONSIGNMENT_KG,
    });
    maps.set(currency, made);
    return made;
  }
}

function editionOf(name: string, lanes: readonly Lane[], places: ReadonlyMap<string, FreightPlace>): Edition {
  return { name, lanes, places, maps: new Map(), destinations: new Map() };
}
