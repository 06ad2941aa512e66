/** Wall-clock time in a named zone to an instant and back, with nothing but `Intl`. */

export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z0-9_+\-/]{1,64}$/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const fieldsOf = new Map<string, Intl.DateTimeFormat>();

function wallClock(ms: number, timeZone: string): Record<string, number> {
  let format = fieldsOf.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    fieldsOf.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
}

/** Milliseconds the zone is ahead of UTC at that instant. */
export function zoneOffsetMs(ms: number, timeZone: string): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = wallClock(ms, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}

/** What an `<input type="datetime-local">` shows for an instant: `2026-11-23T09:30`. */
export function toLocalInput(instant: string, timeZone: string): string {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return '';
  return new Date(ms + zoneOffsetMs(ms, timeZone)).toISOString().slice(0, 16);
}

/**
 * The instant, RFC 3339 in UTC, that `2026-11-23T09:30` means in a zone; null when it is not a date or
 * names a time that the zone skips (the clock goes forward). A time that comes twice is taken the first time.
 */
export function fromLocalInput(local: string, timeZone: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(local)) return null;
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  const day = 24 * 3600 * 1000;
  const offsets = new Set([zoneOffsetMs(asUtc - day, timeZone), zoneOffsetMs(asUtc + day, timeZone)]);
  const instants = [...offsets]
    .map((offset) => asUtc - offset)
    .filter((ms) => ms + zoneOffsetMs(ms, timeZone) === asUtc)
    .sort((a, b) => a - b);
  const first = instants[0];
  return first === undefined ? null : new Date(first).toISOString();
}

/** `UTC+8`, `UTC+5:30`, `UTC`. */
export function zoneLabel(ms: number, timeZone: string): string {
  const minutes = Math.round(zoneOffsetMs(ms, timeZone) / 60_000);
  if (minutes === 0) return 'UTC';
  const rest = Math.abs(minutes) % 60;
  const hours = Math.floor(Math.abs(minutes) / 60);
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
