import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

/** Every file that `browser.ts` reaches, with its text; type imports vanish when it is built. */
async function reachable(from: URL, seen = new Map<string, string>()): Promise<Map<string, string>> {
  if (seen.has(from.href)) return seen;
  const text = await readFile(from, 'utf8');
  seen.set(from.href, text);
  for (const [, kind, target] of text.matchAll(
    /^(import type|import|export type|export)\s[^'"]*?from '([^']+)'/gms,
  )) {
    if (kind === 'import type' || kind === 'export type') continue;
    if (!target!.startsWith('.')) seen.set(target!, '');
    else await reachable(new URL(target!, from), seen);
  }
  return seen;
}

describe('the browser entry', () => {
  it('reaches nothing outside this package, and nothing that only Node has', async () => {
    const files = await reachable(new URL('browser.ts', import.meta.url));
    expect(files.size).toBeGreaterThan(20);
    for (const [name, text] of files) {
      expect(name).toMatch(
        /^file:.*\/esign\/src\/(browser|refusal|(der|x509|cms|keys|pdf|client|verify)\/[a-z-]+)\.ts$/,
      );
      expect(text.replace(/^ *(\/\*)?\*.*$/gm, ''), name).not.toMatch(
        /\b(Buffer|process)\.|\brequire\(|__dirname|'node:/,
      );
    }
  });

  it('reads no clock', async () => {
    for (const [name, text] of await reachable(new URL('index.ts', import.meta.url))) {
      expect(text, name).not.toMatch(/Date\.now|new Date\(\)|performance\.now|Math\.random|process\.env/);
    }
  });
});
