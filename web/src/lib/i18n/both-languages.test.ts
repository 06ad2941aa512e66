/** What the compiler cannot see: a text that is there and says nothing in its language, and one in no dictionary. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { locales } from './dictionary.ts';

const SOURCE = path.resolve(import.meta.dirname, '../..');
const CHINESE = /[\u4e00-\u9fff]/;
/** Words, not names of units, standards and files: a lower-case word of four letters. */
const ENGLISH = /(?:^|[\s(“"])[a-z]{4,}(?=$|[\s,.:;!?)…”"])/;

const files = fs
  .readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll(path.sep, '/'));

type Texts = Record<'en' | 'zh', Record<string, string>>;

async function dictionaries(): Promise<[string, Texts][]> {
  const found: [string, Texts][] = [];
  for (const file of files) {
    // Problems have their English from the protocol, and a test of their own.
    if (!/^lib\/(i18n|signing\/texts)\/[^/]*\.ts$/.test(file) || /\.(test|svelte)\.ts$/.test(file)) continue;
    const module = (await import(path.join(SOURCE, file))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== 'object' || value === null) continue;
      if (locales.every((locale) => typeof (value as Texts)[locale] === 'object'))
        found.push([`${file} ${name}`, value as Texts]);
    }
  }
  return found;
}

test('every text says something, in the language it stands under', async () => {
  const wrong: string[] = [];
  const all = await dictionaries();
  for (const [name, { en, zh }] of all) {
    for (const key of new Set([...Object.keys(en), ...Object.keys(zh)])) {
      const [english = '', chinese = ''] = [en[key], zh[key]];
      const isMissing = english.trim() === '' || chinese.trim() === '';
      if (
        isMissing ||
        CHINESE.test(english.replace('中文', '')) ||
        (ENGLISH.test(chinese) && !CHINESE.test(chinese))
      )
        wrong.push(`${name}.${key}: ${english} | ${chinese}`);
    }
  }
  expect(all.length).toBeGreaterThan(40);
  expect(wrong).toEqual([]);
});

test('no page has words of its own that stand in no dictionary', () => {
  const wrong = files
    .filter((file) => file.endsWith('.svelte'))
    .flatMap((file) =>
      ownWords(fs.readFileSync(path.join(SOURCE, file), 'utf8')).map((text) => `${file}: ${text}`),
    );
  expect(wrong).toEqual([]);
});

test('such words would be found, between tags and where they are read out', () => {
  const page = `<script>const a = 1;</script><p title="{t('a')}" aria-label="close the box">{t('b')} left over</p>`;
  expect(ownWords(page)).toEqual(['left over', 'close the box']);
  expect(ownWords('<p>\u65e0</p>')).toEqual(['\u65e0']);
  expect(ownWords('<p>{#if a}<b>{t("c")}</b>{/if} kcal/kg <code>npm start</code></p>')).toEqual([]);
});

/** What stands between tags, or in an attribute that is read out, as it is. */
function ownWords(source: string): string[] {
  const markup = withoutBraces(
    source.replaceAll(/<(script|style|code)[^>]*>[\s\S]*?<\/\1\s*>/g, '').replaceAll(/<!--[\s\S]*?-->/g, ''),
  );
  const between = [...markup.matchAll(/>([^<>]+)(?=<|$)/g)].map(([, text = '']) => text);
  const readOut = [...markup.matchAll(/\s(?:aria-label|title|alt|placeholder|label)="([^"]*)"/g)].map(
    ([, text = '']) => text,
  );
  return [...between, ...readOut]
    .map((text) => text.replaceAll(/&\w+;|kcal\/kg/g, ' ').trim())
    .filter(
      (text) =>
        CHINESE.test(text.replace('中文', '')) ||
        /[A-Za-z]{4,}/.test(text.replaceAll(/\b[A-Z][\w-]*\b/g, '')),
    );
}

/** Expressions may hold tags and braces of their own. */
function withoutBraces(text: string): string {
  let depth = 0;
  let kept = '';
  for (const character of text) {
    if (character === '{') depth += 1;
    if (depth === 0) kept += character;
    if (character === '}') depth = Math.max(0, depth - 1);
  }
  return kept;
}
