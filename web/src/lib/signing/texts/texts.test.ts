import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { checks } from './checks.ts';
import { findings } from './findings.ts';

/** The codes of a union as its package writes it. */
async function codes(file: string, union: string): Promise<string[]> {
  const source = await readFile(
    new URL(`../../../../../packages/esign/src/${file}`, import.meta.url),
    'utf8',
  );
  const [, body = ''] = source.match(new RegExp(`type ${union} =([^;]+);`)) ?? [];
  return [...body.matchAll(/'([A-Z0-9_]+)'/g)].map(([, code]) => code!);
}

describe.each([
  ['verifier', 'verify/findings.ts', 'FindingCode', findings, 30],
  ['check before signing', 'client/check.ts', 'CheckCode', checks, 7],
] as const)('the codes of the %s', (_name, file, union, texts, atLeast) => {
  it('all have a sentence in both languages, each its own', async () => {
    const all = await codes(file, union);
    expect(all.length).toBeGreaterThanOrEqual(atLeast);
    const sentences = (locale: 'en' | 'zh') =>
      all.map((code) => (texts[locale] as Record<string, string>)[code]);
    expect(new Set(sentences('en')).size).toBe(all.length);
    expect(new Set(sentences('zh')).size).toBe(all.length);
    for (const sentence of sentences('en')) expect(sentence).toMatch(/^[A-Z].*\.$/);
    for (const sentence of sentences('zh')) expect(sentence).toMatch(/\p{Script=Han}.*。$/u);
  });
});
