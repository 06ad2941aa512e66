/** Rules about the files themselves. Each finds its own counter-example first, so that none sleeps. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** Made by tools: not ours to keep tidy. */
const MADE = new Set(['node_modules', 'build', 'dist', 'coverage', '.svelte-kit', 'paraglide']);
const OURS = ['server', 'web', 'packages', 'migrations', 'docker'];

function filesBelow(directory: string): string[] {
  return fs.readdirSync(path.join(ROOT, directory), { withFileTypes: true }).flatMap((entry) => {
    if (MADE.has(entry.name)) return [];
    const name = `${directory}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(name) : entry.isFile() ? [name] : [];
  });
}

const files = OURS.flatMap(filesBelow);
const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');
const ending = (...endings: string[]): string[] =>
  files.filter((file) => endings.some((end) => file.endsWith(end)));

/** Files and what is wrong with them. */
function findings(among: readonly string[], wrong: (text: string, file: string) => string | undefined) {
  return among.flatMap((file) => {
    const found = wrong(read(file), file);
    return found === undefined ? [] : [`${file}: ${found}`];
  });
}

const LINES_MAX = 400;
/** Dictionaries and tests are read entry by entry, never as a whole. */
const ENTRIES_MAX = 700;

function tooLong(text: string, file: string): string | undefined {
  const lines = text.replace(/\n$/, '').split('\n').length;
  const entries = /\.(test|e2e)\.ts$|\/i18n\//.test(file);
  return lines > (entries ? ENTRIES_MAX : LINES_MAX) ? `${lines} lines` : undefined;
}

/** Put together, so that this file keeps its own rule. */
const LATER = ['TO-DO', 'FIX-ME', 'XX-X'].map((word) => word.replace('-', ''));
const OPEN_END = new RegExp(`(//|/\\*|^\\s*\\*|--|<!--|#).*\\b(${LATER.join('|')})\\b(?!\\(#\\d+\\))`);

/** A promise to come back, in a comment, that no issue keeps. */
function openEnd(text: string): string | undefined {
  return text
    .split('\n')
    .find((line) => OPEN_END.test(line))
    ?.trim();
}

const SWITCHED_OFF =
  /\b(?:(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|only|todo|fails)\b|x(?:it|test|describe)\()/;

function unnamed(text: string, file: string): string | undefined {
  const name = file.replace(/^migrations\//, '').replace(/\.sql$/, '');
  const [first = ''] = text.split('\n');
  const named = [`-- ${name} · `, `-- ${name}.sql · `].some(
    (start) => first.startsWith(start) && first.length > start.length + 10,
  );
  return named ? undefined : `begins with ${JSON.stringify(first)}`;
}

describe('the files of the project', () => {
  it('are short enough to be held in mind', () => {
    expect(tooLong('a\n'.repeat(401), 'x.ts')).toBe('401 lines');
    expect(tooLong('a\n'.repeat(400), 'x.ts')).toBeUndefined();
    expect(tooLong('a\n'.repeat(701), 'x.test.ts')).toBe('701 lines');
    const sources = ending('.ts', '.svelte');
    expect(sources.length).toBeGreaterThan(300);
    expect(findings(sources, tooLong)).toEqual([]);
  });

  it('leave nothing for later without an issue that keeps it', () => {
    for (const word of LATER) {
      expect(openEnd(`a\n  // ${word}: later`)).toBe(`// ${word}: later`);
      expect(openEnd(`-- ${word} later`)).toBeDefined();
      expect(openEnd(`// ${word}(#12): later`)).toBeUndefined();
    }
    const sources = ending('.ts', '.svelte', '.sql', '.css', '.html', '.sh', '.yml', '.yaml', 'Dockerfile');
    expect(findings(sources, openEnd)).toEqual([]);
  });

  it('run every test there is', () => {
    const it_ = ['i', 't'].join('');
    for (const off of ['.skip(', '.only(', '.todo(', '.concurrent.skip('])
      expect(SWITCHED_OFF.test(`${it_}${off}`)).toBe(true);
    expect(SWITCHED_OFF.test(`${it_}.each([])(`)).toBe(false);
    const tests = ending('.test.ts', '.e2e.ts');
    expect(tests.length).toBeGreaterThan(50);
    expect(findings(tests, (text) => SWITCHED_OFF.exec(text)?.[0])).toEqual([]);
  });

  it('are where a visitor looks for them: no other entry at the top', () => {
    const known = `server web packages migrations docker package.json pnpm-workspace.yaml pnpm-lock.yaml
      tsconfig.json vitest.config.ts README.md LICENSE node_modules coverage`.split(/\s+/);
    const top = fs.readdirSync(ROOT).filter((name) => !name.startsWith('.'));
    expect(top.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('migrations', () => {
  const migrations = ending('.sql').filter((file) => file.startsWith('migrations/'));

  it('say in their first line which they are and what they hold', () => {
    expect(unnamed('create table a ()', 'migrations/0001_a.sql')).toBeDefined();
    expect(unnamed('-- 0002_b · What it holds', 'migrations/0001_a.sql')).toBeDefined();
    expect(unnamed('-- 0001_a · What it holds', 'migrations/0001_a.sql')).toBeUndefined();
    expect(findings(migrations, unnamed)).toEqual([]);
  });

  it('are numbered 1, 2, 3 in each directory', () => {
    for (const directory of new Set(migrations.map((file) => path.dirname(file)))) {
      const numbers = migrations
        .filter((file) => path.dirname(file) === directory)
        .map((file) => Number(path.basename(file).slice(0, 4)))
        .toSorted((a, b) => a - b);
      expect([directory, numbers]).toEqual([directory, numbers.map((_number, index) => index + 1)]);
    }
  });
});
