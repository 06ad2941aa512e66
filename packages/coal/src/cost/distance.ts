/**
 * Great-circle distance in whole kilometres. Only +, −, ×, ÷ and square root are used, which IEEE 754
 * rounds the same everywhere; the library's sine may differ in its last bit between machines, and a
 * ranking must not.
 */

/** WGS 84 degrees. */
export type Place = {
  readonly latitude: number;
  readonly longitude: number;
  /** Of a place that a register names. */
  readonly id?: string;
};

/** Mean radius of the earth (IUGG). */
const EARTH_RADIUS_KM = 6371.0088;
const PI = Math.PI;

/** @throws RangeError when a coordinate is not on the globe. */
export function distanceKm(from: Place, to: Place): number {
  for (const { latitude, longitude } of [from, to]) {
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
      throw new RangeError(`not a place: ${latitude}, ${longitude}`);
    }
  }
  const radians = (degrees: number): number => (degrees * PI) / 180;
  const halfLatitude = sine(radians(to.latitude - from.latitude) / 2);
  const halfLongitude = sine(radians(to.longitude - from.longitude) / 2);
  const cosines = cosine(radians(from.latitude)) * cosine(radians(to.latitude));
  const haversine = halfLatitude * halfLatitude + cosines * halfLongitude * halfLongitude;
  const bounded = haversine > 1 ? 1 : haversine;
  const angle = bounded === 1 ? PI / 2 : arcTangent(Math.sqrt(bounded) / Math.sqrt(1 - bounded));
  return Math.round(2 * EARTH_RADIUS_KM * angle);
}

/** For |x| ≤ π. */
function sine(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 2; n < 40; n += 2) {
    term = (-term * x * x) / (n * (n + 1));
    sum += term;
  }
  return sum;
}

function cosine(x: number): number {
  return sine(PI / 2 - x);
}

/** For x ≥ 0: halve the angle until the series converges fast. */
function arcTangent(x: number): number {
  let reduced = x;
  let halvings = 0;
  while (reduced > 0.1) {
    reduced /= 1 + Math.sqrt(1 + reduced * reduced);
    halvings += 1;
  }
  let sum = 0;
  let power = reduced;
  for (let n = 1; n < 30; n += 2) {
    sum += power / n;
    power *= -reduced * reduced;
  }
  return sum * 2 ** halvings;
}
