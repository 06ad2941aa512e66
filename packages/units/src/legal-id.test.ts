import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leiCheckDigits, parseLegalId, usccCheckCharacter } from './index.ts';

// Published by the companies themselves; four credit codes and four LEIs.
const REAL_USCC = ['91330100799655058B', '9144030071526726XG', '914403001922038216', '91110000802100433B'];
const REAL_LEI = [
  'HWUPKR0MPOU8FGXBT394',
  '7LTWFZYICNSX8D621K86',
  '5493001KJTIIGC8Y1R12',
  'INR2EJN1ERAN0W5ZP974',
];
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

const isDigit = (character: string): boolean => /[0-9]/.test(character);

const usccBody = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 2, maxLength: 2 }),
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 6, maxLength: 6 }),
    fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 9, maxLength: 9 }),
  )
  .map((parts) => parts.join(''));
const leiBody = fc.string({
  unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
  minLength: 18,
  maxLength: 18,
});

describe('legal identity', () => {
  it('accepts real credit codes and LEIs, spaces around and small letters included', () => {
    for (const value of REAL_USCC)
      expect(parseLegalId(` ${value.toLowerCase()} `)).toEqual({ ok: true, kind: 'uscc', value });
    for (const value of REAL_LEI) expect(parseLegalId(value)).toEqual({ ok: true, kind: 'lei', value });
  });

  it('says what is wrong', () => {
    expect(parseLegalId('')).toEqual({ ok: false, code: 'legal_id_length' });
    expect(parseLegalId('9133010079965505')).toEqual({ ok: false, code: 'legal_id_length' });
    expect(parseLegalId('91330100799655058I')).toEqual({ ok: false, code: 'legal_id_characters' });
    expect(parseLegalId('9133O100799655058B')).toEqual({ ok: false, code: 'legal_id_characters' });
    expect(parseLegalId('91330100799655058C')).toEqual({ ok: false, code: 'legal_id_check' });
    expect(parseLegalId('HWUPKR0MPOU8FGXBT39A')).toEqual({ ok: false, code: 'legal_id_characters' });
    expect(parseLegalId('HWUPKR0MPOU8FGXBT395')).toEqual({ ok: false, code: 'legal_id_check' });
    expect(parseLegalId('９1330100799655058B')).toEqual({ ok: false, code: 'legal_id_characters' });
  });

  it('accepts every body with its own check, and refuses it with another character of the kind in any place', () => {
    const place = fc.nat({ max: 19 });
    fc.assert(
      fc.property(usccBody, place, fc.constantFrom(...ALPHABET), (body, at, other) => {
        const code = body + usccCheckCharacter(body);
        expect(parseLegalId(code).ok).toBe(true);
        const index = at % 18;
        if (code[index] !== other)
          expect(parseLegalId(code.slice(0, index) + other + code.slice(index + 1)).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(leiBody, place, fc.constantFrom(...'0123456789ABCXYZ'), (body, at, other) => {
        const code = body + leiCheckDigits(body);
        expect(parseLegalId(code).ok).toBe(true);
        const before = code[at] ?? '';
        if (before !== other && isDigit(before) === isDigit(other))
          expect(parseLegalId(code.slice(0, at) + other + code.slice(at + 1)).ok).toBe(false);
      }),
    );
  });

  it('refuses two neighbours that changed places', () => {
    fc.assert(
      fc.property(usccBody, fc.nat({ max: 16 }), (body, at) => {
        const code = body + usccCheckCharacter(body);
        const [left = '', right = ''] = [code[at], code[at + 1]];
        if (left !== right)
          expect(parseLegalId(code.slice(0, at) + right + left + code.slice(at + 2)).ok).toBe(false);
      }),
    );
  });

  it('refuses check digits that have the right remainder but are never issued', () => {
    // 00, 01 and 99 leave the remainders of 97, 98 and 02: each body below fits one of them.
    let seen = 0;
    for (let n = 0; seen < 3 && n < 5_000; n += 1) {
      const body = `529900${String(n).padStart(12, '0')}`;
      const alias = { '97': '00', '98': '01', '02': '99' }[leiCheckDigits(body)];
      if (alias === undefined) continue;
      seen += 1;
      expect(parseLegalId(body + alias)).toEqual({ ok: false, code: 'legal_id_check' });
    }
    expect(seen).toBe(3);
  });
});
