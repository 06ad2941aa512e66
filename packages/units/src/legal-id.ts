/**
 * Legal identity of a company: the 18-character Unified Social Credit Code of China (GB 32100-2015)
 * or the 20-character Legal Entity Identifier (ISO 17442). The check character of the first catches every
 * single mistyped character and every swap of two neighbours; the check digits of the second catch every
 * digit mistyped for a digit and letter for a letter, and 96 of 97 other slips.
 */
export type LegalIdKind = 'uscc' | 'lei';
export type LegalIdProblem = 'legal_id_length' | 'legal_id_characters' | 'legal_id_check';
export type LegalId =
  | { readonly ok: true; readonly kind: LegalIdKind; readonly value: string }
  | { readonly ok: false; readonly code: LegalIdProblem };

/** The digits of GB 32100 in order of value: I, O, S, V and Z are left out because they look like digits. */
const USCC_DIGITS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** Registration department, category, six digits of region, nine of organisation, one check character. */
const USCC = /^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
const LEI = /^[0-9A-Z]{18}[0-9]{2}$/;

/**
 * Reads a legal identity. Surrounding spaces are dropped and letters are raised to capitals; nothing else
 * is mended.
 * @returns the kind and the normal form, or why it is none: wrong length (18 or 20 are right), a character
 *   that cannot stand at its place, or check characters that do not fit.
 */
export function parseLegalId(text: string): LegalId {
  const value = text.trim().toUpperCase();
  if (value.length === 18) {
    if (!USCC.test(value)) return { ok: false, code: 'legal_id_characters' };
    const fits = usccCheckCharacter(value.slice(0, 17)) === value[17];
    return fits ? { ok: true, kind: 'uscc', value } : { ok: false, code: 'legal_id_check' };
  }
  if (value.length !== 20) return { ok: false, code: 'legal_id_length' };
  if (!LEI.test(value)) return { ok: false, code: 'legal_id_characters' };
  // Comparing with the computed digits, rather than testing the remainder, also refuses 00, 01 and 99,
  // which have the right remainder but are never issued.
  const fits = leiCheckDigits(value.slice(0, 18)) === value.slice(18);
  return fits ? { ok: true, kind: 'lei', value } : { ok: false, code: 'legal_id_check' };
}

/**
 * The 18th character for the first 17 (GB 32100-2015: weights are powers of 3 modulo 31).
 * @throws RangeError when `body` is not 17 characters of the code's alphabet.
 */
export function usccCheckCharacter(body: string): string {
  if (body.length !== 17) throw new RangeError('a credit code has 17 characters before its check character');
  let sum = 0;
  let weight = 1;
  for (const character of body) {
    const digit = USCC_DIGITS.indexOf(character);
    if (digit < 0) throw new RangeError(`not a character of a credit code: ${character}`);
    sum += digit * weight;
    weight = (weight * 3) % 31;
  }
  return USCC_DIGITS.charAt((31 - (sum % 31)) % 31);
}

/**
 * The two check digits for the first 18 characters (ISO 7064 MOD 97-10, letters as 10..35).
 * @throws RangeError when `body` is not 18 capital letters or digits.
 */
export function leiCheckDigits(body: string): string {
  if (!/^[0-9A-Z]{18}$/.test(body)) throw new RangeError('an LEI has 18 letters or digits before its check');
  return String(98 - mod97(`${body}00`)).padStart(2, '0');
}

function mod97(text: string): number {
  let remainder = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}
