/** What was typed in a form, as the wire wants it. Runs on both sides: a page may read its own form to preview it. */
import { fromLocalInput, isTimeZone } from '#lib/format/zone.ts';

/** A text field without the space around it; a file or nothing is ''. */
export function text(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A decimal as people type it (`1,234.50`, `１２`), as the wire wants it. What is no number goes through and is refused there. */
export function decimalText(data: FormData, name: string): string {
  return text(data, name)
    .normalize('NFKC')
    .replaceAll(/[,\s\u00a0]/g, '');
}

/** What a DateTimeField sent, as RFC 3339 in UTC; null when it is empty or no time. */
export function instant(data: FormData, name: string): string | null {
  const zone = text(data, `${name}.zone`);
  return fromLocalInput(text(data, name), isTimeZone(zone) ? zone : 'UTC');
}
