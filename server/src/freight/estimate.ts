/**
 * Where no lane is given: the great circle, the detour of the mode and the exchange's default tariff of it.
 * Typical figures, good for comparing and marked as what they are.
 */
import { type TransportMode, distanceKm, freightPerTonne, roundHalfUp } from '@seam/coal';
import type { Currency } from '@seam/units';
import { reaches, referenceMarket } from '../listings/public.ts';

/** The name under which a route shows where an estimate is from. */
export const DEFAULT_TARIFF = 'seam-reference-2025';

/** Kilometres in an hour from gate to gate, with the waits that are usual. */
const SPEED: Readonly<Record<TransportMode, number>> = {
  road: 40,
  rail: 30,
  river: 12,
  sea: 22,
  conveyor: 10,
};

/** How far coal is brought to where a lane begins, or on from where it ends (great circle). */
export const NEAR_KM: Readonly<Record<TransportMode, number>> = {
  road: 300,
  rail: 300,
  river: 300,
  sea: 0,
  conveyor: 20,
};

export type Located = { readonly latitude: number | null; readonly longitude: number | null };
export type Estimate = {
  readonly mode: TransportMode;
  /** Of the way, not of the great circle. */
  readonly distanceKm: number;
  /** Minor units per tonne, half up. */
  readonly perTonne: bigint;
  readonly hours: number;
};

export function kilometresBetween(from: Located, to: Located): number | undefined {
  if (from.latitude === null || from.longitude === null || to.latitude === null || to.longitude === null)
    return undefined;
  return distanceKm(
    { latitude: from.latitude, longitude: from.longitude },
    { latitude: to.latitude, longitude: to.longitude },
  );
}

/** How far the way is by this mode, in whole kilometres upward. */
export function wayKm(mode: TransportMode, greatCircleKm: number): number {
  const detour = referenceMarket('USD').tariffs[mode]?.detourPermille ?? 1000;
  return Math.ceil((greatCircleKm * detour) / 1000);
}

/** @returns undefined when a place is not on the map, or no coal goes so far by this mode alone. */
export function estimate(
  from: Located,
  to: Located,
  of: { readonly mode: TransportMode; readonly currency: Currency; readonly withinKm?: number },
): Estimate | undefined {
  const { mode, currency, withinKm } = of;
  const km = kilometresBetween(from, to);
  const tariff = referenceMarket(currency).tariffs[mode];
  if (km === undefined || !tariff || !reaches(mode, km) || (withinKm !== undefined && km > withinKm))
    return undefined;
  const way = wayKm(mode, km);
  return {
    mode,
    distanceKm: way,
    perTonne: roundHalfUp(freightPerTonne(tariff, km)),
    hours: Math.ceil(way / SPEED[mode]),
  };
}
