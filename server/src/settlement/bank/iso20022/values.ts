/** Amounts, accounts and days as ISO 20022 writes them. */
import { type Minor, formatMoney, minor, parseScaled } from '@seam/units';
import { BadMessage, type Element, at, child, required, text } from './xml.ts';

export type Money = { readonly amount: Minor; readonly currency: string };

/**
 * An amount element. The schema allows five fraction digits, our currencies have two: digits beyond
 * must be zero, because an amount that cannot be booked exactly must not be booked.
 * @throws BadMessage
 */
export function moneyOf(element: Element | undefined, path: string): Money {
  const found = at(element, path);
  const raw = required(element, path);
  const digits = raw
    .replace(/^\./, '0.')
    .replace(/\.$/, '')
    .replace(/(\.\d{2}\d*?)0+$/, '$1');
  const amount = /^\d/.test(digits) ? parseScaled(digits, 2) : undefined;
  if (amount === undefined || amount > 10n ** 15n)
    throw new BadMessage('field_invalid', `${path}: ${raw.slice(0, 40)}`);
  const currency = found?.['@Ccy'];
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) {
    throw new BadMessage('field_invalid', `${path}: currency`);
  }
  return { amount: minor(amount), currency };
}

export function writeMoney(amount: Minor, currency: string): Record<string, string> {
  return { '@Ccy': currency, '#text': formatMoney(amount) };
}

/** The number out of an account element: IBAN, or whatever the bank uses. */
export function accountNumberOf(account: Element | undefined): string | null {
  return text(account, 'Id/IBAN') ?? text(account, 'Id/Othr/Id');
}

/** An account identification: as IBAN where it is one by form and check digits, else as it is. */
export function writeAccount(number: string, currency?: string): Record<string, unknown> {
  const id = isIban(number) ? { IBAN: number } : { Othr: { Id: number } };
  return { Id: id, ...(currency ? { Ccy: currency } : {}) };
}

function isIban(number: string): boolean {
  return /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(number) && mod97(number.slice(4) + number.slice(0, 4)) === 1;
}

/** ISO 7064 mod 97-10, letters as 10..35. */
export function mod97(characters: string): number {
  let rest = 0;
  for (const character of characters) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** A day given as date or date-time; a date-time counts by its own local date, as bank days do. */
export function dayOf(element: Element | undefined, path: string): string | null {
  const found = at(element, path);
  if (!found) return null;
  const value = text(found, 'Dt') ?? text(found, 'DtTm');
  const day = value?.slice(0, 10) ?? '';
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new BadMessage('field_invalid', `${path}: ${String(value)}`);
  return day;
}

/** Name of a party: below `Pty` since version 08, directly before. */
export function partyName(party: Element | undefined): string | null {
  return text(party, 'Pty/Nm') ?? text(party, 'Nm');
}

/** A coded element that became a choice: `<Sts>BOOK</Sts>` or `<Sts><Cd>BOOK</Cd></Sts>`. */
export function codeOf(element: Element | undefined, name: string): string | null {
  return text(child(element, name), 'Cd') ?? text(child(element, name), 'Prtry') ?? text(element, name);
}
