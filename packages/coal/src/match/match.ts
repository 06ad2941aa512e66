/**
 * Which listings fit a request, best first, and why. Limits are compared on the basis the buyer wrote,
 * exactly; what fits is ordered by landed cost per gigajoule, then distance, then id: a total order that
 * depends on nothing but the inputs.
 */
import { type Currency, type Kilograms, type Minor, formatMoney, formatTonnes } from '@seam/units';
import type { Assay, CoalRank } from '../assay/assay.ts';
import { type Place, distanceKm } from '../cost/distance.ts';
import { heatOn } from '../heat/heat.ts';
import {
  type LandedCost,
  type Tariff,
  type TransportMode,
  freightPerTonne,
  landedCost,
} from '../cost/landed.ts';
import { type Limit, limitReason } from './limit.ts';
import { type Rational, compare, multiply, rational, roundHalfUp, toDecimal } from '../exact/rational.ts';
import type { MatchReason } from './reason.ts';

/** Milliseconds since the epoch, both inclusive. */
export type Window = { readonly from: number; readonly to: number };
export type Price = { readonly perTonne: Minor; readonly currency: Currency };

/** By tariffs of lanes, by what a carrier promised, or guessed from the distance. */
export type FreightBasis = 'lane' | 'quote' | 'estimate';

export type RequestNeeds = {
  readonly limits: readonly Limit[];
  /** Any rank when left out. */
  readonly ranks?: readonly CoalRank[];
  readonly quantity: Kilograms;
  /** The least that is of use; the whole quantity when left out. */
  readonly minimumQuantity?: Kilograms;
  readonly place: Place;
  readonly window: Window;
  /** `delivered`: freight included. `listed`: the seller's price. */
  readonly ceiling?: Price & { readonly at: 'delivered' | 'listed' };
  /**
   * What the way here costs, where somebody knows better than the market's tariff over the distance: minor
   * units of the market's currency per tonne loaded, and the part of it that arrives. No coal comes that way
   * when it gives nothing.
   */
  readonly freight?: (
    from: Place,
    by: TransportMode,
    /** In the market's currency, where it is known: of two ways the one may lose more of it. */
    price: Rational | undefined,
  ) => { readonly freight: Rational; readonly arrives: Rational; readonly basis: FreightBasis } | undefined;
};

export type ListingOffer = {
  readonly id: string;
  readonly assay: Assay;
  readonly rank: CoalRank;
  readonly quantity: Kilograms;
  /** Left out when the price is to be found by auction. */
  readonly price?: Price;
  /** Where the seller's delivery term ends and the buyer's freight begins. */
  readonly place: Place;
  readonly window: Window;
  readonly transport: TransportMode;
};

/** What prices are compared with. Tariffs are in `currency`. */
export type Market = {
  readonly currency: Currency;
  readonly tariffs: Readonly<Partial<Record<TransportMode, Tariff>>>;
  /** Units of `currency` for one unit of another; its own is 1 and need not be given. */
  readonly rates: Readonly<Partial<Record<Currency, Rational>>>;
  /** Net as received J/g at which normalised costs are shown. */
  readonly referenceHeat: Rational;
};

export type Match = {
  readonly listingId: string;
  readonly fits: boolean;
  readonly distanceKm: number;
  readonly landed?: LandedCost;
  /** Of the landed cost. */
  readonly freightBasis?: FreightBasis;
  readonly reasons: readonly MatchReason[];
};

const DAY_MS = 86_400_000;

/** Judges one listing against a request. */
export function matchListing(request: RequestNeeds, listing: ListingOffer, market: Market): Match {
  const distance = distanceKm(listing.place, request.place);
  const way = wayOf(request, listing, distance, market);
  const landed = way && landedAt(way, listing, market);
  const reasons = [
    ...request.limits.map((limit) => limitReason(limit, listing.assay)),
    ...rankReason(request, listing),
    quantityReason(request, listing),
    windowReason(request.window, listing.window),
    { code: 'distance', met: true, values: { km: String(distance) } } as const,
    ...priceReasons(request, listing, market, landed),
  ];
  const fits = reasons.every((reason) => reason.met);
  return {
    listingId: listing.id,
    fits,
    distanceKm: distance,
    ...(landed && { landed, freightBasis: way.basis }),
    reasons,
  };
}

/** Every listing judged, best first: what fits before what does not. */
export function rankListings(
  request: RequestNeeds,
  listings: readonly ListingOffer[],
  market: Market,
): readonly Match[] {
  return listings.map((listing) => matchListing(request, listing, market)).toSorted(compareMatches);
}

