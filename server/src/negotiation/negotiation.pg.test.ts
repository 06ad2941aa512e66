import { canonicalJson } from '@seam/units';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doWork, dueWork } from '../platform/outbox.ts';
import { endIdle } from './idle.ts';
import { IDLE_MS } from './limits.ts';
import { type Table, formulaPrice, openTable } from './testing/table.ts';
import { brokenAt } from './transcript.ts';
import { negotiationWork } from './work.ts';

let table: Table;
beforeAll(async () => {
  table = await openTable();
});
afterAll(async () => table.close());

const get = async (id: string, as: Parameters<Table['call']>[0] = 'buyer', path = '') =>
  table.call(as, 'GET', `/v1/negotiations/${id}${path}`);
const post = async (id: string, path: string, body: unknown, as: 'buyer' | 'seller' | 'other' = 'buyer') =>
  table.call(as, 'POST', `/v1/negotiations/${id}/${path}`, body);
const say = async (id: string, text: string, as: 'buyer' | 'seller' = 'buyer') =>
  post(id, 'messages', { text }, as);

describe('beginning a talk', () => {
  it('201 about a lot on the market, the same talk when asked again, and a second one once it has ended', async () => {
    const listingId = await table.publish();
    const first = await table.call('buyer', 'POST', '/v1/negotiations', { listingId });
    expect(first).toMatchObject({
      status: 201,
      body: { state: 'open', mine: 'buyer', seller: { name: 'Datong Coal' }, unread: 0, offer: null },
    });
    const again = await Promise.all(
      [1, 2, 3].map(async () => table.call('buyer', 'POST', '/v1/negotiations', { listingId })),
    );
    expect(new Set(again.map(({ body }) => body.id))).toEqual(new Set([first.body.id]));
    const other = await table.call('other', 'POST', '/v1/negotiations', { listingId });
    expect(other.body.id).not.toBe(first.body.id);
    expect((await post(first.body.id, 'end', undefined)).status).toBe(200);
    const next = await table.call('buyer', 'POST', '/v1/negotiations', { listingId });
    expect(next.body.id).not.toBe(first.body.id);
  });

  it('refuses with a code: an own lot, a withdrawn one, one that is not there, a company that may not buy', async () => {
    const listingId = await table.publish();
    const open = async (as: 'seller' | 'rival' | 'buyer' | 'waiting', id = listingId) =>
      (await table.call(as, 'POST', '/v1/negotiations', { listingId: id })).body.code;
    expect(await open('seller')).toBe('listing.own');
    expect(await open('rival')).toBe('listing.buyers_only');
    expect(await open('waiting')).toBe('organisation.not_active');
    expect(await open('buyer', 'nothing')).toBe('resource.not_found');
    await table.call('seller', 'POST', `/v1/listings/${listingId}/withdraw`);
    expect(await open('buyer')).toBe('listing.not_published');
  });

  it('404 to every other company, whatever it asks for', async () => {
    const { id } = await table.begin();
    const made = await table.offer('seller', id);
    const file = await post(id, 'attachments', {
      name: 'a.txt',
      mediaType: 'text/plain',
      content: Buffer.from('ash 12').toString('base64'),
    });
    const answers = [
      await get(id, 'other'),
      await get(id, 'other', '/transcript'),
      await get(id, 'other', '/transcript.txt'),
      await get(id, 'other', '/news?after=0'),
      await get(id, 'other', '/redline?from=1&to=1'),
      await get(id, 'other', `/attachments/${file.body.attachment.id}`),
      await post(id, 'messages', { text: 'hello' }, 'other'),
      await post(id, 'attachments', { name: 'a.txt', mediaType: 'text/plain', content: 'AAAA' }, 'other'),
      await post(id, 'read', { n: 1 }, 'other'),
      await post(id, 'end', undefined, 'other'),
      await post(id, 'acceptance', { sha256: made.body.sha256 }, 'other'),
      await post(id, 'rejection', { sha256: made.body.sha256, reason: '' }, 'other'),
      await post(id, 'withdrawal', { sha256: made.body.sha256 }, 'other'),
      await table.call('other', 'POST', `/v1/negotiations/${id}/offer-preview`, { terms: made.body.terms }),
      await post(
        id,
        'offers',
        { terms: made.body.terms, validUntil: made.body.expiresAt, answers: null },
        'other',
      ),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [404, 'resource.not_found']),
    );
    expect((await table.call('other', 'GET', '/v1/negotiations')).body.items).not.toContainEqual(
      expect.objectContaining({ id }),
    );
  });
});

