/** An auction that stops for the night, by whole minutes from midnight on a stated offset from UTC. */
import type { Fields } from './chain.ts';

const DAY_MS = 86_400_000;

const sinceStop = ({ stopMinute, utcOffsetMinutes }: Fields, at: number): number =>
  (((at + (utcOffsetMinutes - stopMinute) * 60_000) % DAY_MS) + DAY_MS) % DAY_MS;

/** 0 where the stop is for good: nothing comes after it. */
const nightMs = ({ stopMinute, resumeMinute }: Fields): number =>
  resumeMinute === null ? 0 : ((resumeMinute - stopMinute + 1440) % 1440) * 60_000;

export function isNight({ softClose: { dailyStop } }: Fields, at: number): boolean {
  return dailyStop != null && sinceStop(dailyStop, at) < nightMs(dailyStop);
}

/** `ms` of bidding time after `from`; never past a stop that is for good. */
export function laterBy({ softClose: { dailyStop: stop } }: Fields, from: number, ms: number): number {
  if (stop == null) return from + ms;
  const [since, night] = [sinceStop(stop, from), nightMs(stop)];
  if (stop.resumeMinute === null) return Math.min(from + ms, since === 0 ? from : from - since + DAY_MS);
  const dayBegins = since < night ? from - since + night : from;
  const today = DAY_MS - Math.max(since, night);
  const nights = ms <= today ? 0 : Math.ceil((ms - today) / (DAY_MS - night));
  return dayBegins + ms + nights * night;
}
