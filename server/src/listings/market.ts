/**
 * What offers are compared with: typical freight per mode and typical exchange rates. For ranking and for
 * the estimate shown beside a lot; no price, invoice or limit of money is ever computed from them.
 */
import {
  type LandedCost,
  type Market,
  type Rational,
  type Tariff,
  type TransportMode,
  add,
  compare,
  decimal,
  distanceKm,
  divide,
  freightPerTonne,
  landedCost,
  multiply,
  rational,
  roundHalfUp,
} from '@seam/coal';
import { type Currency, minor } from '@seam/units';

/** Units of each currency for one US dollar, in round numbers of the years 2024 and 2025. */
const PER_DOLLAR: Readonly<Record<Currency, string>> = {
  USD: '1',
  CNY: '7.2',
  INR: '85',
  EUR: '0.92',
  AUD: '1.52',
  ZAR: '18.2',
  IDR: '16000',
};

/** US cents: `fixed` per tonne for loading, unloading and dues; the rate per 1,000 tonne-kilometres. */
const DOLLAR_TARIFFS: Readonly<
  Record<TransportMode, readonly [fixed: number, rate: number, detour: number]>
> = {
  road: [150, 8_000, 1_250],
  rail: [300, 2_400, 1_200],
  river: [250, 1_200, 1_500],
  sea: [450, 200, 1_400],
  conveyor: [50, 5_000, 1_050],
};

/** Farther than this no coal goes by that way alone: a cost there would be a fiction (great circle, km). */
const REACH_KM: Readonly<Record<TransportMode, number>> = {
  road: 1_500,
  rail: 4_500,
  river: 2_500,
  sea: 20_100,
  conveyor: 100,
};

/** 6,000 kcal/kg, the reference of the seaborne benchmarks, in J/g. */
const REFERENCE_HEAT = rational(25_121);

/** Units of `to` for one unit of `from`. */
export function referenceRate(from: Currency, to: Currency): Rational {
  return divide(decimal(PER_DOLLAR[to]), decimal(PER_DOLLAR[from]));
}

const markets = new Map<Currency, Market>();

/** The market in which costs are shown in `currency`. */
export function referenceMarket(currency: Currency): Market {
  const known = markets.get(currency);
  if (known) return known;
  const inCurrency = (cents: number) =>
    minor(roundHalfUp(multiply(rational(cents), referenceRate('USD', currency))));
  const tariffs = Object.fromEntries(
    Object.entries(DOLLAR_TARIFFS).map(([mode, [fixed, rate, detourPermille]]): [string, Tariff] => [
      mode,
      { fixed: inCurrency(fixed), perThousandTonneKm: inCurrency(rate), detourPermille },
    ]),
  );
  const rates = Object.fromEntries(
    (Object.keys(PER_DOLLAR) as Currency[]).map((from) => [from, referenceRate(from, currency)]),
  );
  const market = { currency, tariffs, rates, referenceHeat: REFERENCE_HEAT };
  markets.set(currency, market);
  return market;
}

const CURRENCY_OF: Readonly<Record<string, Currency>> = {
  CN: 'CNY',
  IN: 'INR',
  AU: 'AUD',
  ZA: 'ZAR',
  ID: 'IDR',
  DE: 'EUR',
  PL: 'EUR',
  NL: 'EUR',
  FR: 'EUR',
  ES: 'EUR',
  IT: 'EUR',
};

/** In which currency a plant in `country` counts its costs. */
export function currencyOf(country: string): Currency {
  return CURRENCY_OF[country] ?? 'USD';
}

type Coordinates = { readonly latitude: number | null; readonly longitude: number | null };
export type Landed = LandedCost & {
  readonly distanceKm: number;
  readonly currency: Currency;
  readonly freightBasis: FreightBasis;
};

/** A place of the register or, without an id, a bare point. */
export type FreightEnd = Coordinates & { readonly id?: string };
/** By lanes all the way, by a carrier's quote that was accepted, or with a part of it estimated by distance. */
export type FreightBasis = 'lane' | 'quote' | 'estimate';
/** In whole minor units per tonne that is loaded. */
export type WayFigure = {
  readonly minorPerTonne: bigint;
  readonly arrives: Rational;
  readonly basis: FreightBasis;
  readonly legs: readonly unknown[];
};
/** Of freight: what lanes, or else an estimate, say that bringing a tonne costs. */
export type Freight = {
  /** Another name: every figure may be another. */
  readonly name: string;
  to(
    place: FreightEnd,
    currency: Currency,
  ): {
    from(place: FreightEnd, mode: TransportMode): WayFigure | undefined;
    /** What carriers have promised for this very way; only in the freight of the company they promised it to. */
    agreed?(place: FreightEnd, mode: TransportMode): readonly WayFigure[];
  };
};
/** Whose freight it is, and where to. */
export type FreightHolder = {
  /** A company; of nobody and of the centre it is the freight that everyone has. */
  readonly organisationId: string | undefined;
  readonly toPlaceId: string;
  /** What was promised for less than this does not count. */
  readonly leastKg?: bigint;
};
/** The freight of everyone, and that of each company: with the quotes that it has accepted. */
export type FreightBook = Freight & { heldBy(of: FreightHolder): Promise<Freight> };
/** Where costs are counted to, with what is known of the ways there. */
export type Destined = FreightEnd & { readonly freight?: Freight | undefined };
export type Carriage = {
  /** Minor units per tonne that is loaded. */
  readonly freight: Rational;
  /** The part of it that arrives. */
  readonly arrives: Rational;
  readonly basis: FreightBasis;
};