/** Total order: fit, unmet reasons, known cost first, cost per gigajoule, distance, id by code units. */
export function compareMatches(left: Match, right: Match): number {
  const unmet = (match: Match): number => match.reasons.filter((reason) => !reason.met).length;
  return (
    unmet(left) - unmet(right) ||
    Number(!left.landed) - Number(!right.landed) ||
    (left.landed && right.landed ? compare(left.landed.perGigajoule, right.landed.perGigajoule) : 0) ||
    left.distanceKm - right.distanceKm ||
    (left.listingId < right.listingId ? -1 : Number(left.listingId > right.listingId))
  );
}

type Way = NonNullable<ReturnType<NonNullable<RequestNeeds['freight']>>>;

function wayOf(
  request: RequestNeeds,
  listing: ListingOffer,
  distance: number,
  market: Market,
): Way | undefined {
  if (request.freight)
    return request.freight(
      listing.place,
      listing.transport,
      listing.price && inCurrency(listing.price, market),
    );
  const tariff = market.tariffs[listing.transport];
  return tariff && { freight: freightPerTonne(tariff, distance), arrives: rational(1), basis: 'estimate' };
}

function landedAt(way: Way, listing: ListingOffer, market: Market): LandedCost | undefined {
  const price = listing.price && inCurrency(listing.price, market);
  const heat = heatOn(listing.assay, 'net', 'ar')?.joulesPerGram;
  if (!price || !heat || heat.numerator <= 0n) return undefined;
  const { freight, arrives } = way;
  return landedCost({ price, freight, arrives, heat, referenceHeat: market.referenceHeat });
}

/** Minor units per tonne in the market's currency: every supported currency has the same minor digits. */
function inCurrency(price: Price, market: Market): Rational | undefined {
  if (price.currency === market.currency) return rational(price.perTonne);
  const rate = market.rates[price.currency];
  return rate && multiply(rational(price.perTonne), rate);
}

function rankReason(request: RequestNeeds, listing: ListingOffer): MatchReason[] {
  if (!request.ranks) return [];
  const met = request.ranks.includes(listing.rank);
  return [{ code: met ? 'rank_wanted' : 'rank_not_wanted', met, values: { rank: listing.rank } }];
}

function quantityReason(request: RequestNeeds, listing: ListingOffer): MatchReason {
  const values = { offered: formatTonnes(listing.quantity), wanted: formatTonnes(request.quantity) };
  if (listing.quantity >= request.quantity) return { code: 'quantity_enough', met: true, values };
  const met = listing.quantity >= (request.minimumQuantity ?? request.quantity);
  return { code: met ? 'quantity_partial' : 'quantity_short', met, values };
}

function windowReason(wanted: Window, offered: Window): MatchReason {
  const overlap = Math.min(wanted.to, offered.to) - Math.max(wanted.from, offered.from);
  if (overlap < 0) {
    return { code: 'window_disjoint', met: false, values: { gapDays: String(Math.ceil(-overlap / DAY_MS)) } };
  }
  return { code: 'window_overlaps', met: true, values: { days: String(Math.floor(overlap / DAY_MS)) } };
}

function priceReasons(
  request: RequestNeeds,
  listing: ListingOffer,
  market: Market,
  landed: LandedCost | undefined,
): MatchReason[] {
  if (!listing.price) return [{ code: 'price_open', met: true, values: {} }];
  const cost: MatchReason = landed
    ? { code: 'landed_cost', met: true, values: costValues(landed, market) }
    : { code: 'landed_cost_unknown', met: true, values: { currency: listing.price.currency } };
  if (!request.ceiling) return [cost];
  const ceiling = inCurrency(request.ceiling, market);
  const price = request.ceiling.at === 'delivered' ? landed?.perTonne : inCurrency(listing.price, market);
  if (!ceiling || !price) {
    return [
      cost,
      { code: 'ceiling_not_comparable', met: false, values: { currency: listing.price.currency } },
    ];
  }
  const met = compare(price, ceiling) <= 0;
  const values = {
    price: money(price),
    ceiling: money(ceiling),
    currency: market.currency,
    at: request.ceiling.at,
  };
  return [cost, { code: met ? 'price_within_ceiling' : 'price_above_ceiling', met, values }];
}

function costValues(landed: LandedCost, market: Market): Record<string, string> {
  return {
    currency: market.currency,
    freightPerTonne: money(landed.freightPerTonne),
    perTonne: money(landed.perTonne),
    perGigajoule: money(landed.perGigajoule),
    normalised: money(landed.normalised),
    referenceHeat: toDecimal(market.referenceHeat, 0),
  };
}

function money(value: Rational): string {
  return formatMoney(roundHalfUp(value));
}
