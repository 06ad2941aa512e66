/** Everything a line can carry that is no frame of ours, and frames about what is somebody else's. */
import { once } from 'node:events';
import net from 'node:net';
import { TOPICS_PER_CONNECTION_MAX } from '../../src/exchange/limits.ts';
import type { SocketClient } from '../../src/exchange/testing/socket-client.ts';
import { upgradeStatus } from '../../src/exchange/testing/socket-client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOOK, Venue, tokenOf } from './venue.ts';

let venue: Venue;
beforeAll(async () => {
  venue = await Venue.open({ recheckMs: 1 });
});
afterAll(() => venue.close());

let made = 0;
const fresh = (): string => `wire-${(made += 1)}`.padEnd(10, '-');

/** What the line says to one frame with an id. */
async function answer(
  client: SocketClient,
  frame: Readonly<Record<string, unknown>> & { readonly id?: string },
) {
  const id = frame.id ?? fresh();
  client.send({ ...frame, id });
  const mine = () =>
    client.frames.find((one) => (one.t === 'ack' || one.t === 'err' || one.t === 'pong') && one.id === id);
  await expect.poll(mine, { interval: 1 }).toBeDefined();
  return mine();
}

const bid = (more: object = {}) => ({
  t: 'place_bid',
  auctionId: 'english',
  price: '900.00',
  quantity: '1000',
  ...more,
});
const order = (more: object = {}) => ({
  t: 'place_order',
  instrumentId: BOOK,
  side: 'buy',
  price: '790.00',
  quantity: '50',
  timeInForce: 'day',
  ...more,
});

describe('an id', () => {
  it('of no auction, no book and no order is told as such, and nothing is journaled for it', async () => {
    const client = await venue.connect('nobody');
    const before = await venue.journaled();
    expect(await answer(client, bid({ auctionId: 'none' }))).toMatchObject({
      code: 'auction.unknown',
      retry: 'no',
    });
    for (const t of ['place_order', 'cancel_order', 'amend_order', 'cancel_orders', 'cancel_on_disconnect']) {
      const fields = {
        ...(t === 'place_order' ? order() : {}),
        ...(t === 'cancel_on_disconnect' ? { afterMs: null } : {}),
      };
      const ids = t === 'cancel_order' || t === 'amend_order' ? { orderId: 1 } : {};
      const amounts = t === 'amend_order' ? { price: '1.00', quantity: '50' } : {};
      expect(await answer(client, { ...fields, ...ids, ...amounts, t, instrumentId: 'none' })).toMatchObject({
        code: 'market.unknown',
      });
    }
    for (const topic of ['auction:none', 'book:none', 'mine:none', `auction:${'x'.repeat(64)}`]) {
      client.send({ t: 'subscribe', topic });
      await client.next('err', (frame) => frame.topic === topic && frame.code === 'resource.not_found');
    }
    expect(await venue.journaled()).toBe(before);
    client.socket.terminate();
  });

  it('of an auction in the place of a book, and the other way round, finds nothing', async () => {
    const client = await venue.connect('confused');
    expect(await answer(client, order({ instrumentId: 'english' }))).toMatchObject({
      code: 'market.unknown',
    });
    expect(await answer(client, bid({ auctionId: BOOK }))).toMatchObject({ code: 'auction.unknown' });
    client.socket.terminate();
  });

  it('of another company’s order neither cancels nor amends it, nor says whether it exists', async () => {
    for (const name of ['owner', 'thief']) await venue.admit(`org-${name}`);
    const [owner, thief] = [await venue.connect('owner'), await venue.connect('thief')];
    const placed = await answer(owner, order());
    if (placed?.t !== 'ack' || !('orderId' in placed.outcome)) throw new Error(JSON.stringify(placed));
    const { orderId } = placed.outcome;
    const to = { instrumentId: BOOK, orderId };
    const tries = [
      { ...to, t: 'cancel_order' },
      { ...to, t: 'amend_order', price: '790.00', quantity: '100' },
    ];
    for (const one of tries) {
      const [foreign, none] = [
        await answer(thief, one),
        await answer(thief, { ...one, orderId: 2_147_483_647 }),
      ];
      const outcome = { status: 'rejected', code: 'order.unknown' };
      expect(foreign).toMatchObject({ t: 'ack', outcome });
      expect(none?.t === 'ack' && none.outcome).toEqual(foreign?.t === 'ack' && foreign.outcome);
    }
    expect(await answer(thief, { t: 'cancel_orders', instrumentId: BOOK })).toMatchObject({
      outcome: { status: 'accepted', cancelled: [] },
    });
    expect(venue.exchange.market(BOOK)?.orders.get(orderId)).toMatchObject({ remaining: 1 });
    expect(await answer(owner, { ...to, t: 'cancel_order' })).toMatchObject({
      outcome: { cancelled: [orderId] },
    });
    for (const { socket } of [owner, thief]) socket.terminate();
  });

  it('of another company’s command is one’s own: it neither answers for it nor spends it', async () => {
    const [one, two] = [await venue.connect('one'), await venue.connect('two')];
    const id = fresh();
    const first = await answer(one, bid({ id }));
    const second = await answer(two, bid({ id, price: '950.00' }));
    expect([first, second]).toMatchObject([
      { t: 'ack', outcome: { status: 'accepted' } },
      { t: 'ack', outcome: { status: 'accepted' } },
    ]);
    for (const { socket } of [one, two]) socket.terminate();
  });

  it('of another company’s sealed bid neither opens nor copies it', async () => {
    const [maker, copier] = [await venue.connect('maker'), await venue.connect('copier')];
    const sealed = {
      t: 'commit_bid',
      auctionId: 'commit',
      commitment: 'e'.repeat(64),
      quantityMaximum: '5000',
    };
    expect(await answer(maker, sealed)).toMatchObject({ outcome: { status: 'accepted' } });
    expect(await answer(copier, sealed)).toMatchObject({
      outcome: { status: 'rejected', code: 'sealed_bid.digest_taken' },
    });
    for (const { socket } of [maker, copier]) socket.terminate();
  });

  it('of one’s own rows under `mine` shows nobody else’s orders', async () => {
    for (const name of ['rich', 'nosy']) await venue.admit(`org-${name}`);
    const [rich, nosy] = [await venue.connect('rich'), await venue.connect('nosy')];
    await answer(rich, order({ price: '777.00' }));
    nosy.send({ t: 'subscribe', topic: `mine:${BOOK}` });
    await nosy.next('subscribed');
    await answer(nosy, { t: 'ping' });
    expect(JSON.stringify(nosy.frames)).not.toContain('777.00');
    expect(JSON.stringify(nosy.frames)).not.toContain('org-rich');
    for (const { socket } of [rich, nosy]) socket.terminate();
  });
});

