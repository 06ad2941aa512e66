/**
 * An auction that stops for the night: which time of the day it is bid in, by integer arithmetic on a
 * stated offset from UTC. No time zone is consulted: an auction's day has one offset, written in its terms.
 */
import { type Instant, instant } from '@seam/units';
import type { DailyStop } from './types.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Ms since the last stop; 0 at the stop itself. */
function sinceStop({ stopMinute, utcOffsetMinutes }: DailyStop, at: Instant): number {
  const local = at + (utcOffsetMinutes - stopMinute) * MINUTE_MS;
  return ((local % DAY_MS) + DAY_MS) % DAY_MS;
}

/** How long a night is; 0 when the stop is for good, for then nothing comes after it. */
function nightMs({ stopMinute, resumeMinute }: DailyStop): number {
  return resumeMinute === null ? 0 : ((resumeMinute - stopMinute + 1440) % 1440) * MINUTE_MS;
}

/** `at`, or the morning after when it lies in the night. */
export function dayFrom(stop: DailyStop | null, at: Instant): Instant {
  if (stop === null) return at;
  const since = sinceStop(stop, at);
  const night = nightMs(stop);
  return since < night ? instant(at - since + night) : at;
}

/** The next stop: `at` itself when it is one. */
export function nextStop(stop: DailyStop, at: Instant): Instant {
  const since = sinceStop(stop, at);
  return since === 0 ? at : instant(at - since + DAY_MS);
}

/** `ms` of bidding time after `from`: what the night interrupts goes on in the morning. */
export function laterBy(stop: DailyStop | null, from: Instant, ms: number): Instant {
  if (stop === null) return instant(from + ms);
  const start = dayFrom(stop, from);
  const night = nightMs(stop);
  const today = DAY_MS - sinceStop(stop, start);
  const rest = ms - today;
  if (rest <= 0 || night === 0) return instant(start + ms);
  const nights = Math.ceil(rest / (DAY_MS - night));
  return instant(start + ms + nights * night);
}

/** Bidding time between two instants, nights left out; 0 when `to` is not later. */
export function timeBetween(stop: DailyStop | null, from: Instant, to: Instant): number {
  if (to <= from) return 0;
  const night = stop === null ? 0 : nightMs(stop);
  if (stop === null || night === 0) return to - from;
  const start = dayFrom(stop, from);
  if (to <= start) return 0;
  const dayMs = DAY_MS - night;
  const intoFirst = sinceStop(stop, start) - night;
  const span = intoFirst + (to - start);
  const days = Math.floor(span / DAY_MS);
  return days * dayMs + Math.min(dayMs, span - days * DAY_MS) - intoFirst;
}
