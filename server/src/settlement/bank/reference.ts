/**
 * Deposit references: ISO 11649 creditor references ("RF" and two check digits), which survive a
 * person typing them: any single wrong or swapped character is noticed before money goes astray.
 */
import { randomBytes } from 'node:crypto';
import { mod97 } from './iso20022/values.ts';

/** No I, L, O, U: nothing that reads like something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BODY_CHARACTERS = 12;

export function newReference(): string {
  const body = [...randomBytes(BODY_CHARACTERS)].map((byte) => ALPHABET[byte % 32]).join('');
  return withCheckDigits(body);
}

export function withCheckDigits(body: string): string {
  return `RF${String(98 - mod97(`${body}RF00`)).padStart(2, '0')}${body}`;
}

export function isReference(text: string): boolean {
  return /^RF\d{2}[A-Z0-9]{1,21}$/.test(text) && mod97(text.slice(4) + text.slice(0, 4)) === 1;
}

/** All valid references in what a payer wrote, in whatever case and with whatever spaces. */
export function referencesIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => {
    const upper = text.toUpperCase();
    const words = [upper.replaceAll(/[^A-Z0-9]/g, ''), ...upper.split(/[^A-Z0-9]+/)];
    // Printed in groups of four, a reference may also stand between other words.
    const grouped = [...upper.matchAll(/RF\d{2}(?:[ -]?[A-Z0-9]{1,4}){1,6}/g)].map((hit) =>
      hit[0].replaceAll(/[ -]/g, ''),
    );
    return [...words, ...grouped].flatMap(prefixes).filter(isReference);
  });
  return [...new Set(found)];
}

/** A word that begins with a reference of our length may have more text run into it. */
function prefixes(word: string): string[] {
  const at = word.indexOf('RF');
  if (at < 0) return [];
  const tail = word.slice(at);
  return [tail, tail.slice(0, 4 + BODY_CHARACTERS)];
}
