/** A length of time as people say it: the two largest units that are not nothing. */
import type { Locale } from '#lib/i18n/dictionary.ts';

const UNITS = [
  { seconds: 86_400, en: 'd', zh: '天' },
  { seconds: 3_600, en: 'h', zh: '小时' },
  { seconds: 60, en: 'min', zh: '分钟' },
  { seconds: 1, en: 's', zh: '秒' },
] as const;

/** `span(5400, 'en')` → `1 h 30 min`. */
export function span(seconds: number, locale: Locale): string {
  if (!Number.isFinite(seconds)) return '…';
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.seconds);
    rest -= count * unit.seconds;
    if (count > 0) parts.push(`${count}\u00a0${unit[locale]}`);
  }
  return parts.length === 0 ? `0\u00a0${UNITS[3][locale]}` : parts.slice(0, 2).join(' ');
}
