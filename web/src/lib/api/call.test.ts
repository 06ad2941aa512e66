import { describe, expect, test } from 'vitest';
import { call } from './call.ts';

const answering =
  (body: string | null, init: ResponseInit = {}, seen: Request[] = []): typeof fetch =>
  async (input, options) => {
    seen.push(new Request(new URL(String(input), 'http://seam.test'), options));
    return new Response(body, init);
  };

describe('a call to the exchange', () => {
  test('gives the data of a good answer', async () => {
    expect(await call(answering('{"id":"a"}'), 'GET', '/v1/x')).toEqual({
      ok: true,
      status: 200,
      data: { id: 'a' },
    });
  });

  test('gives undefined for an answer without a body', async () => {
    expect(await call(answering(null, { status: 204 }), 'DELETE', '/v1/x')).toEqual({
      ok: true,
      status: 204,
      data: undefined,
    });
  });

  test('gives a refusal as a value, with the codes of its fields', async () => {
    const body = JSON.stringify({
      code: 'assay.range',
      title: 'No',
      fields: { ash: 'number.too_big', odd: 3 },
    });
    expect(await call(answering(body, { status: 422 }), 'POST', '/v1/x', { body: {} })).toEqual({
      ok: false,
      problem: { code: 'assay.range', title: 'No', status: 422, fields: { ash: 'number.too_big' } },
    });
  });

  test('makes something that can be shown out of a refusal that is not JSON', async () => {
    expect(await call(answering('<h1>502</h1>', { status: 502 }), 'GET', '/v1/x')).toMatchObject({
      ok: false,
      problem: { code: 'http.502', status: 502 },
    });
  });

  test('says so when nobody answers', async () => {
    const dead: typeof fetch = async () => Promise.reject(new TypeError('fetch failed'));
    expect(await call(dead, 'GET', '/v1/x')).toMatchObject({
      ok: false,
      problem: { code: 'client.unreachable' },
    });
  });

  test('sends JSON with the key that makes a repeat safe', async () => {
    const seen: Request[] = [];
    await call(answering('{}', {}, seen), 'POST', '/v1/x', {
      body: { price: '812.50' },
      idempotencyKey: 'k1',
    });
    expect(seen[0]?.headers.get('content-type')).toBe('application/json');
    expect(seen[0]?.headers.get('idempotency-key')).toBe('k1');
    expect(await seen[0]?.json()).toEqual({ price: '812.50' });
  });
});
