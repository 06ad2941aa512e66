/** The soft close as a seller writes it (seconds, times of the day) and as the engine takes it. */
import { type AuctionTerms, type DailyStop, type SoftClose, hardEndOf } from '@seam/engine';
import type { SoftCloseTerms } from '@seam/protocol';
import { type Instant, instant } from '@seam/units';

export function softCloseOf(given: SoftCloseTerms, closesAt: number): SoftClose {
  if (given.mode === 'none') return { mode: 'none' };
  const limits = {
    hardEndAt: safeInstant(closesAt + given.hardEndAfterSeconds * 1000),
    extensionsMax: given.extensionsMax,
  };
  switch (given.mode) {
    case 'phase':
      return { mode: 'phase', extensionMs: given.extensionSeconds * 1000, ...limits };
    case 'cooloff':
      return {
        mode: 'cooloff',
        quietMs: given.quietSeconds * 1000,
        dailyStop: given.dailyStop === undefined ? null : dailyStopOf(given.dailyStop),
        ...limits,
      };
    default: {
      const { windowSeconds, extensionSeconds } = given;
      const [windowMs, extensionMs] = [windowSeconds * 1000, extensionSeconds * 1000];
      return { mode: 'window', windowMs, extensionMs, ...limits };
    }
  }
}

/** The wire form of what the engine keeps, for pages. */
export function softCloseText(terms: AuctionTerms): SoftCloseTerms {
  const { softClose } = terms;
  if (softClose.mode === 'none') return { mode: 'none' };
  const limits = {
    extensionsMax: softClose.extensionsMax,
    hardEndAfterSeconds: (hardEndOf(terms) - terms.closesAt) / 1000,
  };
  switch (softClose.mode) {
    case 'window': {
      const { windowMs, extensionMs } = softClose;
      const [windowSeconds, extensionSeconds] = [windowMs / 1000, extensionMs / 1000];
      return { mode: 'window', windowSeconds, extensionSeconds, ...limits };
    }
    case 'phase':
      return { mode: 'phase', extensionSeconds: softClose.extensionMs / 1000, ...limits };
    case 'cooloff': {
      const dailyStop = softClose.dailyStop === null ? {} : { dailyStop: dailyStopText(softClose.dailyStop) };
      return { mode: 'cooloff', quietSeconds: softClose.quietMs / 1000, ...dailyStop, ...limits };
    }
  }
}

type DailyStopTerms = NonNullable<Extract<SoftCloseTerms, { mode: 'cooloff' }>['dailyStop']>;

function dailyStopOf({ stop, resume, utcOffset }: DailyStopTerms): DailyStop {
  const sign = utcOffset.startsWith('-') ? -1 : 1;
  return {
    stopMinute: minuteOf(stop),
    resumeMinute: resume === undefined ? null : minuteOf(resume),
    utcOffsetMinutes: sign * minuteOf(utcOffset.slice(1)),
  };
}

function dailyStopText({ stopMinute, resumeMinute, utcOffsetMinutes }: DailyStop): DailyStopTerms {
  return {
    stop: clockTime(stopMinute),
    ...(resumeMinute === null ? {} : { resume: clockTime(resumeMinute) }),
    utcOffset: `${utcOffsetMinutes < 0 ? '-' : '+'}${clockTime(Math.abs(utcOffsetMinutes))}`,
  };
}

/** Minutes since midnight of 'hh:mm'. */
function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

function clockTime(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** An instant for the engine to refuse, where the text was none. */
export function safeInstant(ms: number): Instant {
  return instant(Number.isFinite(ms) && ms > 0 ? ms : 0);
}
