/**
 * What every lot costs at one place. A double finds the cost; where two come so near to each other that a
 * double could mistake them, the exchange's one formula (packages/coal) decides with exact fractions.
 */
import {
  type LandedCost,
  type Market,
  type Rational,
  TRANSPORT_MODES,
  compare,
  distanceKm,
  landedCost,
  multiply,
  rational,
} from '@seam/coal';
import type { Currency } from '@seam/units';
import { type Carriage, type Freight, carriages, cheapestWay, referenceMarket } from '../listings/public.ts';
import { type Lots, NOWHERE } from './lots.ts';

/** With an id it is a place of the register, to which lanes may lead. */
export type Point = { readonly latitude: number; readonly longitude: number; readonly id?: string };

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

/** In doubles: minor units per tonne loaded, and how many must be loaded for one that arrives. */
type Way = Carriage & {
  readonly near: number;
  readonly loads: number;
  /** Other ways from there: which is cheapest depends on what the coal costs, for some of it may be lost. */
  readonly others: readonly Way[];
};

export class Destination {
  readonly distances: Distances;
  readonly market: Market;
  readonly currency: Currency;
  readonly #lots: Lots;
  readonly #to: Point & { readonly freight: Freight | undefined };
  /** By transport, then by site; null: no coal goes that way. */
  readonly #ways: (Way | null | undefined)[][] = [];
  readonly #rates: number[] = [];

  constructor(lots: Lots, to: Point, currency: Currency, freight?: Freight) {
    this.#lots = lots;
    this.#to = { ...to, freight };
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
    const way = this.#way(whole.transport[slot]!, delivery);
    if (!way) return Number.POSITIVE_INFINITY;
    return leastPerTonne(way, price * this.#rate(whole.currency[slot]!));
  }

  /** Whether coal comes here from where the lot is handed over, whatever it costs. */
  leads(slot: number): boolean {
    const { whole } = this.#lots;
    const delivery = whole.delivery[slot]!;
    return delivery !== NOWHERE && this.#way(whole.transport[slot]!, delivery) !== null;
  }

  /** The cost in doubles, for showing. @returns undefined where it is not known. */
  near(slot: number):
    | {
        readonly freightPerTonne: number;
        readonly perTonne: number;
        readonly perGigajoule: number;
        readonly freightBasis: Carriage['basis'];
      }
    | undefined {
    const perGigajoule = this.perGigajoule(slot);
    if (!Number.isFinite(perGigajoule)) return undefined;
    const { whole, real } = this.#lots;
    const price = real.price[slot]! * this.#rate(whole.currency[slot]!);
    const way = this.#chosen(slot)!;
    const perTonne = this.perTonne(slot);
    // Without a loss the freight is known better than as a difference.
    const freightPerTonne = way.loads === 1 ? way.near : perTonne - price;
    return { freightPerTonne, perTonne, perGigajoule, freightBasis: way.basis };
  }

  /** @returns undefined where it is not known. */
  exact(slot: number): LandedCost | undefined {
    if (!Number.isFinite(this.perGigajoule(slot))) return undefined;
    const { whole } = this.#lots;
    const way = this.#chosen(slot);
    const price = this.#price(slot);
    if (!way || !price) return undefined;
    return landedCost({
      price,
      freight: way.freight,
      arrives: way.arrives,
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
    if (
      real.price[a] !== real.price[b] ||
      whole.heat[a] !== whole.heat[b] ||
      whole.currency[a] !== whole.currency[b]
    )
      return false;
    const [left, right] = [this.#chosen(a), this.#chosen(b)];
    return left === right || (left !== undefined && right !== undefined && isOneWay(left, right));
  }

  /** The cheapest way for this lot. */
  #chosen(slot: number): Way | undefined {
    const { whole } = this.#lots;
    const way = this.#way(whole.transport[slot]!, whole.delivery[slot]!);
    if (!way || way.others.length === 0) return way ?? undefined;
    return cheapestWay([way, ...way.others], this.#price(slot));
  }

  /** In the market's currency. */
  #price(slot: number): Rational | undefined {
    const { whole, real, words } = this.#lots;
    const rate = this.market.rates[words.currency.values[whole.currency[slot]!] as Currency];
    return rate && multiply(rational(real.price[slot]!), rate);
  }

  /** Worked out once for each site and mode: a hundred thousand lots lie at some thousand sites. */
  #way(transport: number, site: number): Way | null {
    const ways = (this.#ways[transport] ??= []);
    const known = ways[site];
    if (known !== undefined) return known;
    const mode = TRANSPORT_MODES.find((name) => name === this.#lots.words.transport.values[transport]);
    const km = this.distances.all()[site]!;
    const found =
      mode && !Number.isNaN(km)
        ? carriages(this.#lots.sites.items[site], this.#to, { mode, market: this.market, greatCircleKm: km })
        : [];
    const way = wayOf(found) ?? null;
    ways[site] = way;
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

function wayOf([first, ...others]: readonly Carriage[]): Way | undefined {
  return (
    first && {
      ...first,
      near: near(first.freight),
      loads: 1 / near(first.arrives),
      others: others.flatMap((other) => wayOf([other]) ?? []),
    }
  );
}

function leastPerTonne(way: Way, price: number): number {
  let least = (price + way.near) * way.loads;
  for (const other of way.others) least = Math.min(least, (price + other.near) * other.loads);
  return least;
}

function isOneWay(left: Way, right: Way): boolean {
  return compare(left.freight, right.freight) === 0 && compare(left.arrives, right.arrives) === 0;
}

function near({ numerator, denominator }: Rational): number {
  return Number(numerator) / Number(denominator);
}

/** Whether a double alone says which is less. */
export function isClear(left: number, right: number): boolean {
  if (left === right) return false;
  if (left === Number.POSITIVE_INFINITY || right === Number.POSITIVE_INFINITY) return true;
  return Math.abs(left - right) > DOUBT * Math.max(Math.abs(left), Math.abs(right));
}
