import { ServerFrame, type ErrFrame } from '@seam/protocol';
import { testDatabase, type TestDatabase } from '@seam/testkit';
import type { FastifyInstance } from 'fastify';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCore } from '../core.ts';
import { type Principal, SESSION_COOKIE } from '../platform/principal.ts';
import { type Exchange, createExchange } from './exchange.ts';
import { Fanout, type Renderer } from './fanout.ts';
import type { AuctionView } from './live-view.ts';
import type { SessionDeps } from './socket-session.ts';
import { type SocketControl, registerSocket } from './socket.ts';
import { bid, schedule } from './testing/market.ts';
import { SocketClient, upgradeStatus } from './testing/socket-client.ts';
import { silentLog } from './types.ts';

const ORIGIN = 'https://seam.example';
let db: TestDatabase;
let exchange: Exchange;
let app: FastifyInstance;
let control: SocketControl;
let url: string;
/** By token; what a test takes out is logged out. */
const sessions = new Map<string, Principal>();
let auction = 0;
let id: string;

beforeAll(async () => {
  db = await testDatabase();
  exchange = await createExchange({
    url: db.url,
    sql: db.sql,
    projections: [],
    pseudonymSecret: 's',
    log: silentLog,
  });
  await exchange.start();
  app = await buildCore({
    sql: db.sql,
    authenticate: async (token) => sessions.get(token) ?? null,
    publicUrl: ORIGIN,
    requestsPerMinute: 100_000,
  });
  control = await registerSocket(app, {
    exchange,
    authenticate: async ({ principal }) => (principal && sessions.get(tokenOf(principal.personId))) ?? null,
    allowedOrigins: [ORIGIN],
    log: silentLog,
    recheckMs: 1,
    mayWatch: (_principal, topic) => {
      const may = !topic.includes('hidden');
      return asked.has(topic) ? Promise.resolve(may) : may;
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  url = `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1/socket`;
});
afterAll(async () => {
  await app.close();
  await exchange.stop();
  await db.close();
});
beforeEach(async () => {
  auction += 1;
  id = `a${auction}`;
  await exchange.gateway.submit(schedule(id));
});

/** Topics of which it takes a while to find out who may watch them. */
const asked = new Set<string>();

const tokenOf = (person: string): string => person.padEnd(43, '-');

function person(name: string, more: Partial<Principal> = {}): string {
  const token = tokenOf(name);
  sessions.set(token, {
    personId: name,
    personName: name,
    organisationId: `org-${name}`,
    organisationStatus: 'active',
    roles: ['trader'],
    staff: false,
    centreRoles: [],
    robot: false,
    loginSessionId: `login-${name}`,
    ...more,
  });
  return token;
}

const cookie = (token: string): Record<string, string> => ({
  cookie: `${SESSION_COOKIE}=${token}`,
  origin: ORIGIN,
});

async function connect(name: string, more: Partial<Principal> = {}): Promise<SocketClient> {
  const client = new SocketClient(url, { headers: cookie(person(name, more)) });
  await client.next('welcome');
  return client;
}

async function journalLength(): Promise<number> {
  const [row] = await db.sql<{ n: number }[]>`select count(*)::int as n from journal where actor is not null`;
  return row?.n ?? -1;
}

function placeBid(more: object = {}): object {
  const fresh = `bid-${Math.random().toString(36).slice(2)}-0000`;
  return { t: 'place_bid', id: fresh, auctionId: id, price: '900.00', quantity: '1000', ...more };
}

async function answerTo(client: SocketClient, frame: object | string): Promise<ErrFrame> {
  const before = client.of('err').length;
  client.send(frame);
  await expect.poll(() => client.of('err').length).toBe(before + 1);
  return client.of('err').at(-1) as ErrFrame;
}

describe('the upgrade', () => {
  it('401 without a login, 403 from a foreign page or without one, 400 with a token in the URL', async () => {
    const token = person('guest');
    expect(await upgradeStatus(url, { headers: { origin: ORIGIN } })).toBe(401);
    expect(await upgradeStatus(url, { headers: { ...cookie(token), origin: 'https://evil.example' } })).toBe(
      403,
    );
    expect(await upgradeStatus(url, { headers: { cookie: `${SESSION_COOKIE}=${token}` } })).toBe(403);
    expect(await upgradeStatus(`${url}?token=${token}`, { headers: cookie(token) })).toBe(400);
    expect(await upgradeStatus(url, { headers: { authorization: `Bearer ${token}` } })).toBe(101);
    expect(await upgradeStatus(url, { headers: cookie(token) })).toBe(101);
    await expect.poll(() => control.size).toBe(0);
  });

  it('the ninth socket of one person closes the first with 4409', async () => {
    const clients: SocketClient[] = [];
    for (let i = 0; i < 9; i += 1) clients.push(await connect('many'));
    expect(await clients[0]?.closed).toBe(4409);
    for (const { socket } of clients) socket.terminate();
    await expect.poll(() => control.size).toBe(0);
  });
});

describe('a bid over the socket', () => {
  it('is acknowledged with its place in the journal, which then has it; everybody sees it, each their own', async () => {
    const [ann, ben] = await Promise.all([connect('ann'), connect('ben')]);
    for (const client of [ann, ben]) client.send({ t: 'subscribe', topic: `auction:${id}` });
    await Promise.all([ann.next('auction.snapshot'), ben.next('auction.snapshot')]);
    ann.send(placeBid({ id: 'ann-bid-1', price: '900', quantity: '1000.000' }));
    const ack = await ann.next('ack');
    expect(ack).toMatchObject({
      id: 'ann-bid-1',
      outcome: { status: 'accepted', rank: 1, allocated: '1000.000' },
    });
    const [row] = await db.sql`select actor, body from journal where cmd_id = 'ann-bid-1'`;
    expect(row?.['actor']).toBe('org:org-ann');
    ben.send(placeBid({ price: '905.00', quantity: '5000' }));
    const [annSees, benSees] = await Promise.all(
      [ann, ben].map((client) => client.next('auction.update', (frame) => frame.bidCount === 2)),
    );
    expect(annSees?.standing).toMatchObject([
      { rank: 1, price: '905.00', allocated: '5000.000', mine: false },
      { rank: 2, price: '900.00', allocated: '0.000', mine: true },
    ]);
    expect(annSees?.my).toMatchObject({ rank: 2, priceToWinNext: '906.00' });
    expect(benSees?.my).toMatchObject({ rank: 1 });
    expect(benSees?.standing.map(({ bidder }) => bidder)).toEqual(
      annSees?.standing.map(({ bidder }) => bidder),
    );
    expect(JSON.stringify([benSees, ben.of('auction.update')])).not.toContain('org-');
    const check = Compile(ServerFrame);
    for (const frame of [...ann.frames, ...ben.frames]) expect([...check.Errors(frame)]).toEqual([]);
    ann.socket.terminate();
    ben.socket.terminate();
  });

  it('sent again with its id gets the same answer and no second entry; with another price it is refused', async () => {
    const client = await connect('cat');
    const frame = placeBid({ id: 'cat-bid-1' });
    client.send(frame);
    client.send(frame);
    await expect.poll(() => client.of('ack').length).toBe(2);
    expect(client.of('ack')[0]).toEqual(client.of('ack')[1]);
    const length = await journalLength();
    expect(await answerTo(client, { ...frame, price: '901.00' })).toMatchObject({
      code: 'bid.command_id_reused',
      id: 'cat-bid-1',
      retry: 'no',
    });
    expect(await journalLength()).toBe(length);
    client.socket.terminate();
  });

  it('that the rules refuse is a journaled rejection with what would have been accepted', async () => {
    await exchange.gateway.submit(bid({ auctionId: id, by: 'org-first', price: 900, quantity: 100 }));
    const client = await connect('dan');
    client.send(placeBid({ price: '900.00' }));
    expect((await client.next('ack')).outcome).toEqual({
      status: 'rejected',
      code: 'bid.below_increment',
      accepted: { priceMinimum: '901.00' },
    });
    client.socket.terminate();
  });

  const refusals: [what: string, frame: () => object, more: Partial<Principal>, expected: object][] = [
    [
      'off the price grid',
      () => placeBid({ price: '900.50' }),
      {},
      { code: 'bid.price_off_grid', accepted: { tickSize: '1.00' } },
    ],
    ['off the lot grid', () => placeBid({ quantity: '1001' }), {}, { code: 'bid.quantity_off_grid' }],
    ['on no auction', () => placeBid({ auctionId: 'nothing' }), {}, { code: 'auction.unknown' }],
    ['by a viewer', () => placeBid(), { roles: ['viewer'] }, { code: 'auth.forbidden' }],
    ['by staff', () => placeBid(), { staff: true }, { code: 'auth.forbidden' }],
    [
      'by a company not certified',
      () => placeBid(),
      { organisationStatus: 'certified' },
      { code: 'organisation.not_active' },
    ],
    [
      'by a company whose deposit was taken back and is owed',
      () => placeBid(),
      { mustTopUp: true },
      { code: 'organisation.top_up_required' },
    ],
    ['below zero', () => placeBid({ price: '-1.00' }), {}, { code: 'request.invalid' }],
    ['in a number', () => placeBid({ price: 900 }), {}, { code: 'request.invalid' }],
    ['with an exponent', () => placeBid({ price: '9e2' }), {}, { code: 'request.invalid' }],
    ['in full-width digits', () => placeBid({ price: '９００' }), {}, { code: 'request.invalid' }],
    ['with a field too many', () => placeBid({ accountId: 'org-other' }), {}, { code: 'request.invalid' }],
    ['with an id too short', () => placeBid({ id: 'x' }), {}, { code: 'request.invalid' }],
  ];
  it.each(refusals)(
    '%s is refused and leaves no trace in the journal',
    async (_what, frame, more, expected) => {
      const client = await connect('eve', more);
      const length = await journalLength();
      expect(await answerTo(client, frame())).toMatchObject({ retry: 'no', ...expected });
      expect(await journalLength()).toBe(length);
      client.socket.terminate();
    },
  );

  it('too many at once is told how long to wait, on all connections of the login together', async () => {
    const [one, two] = await Promise.all([connect('fay'), connect('fay')]);
    for (let i = 0; i < 15; i += 1) for (const client of [one, two]) client.send(placeBid({ price: '1.00' }));
    await expect.poll(() => [one, two].flatMap((c) => [...c.of('ack'), ...c.of('err')]).length).toBe(30);
    const refused = [...one.of('err'), ...two.of('err')];
    expect(refused.length).toBeGreaterThanOrEqual(8);
    expect(refused[0]).toMatchObject({
      code: 'request.rate_limited',
      retry: 'after',
      afterMs: expect.any(Number),
    });
    one.socket.terminate();
    two.socket.terminate();
  });
});

describe('frames that are none', () => {
  it.each([
    ['no JSON', 'hello'],
    ['a forbidden key', '{"t":"ping","id":"x","__proto__":{"staff":true}}'],
    ['a key twice', '{"t":"ping","id":"x","id":"y"}'],
    ['a key hidden by an escape', '{"t":"ping","id":"x","\\u005f_proto__":1}'],
    ['ten thousand levels', '['.repeat(8_000)],
    ['an unknown kind', '{"t":"grant_admin"}'],
    ['an array', '[]'],
    ['a bad topic', '{"t":"subscribe","topic":"auction:../../etc"}'],
  ])('%s is told so, and the connection lives', async (_what, text) => {
    const client = await connect('gus');
    expect(await answerTo(client, text)).toMatchObject({ code: 'request.invalid', retry: 'no' });
    client.send({ t: 'ping', id: 'p1', clientTime: 'mine' });
    expect(await client.next('pong')).toMatchObject({ id: 'p1', clientTime: 'mine' });
    client.socket.terminate();
  });

  it('1009 for a frame over the limit, 4429 for one who never stops', async () => {
    const big = await connect('hal');
    big.send(JSON.stringify({ t: 'ping', id: 'x'.repeat(20_000) }));
    expect(await big.closed).toBe(1009);
    const flood = await connect('ida');
    for (let i = 0; i < 300; i += 1) flood.send('nonsense');
    expect(await flood.closed).toBe(4429);
  });
});

describe('watching', () => {
  it('after a reconnect goes on where it stopped, without a hole', async () => {
    const first = await connect('joe');
    first.send({ t: 'subscribe', topic: `auction:${id}` });
    await first.next('auction.snapshot');
    await exchange.gateway.submit(bid({ auctionId: id, by: 'org-x', price: 900 }));
    const last = await first.next('auction.update');
    first.socket.terminate();
    await first.closed;
    for (const price of [901, 902, 903]) {
      await exchange.gateway.submit(bid({ auctionId: id, by: `org-${price}`, price }));
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const second = await connect('joe');
    second.send({ t: 'subscribe', topic: `auction:${id}`, resumeFrom: last.seq });
    expect(await second.next('subscribed')).toMatchObject({ resumed: true });
    await second.next('auction.update', (frame) => frame.bidCount === 4);
    let at = last.seq;
    for (const frame of second.of('auction.update')) {
      expect(frame.prev).toBe(at);
      at = frame.seq;
    }
    expect(second.of('auction.snapshot')).toEqual([]);
    second.socket.terminate();
  });

  it('a bid beyond what its person may bind the company to is refused, and none of it reaches the journal', async () => {
    const client = await connect('low', { commitLimits: { CNY: '89999999' } });
    const before = await journalLength();
    expect(await answerTo(client, placeBid({ price: '900.00', quantity: '1000' }))).toMatchObject({
      code: 'member.limit_exceeded',
      retry: 'no',
      accepted: { limit: '899999.99', currency: 'CNY', value: '900000.00' },
    });
    expect(await journalLength()).toBe(before);
    client.socket.terminate();
  });

  it('who may watch a topic can be asked elsewhere: given up meanwhile it is not joined', async () => {
    const client = await connect('pat');
    const topic = `auction:${id}`;
    asked.add(topic);
    client.send({ t: 'subscribe', topic });
    client.send({ t: 'unsubscribe', topic });
    client.send({ t: 'subscribe', topic: 'auction:hidden2' });
    await client.next('err');
    expect(client.of('subscribed')).toEqual([]);
    client.send({ t: 'subscribe', topic });
    expect(await client.next('subscribed')).toMatchObject({ topic });
    client.socket.terminate();
  });

  it('what one may not see, or what does not exist, is equally not found', async () => {
    const client = await connect('kim');
    const hidden = await answerTo(client, { t: 'subscribe', topic: 'auction:hidden1' });
    const nothing = await answerTo(client, { t: 'subscribe', topic: 'auction:nothing' });
    expect(hidden).toMatchObject({ code: 'resource.not_found', topic: 'auction:hidden1' });
    expect({ ...nothing, topic: '' }).toEqual({ ...hidden, topic: '' });
    client.socket.terminate();
  });

  it('each second the server says its time, and counts', async () => {
    const client = await connect('lea');
    await expect.poll(() => client.of('heartbeat').length).toBe(2);
    const [one, two] = client.of('heartbeat');
    expect((two?.counter ?? 0) - (one?.counter ?? 0)).toBe(1);
    client.socket.terminate();
  });
});

describe('a login that ends', () => {
  it('closes its sockets with 4401, when told and when found out; a suspended company gets 4403', async () => {
    const [told, found, suspended] = await Promise.all([connect('mia'), connect('ned'), connect('ola')]);
    control.closeWhere((principal) => principal.loginSessionId === 'login-mia', 'session_ended');
    expect(await told.closed).toBe(4401);
    sessions.delete(tokenOf('ned'));
    person('ola', { organisationStatus: 'suspended' });
    expect(await found.closed).toBe(4401);
    expect(await suspended.closed).toBe(4403);
  });
});

describe('a reader that stops reading', () => {
  it('is cut off while the others stay up to date', async () => {
    // Below what counts as behind: a frame that is only just on its way makes nobody late.
    const padding = 'x'.repeat(120_000);
    const renderer: Renderer<AuctionView> = {
      audience: () => '',
      snapshot: (view) => JSON.stringify({ t: 'auction.snapshot', seq: view.seq, padding }),
      update: (view) => JSON.stringify({ t: 'auction.update', seq: view.seq, padding }),
    };
    const fanout = new Fanout(renderer, { tickMs: 1, behindMs: 200 });
    const topics: SessionDeps['exchange']['topics'] = {
      subscribe: (topic, reader, announce) => fanout.subscribe(topic, reader, announce) !== undefined,
      unsubscribe: (topic, { connection }) => fanout.unsubscribe(topic, connection),
      drop: (connection) => fanout.drop(connection),
    };
    const other = await buildCore({
      sql: db.sql,
      authenticate: async (t) => sessions.get(t) ?? null,
      publicUrl: ORIGIN,
    });
    await registerSocket(other, {
      exchange: { ...exchange, topics },
      authenticate: async ({ principal }) => principal,
      allowedOrigins: [ORIGIN],
      log: silentLog,
    });
    await other.listen({ host: '127.0.0.1', port: 0 });
    const address = other.server.address();
    const place = `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1/socket`;
    fanout.publish('auction:big', { seq: 1 } as AuctionView);
    const [slow, good] = ['pam', 'quo'].map(
      (name) => new SocketClient(place, { headers: cookie(person(name)) }),
    );
    if (!slow || !good) throw new Error('no clients');
    for (const client of [slow, good]) {
      await client.next('welcome');
      client.send({ t: 'subscribe', topic: 'auction:big' });
      await client.next('auction.snapshot');
    }
    slow.socket.pause();
    for (let seq = 2; fanout.evicted === 0 && seq < 400; seq += 1) {
      fanout.publish('auction:big', { seq } as AuctionView);
      // On a busy machine a frame may still be on its way: then the newest state follows whole.
      const isIt = (frame: { seq?: number }): boolean => frame.seq === seq;
      await Promise.any([good.next('auction.update', isIt), good.next('auction.snapshot', isIt)]);
    }
    expect(fanout.evicted).toBe(1);
    expect(fanout.subscribers('auction:big')).toBe(1);
    slow.socket.terminate();
    good.socket.terminate();
    await other.close();
  });
});