describe('words', () => {
  it('are kept as they were typed, numbered, counted as unread by the other side only, until read', async () => {
    const { id } = await table.begin();
    const text = '  Freight is yours?\r\n报价含税吗？ <b>not html</b> ';
    expect(await say(id, text)).toMatchObject({
      status: 201,
      body: { n: 2, kind: 'message', side: 'buyer', text: 'Freight is yours?\n报价含税吗？ <b>not html</b>' },
    });
    await say(id, 'Yes.', 'seller');
    expect((await get(id)).body).toMatchObject({ unread: 1 });
    expect((await get(id, 'seller')).body.unread).toBe(0);
    expect((await post(id, 'read', { n: 99 })).body).toEqual({ unread: 0 });
    expect((await post(id, 'read', { n: 1 })).body).toEqual({ unread: 0 });
  });

  it('422 when there is nothing in them, or what nobody types; 400 when they are too long', async () => {
    const { id } = await table.begin();
    for (const text of ['', '   \n ', 'a\u0085b', 'a\u0008b'])
      expect((await say(id, text)).body.code).toBe('negotiation.text_invalid');
    for (const text of ['a\u0000b', '\ud800'])
      expect((await say(id, text)).body.code).toBe('request.invalid');
    expect((await say(id, 'x'.repeat(4001))).body.code).toBe('request.invalid');
    expect((await get(id)).body.entries).toHaveLength(1);
  });

  it('cannot be changed or taken away, not even in the database', async () => {
    const { id } = await table.begin();
    await say(id, 'We pay 640.');
    const { sql } = table.db;
    await expect(
      sql`update negotiation_entry set body = '{}' where negotiation_id = ${id}`,
    ).rejects.toThrow();
    await expect(sql`delete from negotiation_entry where negotiation_id = ${id}`).rejects.toThrow();
    await table.offer('buyer', id);
    await expect(sql`update negotiation_offer set terms = '{}' where negotiation_id = ${id}`).rejects.toThrow(
      /never edited/,
    );
  });

  it('come out as a transcript whose hashes tell any change, in JSON and as text', async () => {
    const { id } = await table.begin();
    await say(id, 'One.');
    await say(id, '二。', 'seller');
    await table.offer('seller', id);
    const transcript = (await get(id, 'seller', '/transcript')).body;
    expect(brokenAt(transcript)).toBeUndefined();
    expect(transcript).toEqual((await get(id, 'buyer', '/transcript')).body);
    const altered = structuredClone(transcript);
    altered.entries[1].body = altered.entries[1].body.replace('One', 'Two');
    expect(brokenAt(altered)).toBe(2);
    const shorter = { ...transcript, entries: transcript.entries.toSpliced(2, 1) };
    expect(brokenAt(shorter)).toBe(3);
    const moved = { ...transcript, negotiationId: 'another' };
    expect(brokenAt(moved)).toBe(1);
    const text = await table.app.inject({
      url: `/v1/negotiations/${id}/transcript.txt`,
      headers: { authorization: `Bearer ${'buyer'.padEnd(43, '-')}` },
    });
    expect(text.headers['content-disposition']).toContain('attachment');
    expect(text.body).toContain('二。');
    for (const { hash } of transcript.entries) expect(text.body).toContain(hash);
  });
});

