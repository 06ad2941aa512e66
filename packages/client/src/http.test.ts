import { auctionRoutes, memberRoutes } from '@seam/protocol';
import { describe, expect, it } from 'vitest';
import { createClient } from './index.ts';

type Seen = { url: string; init: RequestInit };

function answering(response: () => Response | Promise<Response>): { seen: Seen[]; fetch: typeof fetch } {
  const seen: Seen[] = [];
  const send = async (url: unknown, init: unknown): Promise<Response> => {
    seen.push({ url: String(url), init: init as RequestInit });
    return response();
  };
  return { seen, fetch: send };
}
const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
const client = (fetch: typeof globalThis.fetch, token?: string) =>
  createClient({ baseUrl: 'http://x', fetch, ...(token !== undefined && { token }) });

describe('a call', () => {
  it('fills path and query, sends JSON and key, and gives the value', async () => {
    const { seen, fetch } = answering(() => json(201, { seq: 7 }));
    const body = { commandId: 'command-1', price: '801.00', quantity: '50' };
    const result = await client(fetch, 'secret').call(auctionRoutes.placeBid, {
      params: { id: 'a/b' },
      body,
      idempotencyKey: 'key-12345',
    });
    expect(result).toEqual({ ok: true, value: { seq: 7 }, status: 201 });
    expect(seen[0]?.url).toBe('http://x/v1/auctions/a%2Fb/bids');
    expect(seen[0]?.init).toMatchObject({
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': 'key-12345',
        authorization: 'Bearer secret',
      },
    });
    await client(fetch).call(auctionRoutes.auctions, { query: { limit: '5' } });
    expect(seen[1]?.url).toBe('http://x/v1/auctions?limit=5');
    expect(Object.keys(seen[1]?.init.headers ?? {})).toEqual(['accept']);
    expect(seen[1]?.init.body).toBeUndefined();
  });

  it('gives a refusal as it came', async () => {
    const problem = {
      type: 'x',
      title: 'No',
      status: 422,
      code: 'bid.below_increment',
      accepted: { priceMinimum: '810.00' },
    };
    const { fetch } = answering(() => json(422, problem));
    expect(await client(fetch).call(auctionRoutes.auctions)).toEqual({ ok: false, problem });
  });

  it('has a code for whatever a proxy answers', async () => {
    const { fetch } = answering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    const result = await client(fetch).call(auctionRoutes.auctions);
    expect(result).toMatchObject({ ok: false, problem: { code: 'service.unavailable', status: 502 } });
    const teapot = answering(() => json(418, ['no']));
    expect(await client(teapot.fetch).call(auctionRoutes.auctions)).toMatchObject({
      problem: { code: 'http.418' },
    });
  });

  it('is a problem, not an exception, when nobody answers, also in the middle of a body', async () => {
    const refused = answering(() => Promise.reject(new TypeError('fetch failed')));
    const broken = answering(
      () => new Response(new ReadableStream({ start: (controller) => controller.error(new Error('cut')) })),
    );
    for (const { fetch } of [refused, broken]) {
      const result = await client(fetch).call(auctionRoutes.auctions);
      expect(result).toMatchObject({ ok: false, problem: { code: 'service.unavailable', status: 503 } });
    }
  });

  it('is given up after its time', async () => {
    const fetch = ((_url: unknown, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      })) as typeof globalThis.fetch;
    const slow = createClient({ baseUrl: '', fetch, timeoutMs: 1 });
    expect(await slow.call(memberRoutes.session)).toMatchObject({ problem: { code: 'service.unavailable' } });
  });
});
