/** What is believed of trucks, weighbridges and clocks. */

/** The heaviest road trains of the trade stay below 150 t; a wagon below 130 t. */
export const GROSS_KG_MAX = 150_000n;
export const HOUR_MS = 3600_000;
export const DAY_MS = 24 * HOUR_MS;
export const PASS_VALID_MS = 48 * HOUR_MS;
/** A weighbridge clock may run ahead of ours by this much. */
export const CLOCK_AHEAD_MS = 5 * 60_000;
/** A message that must be fresh is refused when it was signed further from now: a captured one is of no use later. */
export const MESSAGE_AGE_MS = 5 * 60_000;
/** Tickets name the minute: a truck weighed in the very minute of its pass seems to come before it. */
export const TICKET_PRECISION_MS = 60_000;
/** Fuel, mud and rain: an empty truck weighs something else the next day. */
export const TARE_AGE_MS = 12 * HOUR_MS;
/** A weighbridge that was cut off tells what it weighed when it is back. */
export const READING_AGE_MS = 24 * HOUR_MS;
/** Two people can look at this many passes; a company with more has more gates. */
export const CLOSED_PASSES_MAX = 5_000;
export const CASES_MAX = 200;
/** A window for every day of a quarter. */
export const LIFTINGS_MAX = 92;

/**
 * Highest gross of a truck by its axles, GB 1589-2016, kilograms: what holds for a weighbridge that names no other
 * limits. More axles than the last bear no more.
 */
const GROSS_BY_AXLES: readonly (readonly [axles: number, kg: number])[] = [
  [2, 18_000],
  [3, 27_000],
  [4, 36_000],
  [5, 43_000],
  [6, 49_000],
];

/** @param own limits of the country that the weighbridge stands in, where they are others. */
export function legalGrossKg(axles: number, own: readonly { axles: number; kg: number }[]): number {
  const table = own.length > 0 ? own.map(({ axles: n, kg }) => [n, kg] as const) : GROSS_BY_AXLES;
  const fitting = table.filter(([n]) => n <= axles).toSorted(([a], [b]) => b - a)[0];
  return fitting?.[1] ?? 0;
}
