/**
 * When the end moves, a second time, for tests: nights are walked through minute by minute.
 */
import type { CommonTerms, DailyStop } from '../types.ts';

const MINUTE = 60_000;

type Ends = { readonly terms: CommonTerms; readonly closesAt: number; readonly hardEndAt: number };

/** The end after a bid at `at` that changed the standing. */
export function naiveExtended(of: Ends & { extensions: number }, at: number): number {
  const { softClose } = of.terms;
  if (softClose.mode === 'none' || of.extensions >= softClose.extensionsMax) return of.closesAt;
  let wanted = at;
  if (softClose.mode === 'window') {
    const isLate = at >= of.closesAt - softClose.windowMs;
    if (!isLate) return of.closesAt;
    wanted = at + softClose.extensionMs;
  }
  if (softClose.mode === 'phase') {
    wanted = of.extensions > 0 ? at + softClose.extensionMs : of.closesAt + softClose.extensionMs;
  }
  if (softClose.mode === 'cooloff') {
    const { dailyStop, quietMs } = softClose;
    if (dailyStop === null || dailyStop.resumeMinute !== null) wanted = naiveLater(dailyStop, at, quietMs);
    else {
      let minute = Math.ceil(at / MINUTE);
      while (minuteOfDay(dailyStop, minute) !== dailyStop.stopMinute) minute += 1;
      wanted = Math.min(at + quietMs, minute * MINUTE);
    }
  }
  if (wanted > of.hardEndAt) wanted = of.hardEndAt;
  return wanted > of.closesAt ? wanted : of.closesAt;
}

export function naiveHardEnd({ softClose, closesAt }: CommonTerms): number {
  return 'hardEndAt' in softClose ? softClose.hardEndAt : closesAt;
}

/** The nights between which an auction goes on. */
export function naiveNights({ softClose }: CommonTerms): DailyStop | null {
  if (softClose.mode !== 'cooloff' || softClose.dailyStop === null) return null;
  return softClose.dailyStop.resumeMinute === null ? null : softClose.dailyStop;
}

function minuteOfDay(stop: DailyStop, minute: number): number {
  return (((minute + stop.utcOffsetMinutes) % 1440) + 1440) % 1440;
}

export function naiveIsNight(stop: DailyStop | null, at: number): boolean {
  if (stop === null || stop.resumeMinute === null) return false;
  const now = minuteOfDay(stop, Math.floor(at / MINUTE));
  const { stopMinute, resumeMinute } = stop;
  if (stopMinute < resumeMinute) return now >= stopMinute && now < resumeMinute;
  return now >= stopMinute || now < resumeMinute;
}

/** The first instant from `at` on that is no night. */
export function naiveMorning(stop: DailyStop | null, at: number): number {
  let now = at;
  while (naiveIsNight(stop, now)) now = (Math.floor(now / MINUTE) + 1) * MINUTE;
  return now;
}

/** `ms` of daytime later. */
export function naiveLater(stop: DailyStop | null, at: number, ms: number): number {
  if (stop === null) return at + ms;
  let now = naiveMorning(stop, at);
  let left = ms;
  while (left > 0) {
    now = naiveMorning(stop, now);
    const step = Math.min(left, MINUTE - (now % MINUTE));
    now += step;
    left -= step;
  }
  return now;
}

/** Daytime between two instants. */
export function naiveBetween(stop: DailyStop | null, from: number, to: number): number {
  if (stop === null) return to > from ? to - from : 0;
  let sum = 0;
  for (let now = from; now < to;) {
    const next = Math.min(to, (Math.floor(now / MINUTE) + 1) * MINUTE);
    if (!naiveIsNight(stop, now)) sum += next - now;
    now = next;
  }
  return sum;
}
