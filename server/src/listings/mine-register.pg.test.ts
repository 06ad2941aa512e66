/** The register of mines: read in any edition, loaded once, searched by words and around a place. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importMines } from './import-mines.ts';
import { type Market, openMarket } from './testing.ts';

const SHARED = process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../shared');
const REGISTER = path.join(SHARED, 'data/coal/gem_coal_mines_2024-04.csv');

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(async () => market.close());

async function* bytes(text: string) {
  yield Buffer.from(text);
}
const find = async (query: string) => (await market.call(null, 'GET', `/v1/mines?${query}`)).body;

const EDITION = [
  '\uFEFFGlobal register,,,,,,',
  'Longitude,Latitude,"Mine Name",Country / Area,GEM Mine ID,State/Province,Status,Owners',
  '113.07,39.92,"Tashan, North",China,M1,Shanxi,Operating,"Datong Coal, Ltd"',
  ',,Nowhere Mine,Türkiye,M2,,Proposed,',
  '113.2,139.92,Wrong Mine,China,M3,Shanxi,Operating,x',
  '1,2,Atlantis Mine,Atlantis,M4,,Operating,x',
  '1,2,,China,M5,,Operating,x',
  '149.9,-32.3,Hunter Pit,Australia,M6,NSW,Operating,Yancoal',
  '149.8,-32.2,Hunter Pit,Australia,M6,NSW,Proposed,Yancoal',
  '149.8,-32.2,Hunter Pit,Australia,M6,NSW,Proposed,Yancoal',
].join('\r\n');

describe('a register of mines', () => {
  it('is read by its headings wherever they stand; each row is loaded or refused with its line and reason', async () => {
    const result = await importMines(bytes(EDITION));
    expect(result).toMatchObject({ rows: 8, loaded: 4, withoutPlace: 1 });
    expect(result.refused.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '5 coordinates',
      '6 country',
      '7 missing',
      '10 duplicate',
    ]);
    expect(await find('q=Hunter')).toMatchObject({ total: 0 });
  });

  it('is loaded once, and says of a newer edition what it changed', async () => {
    expect(await importMines(bytes(EDITION), market.db.sql)).toMatchObject({ loaded: 4, changed: 0 });
    expect(await importMines(bytes(EDITION), market.db.sql)).toMatchObject({ loaded: 0, unchanged: 4 });
    const newer = EDITION.replace('Shanxi,Operating', 'Shanxi,Mothballed');
    expect(await importMines(bytes(newer), market.db.sql)).toMatchObject({ changed: 1, unchanged: 3 });
    const { items } = await find('q=tashan');
    expect(items).toMatchObject([
      { name: 'Tashan, North', operator: 'Datong Coal, Ltd', status: 'Mothballed' },
    ]);
  });

  it('is searched by operator, country and around a place, nearest first', async () => {
    expect((await find('q=yancoal')).total).toBe(2);
    expect((await find('country=TR')).items.map((one: { name: string }) => one.name)).toEqual([
      'Nowhere Mine',
    ]);
    const near = await find('near=-32.3,149.9&radiusKm=20');
    expect(near.items.map((one: { distanceKm: number }) => one.distanceKm)).toEqual([0, 15]);
    expect((await find('near=-32.3,149.9&radiusKm=14')).total).toBe(1);
    expect((await find('near=-32.3,149.9&limit=1')).items).toHaveLength(1);
    expect((await find('near=95,10')).code).toBe('listing.near_invalid');
    expect((await find('radiusKm=10')).code).toBe('listing.near_invalid');
  });

  it.skipIf(!fs.existsSync(REGISTER))(
    'of 5,226 rows comes in whole but for two that stand twice',
    async () => {
      const result = await importMines(fs.createReadStream(REGISTER), market.db.sql);
      expect(result).toMatchObject({ rows: 5226, loaded: 5224, withoutPlace: 1 });
      expect(result.refused.map(({ line, code }) => `${line} ${code}`)).toEqual([
        '68 duplicate',
        '3151 duplicate',
      ]);
      expect((await find('near=39.92,113.07&radiusKm=100&limit=6000')).total).toBeGreaterThan(50);
      expect((await find('limit=6000')).items).toHaveLength(5228);
    },
  );
});
