/**
 * One auction, thousands who watch: what telling them of a change costs the server, beside a loop over ws
 * and beside socket.io. An update is one accepted bid, delivered when a reader has been shown a state that
 * contains it; ours merges the updates of a tick into one frame with absolute totals, the peers send each.
 * Readers live in another process, so the processor time is the server's alone.
 *
 * Options: --rounds 5, --ms 2000 (of each side of each round).
 */
import { parseArgs } from 'node:util';
import { type Comparison, type Side, compare, growth } from '@seam/testkit/bench';
import { type Child, startChild } from './support/child.ts';
import { rounded } from './support/latency.ts';

type Run = { updates: number; cpuMicros: number; elapsedMs: number; lastSeq: number };
type Load = { perTick: number; tickMs: number; ms: number };
type Audience = {
  readonly name: string;
  run(load: Load): Promise<Run & { frames: number }>;
  stop(): Promise<void>;
};

const NAMES = ['seam', 'ws', 'socket.io'];
/** A peer that is full takes longer than it is given; enough to see how fast it is then. */
const FULL = { perTick: 80, tickMs: 20 };

export async function bench(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '5' }, ms: { type: 'string', default: '2000' } },
  });
  const [rounds, ms] = [Number(values.rounds), Number(values.ms)];
  const results: Comparison[] = [];
  const costs: { size: number; cost: number }[] = [];
  for (const readers of [1_000, 5_000]) {
    const audiences = await Promise.all(NAMES.map((name) => openAudience(name, readers)));
    try {
      const cost = await processorTime(audiences, { readers, rounds, ms });
      costs.push({ size: readers, cost: cost.sides['seam']!.median });
      results.push(cost, await throughput(audiences, { readers, rounds, ms }));
      if (readers === 5_000) results.push(await steady(audiences[0]!, { readers, rounds, ms }));
    } finally {
      for (const audience of audiences) await audience.stop();
    }
  }
  results.at(-1)!.facts['growth of processor time an update and reader, 1,000 to 5,000 readers'] =
    growth(costs);
  return results;
}

type Size = { readers: number; rounds: number; ms: number };

/** Ten updates in each 20 ms. */
async function processorTime(
  audiences: readonly Audience[],
  { readers, rounds, ms }: Size,
): Promise<Comparison> {
  // The peers need seconds for what ours does in one: the same updates, as many as they need time for.
  const side = (audience: Audience): Side => ({
    name: audience.name,
    async run() {
      const short = audience.name === 'seam' ? ms : ms / 10;
      const { updates, cpuMicros } = await audience.run({ perTick: 10, tickMs: 20, ms: short });
      return cpuMicros / updates / readers;
    },
  });
  const [subject, ...peers] = audiences.map(side) as [Side, ...Side[]];
  return compare({
    bench: `fanout, ${readers} readers, 10 updates a tick: processor time`,
    unit: 'µs an update and reader',
    better: 'less',
    subject,
    peers,
    rounds,
  });
}

/** As many as each can: the sockets are waited for, nothing is dropped. */
async function throughput(
  audiences: readonly Audience[],
  { readers, rounds, ms }: Size,
): Promise<Comparison> {
  const framesOf: Record<string, number[]> = {};
  const side = (audience: Audience): Side => ({
    name: audience.name,
    async run() {
      const short = audience.name === 'seam' ? ms : ms / 20;
      const { updates, elapsedMs, frames } = await audience.run({ ...FULL, ms: short });
      (framesOf[audience.name] ??= []).push(Math.round((frames * 1000) / elapsedMs));
      return (updates * readers * 1000) / elapsedMs;
    },
  });
  const [subject, ...peers] = audiences.map(side) as [Side, ...Side[]];
  const facts = { 'frames/s that carried them, each round': framesOf };
  const bench = `fanout, ${readers} readers, ${FULL.perTick} updates a tick: delivered`;
  return compare({ bench, unit: 'updates/s', subject, peers, rounds, facts });
}

/** Fifty updates a second, evenly: a busy auction that everybody watches. */
async function steady(audience: Audience, { readers, rounds, ms }: Size): Promise<Comparison> {
  const side: Side = {
    name: 'seam',
    async run() {
      const { cpuMicros, elapsedMs } = await audience.run({ perTick: 1, tickMs: 20, ms: ms * 2 });
      return rounded((cpuMicros / 1000 / elapsedMs) * 100);
    },
  };
  const bench = `fanout, ${readers} readers, 50 updates a second`;
  return compare({ bench, unit: '% of a core', better: 'less', subject: side, peers: [], rounds });
}

async function openAudience(name: string, count: number): Promise<Audience> {
  const server: Child = await startChild('fanout/server.ts', [name]);
  const readers: Child = await startChild('fanout/readers.ts');
  const port = await server.ask<number>({ do: 'port' });
  const path = name === 'socket.io' ? '/socket.io/?EIO=4&transport=websocket' : '/';
  await readers.ask({ do: 'open', port, count, path });
  return {
    name,
    async run(load) {
      await readers.ask({ do: 'reached', seq: -1 });
      const run = await server.ask<Run>({ do: 'run', ...load });
      const started = performance.now();
      const { frames } = await readers.ask<{ frames: number }>({ do: 'reached', seq: run.lastSeq });
      return { ...run, frames, elapsedMs: run.elapsedMs + performance.now() - started };
    },
    async stop() {
      await readers.ask({ do: 'close' });
      await Promise.all([readers.stop(), server.stop()]);
    },
  };
}