export type WayAsked = {
  readonly mode: TransportMode;
  readonly market: Market;
  /** When it is known already. */
  readonly greatCircleKm?: number;
};

/**
 * Every way that is worth a thought; which of them is cheapest depends on what the coal costs, for what is lost
 * on the way was bought too. What carriers have promised, and the lanes where they lead all the way; where
 * neither is given, an estimate: by lanes with a part guessed, or the distance by the mode's typical freight.
 * @returns none when no coal goes that way.
 */
export function carriages(from: FreightEnd | undefined, to: Destined, of: WayAsked): readonly Carriage[] {
  const { mode, market } = of;
  const ways = from && to.freight?.to(to, market.currency);
  const agreed = (ways?.agreed?.(from!, mode) ?? []).map(carriageOf);
  const figure = ways?.from(from!, mode);
  if (figure && figure.basis !== 'estimate') return [...agreed, carriageOf(figure)];
  if (agreed.length > 0) return agreed;
  if (figure && figure.legs.length > 1) return [carriageOf(figure)];
  const tariff = market.tariffs[mode];
  const km = of.greatCircleKm ?? distanceBetween(from, to);
  if (!tariff || km === undefined || !reaches(mode, km)) return [];
  return [{ freight: freightPerTonne(tariff, km), arrives: rational(1), basis: 'estimate' }];
}

function carriageOf({ minorPerTonne, arrives, basis }: WayFigure): Carriage {
  return { freight: rational(minorPerTonne), arrives, basis };
}

/** What the way costs. @param price minor units per tonne where it is loaded; left out: the freight alone counts. */
export function carriage(
  from: FreightEnd | undefined,
  to: Destined,
  of: WayAsked & { readonly price?: Rational | undefined },
): Carriage | undefined {
  return cheapestWay(carriages(from, to, of), of.price);
}

/** Per tonne that arrives; of two that cost the same the first. */
export function cheapestWay<W extends { readonly freight: Rational; readonly arrives: Rational }>(
  ways: readonly W[],
  price: Rational = rational(0),
): W | undefined {
  const perTonne = ({ freight, arrives }: W): Rational => divide(add(price, freight), arrives);
  return ways.reduce<W | undefined>(
    (best, way) => (best && compare(perTonne(best), perTonne(way)) <= 0 ? best : way),
    undefined,
  );
}

/** @returns undefined when the price, the heat or one of the places is not known. */
export function landedAt(
  of: {
    readonly pricePerTonne: bigint | null;
    readonly currency: Currency | null;
    readonly netJoulesPerGram: number | null;
    readonly transport: TransportMode;
    readonly from: FreightEnd | undefined;
  },
  to: Destined,
  market: Market,
): Landed | undefined {
  if (of.pricePerTonne === null || !of.currency || !of.netJoulesPerGram) return undefined;
  const distance = distanceBetween(of.from, to);
  if (distance === undefined) return undefined;
  const price = multiply(rational(of.pricePerTonne), referenceRate(of.currency, market.currency));
  const way = carriage(of.from, to, { mode: of.transport, market, greatCircleKm: distance, price });
  if (!way) return undefined;
  const cost = landedCost({
    price,
    freight: way.freight,
    arrives: way.arrives,
    heat: rational(of.netJoulesPerGram),
    referenceHeat: market.referenceHeat,
  });
  return { ...cost, distanceKm: distance, currency: market.currency, freightBasis: way.basis };
}

export function reaches(transport: TransportMode, distanceKm: number): boolean {
  return distanceKm <= REACH_KM[transport];
}

function distanceBetween(from: Coordinates | undefined, to: Coordinates): number | undefined {
  if (from?.latitude == null || from.longitude == null || to.latitude === null || to.longitude === null)
    return undefined;
  return distanceKm(
    { latitude: from.latitude, longitude: from.longitude },
    { latitude: to.latitude, longitude: to.longitude },
  );
}
