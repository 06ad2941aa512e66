/**
 * Deposit references: ISO 11649 creditor references ("RF" and two check digits), which survive a
 * person typing them. Ours have digits only: then every single wrong digit and every swap of two
 * neighbours is noticed before money goes astray (letters, counting as two digits, would not allow
 * that promise).
 */
import { randomInt } from 'node:crypto';
import { mod97 } from './iso20022/values.ts';

/** 10^16 references: not to be guessed, and short enough for every bank's field of 21. */
const BODY_DIGITS = 16;

export function newReference(): string {
  return withCheckDigits(Array.from({ length: BODY_DIGITS }, () => randomInt(10)).join(''));
}

export function withCheckDigits(body: string): string {
  return `RF${String(98 - mod97(`${body}RF00`)).padStart(2, '0')}${body}`;
}

export function isReference(text: string): boolean {
  return /^RF\d{2}[A-Z0-9]{1,21}$/.test(text) && mod97(text.slice(4) + text.slice(0, 4)) === 1;
}

/** Remittance fields hold 140 characters; several may come joined. */
const TEXT_MAX = 600;

/** All valid references in what a payer wrote, in whatever case and with whatever spaces. */
export function referencesIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => {
    const upper = text.slice(0, TEXT_MAX).toUpperCase();
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
  return [tail, tail.slice(0, 4 + BODY_DIGITS)];
}
