/** Files of lots, by HTTP: looked over line by line, stored by one yes, and out again as they came in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listingRoutes } from '../routes.ts';
import { type Market, lot, openMarket } from '../testing.ts';
import { type LotReader, openLotReader } from './reader.ts';
import { listingUploadRoutes } from './routes.ts';

let market: Market;
let reader: LotReader;
/** How often a file was read. */
let reads = 0;
beforeAll(async () => {
  reader = openLotReader();
  market = await openMarket((app, deps) => {
    listingRoutes(app, deps);
    const counted: LotReader = {
      ...reader,
      run(...job) {
        reads += 1;
        return reader.run(...job);
      },
    };
    listingUploadRoutes(app, { ...deps, reader: counted });
  });
});
afterAll(async () => {
  await market.close();
  await reader.close();
});

const headers = (who: string) => ({ authorization: `Bearer ${who.padEnd(43, '-')}` });
const upload = async (file: string | Buffer, who = 'seller', name = 'lots.csv') => {
  const answer = await market.app.inject({
    method: 'POST',
    url: `/v1/listing-uploads?name=${name}`,
    headers: { ...headers(who), 'content-type': 'text/csv' },
    payload: file,
  });
  return { status: answer.statusCode, body: answer.json() };
};
const confirm = async (id: string, who = 'seller') =>
  market.call(who as 'seller', 'POST', `/v1/listing-uploads/${id}/confirm`);
const fileOf = async (url: string, who = 'seller') =>
  (await market.app.inject({ method: 'GET', url, headers: headers(who) })).body;
const lots = async () => (await market.db.sql`select count(*)::int as n from listing`)[0]?.['n'];

const HEAD =
  'mine,country,region,latitude,longitude,rank,quantity,Mt,Mad,"Ad","Vdaf","St,d","Qnet,ar",currency,price,delivery_term,window_from,window_to,transport,size_min,size_max';
const row = (patch: Record<string, string> = {}) => {
  const fields = {
    mine: 'Tashan',
    country: 'CN',
    region: 'Shanxi',
    latitude: '39.92',
    longitude: '113.07',
    rank: 'bituminous',
    quantity: '1000',
    mt: '9.8',
    mad: '3.2',
    ash: '18.4',
    volatile: '38.1',
    sulphur: '0.72',
    cv: '5520',
    currency: 'CNY',
    price: '612.50',
    term: 'ex_mine',
    from: '2026-12-01',
    to: '2026-12-31',
    transport: 'rail',
    least: '0',
    most: '50',
    ...patch,
  };
  return Object.values(fields).join(',');
};

