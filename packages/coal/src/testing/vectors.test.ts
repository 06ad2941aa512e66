/** The published vectors, where the file lies beside the repository; the same numbers stand in worked.test.ts. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORKED } from './worked.ts';

const shared = process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../../shared');
const file = path.join(shared, 'domain/vectors.json');
const exists = fs.existsSync(file);
const vectors: Record<string, unknown> = exists ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};

/** Those of auctions, books and logs are tested by the packages that own them. */
const OURS = /^(Q\d|P\d|X4)/;

describe('the published vectors', () => {
  it.skipIf(!exists)(`are all computed here, as ${file} has them (SKIPPED when that file is absent)`, () => {
    const ids = Object.keys(vectors).filter((id) => OURS.test(id));
    expect(ids.length).toBeGreaterThan(30);
    expect(Object.keys(WORKED).toSorted()).toEqual(ids.toSorted());
  });

  it.skipIf(!exists).each(Object.keys(WORKED))('%s is reproduced digit by digit', (id) => {
    expect(WORKED[id]?.()).toEqual(vectors[id]);
  });
});
