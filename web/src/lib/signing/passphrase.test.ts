import { PASSPHRASE_CHARACTERS_MIN } from '@seam/esign';
import { describe, expect, it, test } from 'vitest';
import { PASSPHRASE_MIN, passphraseStrength } from './passphrase.ts';

test('the shortest passphrase is the one the signing code takes', () => {
  expect(PASSPHRASE_MIN).toBe(PASSPHRASE_CHARACTERS_MIN);
});

describe('the strength of a passphrase', () => {
  it('is short below twelve characters, however wild', () => {
    expect(passphraseStrength('')).toBe('empty');
    expect(passphraseStrength('xK9#vQ2!mZ7')).toBe('short');
  });

  it.each(['aaaaaaaaaaaaaaaa', '123456789012', 'abcdefghijklmnop', 'qwertyuiopasdf', 'abababababababab'])(
    'is weak for a pattern: %s',
    (passphrase) => {
      expect(passphraseStrength(passphrase)).toBe('weak');
    },
  );

  it('does not count what is known about the person', () => {
    const known = ['Emma Clarke', 'emma.clarke@east-tide.example', 'East Tide Power'];
    expect(passphraseStrength('emma clarke east tide', known)).toBe('weak');
  });

  it('grows with unrelated words', () => {
    expect(passphraseStrength('lantern goose river')).toBe('fair');
    expect(passphraseStrength('copper river lantern goose violin')).toBe('strong');
  });

  it('counts Chinese characters, not their bytes', () => {
    expect(passphraseStrength('山西煤')).toBe('short');
    expect(passphraseStrength('春江潮水连海平海上明月共潮生滟滟随波')).not.toBe('short');
  });
});
