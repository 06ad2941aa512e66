import { describe, expect, it } from 'vitest';
import { embedRoots, onePage } from './embed.ts';

const page = onePage('run()', 'a{}', { script: 'c2NyaXB0', style: 'c3R5bGU=' });

describe('the page that opens from disk', () => {
  it('may run its own script only, and reach nothing', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'sha256-c2NyaXB0'",
      "style-src 'sha256-c3R5bGU='",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/\b(src|href)=/);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style'));
  });

  it('takes the roots of the exchange that hands it out', () => {
    const made = embedRoots(page, [Uint8Array.of(1, 2, 3), Uint8Array.of(255)]);
    expect(made).toContain('<meta name="seam-roots" content="AQID /w==">');
    expect(() => embedRoots(made, [Uint8Array.of(1)])).toThrow('no single place');
  });

  it('is not made of code that would end its own element', () => {
    const hashes = { script: '', style: '' };
    expect(() => onePage('"</script>"', '', hashes)).toThrow('end tag');
    expect(() => onePage('', '</STYLE>', hashes)).toThrow('end tag');
  });
});
