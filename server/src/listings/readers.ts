/** Reads single values of the wire: what is wrong is noted under the field's name, all faults at once. */
import type { ProblemCode } from '@seam/protocol';
import { parseScaled } from '@seam/units';
import { type Refusal, refuse } from '../platform/refusal.ts';
import type { Accepted, FieldErrors } from './assay.ts';
import { DAY_MS, PRICE_MINOR_MAX, QUANTITY_KG_MAX, VALID_DAYS_MAX } from './limits.ts';

/** One faulty field gives its own code, several give `many`; each field keeps its code either way. */
export function refusalOf(
  fields: FieldErrors,
  accepted: Accepted = {},
  many: ProblemCode = 'listing.invalid',
): Refusal | undefined {
  const codes = [...new Set(Object.values(fields))];
  const [first] = codes;
  if (!first) return undefined;
  const code = codes.length === 1 ? first : many;
  return refuse(code, { fields, ...(Object.keys(accepted).length > 0 && { accepted }) });
}

/** Tonnes as text to kg. What is wrong is noted in `fields`, and 0 comes back. */
export function readQuantity(
  text: string,
  field: string,
  fields: FieldErrors,
  accepted: Accepted = {},
): bigint {
  const kg = parseScaled(text, 3);
  if (kg === undefined) fields[field] = 'listing.quantity_precision';
  else if (kg <= 0n) fields[field] = 'listing.quantity_not_positive';
  else if (kg > QUANTITY_KG_MAX) {
    fields[field] = 'listing.quantity_out_of_range';
    accepted[field] = `≤ ${QUANTITY_KG_MAX / 1000n} t`;
  } else return kg;
  return 0n;
}

/** Money per tonne as text to minor units. What is wrong is noted in `fields`, and 0 comes back. */
export function readPrice(text: string, field: string, fields: FieldErrors): bigint {
  const value = parseScaled(text, 2);
  if (value === undefined) fields[field] = 'listing.price_precision';
  else if (value > PRICE_MINOR_MAX) fields[field] = 'listing.price_out_of_range';
  else if (value <= 0n) fields[field] = 'listing.price_not_positive';
  else return value;
  return 0n;
}

export function checkWindow(
  input: { readonly windowFrom: string; readonly windowTo: string },
  now: Date,
  fields: FieldErrors,
): void {
  for (const field of ['windowFrom', 'windowTo'] as const) {
    if (!isDay(input[field])) fields[field] = 'listing.day_invalid';
  }
  if (fields['windowFrom'] || fields['windowTo']) return;
  if (input.windowFrom > input.windowTo) fields['windowTo'] = 'listing.window_reversed';
  // A day is over when it is over everywhere on earth.
  else if (endOfDay(input.windowTo) + DAY_MS / 2 < now.getTime()) fields['windowTo'] = 'listing.window_past';
}

/** Until when an offer or a request stands: as asked, else the end of its window, within limits. */
export function readValidUntil(
  input: { readonly windowTo: string; readonly validUntil?: string },
  now: Date,
  fields: FieldErrors,
): Date {
  const asked = input.validUntil === undefined ? undefined : Date.parse(input.validUntil);
  const latest = now.getTime() + VALID_DAYS_MAX * DAY_MS;
  if (asked === undefined) {
    if (!isDay(input.windowTo)) return now;
    return new Date(Math.min(Math.max(endOfDay(input.windowTo), now.getTime() + DAY_MS), latest));
  }
  return readDeadline(asked, now, 'validUntil', fields);
}

export function readDeadline(at: number, now: Date, field: string, fields: FieldErrors): Date {
  if (!Number.isFinite(at)) fields[field] = 'listing.day_invalid';
  else if (at <= now.getTime()) fields[field] = 'listing.valid_until_past';
  else if (at > now.getTime() + VALID_DAYS_MAX * DAY_MS) fields[field] = 'listing.valid_until_too_far';
  else return new Date(at);
  return now;
}

export function checkCoordinates(
  site: { readonly latitude: string; readonly longitude: string },
  prefix: string,
  fields: FieldErrors,
): void {
  const name = (key: string): string => (prefix ? `${prefix}.${key}` : key);
  if (Math.abs(Number(site.latitude)) > 90) fields[name('latitude')] = 'listing.coordinates_out_of_range';
  if (Math.abs(Number(site.longitude)) > 180) fields[name('longitude')] = 'listing.coordinates_out_of_range';
}

/** Whether the calendar has this day: 2026-02-30 has the form of one. */
export function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}

/** The last millisecond of a day in UTC. */
export function endOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) + DAY_MS - 1;
}