describe('a file of lots', () => {
  it('says line by line what is wrong, stores nothing until the yes, and once by it', async () => {
    const before = await lots();
    const file = [
      HEAD,
      row(),
      row({ ash: '120' }),
      row({ quantity: '2000', price: '-5' }),
      row({ rank: 'peat' }),
      row(),
      row({ quantity: '"3,000"' }),
      'too,few,fields',
      ',,,,,,,,,,,,,,,,,,,,',
    ].join('\n');
    const { body, status } = await upload(file);
    expect(status).toBe(201);
    expect(body).toMatchObject({ rows: 7, goodRows: 2, refusedRows: 5, confirmed: false });
    expect(body.firstRefused).toEqual([
      { line: 3, code: 'listing.ash_out_of_range', fields: { 'assay.ash': 'listing.ash_out_of_range' } },
      { line: 4, code: 'listing.price_not_positive', fields: { price: 'listing.price_not_positive' } },
      { line: 5, code: 'listing.invalid', fields: { coalRank: 'field.unknown_word' } },
      { line: 6, code: 'duplicate', fields: { line: '2' } },
      { line: 8, code: 'columns', fields: {} },
    ]);
    expect(await lots()).toBe(before);
    expect((await confirm(body.id, 'rival')).status).toBe(404);
    const both = await Promise.all([confirm(body.id), confirm(body.id)]);
    expect(both.map((one) => one.status).toSorted()).toEqual([200, 409]);
    expect(both.find((one) => one.status === 200)?.body).toEqual({ made: 2, inReview: 0 });
    expect(both.find((one) => one.status === 409)?.body.code).toBe('listing.upload_confirmed');
    expect(await lots()).toBe(before + 2);
  });

  it('names rows that contradict themselves: they can be listed, and the lot shows the same', async () => {
    const file = [HEAD, row(), row({ mt: '2', quantity: '4000' })].join('\n');
    const { body } = await upload(file);
    expect(body).toMatchObject({
      rows: 2,
      goodRows: 2,
      flaggedRows: 1,
      byFlag: { total_moisture_below_inherent: 1 },
      firstFlagged: [{ line: 3, flags: [{ code: 'total_moisture_below_inherent' }] }],
    });
    await confirm(body.id);
    const { items } = (await market.call('seller', 'GET', '/v1/listings/mine')).body;
    const shown = items.find(({ quantity }: { quantity: string }) => quantity === '4000.000');
    const lotFlags = (await market.call('seller', 'GET', `/v1/listings/${shown.id}`)).body.flags;
    expect(lotFlags).toEqual(body.firstFlagged[0].flags);
  });

  it('is shown again as it was when its company comes back, and to nobody else', async () => {
    const { body } = await upload([HEAD, row({ quantity: '4321' }), row({ ash: '120' })].join('\n'));
    const url = `/v1/listing-uploads/${body.id}`;
    expect((await market.call('rival', 'GET', url)).status).toBe(404);
    // At once, and read again from the file.
    expect((await market.call('seller', 'GET', url)).body).toEqual(body);
    expect((await market.call('seller', 'GET', url)).body).toEqual(body);
    expect((await market.call('rival', 'GET', url)).status).toBe(404);
    await confirm(body.id);
    expect((await market.call('seller', 'GET', url)).body.code).toBe('listing.upload_confirmed');
  });

  it('is read with Chinese headings and words, in the encoding of a Chinese spreadsheet too', async () => {
    const file = [
      '煤矿,国家,省份,纬度,经度,煤种,数量(吨),全水分,空干基水分,灰分(干基)%,挥发分(干燥无灰基),全硫(干基),发热量(收到基),高低位,币种,单价,交货方式,交货开始,交货结束,运输方式,粒度上限,心情',
      '塔山,CN,山西,39.92,113.07,动力煤,１２００,9.8,3.2,18.4,38.1,0.72,5520,低位,人民币,612.5,坑口,2026/12/1,2026年12月31日,铁路,50,好',
    ].join('\r\n');
    const utf8 = await upload(file);
    expect(utf8.body).toMatchObject({ rows: 1, goodRows: 1, unknownColumns: ['心情'] });
    expect(utf8.body.firstGood[0]).toMatchObject({ coalRank: 'bituminous', quantity: '1200' });
    // 塔山 in GB 18030, and the rest of the file with it.
    const gb = new Map([...new Set(file)].map((char) => [char, gb18030(char)]));
    const encoded = await upload(Buffer.concat([...file].map((char) => gb.get(char)!)));
    expect(encoded.body.firstGood).toEqual(utf8.body.firstGood);
  });

  it.each([
    ['no needed column', 'mine,country\nTashan,CN', 'listing.upload_header'],
    ['a column twice', `${HEAD},price\n${row()},1`, 'listing.upload_header'],
    ['no rows', HEAD, 'listing.upload_empty'],
    ['nothing', '', 'listing.upload_header'],
  ])('422 for %s', async (_name, file, code) => {
    expect((await upload(file)).body.code).toBe(code);
  });

  it('comes out and goes in again, value for value, and no spreadsheet runs what is in it', async () => {
    const note = '=HYPERLINK("http://x") ,"二号仓"';
    const made = await market.call('rival', 'POST', '/v1/listings', lot({ note, quantity: '777.123' }));
    const csv = await fileOf('/v1/listing-uploads/export', 'rival');
    expect(csv).toContain(`"'=HYPERLINK(""http://x"")`);
    const preview = await upload(csv, 'rival');
    expect(preview.body).toMatchObject({ rows: 1, goodRows: 1, refusedRows: 0, unknownColumns: [] });
    expect((await confirm(preview.body.id, 'rival')).body.made).toBe(1);
    const [again] = (await market.call('rival', 'GET', '/v1/listings/mine')).body.items;
    const view = async (id: string) => {
      const {
        id: _id,
        createdAt: _at,
        ...rest
      } = (await market.call('rival', 'GET', `/v1/listings/${id}`)).body;
      return rest;
    };
    expect(again.id).not.toBe(made.body.id);
    expect(await view(again.id)).toEqual(await view(made.body.id));
  });

  it('begins with a template that is read without a fault', async () => {
    const template = await fileOf('/v1/listing-uploads/template');
    expect((await upload(template)).body).toMatchObject({ rows: 1, goodRows: 1, unknownColumns: [] });
  });

  it('of four thousand rows, half of them wrong, is answered with counts that add up', async () => {
    const bad = Buffer.from(`${row({ transport: 'camel' })}\n`);
    const rows = Array.from({ length: 4_000 }, (_none, at) =>
      at % 2 === 0 ? Buffer.from(`${row({ quantity: String(1000 + at) })}\n`) : bad,
    );
    const file = Buffer.concat([Buffer.from(`${HEAD}\n`), ...rows]);
    const { body } = await upload(file);
    expect(body).toMatchObject({
      rows: 4_000,
      goodRows: 2_000,
      refusedRows: 2_000,
      byCode: { 'field.unknown_word': 2_000 },
    });
    expect(body.firstRefused).toHaveLength(200);
    reads = 0;
    expect((await confirm(body.id)).body).toMatchObject({
      code: 'listing.too_many_open',
      accepted: { lots: '1000' },
    });
    // Said before the file is read again for nothing.
    expect(reads).toBe(0);
  });
});

/** Node decodes this encoding and does not encode it: found by trying. */
function gb18030(char: string): Buffer {
  const code = char.codePointAt(0)!;
  if (code < 128) return Buffer.from([code]);
  const decoder = new TextDecoder('gb18030');
  for (let high = 0x81; high <= 0xfe; high += 1)
    for (let low = 0x40; low <= 0xfe; low += 1)
      if (decoder.decode(Uint8Array.of(high, low)) === char) return Buffer.from([high, low]);
  throw new Error(`no ${char}`);
}
