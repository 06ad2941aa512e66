/** What each soft-close mode asks of its numbers. */
import { EXTENSIONS_MAX, INSTANT_MAX, SOFT_CLOSE_MS_MAX } from '../limits.ts';
import { dayFrom, nextStop } from './daily-stop.ts';
import { type Rule, firstBroken, isInteger } from './rules.ts';
import type { CommonTerms, DailyStop, SoftClose } from './types.ts';

const MINUTES_PER_DAY = 1440;
/** Zones reach from UTC-12 to UTC+14. */
const UTC_OFFSET_MINUTES_MAX = 14 * 60;

type Mode<Name> = { readonly closesAt: number; readonly opensAt: number } & {
  readonly softClose: Extract<SoftClose, { mode: Name }>;
};

const WINDOW: readonly Rule<Mode<'window'>>[] = [
  ['softClose.windowMs', (t) => isInteger(t.softClose.windowMs, 0, SOFT_CLOSE_MS_MAX)],
  ['softClose.extensionMs', (t) => isInteger(t.softClose.extensionMs, 0, SOFT_CLOSE_MS_MAX)],
];

const PHASE: readonly Rule<Mode<'phase'>>[] = [
  ['softClose.extensionMs', (t) => isInteger(t.softClose.extensionMs, 1, SOFT_CLOSE_MS_MAX)],
];

const COOLOFF: readonly Rule<Mode<'cooloff'> & CommonTerms>[] = [
  ['softClose.quietMs', (t) => isInteger(t.softClose.quietMs, 1, SOFT_CLOSE_MS_MAX)],
  ['softClose.dailyStop', ({ softClose: { dailyStop } }) => dailyStop === null || isDailyStop(dailyStop)],
  ['opensAt', (t) => dayFrom(t.softClose.dailyStop, t.opensAt) === t.opensAt],
  ['closesAt', (t) => t.softClose.dailyStop === null || closesByDay(t, t.softClose.dailyStop)],
];

const LIMITS: readonly Rule<Mode<'window' | 'phase' | 'cooloff'>>[] = [
  ['softClose.hardEndAt', (t) => isInteger(t.softClose.hardEndAt, t.closesAt, INSTANT_MAX)],
  ['softClose.extensionsMax', (t) => isInteger(t.softClose.extensionsMax, 0, EXTENSIONS_MAX)],
];

/** The first field that is out of its limits, or null. The opening and the close hold already. */
export function brokenSoftClose(terms: CommonTerms): string | null {
  const { softClose } = terms;
  switch (softClose.mode) {
    case 'none':
      return null;
    case 'window':
      return firstBroken(WINDOW, { ...terms, softClose }) ?? firstBroken(LIMITS, { ...terms, softClose });
    case 'phase':
      return firstBroken(PHASE, { ...terms, softClose }) ?? firstBroken(LIMITS, { ...terms, softClose });
    case 'cooloff':
      return firstBroken(COOLOFF, { ...terms, softClose }) ?? firstBroken(LIMITS, { ...terms, softClose });
    default:
      return 'softClose.mode';
  }
}

/** The stop and the morning differ: an auction that never stops, or never goes on, has no daily stop. */
function isDailyStop({ stopMinute, resumeMinute, utcOffsetMinutes }: DailyStop): boolean {
  return (
    isInteger(stopMinute, 0, MINUTES_PER_DAY - 1) &&
    isInteger(utcOffsetMinutes, -UTC_OFFSET_MINUTES_MAX, UTC_OFFSET_MINUTES_MAX) &&
    (resumeMinute === null ||
      (isInteger(resumeMinute, 0, MINUTES_PER_DAY - 1) && resumeMinute !== stopMinute))
  );
}

/** The planned close is at a time when bids are taken, or at the stop itself. */
function closesByDay({ opensAt, closesAt }: CommonTerms, stop: DailyStop): boolean {
  if (stop.resumeMinute === null)
    return opensAt === nextStop(stop, opensAt) || closesAt <= nextStop(stop, opensAt);
  return nextStop(stop, closesAt) === closesAt || dayFrom(stop, closesAt) === closesAt;
}
