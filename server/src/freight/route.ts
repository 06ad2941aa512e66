/**
 * What it costs to bring coal to one place, from anywhere, leg by leg.
 *
 * Lanes that lead all the way come first: the cheapest chain whose first leg is of the wanted mode. Where there
 * is none, the rest is estimated: the whole way by the wanted mode, or a short way to where lanes begin, or
 * from where they end, whichever is cheapest. A figure with an estimated leg is an estimate.
 */
import { type Rational, type TransportMode, TRANSPORT_MODES, multiply, rational } from '@seam/coal';
import type { Currency } from '@seam/units';
import { type Estimate, type Located, NEAR_KM, estimate, kilometresBetween } from './estimate.ts';
import { ARRIVED, type Label, Network, WaysTo, compareLabels } from './network.ts';
import { type Charges, type Lane, type Rates, chargesOf, runsThrough } from './tariff.ts';

/** A place of the register or, without an id, a bare point that no lane leads to. */
export type FreightPlace = Located & { readonly id?: string };

export type Leg =
  | {
      readonly basis: 'lane';
      readonly lane: Lane;
      /** Of the leg in the wanted currency; loading and unloading only where the coal is handled. */
      readonly charges: Charges;
      readonly from: string;
      readonly to: string;
    }
  | { readonly basis: 'estimate'; readonly estimate: Estimate; readonly from: string; readonly to: string };

export type FreightFigure = {
  readonly minorPerTonne: bigint;
  readonly currency: Currency;
  readonly basis: 'lane' | 'quote' | 'estimate';
  /** Of a tonne that is loaded, this part arrives. */
  readonly arrives: Rational;
  readonly hours: number;
  readonly distanceKm: number;
  readonly legs: readonly Leg[];
};

export type RouteOptions = {
  readonly lanes: readonly Lane[];
  /** Coordinates of every place that a lane begins or ends at. */
  readonly places: ReadonlyMap<string, FreightPlace>;
  readonly currency: Currency;
  readonly rates: Rates;
  readonly consignmentKg: bigint;
};

type Plan = Label & {
  readonly first?: { readonly to: string; readonly estimate: Estimate };
  readonly lanes: readonly Lane[];
};

type WaysNear = { readonly ways: WaysTo; readonly last: ReadonlyMap<string, Estimate> };

/** Everything that does not depend on where coal is brought to. */
export class FreightMap {
  readonly options: RouteOptions;
  readonly network: Network;
  readonly #near = new Map<string, readonly { readonly to: string; readonly estimate: Estimate }[]>();

  constructor(options: RouteOptions) {
    this.options = options;
    this.network = new Network(options.lanes, options);
  }

  /** Where lanes begin that coal can be brought to from `place` by `mode`; worked out once. */
  startsNear(place: FreightPlace, mode: TransportMode): readonly { to: string; estimate: Estimate }[] {
    const key = `${place.id ?? ''} ${mode} ${place.latitude} ${place.longitude}`;
    const known = this.#near.get(key);
    if (known) return known;
    const found = [...this.network.places].flatMap((id) => {
      const to = this.options.places.get(id);
      if (!to || id === place.id || this.network.outOf(id).length === 0 || !isNear(place, to, NEAR_KM[mode]))
        return [];
      const leg = estimate(place, to, { mode, currency: this.options.currency, withinKm: NEAR_KM[mode] });
      return leg ? [{ to: id, estimate: leg }] : [];
    });
    this.#near.set(key, found);
    return found;
  }
}

export class FreightTo {
  readonly #map: FreightMap;
  readonly #to: FreightPlace;
  /** Over lanes alone. */
  readonly #ways: WaysTo;
  /** Over lanes and a last leg by road that is estimated; worked out when first asked for. */
  #waysNear: WaysNear | undefined;

  constructor(map: FreightMap, to: FreightPlace) {
    this.#map = map;
    this.#to = to;
    this.#ways = new WaysTo(map.network, endsAt(to));
  }