describe('an offer', () => {
  it('is a version with a hash of its canonical text, and shows field by field what it changes in both languages', async () => {
    const { id } = await table.begin();
    const first = await table.offer('buyer', id, { price: { kind: 'fixed', perTonne: '600' } });
    expect(first).toMatchObject({
      status: 201,
      body: {
        version: 1,
        side: 'buyer',
        state: 'proposed',
        price: '600.00',
        quantity: '10000.000',
        changes: [],
      },
    });
    const second = await table.offer('seller', id, {
      quantity: '8000',
      price: { kind: 'fixed', perTonne: '620.5' },
      windowTo: '2027-01-15',
    });
    expect(second.body).toMatchObject({ version: 2, total: '4964000.00' });
    expect(second.body.changes).toEqual([
      {
        path: 'quantityKg',
        label: { zh: '数量', en: 'Quantity' },
        from: { zh: '10000.000', en: '10000.000' },
        to: { zh: '8000.000', en: '8000.000' },
      },
      {
        path: 'pricePerTonne',
        label: { zh: '单价', en: 'Price per tonne' },
        from: { zh: 'CNY 600.00', en: 'CNY 600.00' },
        to: { zh: 'CNY 620.50', en: 'CNY 620.50' },
      },
      {
        path: 'goods.windowTo',
        label: { zh: '交货期至', en: 'Delivery until' },
        from: { zh: '2026-12-31', en: '2026-12-31' },
        to: { zh: '2027-01-15', en: '2027-01-15' },
      },
    ]);
    const [row] = await table.db.sql`select terms, encode(sha256, 'hex') as sha, draft from negotiation_offer
      where negotiation_id = ${id} and version = 2`;
    expect(canonicalJson(JSON.parse(row!['terms']))).toBe(row!['terms']);
    expect(createHash('sha256').update(row!['terms']).digest('hex')).toBe(second.body.sha256);
    const hashed = JSON.parse(row!['terms']);
    expect(hashed).toMatchObject({ previous: first.body.sha256, version: 2 });
    expect(createHash('sha256').update(row!['draft']).digest('hex')).toBe(hashed.draftSha256);
    const seen = (await get(id)).body;
    expect(seen.offers.map(({ state }: { state: string }) => state)).toEqual(['countered', 'proposed']);
    const { redline } = (await get(id, 'buyer', '/redline?from=1&to=2')).body;
    expect(redline.map((clause: { id: string }) => clause.id)).toEqual([
      'quantity',
      'price_fixed',
      'delivery',
    ]);
  });

  it('409 offer_stale with the current one when another has come in between, offer_standing when one’s own stands', async () => {
    const { id } = await table.begin();
    const first = await table.offer('buyer', id);
    expect(await table.offer('buyer', id)).toMatchObject({
      status: 409,
      body: { code: 'negotiation.offer_standing', accepted: { version: '1' } },
    });
    expect((await table.offer('seller', id, {}, { answers: null })).body).toMatchObject({
      code: 'negotiation.offer_stale',
      accepted: { sha256: first.body.sha256, version: '1' },
    });
    const second = await table.offer('seller', id, { quantity: '9000' });
    expect(await table.accept('seller', id, first.body.sha256)).toMatchObject({
      status: 409,
      body: { code: 'negotiation.offer_stale', accepted: { sha256: second.body.sha256, version: '2' } },
    });
    expect((await table.accept('seller', id, second.body.sha256)).body.code).toBe('negotiation.offer_own');
  });

  it('names every wrong field at once, and stores nothing', async () => {
    const { id } = await table.begin();
    const wrong = await table.offer('buyer', id, {
      quantity: '0',
      tolerance: '11',
      windowFrom: '2027-02-30',
      deliveryPlaceId: 'nowhere',
      payment: { provisionalPercent: '101', provisionalWithinDays: 0, latePercentPerDay: '2' },
      quality: { schema: 'nonsense' },
    });
    expect(wrong.status).toBe(422);
    expect(Object.keys(wrong.body.fields).toSorted()).toEqual([
      'deliveryPlaceId',
      'payment.latePercentPerDay',
      'payment.provisionalPercent',
      'payment.provisionalWithinDays',
      'quality',
      'quantity',
      'tolerance',
      'windowFrom',
    ]);
    const months = { kind: 'long_term' as const, months: [{ month: '2026-12', quantity: '1' }] };
    expect((await table.offer('buyer', id, months)).body.fields).toEqual({ months: 'months_do_not_add_up' });
    for (const validUntil of ['2026-11-23T12:00:30Z', '2027-06-01T00:00:00Z', '2026-02-31T00:00:00Z'])
      expect((await table.offer('buyer', id, {}, { validUntil })).body.fields).toHaveProperty('validUntil');
    expect((await get(id)).body).toMatchObject({ offers: [], entries: [{ n: 1 }] });
  });

  it('can be rejected or withdrawn once by whose turn it is, by its hash', async () => {
    const { id } = await table.begin();
    const first = (await table.offer('buyer', id)).body.sha256;
    const reject = async (sha256: string, as: 'buyer' | 'seller') =>
      post(id, 'rejection', { sha256, reason: 'Too dear.' }, as);
    const withdraw = async (sha256: string, as: 'buyer' | 'seller') => post(id, 'withdrawal', { sha256 }, as);
    expect((await reject(first, 'buyer')).body.code).toBe('negotiation.offer_own');
    expect((await withdraw(first, 'seller')).body.code).toBe('negotiation.offer_own');
    expect(await reject(first, 'seller')).toMatchObject({
      status: 200,
      body: { kind: 'rejection', text: 'Too dear.' },
    });
    expect((await reject(first, 'seller')).body.code).toBe('negotiation.offer_closed');
    expect((await table.accept('seller', id, first)).body.code).toBe('negotiation.offer_closed');
    const second = (await table.offer('buyer', id)).body.sha256;
    expect(await withdraw(second, 'buyer')).toMatchObject({ status: 200, body: { kind: 'withdrawal' } });
    expect((await table.accept('seller', id, second)).body.code).toBe('negotiation.offer_closed');
  });

  it('expires at its second on the clock of the exchange, and the clock writes it down', async () => {
    const { id } = await table.begin();
    const started = table.clock.at;
    const validUntil = new Date(started.getTime() + 120_000).toISOString();
    const { sha256 } = (await table.offer('buyer', id, {}, { validUntil })).body;
    table.clock.at = new Date(Date.parse(validUntil) - 1);
    expect((await get(id)).body.offers[0].state).toBe('proposed');
    table.clock.at = new Date(validUntil);
    expect((await get(id)).body.offers[0].state).toBe('expired');
    expect(await table.accept('seller', id, sha256)).toMatchObject({
      status: 410,
      body: { code: 'negotiation.offer_expired' },
    });
    expect((await post(id, 'withdrawal', { sha256 })).body.code).toBe('negotiation.offer_expired');
    await runDue();
    const seen = (await get(id)).body;
    expect(seen.entries.at(-1)).toMatchObject({ kind: 'expiry', side: null, offerVersion: 1 });
    // After it anybody may offer again, naming what had expired.
    expect((await table.offer('buyer', id)).status).toBe(201);
    table.clock.at = started;
  });
});