describe('a text that is no frame', () => {
  const TEXTS: readonly [what: string, text: string][] = [
    ...[
      'null',
      'true',
      '7',
      '"text"',
      '[]',
      '[{"t":"ping","id":"x"}]',
      '{}',
      '{"t":7}',
      '',
      ' ',
      '\u0000',
    ].map((text): [string, string] => [JSON.stringify(text), text]),
    ['as many nested arrays as fit', '['.repeat(16_000)],
    ['as many nested objects as fit', '{"a":'.repeat(3_000)],
    ['closed nested arrays', `${'['.repeat(8_000)}${']'.repeat(8_000)}`],
    ['a thousand keys', `{${Array.from({ length: 1_000 }, (_, i) => `"k${i}":1`).join()}}`],
    ['an endless string', `"${'a'.repeat(15_000)}`],
    ['half an escape', '{"t":"ping","id":"\\'],
    ['a command inside an array', `[${JSON.stringify({ ...bid(), id: 'in-an-array' })}]`],
  ];

  it.each(TEXTS)('%s is told so, and the line lives', async (_what, text) => {
    const client = await venue.connect('garbler');
    client.send(text);
    expect(await client.next('err')).toMatchObject({ code: 'request.invalid', retry: 'no' });
    expect(await answer(client, { t: 'ping' })).toMatchObject({ t: 'pong' });
    client.socket.terminate();
  });

  it('and binary is told the same, whatever is in it', async () => {
    const client = await venue.connect('binary');
    client.socket.send(Buffer.from(JSON.stringify({ ...bid(), id: 'binary-bid' })), { binary: true });
    expect(await client.next('err')).toMatchObject({ code: 'request.invalid' });
    expect(await venue.commandIds()).not.toContain('binary-bid');
    client.socket.terminate();
  });
});