  /** @returns undefined when no lane leads there and no coal is brought so far by this mode alone. */
  from(place: FreightPlace, mode: TransportMode): FreightFigure | undefined {
    if (place.id !== undefined && place.id === this.#to.id)
      return this.#figure(place, { ...ARRIVED, lanes: [] });
    const given = place.id === undefined ? undefined : this.#ways.from(place.id, mode);
    if (given) return this.#figure(place, given);
    const plans = this.#estimated(place, mode).toSorted(compareLabels);
    const [best] = plans;
    return best && this.#figure(place, best);
  }

  #estimated(place: FreightPlace, mode: TransportMode): Plan[] {
    const { currency } = this.#map.options;
    const direct = estimate(place, this.#to, { mode, currency });
    const plans: Plan[] = direct
      ? [{ ...labelOf(direct), lanes: [], first: { to: this.#to.id ?? POINT, estimate: direct } }]
      : [];
    const { ways } = this.#toNear();
    const given = place.id === undefined ? undefined : ways.from(place.id, mode);
    // What is given from here is not guessed.
    if (given) return [...plans, given];
    for (const first of this.#map.startsNear(place, mode)) {
      const rest = ways.fromBest(first.to, TRANSPORT_MODES);
      if (rest) plans.push({ ...plus(rest, labelOf(first.estimate)), lanes: rest.lanes, first });
    }
    return plans;
  }

  #toNear(): WaysNear {
    if (this.#waysNear) return this.#waysNear;
    const { network, options } = this.#map;
    const ends = endsAt(this.#to);
    const last = new Map<string, Estimate>();
    for (const id of network.places) {
      const from = options.places.get(id);
      if (!from || id === this.#to.id || network.into(id).length === 0) continue;
      if (!isNear(from, this.#to, NEAR_KM.road)) continue;
      const leg = estimate(from, this.#to, {
        mode: 'road',
        currency: options.currency,
        withinKm: NEAR_KM.road,
      });
      if (!leg) continue;
      ends.set(id, labelOf(leg));
      last.set(id, leg);
    }
    this.#waysNear = { ways: new WaysTo(network, ends), last };
    return this.#waysNear;
  }

  #figure(from: FreightPlace, plan: Plan): FreightFigure {
    const legs: Leg[] = [];
    if (plan.first)
      legs.push({
        basis: 'estimate',
        estimate: plan.first.estimate,
        from: from.id ?? POINT,
        to: plan.first.to,
      });
    legs.push(...legsOf(plan.lanes, this.#map.options));
    const end = plan.lanes.at(-1)?.to;
    const last = end === undefined || end === this.#to.id ? undefined : this.#waysNear?.last.get(end);
    if (end !== undefined && last)
      legs.push({ basis: 'estimate', estimate: last, from: end, to: this.#to.id ?? POINT });
    return {
      minorPerTonne: BigInt(plan.cost),
      currency: this.#map.options.currency,
      basis: legs.some((leg) => leg.basis === 'estimate') ? 'estimate' : 'lane',
      arrives: multiply(
        rational(1),
        ...plan.lanes.map(({ lossPermille }) => rational(1000 - lossPermille, 1000)),
      ),
      hours: plan.hours,
      distanceKm: legs.reduce((sum, leg) => sum + distanceOf(leg), 0),
      legs,
    };
  }
}

export function distanceOf(leg: Leg): number {
  return leg.basis === 'lane' ? leg.lane.distanceKm : leg.estimate.distanceKm;
}

/** What the chain charges, with the handling left out where coal runs through. */
export function legsOf(
  lanes: readonly Lane[],
  of: Pick<RouteOptions, 'consignmentKg' | 'rates'>,
): readonly Leg[] {
  return lanes.flatMap((lane, index): Leg[] => {
    const charges = chargesOf(lane, of.consignmentKg, of.rates);
    if (!charges) return [];
    const [before, after] = [lanes[index - 1], lanes[index + 1]];
    return [
      {
        basis: 'lane',
        lane,
        from: lane.from,
        to: lane.to,
        charges: {
          haulage: charges.haulage,
          loading: before && runsThrough(before, lane) ? 0n : charges.loading,
          unloading: after && runsThrough(lane, after) ? 0n : charges.unloading,
        },
      },
    ];
  });
}

/** Stands in a leg for a point that is no place of the register. */
const POINT = '';

function endsAt({ id }: FreightPlace): Map<string, Label> {
  return id === undefined ? new Map() : new Map([[id, ARRIVED]]);
}

function labelOf(leg: Estimate): Label {
  return { cost: Number(leg.perTonne), legs: 1, hours: leg.hours };
}

function plus(left: Label, right: Label): Label {
  return {
    cost: left.cost + right.cost,
    legs: left.legs + right.legs,
    hours: left.hours + right.hours,
  };
}

/** A look at the latitudes first: a degree is 111 km. */
function isNear(a: Located, b: Located, km: number): boolean {
  if (a.latitude === null || b.latitude === null || Math.abs(a.latitude - b.latitude) * 110 > km)
    return false;
  const between = kilometresBetween(a, b);
  return between !== undefined && between <= km;
}
