/**
 * What every lot costs at one place. A double finds the cost; where two come so near to each other that a
 * double could mistake them, the exchange's one formula (packages/coal) decides with exact fractions.
 */
import {
  type LandedCost,
  type Market,
  type TransportMode,
  TRANSPORT_MODES,
  compare,
  distanceKm,
  freightPerTonne,
  landedCost,
  multiply,
  rational,
} from '@seam/coal';
import type { Currency } from '@seam/units';
import { reaches, referenceMarket } from '../listings/public.ts';
import { type Lots, NOWHERE } from './lots.ts';

export type Point = { readonly latitude: number; readonly longitude: number };

/** Doubles of cost are right to 14 digits; nearer than this to each other, the fractions decide. */
const DOUBT = 1e-11;

/** Whole kilometres from each site to a point; NaN of a site without coordinates. Grows with the register. */
export class Distances {
  readonly #lots: Lots;
  readonly #to: Point;
  #km = new Float64Array(0);
  #known = 0;

  constructor(lots: Lots, to: Point) {
    this.#lots = lots;
    this.#to = to;
  }

  /** By number of the site. */
  all(): Float64Array {
    const { items } = this.#lots.sites;
    if (this.#known === items.length) return this.#km;
    const grown = new Float64Array(Math.max(items.length, 2 * this.#km.length));
    grown.set(this.#km);
    for (let code = this.#known; code < items.length; code += 1) {
      const { latitude, longitude } = items[code]!;
      grown[code] =
        latitude === null || longitude === null ? Number.NaN : distanceKm({ latitude, longitude }, this.#to);
    }
    this.#km = grown;
    this.#known = items.length;
    return grown;
  }

  /** From where the seller hands over, or else from the mine. */
  ofLot(slot: number): number {
    const { delivery, mine } = this.#lots.whole;
    const site = delivery[slot] === NOWHERE ? mine[slot]! : delivery[slot]!;
    return this.all()[site]!;
  }
}

type Way = { readonly fixed: number; readonly perKm: number; readonly mode: TransportMode };

export class Destination {
  readonly distances: Distances;
  readonly market: Market;
  readonly currency: Currency;
  readonly #lots: Lots;
  readonly #ways: (Way | null | undefined)[] = [];
  readonly #rates: number[] = [];

  constructor(lots: Lots, to: Point, currency: Currency) {
    this.#lots = lots;
    this.distances = new Distances(lots, to);
    this.currency = currency;
    this.market = referenceMarket(currency);
  }

  /** Minor units per GJ; Infinity where the price, the heat or the way is not known. */
  perGigajoule(slot: number): number {
    const heat = this.#lots.whole.heat[slot]!;
    return heat > 0 ? (this.perTonne(slot) * 1000) / heat : Number.POSITIVE_INFINITY;
  }

  /** Minor units per tonne; Infinity where the price or the way is not known. */
  perTonne(slot: number): number {
    const { whole, real } = this.#lots;
    const price = real.price[slot]!;
    const delivery = whole.delivery[slot]!;
    if (delivery === NOWHERE || Number.isNaN(price)) return Number.POSITIVE_INFINITY;
    const way = this.#way(whole.transport[slot]!);
    const km = this.distances.all()[delivery]!;
    if (!way || Number.isNaN(km) || !reaches(way.mode, km)) return Number.POSITIVE_INFINITY;
    return price * this.#rate(whole.currency[slot]!) + way.fixed + way.perKm * km;
  }

  /** The cost in doubles, for showing. @returns undefined where it is not known. */
  near(slot: number): { freightPerTonne: number; perTonne: number; perGigajoule: number } | undefined {
    const perGigajoule = this.perGigajoule(slot);
    if (!Number.isFinite(perGigajoule)) return undefined;
    const way = this.#way(this.#lots.whole.transport[slot]!)!;
    const km = this.distances.all()[this.#lots.whole.delivery[slot]!]!;
    return { freightPerTonne: way.fixed + way.perKm * km, perTonne: this.perTonne(slot), perGigajoule };
  }

  /** @returns undefined where it is not known. */
  exact(slot: number): LandedCost | undefined {
    if (!Number.isFinite(this.perGigajoule(slot))) return undefined;
    const { whole, real, words } = this.#lots;
    const mode = words.transport.values[whole.transport[slot]!] as TransportMode;
    const tariff = this.market.tariffs[mode];
    const rate = this.market.rates[words.currency.values[whole.currency[slot]!] as Currency];
    if (!tariff || !rate) return undefined;
    return landedCost({
      price: multiply(rational(real.price[slot]!), rate),
      freight: freightPerTonne(tariff, this.distances.all()[whole.delivery[slot]!]!),
      heat: rational(whole.heat[slot]!),
      referenceHeat: this.market.referenceHeat,
    });
  }

  /** By cost per GJ alone; lots without one are equal and last. */
  compare(a: number, b: number): number {
    const left = this.perGigajoule(a);
    const right = this.perGigajoule(b);
    if (isClear(left, right)) return left < right ? -1 : 1;
    if (left === Number.POSITIVE_INFINITY || this.#isSame(a, b)) return 0;
    return compare(this.exact(a)!.perGigajoule, this.exact(b)!.perGigajoule);
  }

  /** The same numbers go in, so the same cost comes out. */
  #isSame(a: number, b: number): boolean {
    const { whole, real } = this.#lots;
    const km = this.distances.all();
    return (
      real.price[a] === real.price[b] &&
      whole.heat[a] === whole.heat[b] &&
      whole.currency[a] === whole.currency[b] &&
      whole.transport[a] === whole.transport[b] &&
      km[whole.delivery[a]!] === km[whole.delivery[b]!]
    );
  }

  #way(transport: number): Way | null {
    const known = this.#ways[transport];
    if (known !== undefined) return known;
    const mode = TRANSPORT_MODES.find((name) => name === this.#lots.words.transport.values[transport]);
    const tariff = mode && this.market.tariffs[mode];
    const way =
      mode && tariff
        ? {
            mode,
            fixed: Number(tariff.fixed),
            perKm: (Number(tariff.perThousandTonneKm) * tariff.detourPermille) / 1e6,
          }
        : null;
    this.#ways[transport] = way;
    return way;
  }

  #rate(currency: number): number {
    const known = this.#rates[currency];
    if (known !== undefined) return known;
    const rate = this.market.rates[this.#lots.words.currency.values[currency] as Currency];
    const value = rate ? Number(rate.numerator) / Number(rate.denominator) : Number.POSITIVE_INFINITY;
    this.#rates[currency] = value;
    return value;
  }
}

/** Whether a double alone says which is less. */
export function isClear(left: number, right: number): boolean {
  if (left === right) return false;
  if (left === Number.POSITIVE_INFINITY || right === Number.POSITIVE_INFINITY) return true;
  return Math.abs(left - right) > DOUBT * Math.max(Math.abs(left), Math.abs(right));
}
