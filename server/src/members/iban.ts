/** International bank account numbers (ISO 13616): two letters, two check digits, the account. */

export function looksLikeIban(text: string): boolean {
  return /^[A-Z]{2}[0-9]{2}/.test(text);
}

/** Whether the check digits fit (ISO 7064 MOD 97-10): finds every mistyped character and almost every swap. */
export function ibanFits(iban: string): boolean {
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
