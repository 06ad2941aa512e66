/** How an obligation is named, and where more is said of it. */
import type { HouseObligation } from '@seam/protocol';
import { bankDesk } from '#lib/i18n/bank-desk.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';
import { houseWork } from '#lib/i18n/house-work.ts';
import { money } from '#lib/i18n/money.ts';

/** Topics of work are names in the program, the same in every language; nothing is shown for what has no words. */
export function stateText({ area, state }: HouseObligation, locale: Locale): string | undefined {
  const texts: Readonly<Record<string, string>> =
    area === 'settlement' ? money[locale] : area === 'case' ? bankDesk[locale] : houseWork[locale];
  return texts[area === 'case' ? `case_${state}` : `state_${state}`];
}

/** The page where it is decided, or looked at whole. */
export function placeOf({ area, subject }: HouseObligation): string | undefined {
  switch (area) {
    case 'settlement':
      return `/money/contracts/${subject}`;
    case 'work':
    case 'obligation':
      return /^[0-9a-f-]{36}$/.test(subject) ? `/money/contracts/${subject}` : undefined;
    case 'payment': {
      const id = subject.split(':')[1];
      return subject.startsWith('payout:') && id ? `/money/contracts/${id}` : '/staff/bank';
    }
    case 'suspense':
    case 'case':
    case 'statement':
    case 'message':
      return '/staff/bank';
    case 'hold':
      return subject.startsWith('auction:') ? `/auctions/${subject.slice('auction:'.length)}` : undefined;
  }
}

const MINUTE_MS = 60_000;

/** In the largest unit that is not nothing. */
export function ageOf(since: string, now: string): { key: 'ageDays' | 'ageHours' | 'ageMinutes'; n: number } {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / MINUTE_MS));
  if (minutes >= 48 * 60) return { key: 'ageDays', n: Math.floor(minutes / 1440) };
  if (minutes >= 120) return { key: 'ageHours', n: Math.floor(minutes / 60) };
  return { key: 'ageMinutes', n: minutes };
}
