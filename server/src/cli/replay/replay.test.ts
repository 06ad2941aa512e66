import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { replay } from '../replay.ts';
import { decodeMessages } from './messages.ts';
import { bookFor, reportHash, send } from './reports.ts';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-replay-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));
const at = (name: string) => path.join(directory, name);

let out = '';
let err = '';
beforeEach(() => {
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});
afterEach(() => void vi.restoreAllMocks());

const SHARED = path.resolve(
  process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../../shared'),
);
const LOBSTER = path.join(SHARED, 'data/lobster/aapl_20120621_0930_1000_');
const F1 = path.join(SHARED, 'data/matching/f1_normal.bin.xz');

describe('the records of other markets', () => {
  it.skipIf(!fs.existsSync(`${LOBSTER}commands.csv.gz`))(
    'AAPL 2012-06-21: every fill and every best price is the recorded one (needs SEAM_SHARED)',
    async () => {
      const args = ['orders', `${LOBSTER}commands.csv.gz`, '--trades', at('t.csv'), '--bbo', at('b.csv')];
      expect(await replay(args)).toBe(0);
      const recorded = (name: string) =>
        gunzipSync(fs.readFileSync(`${LOBSTER}expected_${name}.csv.gz`)).toString();
      expect(fs.readFileSync(at('t.csv'), 'utf8') === recorded('trades')).toBe(true);
      expect(fs.readFileSync(at('b.csv'), 'utf8') === recorded('bbo')).toBe(true);
      expect(err).toContain('2055 fills of 1640 incoming orders, 12650 states');
    },
  );

  it.skipIf(!fs.existsSync(F1))(
    'f1_normal: the report stream has the published hash (needs SEAM_SHARED and xz)',
    async () => {
      expect(await replay(['reports', F1])).toBe(0);
      expect(out).toBe('e9b2e3926854410b01a035aeb25dd05f1e597c233be8263de9eb49b6713d367e\n');
    },
  );
});

const HEADER = 'seq,ts_ns,cmd,order_id,side,qty,price_1e4';

async function replayText(text: string): Promise<{ code: number; trades: string[]; bbo: string[] }> {
  fs.writeFileSync(at('c.csv'), text);
  const code = await replay(['orders', at('c.csv'), '--trades', at('t.csv'), '--bbo', at('b.csv')]);
  const rows = (name: string) =>
    code === 0 ? fs.readFileSync(at(name), 'utf8').trimEnd().split('\n').slice(1) : [];
  return { code, trades: rows('t.csv'), bbo: rows('b.csv') };
}

