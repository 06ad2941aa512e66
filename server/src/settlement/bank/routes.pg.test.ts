import { minor } from '@seam/units';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processInbox } from './inbox.ts';
import { STATEMENT_BYTES_MAX } from './iso20022/limits.ts';
import { bankRoutes } from './routes.ts';
import { sign } from './signature.ts';
import { ExchangeSide, SECRET } from './testing/exchange-side.ts';

let side: ExchangeSide;
let app: FastifyInstance;
beforeAll(async () => {
  side = await ExchangeSide.open();
  app = Fastify();
  // Beside routes that parse JSON as usual, which must stay so.
  app.post('/json', async (httpRequest) => httpRequest.body);
  await bankRoutes(app, side.deps);
});
afterAll(async () => {
  await app.close();
  await side.db.close();
});

async function call(
  body: string | Buffer,
  more: { id?: string; at?: Date; secret?: string; headers?: Record<string, string> } = {},
) {
  const bytes = Buffer.from(body);
  const at = more.at ?? new Date();
  const signed = sign({ id: more.id ?? side.fresh('evt'), at, body: bytes, secret: more.secret ?? SECRET });
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/bank/callbacks',
    headers: { 'content-type': 'application/xml', ...signed, ...more.headers },
    payload: bytes,
  });
  return { status: answer.statusCode, ...answer.json<{ code?: string; outcome?: string }>() };
}
const messages = async () => Number((await side.db.sql`select count(*) as n from bank_message`)[0]!['n']);

describe('POST /v1/bank/callbacks', () => {
  it('200 stored, then 200 duplicate, and the money is there once', async () => {
    const { orgId, reference } = await side.member();
    const body = side.notification([side.entry({ amount: minor(5n), reference })]);
    expect(await call(body, { id: 'evt-1' })).toMatchObject({ status: 200, outcome: 'stored' });
    expect(await call(body, { id: 'evt-1' })).toMatchObject({ status: 200, outcome: 'duplicate' });
    await processInbox(side.deps);
    expect(await side.money(orgId)).toMatchObject({ free: 5n });
  });

  it('401 K1 for a forged or missing signature, 401 K2 for an old one, and nothing is kept', async () => {
    const body = side.notification([side.entry({ amount: minor(5n) })]);
    const before = await messages();
    expect(await call(body, { secret: 'another-secret-of-enough-bytes' })).toMatchObject({
      status: 401,
      code: 'bank.signature_invalid',
    });
    expect(await call(body, { headers: { 'webhook-signature': 'v1,AAAA' } })).toMatchObject({
      status: 401,
      code: 'bank.signature_invalid',
    });
    expect(await call(body, { headers: { 'webhook-id': 'evt-other' } })).toMatchObject({
      status: 401,
      code: 'bank.signature_invalid',
    });
    expect(await call(body, { at: new Date(Date.now() - 301_000) })).toMatchObject({
      status: 401,
      code: 'bank.timestamp_stale',
    });
    const bare = await app.inject({
      method: 'POST',
      url: '/v1/bank/callbacks',
      payload: body,
      headers: { 'content-type': 'text/xml' },
    });
    expect([bare.statusCode, bare.headers['content-type'], bare.json()]).toEqual([
      401,
      'application/problem+json',
      expect.objectContaining({ code: 'bank.signature_missing', status: 401 }),
    ]);
    expect(await messages()).toBe(before);
  });

  it('409 K4 for the same event with another body', async () => {
    const body = side.notification([side.entry({ amount: minor(5n) })]);
    await call(body, { id: 'evt-2' });
    expect(await call(body.replace('0.05', '0.06'), { id: 'evt-2' })).toMatchObject({
      status: 409,
      code: 'bank.event_conflict',
    });
  });

  it('422 K8 for what cannot be read, 413 for what is too large, and nothing is kept', async () => {
    const before = await messages();
    const good = side.notification([side.entry({ amount: minor(5n) })]);
    const hostile = [
      good.replace('<Document', '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document'),
      good.slice(0, 200),
      '',
      '{"type":"certification.completed","requestId":"../../etc","result":"matched","differences":[]}',
      '{"type":"certification.completed","requestId":"r","result":"perhaps","differences":[]}',
      '{"type":"other"}',
      '{',
    ];
    for (const body of hostile)
      expect(await call(body)).toMatchObject({ status: 422, code: 'bank.message_invalid' });
    expect(await call(`{"type":"certification.completed","x":"${'x'.repeat(5000)}"}`)).toMatchObject({
      status: 413,
    });
    expect(await call(Buffer.alloc(2 * 1024 * 1024, ' '))).toMatchObject({ status: 422 });
    expect((await call(Buffer.alloc(STATEMENT_BYTES_MAX + 1, ' '))).status).toBe(413);
    expect(await messages()).toBe(before);
  });

  it('503 K10 with Retry-After when too many are in hand, and the bank comes again', async () => {
    const small = Fastify();
    await bankRoutes(small, side.deps, { inFlightMax: 1 });
    const body = Buffer.from(side.notification([side.entry({ amount: minor(5n) })]));
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () =>
        small.inject({
          method: 'POST',
          url: '/v1/bank/callbacks',
          headers: {
            'content-type': 'application/xml',
            ...sign({ id: side.fresh('evt'), at: new Date(), body, secret: SECRET }),
          },
          payload: body,
        }),
      ),
    );
    const busy = answers.filter((answer) => answer.statusCode === 503);
    expect(answers.filter((answer) => answer.statusCode === 200).length + busy.length).toBe(5);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy[0]?.headers['retry-after']).toBe('5');
    await small.close();
  });

  it('leaves the parsing of other routes alone', async () => {
    const answer = await app.inject({ method: 'POST', url: '/json', payload: { a: 1 } });
    expect(answer.json()).toEqual({ a: 1 });
  });
});
