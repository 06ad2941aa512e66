import type { RequestEvent } from '@sveltejs/kit';
import { describe, expect, test } from 'vitest';
import { forward } from './forward.ts';
import { parseSetCookies } from './set-cookie.ts';

type Sent = {
  method: string;
  url: string;
  headers: Record<string, string>;
  payload?: Buffer;
  remoteAddress?: string;
};

function visit(answer: {
  statusCode: number;
  headers?: Record<string, string | string[]>;
  payload?: string;
}) {
  const sent: Sent[] = [];
  const jar = new Map([['seam_session', 'a b']]);
  const set: [string, string, object][] = [];
  const inject = async (options: Sent) => {
    sent.push(options);
    return { payload: '', headers: {}, ...answer };
  };
  const event = {
    url: new URL('http://seam.test/lots'),
    request: new Request('http://seam.test/lots', {
      headers: { 'user-agent': 'reader/1', 'accept-language': 'zh' },
    }),
    platform: { req: { seam: { inject } } },
    cookies: {
      getAll: () => [...jar].map(([name, value]) => ({ name, value })),
      set: (name: string, value: string, options: object) => {
        jar.set(name, value);
        set.push([name, value, options]);
      },
    },
    getClientAddress: () => '203.0.113.9',
  };
  return { event: event as unknown as RequestEvent, sent, set };
}

describe('a page that asks the exchange', () => {
  test('is asked about as the visitor: cookie, language, agent and address go along', async () => {
    const { event, sent } = visit({
      statusCode: 200,
      payload: '{"ok":1}',
      headers: { 'content-type': 'application/json' },
    });
    const response = await forward(event, new Request('http://seam.test/v1/listings?limit=8'));
    expect(await response?.json()).toEqual({ ok: 1 });
    expect(sent[0]).toMatchObject({
      method: 'GET',
      url: '/v1/listings?limit=8',
      remoteAddress: '203.0.113.9',
      headers: {
        cookie: 'seam_session=a%20b',
        'user-agent': 'reader/1',
        'accept-language': 'zh',
        host: 'seam.test',
      },
    });
  });

  test('passes the body on byte for byte, with an origin', async () => {
    const { event, sent } = visit({ statusCode: 201, payload: '{}' });
    const body = JSON.stringify({ name: '山西' });
    await forward(event, new Request('http://seam.test/v1/listings', { method: 'POST', body }));
    expect(sent[0]?.payload?.toString()).toBe(body);
    expect(sent[0]?.headers['origin']).toBe('http://seam.test');
  });

  test('lets the cookies of the exchange reach the browser, and the next call of the same page', async () => {
    const { event, sent, set } = visit({
      statusCode: 204,
      headers: {
        'set-cookie': ['seam_session=new; Path=/; HttpOnly; SameSite=Lax; Max-Age=60', 'b=2; Path=/'],
      },
    });
    await forward(event, new Request('http://seam.test/v1/login', { method: 'POST' }));
    expect(set[0]).toEqual([
      'seam_session',
      'new',
      { path: '/', httpOnly: true, secure: false, maxAge: 60, sameSite: 'lax' },
    ]);
    await forward(event, new Request('http://seam.test/v1/session'));
    expect(sent[1]?.headers['cookie']).toBe('seam_session=new; b=2');
  });

  test('says that nobody is mounted instead of guessing an address', async () => {
    const { event } = visit({ statusCode: 200 });
    const alone = { ...event, platform: { req: {} } } as unknown as RequestEvent;
    expect(await forward(alone, new Request('http://seam.test/v1/session'))).toBeNull();
  });
});

describe('Set-Cookie', () => {
  test('understands a cookie that is taken away', () => {
    expect(
      parseSetCookies(['s=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure'])[0],
    ).toEqual({
      name: 's',
      value: '',
      options: { path: '/', httpOnly: false, secure: true, maxAge: 0, expires: new Date(0) },
    });
  });
  test('leaves out what is no cookie', () => {
    expect(parseSetCookies(['', '=x', 'novalue'])).toEqual([]);
  });
});