/** What is due on the test's clock: the rows wait for the real one. */
async function runDue(): Promise<void> {
  await table.db.sql`update outbox set not_before = now() where topic = 'negotiation.expire_offer'`;
  const handlers = new Map(negotiationWork(table.deps).map((handler) => [handler.topic, handler]));
  for (const workId of await dueWork(table.db.sql, 500)) await doWork(table.db.sql, handlers, workId);
}

describe('acceptance', () => {
  it('takes the quantity, makes the sale and the contract with the very terms that were offered', async () => {
    const { id, listingId } = await table.begin();
    await table.offer('buyer', id, { quantity: '4000' });
    const last = await table.offer('seller', id, {
      quantity: '4000',
      price: formulaPrice(),
      tolerance: '5',
      transport: 'road',
    });
    expect(last.body).toMatchObject({
      price: '747.50',
      formula: { expression: 'clamp(700 + 0.5 * (CCTD - 700), 550, 850)' },
    });
    const done = await table.accept('buyer', id, last.body.sha256);
    expect(done).toMatchObject({ status: 200, body: { negotiationId: id, version: 2 } });
    expect(await table.left(listingId)).toBe(6_000_000n);
    const [sale] = await table.db.sql`select * from sale where id = ${done.body.saleId}`;
    expect(sale).toMatchObject({
      origin_key: `negotiation:${id}`,
      buyer_id: 'buyer',
      quantity_kg: '4000000',
      price_per_tonne: '74750',
    });
    const [row] = await table.db.sql`select draft from negotiation_offer
      where negotiation_id = ${id} and state = 'accepted'`;
    expect(sale!['agreed_terms']).toBe(row!['draft']);
    expect(JSON.parse(row!['draft'])).toMatchObject({
      toleranceBasisPoints: 500,
      goods: { transport: 'road' },
      formula: {
        frozen: { hash: last.body.formula.hash },
        typed: 'clamp(700 + 0.5 * (CCTD - 700), 550, 850)',
      },
    });
    expect((await get(id)).body).toMatchObject({
      state: 'agreed',
      contractId: done.body.contractId,
      offers: [{ state: 'countered' }, { state: 'accepted' }],
    });
    expect((await table.accept('buyer', id, last.body.sha256)).body).toMatchObject({
      code: 'negotiation.agreed',
      accepted: { contractId: done.body.contractId },
    });
    for (const answer of [
      await say(id, 'Thanks'),
      await table.offer('seller', id),
      await post(id, 'end', undefined),
    ])
      expect(answer.body.code).toBe('negotiation.agreed');
  });

  it('twice at once makes one sale', async () => {
    const { id, listingId } = await table.begin();
    const { sha256 } = (await table.offer('seller', id, { quantity: '3000' })).body;
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => table.accept('buyer', id, sha256)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.flatMap(({ body }) => body.code ?? [])).toEqual(Array(5).fill('negotiation.agreed'));
    expect(await table.left(listingId)).toBe(7_000_000n);
  });

  it('at once with a counter-offer, a withdrawal and a rejection has one winner, and the lot agrees with it', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { id, listingId } = await table.begin();
      const { sha256 } = (await table.offer('seller', id, { quantity: '1000' })).body;
      const answers = await Promise.all([
        table.accept('buyer', id, sha256),
        post(id, 'withdrawal', { sha256 }, 'seller'),
        post(id, 'rejection', { sha256, reason: '' }, 'buyer'),
      ]);
      const won = answers.findIndex(({ status }) => status === 200);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(await table.left(listingId)).toBe(won === 0 ? 9_000_000n : 10_000_000n);
    }
  });

  it('of more than is left is refused with what is, and nothing is half done', async () => {
    const { id, listingId } = await table.begin();
    const { sha256 } = (await table.offer('seller', id, { quantity: '10000' })).body;
    await table.call('other', 'POST', `/v1/listings/${listingId}/take`, { quantity: '1', version: 1 });
    expect(await table.accept('buyer', id, sha256)).toMatchObject({
      status: 409,
      body: { code: 'listing.quantity_unavailable', accepted: { quantity: '9999.000' } },
    });
    expect((await get(id)).body).toMatchObject({ state: 'open', offers: [{ state: 'proposed' }] });
    expect(await table.left(listingId)).toBe(9_999_000n);
  });

  it('two talks about the last of one lot: one contract', async () => {
    const listingId = await table.publish();
    const talks = await Promise.all(
      (['buyer', 'other'] as const).map(async (as) => {
        const { body } = await table.call(as, 'POST', '/v1/negotiations', { listingId });
        const made = await table.offer('seller', body.id, { quantity: '6000' });
        return { as, id: body.id as string, sha256: made.body.sha256 as string };
      }),
    );
    const answers = await Promise.all(talks.map(async ({ as, id, sha256 }) => table.accept(as, id, sha256)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await table.left(listingId)).toBe(4_000_000n);
  });

  it('403 to and about a company that may not trade now, and beyond what a person may commit to', async () => {
    const { id } = await table.begin();
    const { sha256 } = (await table.offer('seller', id)).body;
    table.suspended.add('seller');
    expect((await table.accept('buyer', id, sha256)).body.code).toBe('negotiation.counterparty_not_active');
    expect((await table.offer('buyer', id)).body.code).toBe('negotiation.counterparty_not_active');
    table.suspended.clear();
    expect(
      (await table.call('waiting', 'POST', `/v1/negotiations/${id}/acceptance`, { sha256 })).body.code,
    ).toBe('organisation.not_active');
    expect((await table.call('viewer', 'POST', `/v1/negotiations/${id}/acceptance`, { sha256 })).status).toBe(
      403,
    );
    table.limits.set('person-buyer', 1_000_000n);
    expect(await table.accept('buyer', id, sha256)).toMatchObject({
      status: 403,
      body: { code: 'member.limit_exceeded', accepted: { limit: '10000.00' } },
    });
    // An offer binds as soon as the other company says yes.
    table.limits.set('person-seller', 1_000_000n);
    await post(id, 'withdrawal', { sha256 }, 'seller');
    expect((await table.offer('seller', id)).body.code).toBe('member.limit_exceeded');
    expect((await get(id)).body.offers.length).toBe(1);
    table.limits.delete('person-seller');
    const again = (await table.offer('seller', id)).body.sha256;
    table.limits.clear();
    expect((await table.accept('buyer', id, again)).status).toBe(200);
  });

  it('by a retried command with its key does nothing twice', async () => {
    const { id, listingId } = await table.begin();
    const { sha256 } = (await table.offer('seller', id, { quantity: '2000' })).body;
    const once = async () =>
      table.app.inject({
        method: 'POST',
        url: `/v1/negotiations/${id}/acceptance`,
        headers: { authorization: `Bearer ${'buyer'.padEnd(43, '-')}`, 'idempotency-key': `k-${id}` },
        payload: { sha256 },
      });
    const [one, two] = [await once(), await once()];
    expect(two.json()).toEqual(one.json());
    expect(two.statusCode).toBe(200);
    expect(await table.left(listingId)).toBe(8_000_000n);
  });
});

