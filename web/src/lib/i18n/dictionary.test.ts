import { describe, expect, test } from 'vitest';
import { chooseLocale, dictionary, fill, translator, type Locale } from './dictionary.ts';

const messages = dictionary({
  en: { hello: 'Hello', lots: '{n} lots at {place}' },
  zh: { hello: '你好', lots: '{place} 有 {n} 个标的' },
});

describe('a dictionary', () => {
  test('speaks the language that is current when it is asked', () => {
    let locale: Locale = 'en';
    const t = translator(messages, () => locale);
    expect(t('hello')).toBe('Hello');
    locale = 'zh';
    expect(t('hello')).toBe('你好');
  });

  test('puts every value where its name stands, whatever the word order', () => {
    expect(translator(messages, () => 'zh')('lots', { n: 3, place: '秦皇岛' })).toBe('秦皇岛 有 3 个标的');
  });

  test('does not read placeholders inside a value', () => {
    expect(fill('{a}', { a: '{b}', b: 'x' })).toBe('{b}');
  });

  test('does not compile when a key or a placeholder is missing', () => {
    // @ts-expect-error zh has no `b`
    dictionary({ en: { a: 'A', b: 'B' }, zh: { a: '甲' } });
    // @ts-expect-error zh has one key too many
    dictionary({ en: { a: 'A' }, zh: { a: '甲', b: '乙' } });
    // @ts-expect-error zh forgets {n}
    dictionary({ en: { a: '{n} lots' }, zh: { a: '标的' } });
    // @ts-expect-error {n} needs a value
    translator(messages, () => 'en')('lots');
    expect(true).toBe(true);
  });
});

describe('the language of a visitor', () => {
  test.each([
    ['zh', 'en', 'zh'],
    ['xx', 'zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    [undefined, 'fr-FR, en;q=0.5, zh;q=0.8', 'zh'],
    [undefined, 'zh;q=0, en', 'en'],
    [undefined, null, 'en'],
    [undefined, 'zh-Hant-TW', 'zh'],
  ] as const)('chosen %s, accepts %s: %s', (chosen, accept, expected) => {
    expect(chooseLocale(chosen, accept)).toBe(expected);
  });
});
