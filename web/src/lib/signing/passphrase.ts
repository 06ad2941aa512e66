/**
 * How hard a passphrase is to guess, roughly. Whoever copies the stored key can try guesses without asking
 * anybody, thousands a second; so length counts most, and what only looks long is taken off.
 */
export type Strength = 'empty' | 'short' | 'weak' | 'fair' | 'strong';

/** The least that the signing code accepts; held equal to its constant by a test. */
export const PASSPHRASE_MIN = 12;

const FAIR_BITS = 50;
const STRONG_BITS = 70;

const runs = ['abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '01234567890'];

/** @param known words about the person that an attacker tries first: name, company, mail address. */
export function passphraseStrength(passphrase: string, known: readonly string[] = []): Strength {
  const characters = [...passphrase.normalize('NFC')];
  if (characters.length === 0) return 'empty';
  if (characters.length < PASSPHRASE_MIN) return 'short';
  const bits = effectiveLength(passphrase, known) * bitsPerCharacter(passphrase);
  if (bits < FAIR_BITS) return 'weak';
  return bits < STRONG_BITS ? 'fair' : 'strong';
}

/** Characters that a guesser has to guess: not those that repeat, follow from the one before, or are known. */
function effectiveLength(passphrase: string, known: readonly string[]): number {
  let text = passphrase.normalize('NFC').toLowerCase();
  const words = known
    .flatMap((word) => word.toLowerCase().split(/[\s@.]+/))
    .filter((word) => word.length > 2);
  for (const word of words) text = text.replaceAll(word, '*');
  const characters = [...text];
  let length = 0;
  for (const [index, character] of characters.entries()) {
    const before = characters[index - 1] ?? '';
    if (character !== before && !follows(before, character)) length += 1;
  }
  // Few different ones are a pattern, however often they change places.
  return Math.min(length, new Set(characters).size * 1.6);
}

function follows(before: string, character: string): boolean {
  if (before === '') return false;
  return runs.some((run) => run.includes(before + character) || run.includes(character + before));
}

/** Words carry less than random characters; signs and digits between them carry more. */
function bitsPerCharacter(passphrase: string): number {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\p{L}\p{N}]/u, /\p{Script=Han}/u].filter((kind) =>
    kind.test(passphrase),
  );
  const han = /\p{Script=Han}/u.test(passphrase);
  return (han ? 4.5 : 3) + 0.5 * (kinds.length - 1);
}