/** A line without a client library: writes what a library would not. */
async function rawLine(
  name: string,
): Promise<{ socket: net.Socket; closed: Promise<number>; heard: () => string }> {
  const { hostname, port } = new URL(venue.url);
  const socket = net.connect(Number(port), hostname);
  const { authorization } = venue.signIn(name);
  socket.write(
    `GET /v1/socket HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
      `sec-websocket-version: 13\r\nsec-websocket-key: ${Buffer.alloc(16).toString('base64')}\r\nauthorization: ${authorization}\r\n\r\n`,
  );
  let heard = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => (heard = Buffer.concat([heard, data])));
  socket.on('error', () => {});
  await once(socket, 'data');
  // A close frame: 0x88, its length, then the code.
  const closed = new Promise<number>((resolve) => {
    const look = (): void => {
      for (let i = 0; i + 4 <= heard.length; i += 1)
        if (heard[i] === 0x88 && heard[i + 1]! < 126) return resolve(heard.readUInt16BE(i + 2));
      return undefined;
    };
    socket.on('data', look);
    socket.on('close', () => (look(), resolve(1006)));
  });
  return { socket, closed, heard: () => heard.toString('latin1') };
}

/** A client frame of RFC 6455 with a mask of zeros. */
function frameOf(first: number, payload: Buffer, { masked = true, length = payload.length } = {}): Buffer {
  const mask = masked ? 0x80 : 0;
  const head =
    length < 126
      ? Buffer.from([first, mask | length])
      : length < 65_536
        ? Buffer.from([first, mask | 126, length >> 8, length & 255])
        : Buffer.concat([
            Buffer.from([first, mask | 127]),
            Buffer.from(BigInt(length).toString(16).padStart(16, '0'), 'hex'),
          ]);
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}
const ping = Buffer.from(JSON.stringify({ t: 'ping', id: 'raw-ping' }));

describe('a line that breaks the protocol is closed with its code, and no other notices', () => {
  const BREAKS: readonly [what: string, code: number, bytes: () => Buffer][] = [
    ['a text that is no UTF-8', 1007, () => frameOf(0x81, Buffer.from([0xc3, 0x28]))],
    ['a frame without a mask', 1002, () => frameOf(0x81, ping, { masked: false })],
    ['a compressed frame nobody agreed to', 1002, () => frameOf(0xc1, ping)],
    ['a kind of frame that is none', 1002, () => frameOf(0x83, ping)],
    ['a continuation of nothing', 1002, () => frameOf(0x80, ping)],
    ['a control frame in parts', 1002, () => frameOf(0x09, ping)],
    ['10 MB announced', 1009, () => frameOf(0x81, ping, { length: 10_000_000 })],
    ['10 MB sent', 1009, () => frameOf(0x81, Buffer.alloc(10_000_000, 0x61))],
    [
      'a length beyond 2^53',
      1009,
      () => Buffer.concat([Buffer.from([0x81, 0xff]), Buffer.alloc(8, 0xff), Buffer.alloc(4)]),
    ],
    [
      '10 MB in a thousand parts',
      1009,
      () =>
        Buffer.concat([
          frameOf(0x01, Buffer.alloc(10_000)),
          ...Array.from({ length: 999 }, () => frameOf(0x00, Buffer.alloc(10_000))),
        ]),
    ],
    [
      'a text in a hundred parts',
      1008,
      () =>
        Buffer.concat([
          frameOf(0x01, Buffer.from(' ')),
          ...Array.from({ length: 99 }, () => frameOf(0x00, Buffer.from(' '))),
          frameOf(0x80, ping),
        ]),
    ],
  ];

  it.each(BREAKS)('%s', async (_what, code, bytes) => {
    const watcher = await venue.connect('bystander');
    const line = await rawLine('breaker');
    line.socket.write(bytes());
    expect(await line.closed).toBe(code);
    expect(await answer(watcher, { t: 'ping' })).toMatchObject({ t: 'pong' });
    line.socket.destroy();
    watcher.socket.terminate();
    await expect.poll(() => venue.control.size).toBe(0);
  });

  it('a frame in a few parts is one frame', async () => {
    const line = await rawLine('splitter');
    line.socket.write(
      Buffer.concat([
        frameOf(0x01, ping.subarray(0, 5)),
        frameOf(0x00, ping.subarray(5, 9)),
        frameOf(0x80, ping.subarray(9)),
      ]),
    );
    await expect.poll(line.heard).toContain('raw-ping');
    line.socket.destroy();
  });

  it('a command after the close frame is not done', async () => {
    const line = await rawLine('late');
    const late = Buffer.from(JSON.stringify({ ...bid(), id: 'after-close' }));
    line.socket.write(Buffer.concat([frameOf(0x88, Buffer.from([0x03, 0xe8])), frameOf(0x81, late)]));
    expect(await line.closed).toBe(1000);
    await expect.poll(() => venue.control.size).toBe(0);
    expect(await venue.commandIds()).not.toContain('after-close');
  });
});

describe('a login', () => {
  it('that is none, or whose page is foreign, gets no line', async () => {
    expect(await upgradeStatus(venue.url, {})).toBe(401);
    expect(await upgradeStatus(venue.url, { headers: { authorization: `Bearer ${'x'.repeat(43)}` } })).toBe(
      401,
    );
    const { authorization } = venue.signIn('page');
    const foreign = { authorization: authorization!, origin: 'https://evil.example' };
    expect(await upgradeStatus(venue.url, { headers: foreign })).toBe(403);
    expect(await upgradeStatus(`${venue.url}?a=1`, { headers: { authorization: authorization! } })).toBe(400);
  });

  it('that has ended is closed with 4401, and what it sends then is not done', async () => {
    const client = await venue.connect('gone');
    venue.sessions.delete(tokenOf('gone'));
    expect(await client.closed).toBe(4401);
    client.socket.send(JSON.stringify({ ...bid(), id: 'of-a-dead-login' }), () => {});
    expect(await venue.commandIds()).not.toContain('of-a-dead-login');
  });
});

describe('subscriptions', () => {
  it('over the limit are refused one by one; those one has go on', async () => {
    const client = await venue.connect('collector');
    for (let i = 0; i < TOPICS_PER_CONNECTION_MAX; i += 1) await venue.submit(scheduled(`many-${i}`));
    for (let i = 0; i < TOPICS_PER_CONNECTION_MAX; i += 1)
      client.send({ t: 'subscribe', topic: `auction:many-${i}` });
    await expect.poll(() => client.of('subscribed').length).toBe(TOPICS_PER_CONNECTION_MAX);
    client.send({ t: 'subscribe', topic: 'auction:english' });
    expect(await client.next('err')).toMatchObject({ code: 'request.too_large', topic: 'auction:english' });
    client.send({ t: 'subscribe', topic: 'auction:many-0' });
    await expect.poll(() => client.of('subscribed').length).toBe(TOPICS_PER_CONNECTION_MAX + 1);
    client.socket.terminate();
  });

  it('of one topic a thousand times are one: each change comes once', async () => {
    const client = await venue.connect('again');
    for (let i = 0; i < 1_000; i += 1) client.send({ t: 'subscribe', topic: 'auction:stepped' });
    await expect.poll(() => client.of('subscribed').length).toBe(1_000);
    const before = client.of('auction.update').length;
    const bidder = await venue.connect('bidder');
    await answer(bidder, bid({ auctionId: 'stepped' }));
    await client.next('auction.update', (frame) => frame.bidCount === 1);
    await answer(client, { t: 'ping' });
    expect(client.of('auction.update').length).toBe(before + 1);
    for (const { socket } of [client, bidder]) socket.terminate();
  });
});

const scheduled = (auctionId: string) => venue.scheduled(auctionId);

describe('a batch', () => {
  it('of one order too many is refused whole; of as many as fit it is one entry with an answer for each', async () => {
    await venue.admit('org-batcher');
    const client = await venue.connect('batcher');
    const { t: _t, instrumentId, ...one } = order({ price: '760.00' });
    const before = await venue.journaled();
    const batch = (count: number) => ({
      t: 'place_orders',
      instrumentId,
      orders: Array.from({ length: count }, () => one),
    });
    const id = fresh();
    client.send({ ...batch(51), id });
    expect(await client.next('err')).toMatchObject({ code: 'request.invalid', retry: 'no' });
    expect(await answer(client, batch(50))).toMatchObject({ t: 'ack', outcome: { lines: { length: 50 } } });
    expect(await venue.journaled()).toBe(before + 1);
    client.socket.terminate();
  });

  it('with one line off the grid places none of them', async () => {
    await venue.admit('org-griddy');
    const client = await venue.connect('griddy');
    const { t: _t, instrumentId, ...one } = order({ price: '761.00' });
    const before = await venue.journaled();
    const orders = [one, { ...one, price: '761.50' }, one];
    expect(await answer(client, { t: 'place_orders', instrumentId, orders })).toMatchObject({
      code: 'order.price_off_grid',
      accepted: { line: '1' },
    });
    expect(await venue.journaled()).toBe(before);
    client.socket.terminate();
  });
});

describe('after all of this', () => {
  it('no line is left, and the journal is one the rules agree with', async () => {
    await expect.poll(() => venue.control.size).toBe(0);
    expect(await venue.verified()).toBeGreaterThan(TOPICS_PER_CONNECTION_MAX);
  });
});
