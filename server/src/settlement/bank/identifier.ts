/** Ids as banks carry them: at most 35 characters, capitals and digits. */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The 128 bits of a UUID in base 32: 26 characters. */
export function bankIdOf(uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let n = 0; n < 26; n += 1) {
    text = ALPHABET[Number(rest % 32n)] + text;
    rest /= 32n;
  }
  return text;
}
