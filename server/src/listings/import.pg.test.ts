import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importEia923 } from './import.ts';
import { type Market, openMarket } from './testing.ts';

const SHARED = process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../shared');
const SAMPLE = path.join(SHARED, 'data/coal/eia923_coal_receipts_sample.csv');

/** The file is not ours to carry: without it these tests say by name what they were not run on. */
const withSample = describe.skipIf(!fs.existsSync(SAMPLE));

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(async () => market.close());

const load = async (input: AsyncIterable<Uint8Array>) => importEia923(market.db.sql, input);
const lines = fs.existsSync(SAMPLE) ? fs.readFileSync(SAMPLE, 'utf8').trimEnd().split('\n') : [];
async function* text(rows: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${rows.join('\n')}\n`);
}
const everything = async () =>
  market.db.sql`select to_jsonb(listing) as row from listing union all select to_jsonb(mine) from mine
    union all select to_jsonb(place) from place
    union all select to_jsonb(imported_company) from imported_company order by 1`;

withSample('the sample of real receipts', () => {
  it('is loaded or refused row by row, and the counts add up', async () => {
    const result = await load(fs.createReadStream(SAMPLE));
    expect(result.rows).toBe(lines.length - 1);
    expect(result.loaded + result.unchanged + result.refused.length).toBe(result.rows);
    expect(result.unchanged).toBe(0);
    expect(result.loaded).toBeGreaterThan(150);
    for (const { line, code, reason } of result.refused) {
      expect(line).toBeGreaterThan(1);
      expect(code).toMatch(/^[a-z_]+$/);
      expect(reason).not.toBe('');
    }
    const [stored] = await market.db
      .sql`select count(*)::int as n, count(distinct seller_id)::int as sellers from listing`;
    const [companies] = await market.db.sql`select count(*)::int as n from imported_company`;
    expect(stored).toEqual({ n: result.loaded, sellers: companies?.['n'] });
  });

  it('changes nothing when it is imported again, or twice at once', async () => {
    const before = await everything();
    const [again, atOnce] = await Promise.all([
      load(fs.createReadStream(SAMPLE)),
      load(fs.createReadStream(SAMPLE)),
    ]);
    expect([again.loaded, atOnce.loaded]).toEqual([0, 0]);
    expect(again.unchanged + again.refused.length).toBe(again.rows);
    expect(await everything()).toEqual(before);
  });

  it('keeps tons, heat and price of a receipt in the units of the exchange', async () => {
    // Kyger Creek: 29,217 short tons, 25.818 MMBtu a ton, 205.2 cents per MMBtu, ash 8.6 %.
    const [row] = await market.db.sql`select * from listing join mine on mine.id = mine_id
      where calorific_typed = '25.818' and quantity_kg = 26505217`;
    expect(row).toMatchObject({
      name: 'CUMBERLAND MINE',
      country: 'US',
      region: 'PA',
      latitude: 39.81,
      coal_rank: 'bituminous',
      transport: 'river',
      // 25.818 × 1163 J/g.
      calorific_j_per_g: 30026,
      ash_bp: 860,
      sulphur_bp: 313,
      total_moisture_bp: 650,
      // 2.052 USD × 25.818 per short ton, × 1.10231131 per tonne.
      price_per_tonne: '5840',
      currency: 'USD',
      import_record: { month: '2021-09', plant: 'Kyger Creek', region: 'OH', purchase: 'contract' },
    });
  });

  it('is shown for reference and cannot be bought', async () => {
    const { body } = await market.call(null, 'GET', '/v1/listings?source=records&limit=1');
    const [record] = body.items;
    expect(record).toMatchObject({ source: 'eia923', saleMethod: null, deliveryTerm: null });
    const view = await market.call(null, 'GET', `/v1/listings/${record.id}`);
    expect(view.body.record.buyer).not.toBe('');
    expect(view.body.seller.name).not.toBe(view.body.seller.id);
    expect(view.body.assay.calorificValue).toMatchObject({ unit: 'MMBtu/st', kind: 'gross', basis: 'ar' });
    const taken = await market.call('buyer', 'POST', `/v1/listings/${record.id}/take`, {
      quantity: '1',
      version: 1,
    });
    expect(taken.body).toMatchObject({ status: 409, code: 'listing.not_for_sale' });
    expect((await market.call(null, 'GET', '/v1/listings?source=offers')).body.items).toEqual([]);
  });
});

withSample('a bad row among the real receipts', () => {
  it('is refused with its line, and the others load', async () => {
    const [header = '', first = '', second = '', third = ''] = lines;
    const bad = second.replace(',29960,', ',-29960,');
    const fresh = third.replace(',105243,', ',105244,');
    expect([bad, fresh]).not.toEqual([second, third]);
    const result = await load(text([header, first, bad, fresh]));
    expect(result).toMatchObject({ rows: 3, loaded: 1, unchanged: 1 });
    expect(result.refused).toEqual([
      { line: 3, code: 'quantity', reason: expect.stringContaining('-29960') },
    ]);
  });
});
