import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { acceptedNames, acceptedTexts } from './accepted.ts';
import { locales } from './dictionary.ts';

const SERVER = path.resolve(import.meta.dirname, '../../../../server/src');

/** Every name that the server's own code puts into `accepted`, as its source says. */
function namesOfTheServer(): string[] {
  const files = fs
    .readdirSync(SERVER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|prop\.test)\.ts$/.test(file))
    .map((file) => fs.readFileSync(path.join(SERVER, file), 'utf8'));
  const written = files.flatMap((text) =>
    [...text.matchAll(/accepted: \{ (\w+)(?=[:,} ])/g)].map((match) => match[1]!),
  );
  const units = files.flatMap((text) =>
    [...text.matchAll(/(?:const UNIT|MARKET_UNITS) = \{([^}]*)\}/g)].flatMap((match) =>
      [...match[1]!.matchAll(/(\w+): '/g)].map((name) => name[1]!),
    ),
  );
  return [...new Set([...written, ...units])].sort();
}

test('every fact of a refusal that the exchange tells has a name in both languages', () => {
  const names = namesOfTheServer();
  expect(names.length).toBeGreaterThan(30);
  for (const locale of locales)
    expect([locale, ...names.filter((name) => !Object.hasOwn(acceptedNames[locale], name))]).toEqual([
      locale,
    ]);
});

test('facts are said with their units and in the reader’s language and zone', () => {
  const facts = {
    quantityMaximum: '1500.000',
    priceMinimum: '615.00',
    allowedAt: '2026-11-23T04:00:00.000Z',
    state: 'standstill',
    quantity: '≤ 2000.000',
  };
  const zone = { timeZone: 'Asia/Shanghai' };
  const tidy = (texts: string[]): string => texts.join(' · ').replaceAll(/\s/g, ' ');
  expect(tidy(acceptedTexts(facts, { locale: 'en', ...zone }))).toBe(
    'quantity at most 1,500 t · price at least 615.00 · from 23 Nov 2026, 12:00:00 · state award provisional · quantity ≤ 2,000 t',
  );
  expect(tidy(acceptedTexts(facts, { locale: 'zh', ...zone }))).toContain('状态 成交公示中');
});

test('no name of the wire is shown that nobody has a word for', () => {
  const reader = { locale: 'en', timeZone: 'UTC' } as const;
  expect(acceptedTexts({ 'assay.ash': '0.10 – 99.00 %' }, reader)).toEqual(['0.10 – 99.00 %']);
  expect(acceptedTexts({ 'assay.ash': '0.10 – 99.00 %' }, reader, () => 'Ash')).toEqual([
    'Ash 0.10 – 99.00 %',
  ]);
});
