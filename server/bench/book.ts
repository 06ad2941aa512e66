/**
 * The order book beside the order books of npm, on the same operations.
 *
 * `book`: mixed operations with every business rule on. `book --scenario NAME`: the messages of the public matching
 * benchmark, `data/matching/NAME.bin.xz` under SEAM_SHARED; the hash of its reports is checked in the same run.
 */
import fs from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseArgs } from 'node:util';
import { type Comparison, compare, growth } from '@seam/testkit/bench';
import { StartError } from '../src/platform/start-error.ts';
import { readInput } from '../src/cli/replay/input.ts';
import { type Messages, decodeMessages } from '../src/cli/replay/messages.ts';
import { bookFor, reportHash, send } from '../src/cli/replay/reports.ts';
import { Generator, type Operations, apply, market } from './book/operations.ts';
import { messageCalls, operationCalls, peerRate } from './book/peers.ts';

const OPERATIONS = 1_000_000;
/** A thousand companies with twenty orders each. */
const RESTING = 20_000;
/** The peers need seconds for what takes us milliseconds: their rate is taken over fewer operations. */
const PEER_OPERATIONS = 100_000;
const PEER_MESSAGES = 200_000;
const SEED = 23;
const CLOCK = 'rates by the CPU time of the thread, single operations by the wall clock';
const SCENARIO_HASHES: Record<string, string> = {
  f1_normal: 'e9b2e3926854410b01a035aeb25dd05f1e597c233be8263de9eb49b6713d367e',
};

export async function bench(args: string[]): Promise<Comparison> {
  const { values } = parseArgs({
    args,
    options: { scenario: { type: 'string' }, rounds: { type: 'string', default: '5' } },
  });
  const rounds = Number(values.rounds);
  return values.scenario === undefined ? mixed(rounds) : scenario(values.scenario, rounds);
}

async function mixed(rounds: number): Promise<Comparison> {
  const generator = new Generator(SEED, RESTING);
  const filling = generator.fill();
  const operations = generator.next(OPERATIONS);
  const settling = [filling, operations, generator.next(OPERATIONS), generator.next(OPERATIONS)];
  const settled = generator.next(OPERATIONS);
  const peerFilling = operationCalls(filling, filling.count);
  const peerCalls = operationCalls(operations, PEER_OPERATIONS);
  const peer = (name: Parameters<typeof peerRate>[0]) => ({
    name,
    run: () => peerRate(name, peerFilling, peerCalls),
  });
  for (let warm = 0; warm < 3; warm++) rate(filling, operations);
  const quantiles: Quantiles[] = [];
  const heap: number[] = [];
  const comparison = await compare({
    bench: 'book',
    unit: 'operations/s',
    rounds,
    subject: {
      name: 'seam',
      run: () => {
        quantiles.push(latency(filling, operations));
        heap.push(heapGrowth(settling, settled));
        return rate(filling, operations);
      },
    },
    peers: [peer('nodejs-order-book'), peer('hft-limit-order-book')],
  });
  const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;
  const at = (name: keyof Quantiles) => middle(quantiles.map((one) => one[name]));
  return {
    ...comparison,
    facts: {
      operations: OPERATIONS,
      resting: RESTING,
      clock: CLOCK,
      'ns of one operation, timer included, p50': at('p50'),
      'ns of one operation, timer included, p99': at('p99'),
      'ns of one operation, timer included, p99.9': at('p999'),
      'ns of the timer alone, p50': at('timer'),
      'heap growth in the loop, bytes an operation': middle(heap),
      ...costAtTenTimes(),
    },
  };
}

/** A book that holds what is to rest, and the operations through it. */
function rate(filling: Operations, operations: Operations): number {
  const book = market(RESTING);
  for (let place = 0; place < filling.count; place++) apply(book, filling, place);
  const start = cpuTime();
  for (let place = 0; place < operations.count; place++) apply(book, operations, place);
  return (operations.count * 1e9) / (cpuTime() - start);
}

/** Nanoseconds this thread has worked: what other work on the machine cannot lengthen. */
function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1e3;
}

type Quantiles = { p50: number; p99: number; p999: number; timer: number };