describe('replay orders', () => {
  it('does each command, with ids and prices of 64 bits', async () => {
    const far = '9223372036854775807';
    const lines = [
      `1,1,SEED,18446744073709551615,S,100,${far}`,
      '2,1,SEED,7,S,10,500',
      '3,2,ADD,8,B,5,-9223372036854775808',
      '4,3,REDUCE,7,S,4,500',
      '5,4,TAKE,0,B,8,600',
      '6,5,TAKE,0,B,40,9223372036854775807',
      '7,6,EXEC,18446744073709551615,S,10,1',
      '8,6,EXEC,18446744073709551615,S,10,1',
      '9,7,DELETE,8,B,5,1',
      '10,8,DELETE,8,B,5,1',
      '11,9,ADD,8,B,1,400',
    ];
    const { code, trades, bbo } = await replayText([HEADER, ...lines, ''].join('\n'));
    expect(code).toBe(0);
    expect(trades).toEqual(['5,7,500,6', `6,18446744073709551615,${far},40`]);
    expect(bbo).toEqual([
      '4,500,6,-9223372036854775808,5',
      `5,${far},100,-9223372036854775808,5`,
      `6,${far},60,-9223372036854775808,5`,
      `8,${far},40,-9223372036854775808,5`,
      `9,${far},40,,`,
      `11,${far},40,400,1`,
    ]);
    expect(err).toContain('1 commands named an order that did not rest');
  });

  it('reads gzip and an empty record', async () => {
    fs.writeFileSync(at('c.csv.gz'), gzipSync(`${HEADER}\n`));
    expect(await replay(['orders', at('c.csv.gz'), '--trades', at('t.csv'), '--bbo', at('b.csv')])).toBe(0);
    expect(fs.readFileSync(at('t.csv'), 'utf8')).toBe('seq,resting_order_id,price_1e4,qty\n');
  });

  it.each([
    ['replay.header_unknown: line 1', 'seq,cmd\n1,ADD'],
    ['replay.header_unknown: line 1', ''],
    ['replay.command_unknown: line 2: "SWAP" is none of SEED', `${HEADER}\n1,1,SWAP,1,B,1,1`],
    ['replay.record_invalid: line 3: 6 fields', `${HEADER}\n1,1,ADD,1,B,1,1\n2,1,ADD,2,B,1`],
    ['replay.record_invalid: line 2: side is "X"', `${HEADER}\n1,1,ADD,1,X,1,1`],
    ['replay.record_invalid: line 2: qty 0', `${HEADER}\n1,1,ADD,1,B,0,1`],
    ['replay.record_invalid: line 2: qty 2147483648', `${HEADER}\n1,1,ADD,1,B,2147483648,1`],
    ['replay.record_invalid: line 2: price_1e4 is "1.5"', `${HEADER}\n1,1,ADD,1,B,1,1.5`],
    ['replay.record_invalid: line 2: order_id is "-1"', `${HEADER}\n1,1,ADD,-1,B,1,1`],
    ['replay.order_duplicate: seq 2: order 1 still rests', `${HEADER}\n1,1,ADD,1,B,1,1\n2,1,ADD,1,B,1,1`],
  ])('refuses %s', async (line, text) => {
    expect((await replayText(text)).code).toBe(1);
    expect(err).toContain(`seam replay: ${line}`);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('says what is wrong with the file or the command line', async () => {
    const to = ['--trades', at('t.csv'), '--bbo', at('b.csv')];
    expect(await replay(['orders', at('none.csv'), ...to])).toBe(1);
    expect(err).toContain('replay.file_missing');
    fs.writeFileSync(at('cut.gz'), gzipSync(HEADER.repeat(99)).subarray(0, 30));
    expect(await replay(['orders', at('cut.gz'), ...to])).toBe(1);
    expect(err).toContain('replay.file_unreadable');
    fs.writeFileSync(at('cut.xz'), Buffer.from('fd377a585a0000', 'hex'));
    expect(await replay(['reports', at('cut.xz')])).toBe(1);
    const path_ = process.env['PATH'];
    process.env['PATH'] = directory;
    expect(await replay(['reports', at('cut.xz')])).toBe(1);
    process.env['PATH'] = path_;
    expect(err).toContain('replay.xz_missing');
    for (const args of [
      [],
      ['orders'],
      ['orders', 'f'],
      ['reports', 'a', 'b'],
      ['bids'],
      ['toString'],
      ['reports', '--no'],
    ]) {
      expect(await replay(args)).toBe(2);
    }
    expect(err).toContain('usage:');
  });
});

type Message = { type: number; side: number; immediate: number; quantity: number; id: bigint; price: bigint };

function encode(messages: readonly Message[]): Buffer {
  const bytes = Buffer.alloc(16 + 40 * messages.length);
  bytes.writeUInt32LE(messages.length, 12);
  for (const [place, { type, side, immediate, quantity, id, price }] of messages.entries()) {
    const record = 16 + 40 * place;
    bytes.set([type, side, immediate], record);
    bytes.writeUInt32LE(quantity, record + 4);
    bytes.writeBigUInt64LE(BigInt(place), record + 8);
    bytes.writeBigUInt64LE(id, record + 16);
    bytes.writeBigInt64LE(price, record + 24);
  }
  return bytes;
}

/** The reports as the format says, from a list of orders. */
function naiveReports(messages: readonly Message[]): string {
  type Order = Message & { since: number };
  let orders: Order[] = [];
  const enter = (order: Message, seq: number): string[] => {
    const lines: string[] = [];
    let { quantity } = order;
    const crossed = orders
      .filter(
        (one) =>
          one.side !== order.side && (order.side === 0 ? one.price <= order.price : one.price >= order.price),
      )
      .sort((a, b) => Number(order.side === 0 ? a.price - b.price : b.price - a.price) || a.since - b.since);
    for (const maker of crossed) {
      const size = Math.min(quantity, maker.quantity);
      if (size === 0) break;
      quantity -= size;
      maker.quantity -= size;
      lines.push(`1,${seq},${maker.price},${size},${maker.id},${order.id}`);
    }
    orders = orders.filter((one) => one.quantity > 0);
    if (quantity > 0 && order.immediate === 1)
      lines.push(`2,${seq},${order.side},${order.id},${order.price}`);
    else if (quantity > 0) orders.push({ ...order, quantity, since: seq });
    return lines;
  };
  return messages
    .flatMap((message, seq) => {
      const { type, side, id, price, quantity } = message;
      if (type === 0) return [`0,${seq},${side},${id},${price},${quantity}`, ...enter(message, seq)];
      const order = orders.find((one) => one.id === id);
      if (!order) return [`${type === 1 ? 4 : 5},${seq},${id}`];
      orders = orders.filter((one) => one !== order);
      if (type === 1) return [`2,${seq},${order.side},${id},${order.price}`];
      return [
        ...enter({ ...order, price, quantity }, seq),
        `3,${seq},${order.side},${id},${price},${quantity}`,
      ];
    })
    .join('\n');
}

/** Messages of a seed: ids and prices as wide as `spread` makes them. */
function messagesOf(seed: number, count: number, spread: (n: bigint) => bigint): Message[] {
  let state = seed;
  const next = (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % sides;
  };
  const living: { id: bigint; side: number }[] = [];
  return Array.from({ length: count }, (_, place) => {
    const kind = next(10);
    const target = living[next(Math.max(1, living.length))];
    const price = spread(BigInt(next(30) - 15));
    const quantity = 1 + next(20);
    if (kind < 6 || !target) {
      const order = { id: (spread(BigInt(place + 1)) + 2n ** 63n) % 2n ** 64n, side: next(2) };
      living.push(order);
      return { type: 0, ...order, immediate: kind === 0 ? 1 : 0, quantity, price };
    }
    return { type: kind < 8 ? 1 : 2, ...target, immediate: 0, quantity, price };
  });
}

describe('replay reports', () => {
  it.each([
    ['prices beside each other', (n: bigint) => n],
    ['prices over all 64 bits', (n: bigint) => (n * 614_891_469_123_651_720n) % 2n ** 63n],
    ['prices around 2^53', (n: bigint) => 2n ** 53n + n],
  ])('reports what the format says for %s', (_name, spread) => {
    for (let seed = 1; seed <= 5; seed++) {
      const messages = messagesOf(seed, 1_000, spread);
      const expected = naiveReports(messages);
      const { hash, lines } = reportHash(decodeMessages(encode(messages)));
      expect(lines).toBe(expected.split('\n').length);
      expect(hash).toBe(createHash('sha256').update(expected).digest('hex'));
    }
  });

  it('hashes nothing for no messages', () => {
    expect(reportHash(decodeMessages(encode([]))).hash).toBe(createHash('sha256').digest('hex'));
  });

  it('sends the same messages without reports', () => {
    const messages = decodeMessages(encode(messagesOf(1, 500, (n) => n)));
    const book = bookFor(messages);
    for (let message = 0; message < messages.count; message++)
      expect(send(book, messages, message)).toBeGreaterThan(0);
  });

  const good: Message = { type: 0, side: 0, immediate: 0, quantity: 1, id: 1n, price: 1n };
  it.each([
    ['replay.file_truncated: 3 bytes', Buffer.from('abc')],
    [
      'replay.file_truncated: the header counts 1 records, the file holds 0.9',
      encode([good]).subarray(0, 55),
    ],
    [
      'replay.file_truncated: the header counts 1 records, the file holds 2',
      Buffer.concat([encode([good]), Buffer.alloc(40)]),
    ],
    ['replay.record_invalid: record 1: type 3', encode([good, { ...good, type: 3 }])],
    ['replay.record_invalid: record 0: side 2', encode([{ ...good, side: 2 }])],
    ['replay.record_invalid: record 0: immediate-or-cancel 9', encode([{ ...good, immediate: 9 }])],
    ['replay.record_invalid: record 0: quantity 0', encode([{ ...good, quantity: 0 }])],
    ['replay.record_invalid: record 0: quantity 2147483648', encode([{ ...good, quantity: 2 ** 31 }])],
    ['replay.order_duplicate: record 1: order 1 still rests', encode([good, good])],
  ])('refuses %s', async (line, bytes) => {
    fs.writeFileSync(at('m.bin'), bytes);
    expect(await replay(['reports', at('m.bin')])).toBe(1);
    expect(err).toContain(`seam replay: ${line}`);
    expect(out).toBe('');
  });
});
