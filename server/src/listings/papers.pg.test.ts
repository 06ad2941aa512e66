/** Documents of a lot and certificates of analysis. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Market, assay, lot, openMarket } from './testing.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(async () => market.close());

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
const offer = async () => (await market.call('seller', 'POST', '/v1/listings', lot())).body;
const add = async (id: string, patch: Record<string, unknown> = {}, as: 'seller' | 'rival' = 'seller') =>
  market.call(as, 'POST', `/v1/listings/${id}/documents`, {
    kind: 'photograph',
    name: 'heap.png',
    visibility: 'public',
    file: PNG.toString('base64'),
    ...patch,
  });
const certify = async (id: string, patch: Record<string, unknown> = {}, as: 'seller' | 'rival' = 'seller') =>
  market.call(as, 'POST', `/v1/listings/${id}/certificates`, {
    laboratory: 'SGS Tianjin',
    number: `TJ-${id.slice(-6)}`,
    issuedOn: '2026-11-20',
    assay: assay(),
    ...patch,
  });

describe('a document', () => {
  it('is what its content says, and is seen by those it is for', async () => {
    const { id } = await offer();
    const open = await add(id, { name: 'report.exe' });
    expect(open).toMatchObject({ status: 201, body: { mime: 'image/png', bytes: PNG.length } });
    await add(id, { name: 'analysis.pdf', visibility: 'members', file: PDF.toString('base64') });
    await add(id, {
      visibility: 'own',
      file: Buffer.concat([PDF, Buffer.from(' ')]).toString('base64'),
    });
    const seen = async (who: 'seller' | 'buyer' | 'waiting' | 'staff' | null) =>
      (await market.call(who, 'GET', `/v1/listings/${id}`)).body.documents.length;
    expect([await seen('seller'), await seen('staff'), await seen('buyer')]).toEqual([3, 3, 2]);
    expect([await seen('waiting'), await seen(null)]).toEqual([1, 1]);
    const own = (await market.call('seller', 'GET', `/v1/listings/${id}`)).body.documents[2];
    const url = `/v1/listings/${id}/documents/${own.id}`;
    expect((await market.call('buyer', 'GET', url)).status).toBe(404);
    const file = await market.app.inject({
      method: 'GET',
      url: `/v1/listings/${id}/documents/${open.body.id}`,
    });
    expect(file.rawPayload).toEqual(PNG);
    expect(file.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-disposition': "attachment; filename*=UTF-8''report.exe",
    });
  });

  it.each([
    ['a page of HTML', Buffer.from('<html><script>alert(1)</script>'), 'listing.document_type'],
    ['a programme', Buffer.from('MZ\u0090\u0000'), 'listing.document_type'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'listing.document_type'],
  ])('422 for %s, whatever it is called', async (_name, file, code) => {
    const { id } = await offer();
    const { status, body } = await add(id, { name: 'scan.pdf', file: file.toString('base64') });
    expect({ status, code: body.code }).toEqual({ status: 422, code });
  });

  it('409 for the same file again, 404 for another company’s lot, 400 above 5 MB', async () => {
    const { id } = await offer();
    await add(id);
    expect((await add(id)).body.code).toBe('listing.document_known');
    expect((await add(id, {}, 'rival')).status).toBe(404);
    const large = Buffer.concat([PDF, Buffer.alloc(5 * 1024 * 1024)]).toString('base64');
    expect((await add(id, { file: large })).status).toBe(400);
  });
});

describe('a certificate of analysis', () => {
  it('is shown on the lot with laboratory, number, date and what the nine checks found', async () => {
    const { id, state } = await offer();
    const good = await certify(id);
    expect(good.status).toBe(201);
    expect(good.body).toMatchObject({ laboratory: 'SGS Tianjin', issuedOn: '2026-11-20', flags: [] });
    expect(good.body.open.map((one: { check: number }) => one.check)).toContain(8);
    const view = (await market.call(null, 'GET', `/v1/listings/${id}`)).body;
    expect(view.certificates).toEqual([good.body]);
    expect([state, view.state]).toEqual(['published', 'published']);
  });

  it('that contradicts itself is flagged, and takes the lot before the centre until it has looked', async () => {
    const { id } = await offer();
    const wrong = await certify(id, {
      sampledOn: '2026-11-19',
      analysedOn: '2026-11-18',
      assay: assay({ totalMoisture: '2.0' }),
    });
    expect(
      wrong.body.flags.map((one: { check: number; code: string }) => `${one.check} ${one.code}`),
    ).toEqual(['3 total_moisture_below_inherent', '9 time_order']);
    expect((await market.call('seller', 'GET', `/v1/listings/${id}`)).body.state).toBe('in_review');
    const { items } = (await market.call('staff', 'GET', '/v1/staff/listing-reviews')).body;
    expect(items[0].reasons).toEqual([
      {
        code: 'certificate_flags',
        values: { laboratory: 'SGS Tianjin', number: wrong.body.number, flags: '2' },
      },
    ]);
    await market.call('staff', 'POST', `/v1/staff/listing-reviews/${items[0].id}/decide`, {
      decision: 'confirm',
    });
    expect((await market.call('buyer', 'GET', `/v1/listings/${id}`)).body.state).toBe('published');
  });

  it('whose number another lot has is flagged; the same on one lot is refused', async () => {
    const [a, b] = [await offer(), await offer()];
    await certify(a.id, { number: 'TJ-1' });
    expect((await certify(a.id, { number: 'TJ-1' })).body.code).toBe('listing.certificate_known');
    expect((await certify(b.id, { number: 'TJ-1' })).body.flags).toMatchObject([
      { check: 9, code: 'number_known' },
    ]);
  });

  it.each([
    ['from tomorrow', { issuedOn: '2026-11-24' }, 'issuedOn', 'listing.certificate_future'],
    ['of a day that does not exist', { issuedOn: '2026-02-30' }, 'issuedOn', 'listing.day_invalid'],
    [
      'with a document the lot does not have',
      { documentId: 'none' },
      'documentId',
      'listing.document_unknown',
    ],
    [
      'with impossible ash',
      { assay: assay({ ash: { value: '100', basis: 'd' } }) },
      'assay.ash',
      'listing.ash_out_of_range',
    ],
  ])('422 %s', async (_name, patch, field, code) => {
    const { id } = await offer();
    expect((await certify(id, patch)).body).toMatchObject({ code, fields: { [field]: code } });
  });

  it('404 for another company’s lot', async () => {
    const { id } = await offer();
    expect((await certify(id, {}, 'rival')).status).toBe(404);
  });
});

// Last: what it enters is the mine's past to every certificate after it.
it('of a lot there are ten documents and fifty certificates at most', async () => {
  const { id } = await offer();
  const file = (n: number): string => Buffer.concat([PDF, Buffer.alloc(n, ' ')]).toString('base64');
  for (let n = 0; n < 10; n += 1) expect((await add(id, { file: file(n) })).status).toBe(201);
  expect((await add(id, { file: file(10) })).body).toMatchObject({
    code: 'listing.documents_full',
    accepted: { documents: '10' },
  });
  await certify(id, { number: 'first' });
  await market.db.sql`insert into listing_analysis
    select (jsonb_populate_record(a, jsonb_build_object('id', a.id || n, 'number', a.number || n))).*
    from listing_analysis a, generate_series(1, 49) n where a.listing_id = ${id}`;
  expect((await certify(id, { number: 'one more' })).body).toMatchObject({
    code: 'listing.certificates_full',
    accepted: { certificates: '50' },
  });
});