/** Each operation timed by itself. The timer's own cost is in every figure, and given beside them. */
function latency(filling: Operations, operations: Operations): Quantiles {
  const book = market(RESTING);
  for (let place = 0; place < filling.count; place++) apply(book, filling, place);
  const taken = new Float64Array(operations.count);
  for (let place = 0; place < operations.count; place++) {
    const start = performance.now();
    apply(book, operations, place);
    taken[place] = performance.now() - start;
  }
  const empty = new Float64Array(100_000);
  for (let place = 0; place < empty.length; place++) {
    const start = performance.now();
    empty[place] = performance.now() - start;
  }
  const quantile = (values: Float64Array, part: number) => values[Math.floor(values.length * part)]! * 1e6;
  taken.sort();
  empty.sort();
  return {
    p50: quantile(taken, 0.5),
    p99: quantile(taken, 0.99),
    p999: quantile(taken, 0.999),
    timer: quantile(empty, 0.5),
  };
}

/**
 * Bytes an operation by which the heap and its buffers grow in the loop, nothing collected in between, once the
 * book has taken the memory that so many orders need (`before`).
 */
function heapGrowth(before: readonly Operations[], operations: Operations): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const book = market(RESTING);
  for (const some of before) for (let place = 0; place < some.count; place++) apply(book, some, place);
  collect();
  const start = process.memoryUsage();
  for (let place = 0; place < operations.count; place++) apply(book, operations, place);
  const end = process.memoryUsage();
  const bytes = end.heapUsed - start.heapUsed + end.arrayBuffers - start.arrayBuffers;
  return Math.max(0, bytes) / operations.count;
}

/** How the time of all grows with ten times the operations, and that of one with ten times the resting orders. */
function costAtTenTimes(): Record<string, number> {
  const times = 10;
  const byOperations = [1, times].map((size) => ({ size, cost: through(RESTING, size * OPERATIONS).total }));
  const byResting = [1, times].map((size) => ({ size, cost: through(size * RESTING, OPERATIONS).each }));
  return {
    'cost exponent of all, 10 times the operations': growth(byOperations),
    'cost exponent of one, 10 times the resting orders': growth(byResting),
  };
}

/** Nanoseconds for `count` operations, made and timed a batch at a time. */
function through(resting: number, count: number): { total: number; each: number } {
  const generator = new Generator(SEED, resting);
  const book = market(resting);
  const filling = generator.fill();
  for (let place = 0; place < filling.count; place++) apply(book, filling, place);
  const batch = OPERATIONS / 10;
  let total = 0;
  for (let done = 0; done < count; done += batch) {
    const operations = generator.next(batch);
    const start = cpuTime();
    for (let place = 0; place < batch; place++) apply(book, operations, place);
    total += cpuTime() - start;
  }
  return { total, each: total / count };
}

async function scenario(name: string, rounds: number): Promise<Comparison> {
  const shared = process.env['SEAM_SHARED'] ?? path.resolve(import.meta.dirname, '../../../shared');
  const file = path.join(shared, 'data/matching', `${name}.bin.xz`);
  if (!fs.existsSync(file))
    throw new StartError(`there is no scenario ${file}; SEAM_SHARED says where to look`);
  const bytes = readInput(file);
  const messages = decodeMessages(bytes);
  const { hash, lines } = reportHash(messages);
  const expected = SCENARIO_HASHES[name];
  const calls = messageCalls(messages, PEER_MESSAGES);
  for (let warm = 0; warm < 2; warm++) messageRate(messages);
  const comparison = await compare({
    bench: `book --scenario ${name}`,
    unit: 'messages/s',
    rounds,
    subject: { name: 'seam', run: () => messageRate(messages) },
    peers: [{ name: 'hft-limit-order-book', run: () => peerRate('hft-limit-order-book', [], calls) }],
  });
  const start = cpuTime();
  reportHash(decodeMessages(bytes));
  const whole = (messages.count * 1e9) / (cpuTime() - start);
  return {
    ...comparison,
    facts: {
      messages: messages.count,
      clock: CLOCK,
      reports: lines,
      hash,
      'hash as published': expected === undefined ? 'not known here' : hash === expected,
      'messages/s from bytes to the hash of the reports': whole,
    },
  };
}

/** From decoded messages to events in the book's buffer. */
function messageRate(messages: Messages): number {
  const book = bookFor(messages);
  const start = cpuTime();
  for (let message = 0; message < messages.count; message++) send(book, messages, message);
  return (messages.count * 1e9) / (cpuTime() - start);
}