describe('a talk about an answer to a request', () => {
  const begin = async () => {
    const request = await table.call('buyer', 'POST', '/v1/requests', {
      coalRanks: [],
      limits: [],
      quantity: '5000',
      minimumQuantity: '100',
      newPlant: { kind: 'plant', name: 'Yangzhou', country: 'CN', latitude: '32.4', longitude: '119.4' },
      windowFrom: '2026-12-10',
      windowTo: '2027-01-10',
      currency: 'CNY',
    });
    const listingId = await table.publish();
    const requestId = request.body.id as string;
    const answer = await table.call('seller', 'POST', `/v1/requests/${requestId}/responses`, {
      lots: [{ listingId, quantity: '5000', price: '650' }],
      validUntil: '2026-11-30T00:00:00Z',
    });
    const responseId = answer.body.id as string;
    const url = `/v1/requests/${requestId}/responses/${responseId}`;
    await table.call('buyer', 'POST', `${url}/shortlist`, { note: '' });
    const started = await table.call('buyer', 'POST', `${url}/negotiate`, { listingId });
    return { id: started.body.negotiationId as string, requestId, responseId, listingId, url };
  };
  const request = async (id: string) => (await table.call('buyer', 'GET', `/v1/requests/${id}`)).body;

  it('begins where the answer stood, and its acceptance takes the answer and lowers the need', async () => {
    const { id, requestId, listingId } = await begin();
    expect((await get(id)).body).toMatchObject({
      requestId,
      mine: 'buyer',
      startingTerms: { quantity: '5000.000', price: { kind: 'fixed', perTonne: '650.00' }, currency: 'CNY' },
    });
    expect((await get(id, 'other')).status).toBe(404);
    const tooMuch = await table.offer('seller', id, { quantity: '5001' });
    expect((await table.accept('buyer', id, tooMuch.body.sha256)).body.code).toBe(
      'purchase_request.quantity_exceeded',
    );
    expect(await table.left(listingId)).toBe(10_000_000n);
    const made = await table.offer('buyer', id, {
      quantity: '3000',
      price: { kind: 'fixed', perTonne: '640' },
    });
    const done = await table.accept('seller', id, made.body.sha256);
    expect(done.status).toBe(200);
    expect(await table.left(listingId)).toBe(7_000_000n);
    expect(await request(requestId)).toMatchObject({ outstanding: '2000.000' });
    const [sale] = await table.db.sql`select origin_kind, origin_id from sale where id = ${done.body.saleId}`;
    expect(sale).toEqual({ origin_kind: 'request', origin_id: requestId });
  });

  it('gives the answer back when it ends without a sale, by a party or by a month of silence', async () => {
    const first = await begin();
    expect((await request(first.requestId)).state).toBe('negotiating');
    await post(first.id, 'end', undefined, 'seller');
    expect((await request(first.requestId)).state).toBe('shortlisted');
    const second = await begin();
    const started = table.clock.at;
    const end = async () => table.db.sql.begin(async (tx) => endIdle(tx, table.deps, second.id));
    await end();
    expect((await get(second.id)).body.state).toBe('open');
    table.clock.at = new Date(started.getTime() + IDLE_MS);
    await end();
    expect((await get(second.id)).body).toMatchObject({
      state: 'ended',
      entries: [{ kind: 'opened' }, { kind: 'ended', side: null }],
    });
    table.clock.at = started;
  });
});

describe('news', () => {
  it('wakes whoever waits when a word is committed, and answers at once when there is more already', async () => {
    const { id } = await table.begin();
    expect((await get(id, 'seller', '/news?after=0')).body).toMatchObject({ entries: 1 });
    const waiting = get(id, 'seller', '/news?after=1');
    await say(id, 'Are you there?');
    expect((await waiting).body).toMatchObject({ entries: 2 });
  });
});
